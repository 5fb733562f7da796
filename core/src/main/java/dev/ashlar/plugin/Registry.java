package dev.ashlar.plugin;

import dev.ashlar.api.Stable;
import dev.ashlar.config.Binder;
import dev.ashlar.config.ConfigException;
import dev.ashlar.config.Implementation;
import dev.ashlar.config.NameResolver;
import dev.ashlar.config.Place;
import dev.ashlar.config.Problem;
import dev.ashlar.data.DataSource;
import dev.ashlar.model.Activation;
import dev.ashlar.model.Block;
import dev.ashlar.model.Callback;
import dev.ashlar.model.GradientTransform;
import dev.ashlar.model.Initializer;
import dev.ashlar.model.Layer;
import dev.ashlar.model.Loss;
import dev.ashlar.model.Metric;
import dev.ashlar.model.ModelFamily;
import dev.ashlar.model.Optimizer;
import dev.ashlar.model.Schedule;
import dev.ashlar.model.Transform;
import dev.ashlar.program.BackendFactory;
import dev.ashlar.program.OperationKernel;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The plug-ins at hand and what their components are called. Immutable. A plug-in that cannot be
 * used is refused with a reason; the others go on.
 */
@Stable
public final class Registry implements NameResolver {

  /** The interfaces whose implementations can be named in a configuration. */
  public static final List<Class<?>> KINDS = List.of(
      Block.class, Layer.class, Activation.class, Transform.class, Initializer.class, Loss.class, Metric.class,
      Optimizer.class, GradientTransform.class, Schedule.class, DataSource.class, BackendFactory.class,
      ModelFamily.class, Callback.class);

  /**
   * A plug-in in use.
   *
   * @param name that qualifies its components
   * @param version of the plug-in
   * @param apiVersion that it was built against
   * @param origin the jar or folder that it came from
   * @param components what it adds
   * @param kernels of custom operations
   */
  public record Entry(String name, String version, int apiVersion, String origin, List<Implementation> components,
      List<OperationKernel> kernels) {

    /** Name, version and origin, for messages. */
    String cited() {
      return name + " " + version + " (" + origin + ")";
    }
  }

  /**
   * A plug-in that is not used.
   *
   * @param plugin its name, or that of its class
   * @param origin the jar or folder that it came from
   * @param reason one sentence
   */
  public record Refusal(String plugin, String origin, String reason) {
    /** All of it in one sentence. */
    @Override
    public String toString() {
      return plugin + " (" + origin + ") is not used: " + reason;
    }
  }

  private final List<Entry> entries;
  private final List<Refusal> refusals;
  private final String remedy;
  private final Map<Class<?>, List<Implementation>> byKind = new LinkedHashMap<>();
  private final Map<Class<?>, String> owners = new HashMap<>();

  private Registry(List<Entry> entries, List<Refusal> refusals, String remedy) {
    this.entries = List.copyOf(entries);
    this.refusals = List.copyOf(refusals);
    this.remedy = remedy;
    KINDS.forEach(kind -> byKind.put(kind, new ArrayList<>()));
    for (Entry entry : entries) {
      for (Implementation component : entry.components()) {
        owners.put(component.type(), entry.name());
        interfaces(component.type()).forEach(
            kind -> byKind.computeIfAbsent(kind, _ -> new ArrayList<>()).add(component));
      }
    }
    byKind.replaceAll((kind, list) -> List.copyOf(list));
  }

  /**
   * The plug-ins on the class path or module path: those that the context class loader of the caller's thread finds, then
   * those that lie where this class does. Threads of a common pool have the system's as their context, which in a jar
   * of jars sees nothing.
   */
  public static Registry discover() {
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    ClassLoader own = Registry.class.getClassLoader();
    return discover(context == null || context == own ? List.of(own) : List.of(context, own))
        .withRemedy("put its jar on the class path");
  }

  /** The plug-ins that these loaders find, each once, in order: of two with one name the first is used. */
  public static Registry discover(List<ClassLoader> loaders) {
    Admission admission = new Admission();
    loaders.forEach(admission::discover);
    return new Registry(admission.entries(), admission.refusals(), "put its jar where one of the class loaders looks");
  }

  /** These plug-ins and no others: for embedding and for tests. */
  public static Registry of(Plugin... plugins) {
    Admission admission = new Admission();
    for (Plugin plugin : plugins) {
      admission.load(plugin.getClass(), () -> plugin);
    }
    return new Registry(admission.entries(), admission.refusals(), "add it to those that Registry.of is given");
  }

  /** These plug-ins, and what else was found that is not used. */
  public Registry withRefusals(List<Refusal> more) {
    return new Registry(entries, Stream.concat(refusals.stream(), more.stream()).toList(), remedy);
  }

