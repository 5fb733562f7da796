package dev.ashlar.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.config.Alias;
import dev.ashlar.config.BindResult;
import dev.ashlar.config.Binder;
import dev.ashlar.config.ConfigException;
import dev.ashlar.config.Default;
import dev.ashlar.config.Implementation;
import dev.ashlar.config.Name;
import dev.ashlar.config.Problem;
import dev.ashlar.config.Value;
import dev.ashlar.model.Activation;
import dev.ashlar.model.Initializer;
import dev.ashlar.model.Layer;
import dev.ashlar.model.Scope;
import dev.ashlar.program.OperationKernel;
import dev.ashlar.tensor.CustomOp;
import dev.ashlar.tensor.Key;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import java.io.IOException;
import java.lang.foreign.SegmentAllocator;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegistryTest {

  /** A layer. */
  public record Scale(double factor) implements Layer {
    @Override
    public Tensor forward(Tensor x, Scope scope) {
      return x.mul(factor);
    }
  }

  /** Activations by name. */
  public enum Curves implements Activation {
    SQUARE;

    @Override
    public Tensor apply(Tensor x) {
      return x.mul(x);
    }
  }

  /** A record that no configuration can say. */
  public record Unbindable(Thread thread) implements Layer {
    @Override
    public Tensor forward(Tensor x, Scope scope) {
      return x;
    }
  }

  private interface Zeros extends Initializer {
    @Override
    default Tensor initialize(TensorType type, Fans fans, Key key) {
      return Tensor.zeros(type);
    }
  }

  @Name("as")
  private record BeforeALabel() implements Zeros {}

  @Name("true")
  private record TruthValue() implements Zeros {}

  @Alias("null")
  private record OnceNothing() implements Zeros {}

  @Name("Zeros")
  private record UpperCase() implements Zeros {}

  @Name("acme:zeros")
  private record Qualified() implements Zeros {}

  @Name("0s")
  private record DigitFirst() implements Zeros {}

  /** Neither record nor enum. */
  public static final class Plain {}

  /** A plug-in whose methods throw or give nothing. */
  private record Careless(Supplier<String> called, Supplier<String> versioned, Supplier<List<Class<?>>> contents)
      implements Plugin {
    @Override
    public String name() {
      return called.get();
    }

    @Override
    public String version() {
      return versioned.get();
    }

    @Override
    public List<Class<?>> components() {
      return contents.get();
    }
  }

  private record Jar(String name, int apiVersion, List<Class<?>> components) implements Plugin {
    static Jar of(String name, Class<?>... components) {
      return new Jar(name, API_VERSION, List.of(components));
    }
  }

  /** A plug-in that fails while it is made. */
  public static final class Failing implements Plugin {
    /** Fails. */
    public Failing() {
      throw new IllegalStateException("no licence found");
    }
  }

  /** A plug-in whose kernels cannot be made. */
  public static final class NoKernels implements Plugin {
    @Override
    public List<OperationKernel> kernels() {
      throw new IllegalStateException("no table found");
    }
  }

  /** A plug-in that is well. */
  public static final class Well implements Plugin {
    @Override
    public String name() {
      return "well";
    }

    @Override
    public List<Class<?>> components() {
      return List.of(Scale.class, Curves.class);
    }
  }

  /** As threads of a common pool have it in a jar of jars. */
  @Test
  void aContextThatSeesNothingHidesNoPlugins() throws Exception {
    List<String> expected = Registry.discover().entries().stream().map(Registry.Entry::name).toList();
    assertThat(expected).contains("core");
    List<String> found = new ArrayList<>();
    Thread thread = new Thread(() -> Registry.discover().entries().forEach(entry -> found.add(entry.name())));
    thread.setContextClassLoader(ClassLoader.getPlatformClassLoader());
    thread.start();
    thread.join();
    assertThat(found).isEqualTo(expected);
  }

  @Test
  void componentsAreFoundByKindAndBoundByName() {
    Registry registry = Registry.of(new Well());
    assertThat(registry.refusals()).isEmpty();
    assertThat(registry.implementations(Layer.class).orElseThrow())
        .extracting(Implementation::qualifiedName)
        .containsExactly("well:scale", "well:square");
    assertThat(registry.implementations(Activation.class).orElseThrow())
        .extracting(Implementation::name)
        .containsExactly("square");
    assertThat(registry.implementations(String.class)).isEmpty();
    var bound = new Binder(registry, Path.of("")).bind(Value.of(Map.of("scale", 2.0)), Layer.class);
    assertThat(bound).isEqualTo(new BindResult.Bound<>(new Scale(2)));
  }

  @Test
  void aPluginThatCannotBeUsedIsRefusedWithItsReason() {
    Registry registry = Registry.of(
        Jar.of("first", Scale.class), Jar.of("first"), Jar.of(" "), new Jar("newer", 99, List.of()),
        Jar.of("plain", Plain.class), Jar.of("twice", Scale.class, Scale.class));
    assertThat(registry.entries()).extracting(Registry.Entry::name).containsExactly("first");
    assertThat(registry.refusals()).extracting(Registry.Refusal::reason).satisfiesExactly(
        r -> assertThat(r).isEqualTo("another plug-in has the name 'first' and goes before: first unversioned ("
            + Registry.origin(Jar.class) + "); take one of the two away"),
        r -> assertThat(r).startsWith("its name ' ' is not lower-case"),
        r -> assertThat(r).isEqualTo(
            "it was built against version 99 of the plug-in interface; this Ashlar has version 1"
                + ": take a newer Ashlar, or a version of the plug-in for this one"),
        r -> assertThat(r).endsWith("RegistryTest$Plain is neither a record nor an enum"),
        r -> assertThat(r).isEqualTo("it has two components named 'scale'"));
  }

  @Test
  void anUnknownNameIsToldWithThePluginsThatMayHaveBroughtIt() {
    Registry registry = Registry.of(new Well(), new Jar("newer", 99, List.of()), new Jar("newest", 100, List.of()));
    String jar = " (" + Registry.origin(Jar.class) + ") is not used: it was built against version ";
    String other = " of the plug-in interface; this Ashlar has version 1"
        + ": take a newer Ashlar, or a version of the plug-in for this one";
    String newer = "newer" + jar + "99" + other;
    String newest = "newest" + jar + "100" + other;
    String every = newer + "\n            " + newest;
    assertThat(help(registry, "gru")).isEqualTo(every);
    assertThat(help(registry, "scall")).isEqualTo("did you mean 'scale'?\n            " + every);
    assertThat(help(registry, "newer:gru")).isEqualTo(newer);
    assertThat(help(registry, "acme:gru")).isEqualTo(every);
    assertThat(help(registry, "well:gru")).isEqualTo("plug-in 'well' is there, but has none of this name");
    String remedy = "add it to those that Registry.of is given";
    assertThat(help(Registry.of(new Well()), "gru")).isEqualTo("if a plug-in brings it, " + remedy);
    assertThat(help(Registry.of(new Well()), "acme:scale")).isEqualTo("no plug-in 'acme' brings it: " + remedy);
  }

  @Test
  void whoLoadsPluginsSaysWhatToDoAboutOneThatIsNotThere() {
    assertThat(Registry.discover().remedy("acme")).isEqualTo("put its jar on the class path");
    assertThat(Registry.discover(List.of(Registry.class.getClassLoader())).remedy("acme"))
        .isEqualTo("put its jar where one of the class loaders looks");
    Registry ours = Registry.of(new Well()).withRemedy("ask Anna");
    assertThat(help(ours.withRefusals(List.of()), "acme:scale")).isEqualTo("no plug-in 'acme' brings it: ask Anna");
    assertThat(help(Registry.of(new Well(), new Jar("newer", 99, List.of())).withRemedy("ask Anna"), "acme:scale"))
        .startsWith("newer (").doesNotContain("Anna");
  }

  private static String help(Registry registry, String name) {
    return switch (new Binder(registry, Path.of("")).bind(Value.of(name), Layer.class)) {
      case BindResult.Bound<Layer>(Layer layer) -> "bound: " + layer;
      case BindResult.Refused<Layer>(List<Problem> problems) ->
          Problem.render(problems).replaceFirst("(?s).* help:     ", "");
    };
  }

  @ParameterizedTest
  @ValueSource(classes = {BeforeALabel.class, TruthValue.class, OnceNothing.class})
  void aNameThatMeansSomethingElseIsRefused(Class<?> component) {
    assertThat(Registry.of(Jar.of("odd", component)).refusals()).singleElement()
        .extracting(Registry.Refusal::reason).asString()
        .startsWith(component.getName() + " has the name '").endsWith("', which means something else in configurations");
  }

  @ParameterizedTest
  @ValueSource(classes = {UpperCase.class, Qualified.class, DigitFirst.class})
  void aNameThatCannotBeWrittenIsRefused(Class<?> component) {
    assertThat(Registry.of(Jar.of("odd", component)).refusals()).singleElement()
        .extracting(Registry.Refusal::reason).isEqualTo(component.getName() + " has the name '"
            + component.getAnnotation(Name.class).value()
            + "', which is not lower-case letters, digits and '_', a letter first");
  }

  @Test
  void aPluginThatThrowsIsRefusedAndTheOthersGoOn() {
    Supplier<List<Class<?>>> nothing = List::of;
    Registry registry = Registry.of(
        new Careless(() -> "careless", () -> "1", () -> {
          throw new IllegalStateException("boom");
        }),
        new Careless(() -> "careless", () -> "1", () -> {
          throw new NoSuchMethodError("gone");
        }),
        new Careless(() -> "careless", () -> "1", () -> null),
        new Careless(() -> {
          throw new UnsupportedOperationException("no name");
        }, () -> "1", nothing),
        new Careless(() -> null, () -> "1", nothing), new Careless(() -> "", () -> "1", nothing),
        new Careless(() -> "careless", () -> null, nothing),
        new Well());
    assertThat(registry.entries()).extracting(Registry.Entry::name).containsExactly("well");
    String type = Careless.class.getName();
    String jar = Registry.origin(Careless.class);
    assertThat(registry.refusals()).extracting(Registry.Refusal::toString).containsExactly(
        type + " (" + jar + ") is not used: it failed while loading: java.lang.IllegalStateException: boom",
        type + " (" + jar + ") is not used: it does not fit what it was built against, perhaps another version of it: "
            + "java.lang.NoSuchMethodError: gone",
        type + " (" + jar + ") is not used: it failed while loading: java.lang.NullPointerException: components() gave null",
        type + " (" + jar + ") is not used: it failed while loading: java.lang.UnsupportedOperationException: no name",
        type + " (" + jar + ") is not used: its name '' is not lower-case letters, digits, '_', '.' and '-'",
        type + " (" + jar + ") is not used: its name '' is not lower-case letters, digits, '_', '.' and '-'",
        "careless (" + jar + ") is not used: its version is null");
  }

  /** A layer whose default is named as another plug-in's. */
  public record Wraps(@Default("square") Activation by) implements Layer {
    @Override
    public Tensor forward(Tensor x, Scope scope) {
      return by.apply(x);
    }
  }

  /** An activation that has the name of another. */
  public enum OtherCurves implements Activation {
    SQUARE;

    @Override
    public Tensor apply(Tensor x) {
      return x.mul(x).mul(2);
    }
  }

  @Test
  void aDefaultMeansWhatItsAuthorMeantWhateverElseIsThere() {
    Registry layers = Registry.of(new Well(), Jar.of("wraps", Wraps.class), Jar.of("acme", OtherCurves.class));
    assertThat(bound(layers, Value.of("wraps"))).isEqualTo(new BindResult.Bound<>(new Wraps(Curves.SQUARE)));
    Registry own = Registry.of(new Well(), Jar.of("wraps", Wraps.class, OtherCurves.class));
    assertThat(bound(own, Value.of("wraps"))).isEqualTo(new BindResult.Bound<>(new Wraps(OtherCurves.SQUARE)));
    assertThat(bound(layers, Value.of(Map.of("wraps", "acme:square"))))
        .isEqualTo(new BindResult.Bound<>(new Wraps(OtherCurves.SQUARE)));
    String origin = Registry.origin(Jar.class);
    assertThat(Problem.render(((BindResult.Refused<Layer>) bound(layers, Value.of("square"))).problems())).isEqualTo("""
        the whole configuration
          found:    'square', which several plug-ins bring: well unversioned (%1$s), acme unversioned (%1$s)
          expected: one of acme:square, well:square
          help:     write the name with its plug-in, as 'acme:square'""".formatted(origin));
  }

  private static BindResult<Layer> bound(Registry registry, Value value) {
    return new Binder(registry, Path.of("")).bind(value, Layer.class);
  }

  @Test
  void whatKeepsCodeFromBeingLoadedIsSaid() {
    assertThat(LoadFailure.reason(new NoClassDefFoundError("org/foo/Bar"))).isEqualTo(
        "class org.foo.Bar is missing: what a plug-in depends on lies with it in a folder of their own");
    assertThat(LoadFailure.reason(new NoClassDefFoundError("dev/ashlar/model/Later")))
        .startsWith("class dev.ashlar.model.Later is not in this Ashlar, or not for plug-ins: ");
    assertThat(LoadFailure.reason(new ExceptionInInitializerError(new IllegalStateException("boom"))))
        .isEqualTo("it failed while loading: java.lang.IllegalStateException: boom");
    assertThat(LoadFailure.reason(new UnsupportedClassVersionError("class file version 80")))
        .isEqualTo("it was compiled for a newer Java: class file version 80");
  }

  @Test
  void aComponentThatCannotBeMadeIsTheMistakeOfItsAuthor() {
    BindResult<Layer> result = bound(Registry.of(Jar.of("odd", Unbindable.class)), Value.of("unbindable"));
    assertThat(Problem.render(((BindResult.Refused<Layer>) result).problems()))
        .contains("found:    'unbindable', which no configuration can say: ", "component 'thread'",
            "help:     its author has to change it: odd unversioned (");
  }

  @Test
  void aRecordThatNoConfigurationCanSayIsTold() {
    assertThat(Registry.of(new Well()).unbindable()).isEmpty();
    assertThat(Registry.of(Jar.of("odd", Unbindable.class)).unbindable())
        .singleElement()
        .satisfies(refusal -> assertThat(refusal.reason()).contains("thread"));
  }

  private record Kernel(String operation, String backend) implements OperationKernel {
    @Override
    public Executable bind(CustomOp op, List<NDArray> operands, List<NDArray> outputs, SegmentAllocator memory) {
      return piece -> {};
    }
  }

  private record Kernels(String name, List<OperationKernel> kernels) implements Plugin {
    static Kernels of(String name, OperationKernel... kernels) {
      return new Kernels(name, List.of(kernels));
    }
  }

  @Test
  void kernelsComeFromAllPlugins() {
    Kernel cpu = new Kernel("acme:fft", "cpu");
    Kernel gpu = new Kernel("acme:fft", "gpu");
    Registry registry = Registry.of(Kernels.of("acme", cpu), new Well(), Kernels.of("other", gpu));
    assertThat(registry.kernels()).containsExactly(cpu, gpu);
    assertThat(registry.entries().getFirst().kernels()).containsExactly(cpu);
    assertThat(Registry.of(new Well()).kernels()).isEmpty();
  }

  @Test
  void twoKernelsForTheSameAreAnErrorThatNamesBothPlugins() {
    Registry registry = Registry.of(
        Kernels.of("acme", new Kernel("acme:fft", "cpu")), Kernels.of("other", new Kernel("acme:fft", "cpu")));
    String origin = registry.entries().getFirst().origin();
    assertThatThrownBy(registry::kernels).isInstanceOf(ConfigException.class).hasMessage("""
        kernels of plug-ins
          found:    two kernels for operation 'acme:fft' on the cpu backend: \
        from acme unversioned (%1$s) and from other unversioned (%1$s)
          expected: one kernel for an operation on a backend
          help:     take one of the two away""".formatted(origin));
  }

  @Test
  void aPluginWhoseKernelsCannotBeHadIsRefused(@TempDir Path folder) throws IOException {
    Path services = Files.createDirectories(folder.resolve("META-INF/services"));
    Files.writeString(services.resolve(Plugin.class.getName()), NoKernels.class.getName());
    try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()}, getClass().getClassLoader())) {
      Registry registry = Registry.discover(List.of(loader));
      assertThat(registry.entries()).extracting(Registry.Entry::name).containsExactly("core");
      assertThat(registry.refusals()).singleElement()
          .satisfies(refusal -> assertThat(refusal.reason()).contains("failed while loading", "no table found"));
    }
  }

  @Test
  void aPluginThatFailsWhileLoadingLeavesTheOthersAlone(@TempDir Path folder) throws IOException {
    Path services = Files.createDirectories(folder.resolve("META-INF/services"));
    Files.writeString(services.resolve(Plugin.class.getName()),
        Failing.class.getName() + "\ndev.ashlar.plugin.Nowhere\n" + Well.class.getName() + "\n");
    try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()}, getClass().getClassLoader())) {
      Registry registry = Registry.discover(List.of(loader));
      assertThat(registry.entries()).extracting(Registry.Entry::name).containsExactlyInAnyOrder("core", "well");
      assertThat(registry.refusals()).extracting(Registry.Refusal::reason).satisfiesExactlyInAnyOrder(
          r -> assertThat(r).contains("failed while loading").contains("no licence found"),
          r -> assertThat(r).contains("service file is wrong").contains("dev.ashlar.plugin.Nowhere"));
      assertThat(registry.refusals()).filteredOn(r -> r.plugin().equals("a plug-in"))
          .singleElement().extracting(Registry.Refusal::origin).isEqualTo(folder.toString());
    }
  }

  @Test
  void aLoaderThatDoesNotGetOnIsLeft() {
    ClassLoader failing = new ClassLoader(getClass().getClassLoader()) {
      @Override
      public Enumeration<URL> getResources(String name) {
        throw new IllegalStateException("out of order");
      }
    };
    assertThat(Registry.discover(List.of(failing)).refusals()).singleElement()
        .extracting(Registry.Refusal::reason).asString().contains("out of order");
  }
}