  /**
   * The same for whoever looks for plug-ins elsewhere too.
   *
   * @param words what to do about a plug-in that is not there, as messages say it: {@code put its jar ..}
   */
  public Registry withRemedy(String words) {
    return new Registry(entries, refusals, words);
  }

  /** The plug-ins in use. */
  public List<Entry> entries() {
    return entries;
  }

  /** The plug-ins that were found but are not used, and why. */
  public List<Refusal> refusals() {
    return refusals;
  }

  /**
   * What is wrong with components that no configuration could say, whatever it says: for lists of plug-ins and for
   * their tests. Using such a component fails with the same words; looking at all of them would slow every start.
   */
  public List<Refusal> unbindable() {
    Binder binder = new Binder(this, Path.of(""));
    List<Refusal> found = new ArrayList<>();
    for (Entry entry : entries) {
      entry.components().stream()
          .filter(component -> component.constant() == null)
          .flatMap(component -> wrongWith(component, binder).stream())
          .forEach(reason -> found.add(new Refusal(entry.name(), entry.origin(), reason)));
    }
    return found;
  }

  private static List<String> wrongWith(Implementation component, Binder binder) {
    try {
      return binder.check(component.type());
    } catch (RuntimeException | LinkageError e) {
      return List.of(component.type().getName() + " cannot be looked at: " + LoadFailure.reason(e));
    }
  }

  /**
   * The kernels of custom operations that the plug-ins bring, for whatever backend: what one is {@linkplain
   * BackendFactory#open(List) opened} with.
   *
   * @throws ConfigException if there are two for the same operation on the same backend: names the plug-ins of all such
   */
  public List<OperationKernel> kernels() {
    List<OperationKernel> kernels = new ArrayList<>();
    Map<String, Entry> owners = new LinkedHashMap<>();
    List<Problem> problems = new ArrayList<>();
    for (Entry entry : entries) {
      for (OperationKernel kernel : entry.kernels()) {
        kernels.add(kernel);
        String task = "operation '" + kernel.operation() + "' on the " + kernel.backend() + " backend";
        Entry other = owners.putIfAbsent(task, entry);
        if (other != null) {
          problems.add(new Problem(new Place("kernels of plug-ins", null),
              "two kernels for " + task + ": from " + other.cited() + " and from " + entry.cited(),
              "one kernel for an operation on a backend", "take one of the two away"));
        }
      }
    }
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    return List.copyOf(kernels);
  }

  /** What implements a kind: an interface of {@link #KINDS}, or one that some component implements. */
  @Override
  public Optional<List<Implementation>> implementations(Class<?> kind) {
    return Optional.ofNullable(byKind.get(kind));
  }

  /** The jar or folder that a class comes from; else its module, or the class path. */
  public static String origin(Class<?> type) {
    CodeSource source = type.getProtectionDomain().getCodeSource();
    if (source == null || source.getLocation() == null) {
      return type.getModule().isNamed() ? "module " + type.getModule().getName() : "class path";
    }
    return path(source.getLocation());
  }

  /** Why code of a plug-in could not be loaded, in one sentence, such as which class is missing. */
  public static String reason(LinkageError failure) {
    return LoadFailure.reason(failure);
  }

  static String path(URL location) {
    try {
      return Path.of(location.toURI()).toString();
    } catch (URISyntaxException | IllegalArgumentException | java.nio.file.FileSystemNotFoundException e) {
      return location.toString();
    }
  }

  @Override
  public String cited(String plugin) {
    return entries.stream().filter(entry -> entry.name().equals(plugin)).findFirst().map(Entry::cited).orElse(plugin);
  }

  @Override
  public String owner(Class<?> component) {
    return owners.getOrDefault(component, "");
  }

  /** The refusals of plug-ins of this name; of any, if the name is empty or that of no plug-in found. */
  @Override
  public List<String> refused(String plugin) {
    List<Refusal> ofName = refusals.stream().filter(refusal -> refusal.plugin().equals(plugin)).toList();
    boolean isUsed = entries.stream().anyMatch(entry -> entry.name().equals(plugin));
    return (ofName.isEmpty() && !isUsed ? refusals : ofName).stream().map(Refusal::toString).toList();
  }

  /** What keeps it away, if that is known; else where its jar can be put, as whoever has loaded the others says. */
  @Override
  public String remedy(String plugin) {
    List<String> refused = refused(plugin);
    return refused.isEmpty() ? remedy : String.join("\n", refused);
  }

  static Set<Class<?>> interfaces(Class<?> type) {
    Set<Class<?>> all = new HashSet<>();
    for (Class<?> c = type; c != null; c = c.getSuperclass()) {
      for (Class<?> i : c.getInterfaces()) {
        all.add(i);
        all.addAll(interfaces(i));
      }
    }
    if (type.isInterface()) {
      all.add(type);
    }
    return all;
  }
}
