package dev.ashlar.plugin;

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
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The plug-ins at hand and what their components are called. Immutable. A plug-in that cannot be
 * used is refused with a reason; the others go on.
 */
public final class Registry implements NameResolver {

  /** The interfaces whose implementations can be named in a configuration. */
  public static final List<Class<?>> KINDS = List.of(
      Block.class, Layer.class, Activation.class, Transform.class, Initializer.class, Loss.class, Metric.class,
      Optimizer.class, GradientTransform.class, Schedule.class, DataSource.class, BackendFactory.class,
      ModelFamily.class, Callback.class);

  private static final Pattern PLUGIN_NAME = Pattern.compile("[a-z][a-z0-9_.-]*");
  private static final Pattern COMPONENT_NAME = Pattern.compile("[a-z][a-z0-9_]*");

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

    private String cited() {
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
  private final Map<Class<?>, List<Implementation>> byKind = new LinkedHashMap<>();

  private Registry(List<Entry> entries, List<Refusal> refusals) {
    this.entries = List.copyOf(entries);
    this.refusals = List.copyOf(refusals);
    KINDS.forEach(kind -> byKind.put(kind, new ArrayList<>()));
    for (Entry entry : entries) {
      for (Implementation component : entry.components()) {
        interfaces(component.type()).forEach(
            kind -> byKind.computeIfAbsent(kind, _ -> new ArrayList<>()).add(component));
      }
    }
    byKind.replaceAll((kind, list) -> List.copyOf(list));
  }

  /** The plug-ins on the class path or module path of the caller's thread. */
  public static Registry discover() {
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    return discover(List.of(loader != null ? loader : Registry.class.getClassLoader()));
  }

  /** The plug-ins that these loaders find, each once, in order. */
  public static Registry discover(List<ClassLoader> loaders) {
    Builder builder = new Builder();
    Set<Class<?>> seen = new HashSet<>();
    for (ClassLoader loader : loaders) {
      Iterator<ServiceLoader.Provider<Plugin>> providers = ServiceLoader.load(Plugin.class, loader).stream().iterator();
      while (builder.advance(providers, loader)) {
        ServiceLoader.Provider<Plugin> provider = providers.next();
        if (seen.add(provider.type())) {
          builder.load(provider.type(), provider);
        }
      }
    }
    return builder.build();
  }

  /** These plug-ins and no others: for embedding and for tests. */
  public static Registry of(Plugin... plugins) {
    Builder builder = new Builder();
    for (Plugin plugin : plugins) {
      builder.load(plugin.getClass(), () -> plugin);
    }
    return builder.build();
  }

  /** These plug-ins, and what else was found that is not used. */
  public Registry withRefusals(List<Refusal> more) {
    return new Registry(entries, Stream.concat(refusals.stream(), more.stream()).toList());
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
          .flatMap(component -> binder.check(component.type()).stream())
          .forEach(reason -> found.add(new Refusal(entry.name(), entry.origin(), reason)));
    }
    return found;
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

  private static String path(URL location) {
    try {
      return Path.of(location.toURI()).toString();
    } catch (URISyntaxException | IllegalArgumentException | java.nio.file.FileSystemNotFoundException e) {
      return location.toString();
    }
  }

  /** The refusals of plug-ins of this name; of any, if the name is empty or that of no plug-in found. */
  @Override
  public List<String> refused(String plugin) {
    List<Refusal> ofName = refusals.stream().filter(refusal -> refusal.plugin().equals(plugin)).toList();
    boolean isUsed = entries.stream().anyMatch(entry -> entry.name().equals(plugin));
    return (ofName.isEmpty() && !isUsed ? refusals : ofName).stream().map(Refusal::toString).toList();
  }

  private static Set<Class<?>> interfaces(Class<?> type) {
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

  /** Collects plug-ins and the reasons against them. */
  private static final class Builder {
    private final List<Entry> entries = new ArrayList<>();
    private final List<Refusal> refusals = new ArrayList<>();
    private final Map<String, String> origins = new LinkedHashMap<>();

    /** Whether there is another provider; what a loader names but cannot load is refused. */
    boolean advance(Iterator<?> providers, ClassLoader loader) {
      String last = "";
      while (true) {
        try {
          return providers.hasNext();
        } catch (ServiceConfigurationError | LinkageError | RuntimeException e) {
          String reason = e instanceof ServiceConfigurationError
              ? "its service file is wrong: " + e.getMessage() : "its class cannot be loaded: " + e;
          if (reason.equals(last)) {
            return false; // It does not get past this, however often it is asked.
          }
          last = reason;
          refusals.add(new Refusal("a plug-in", jars(loader), reason));
        }
      }
    }

    /** Takes a plug-in in, or refuses it: whatever its code throws is no reason to stop for others. */
    void load(Class<?> type, Supplier<? extends Plugin> plugin) {
      try {
        add(plugin.get());
      } catch (ServiceConfigurationError | LinkageError | RuntimeException e) {
        Throwable cause = e instanceof ServiceConfigurationError && e.getCause() != null ? e.getCause() : e;
        refusals.add(new Refusal(type.getName(), origin(type), "it failed while loading: " + cause));
      }
    }

    private void add(Plugin plugin) {
      String origin = origin(plugin.getClass());
      String name = Objects.toString(plugin.name(), "");
      String version = plugin.version();
      List<Class<?>> types = Objects.requireNonNull(plugin.components(), "components() gave null");
      Optional<String> reason = version == null ? Optional.of("its version is null") : wrongWith(plugin, name, types);
      if (reason.isPresent()) {
        refusals.add(new Refusal(name.isBlank() ? plugin.getClass().getName() : name, origin, reason.get()));
        return;
      }
      List<Implementation> components = types.stream().flatMap(type -> Implementation.of(name, type).stream()).toList();
      List<OperationKernel> kernels = List.copyOf(plugin.kernels());
      origins.put(name, origin);
      entries.add(new Entry(name, version, plugin.apiVersion(), origin, components, kernels));
    }

    private Optional<String> wrongWith(Plugin plugin, String name, List<Class<?>> types) {
      if (!PLUGIN_NAME.matcher(name).matches()) {
        return Optional.of("its name '" + name + "' is not lower-case letters, digits, '_', '.' and '-'");
      }
      if (plugin.apiVersion() > Plugin.API_VERSION || plugin.apiVersion() < 1) {
        return Optional.of("it was built against version " + plugin.apiVersion() + " of the plug-in interface;"
            + " this Ashlar has version " + Plugin.API_VERSION);
      }
      if (origins.containsKey(name)) {
        return Optional.of("another plug-in has the name '" + name + "': " + origins.get(name));
      }
      Set<String> names = new HashSet<>();
      for (Class<?> type : types) {
        List<Implementation> made = Implementation.of(name, type);
        if (made.isEmpty()) {
          return Optional.of(type.getName() + " is neither a record nor an enum");
        }
        if (interfaces(type).stream().noneMatch(KINDS::contains) && interfaces(type).isEmpty()) {
          return Optional.of(type.getName() + " implements no interface that a configuration can name");
        }
        for (Implementation component : made) {
          for (String called : Stream.concat(Stream.of(component.name()), component.aliases().stream()).toList()) {
            if (!COMPONENT_NAME.matcher(called).matches()) {
              return Optional.of(type.getName() + " has the name '" + called + "', which is not lower-case"
                  + " letters, digits and '_', a letter first");
            }
            if (Implementation.isReserved(called)) {
              return Optional.of(type.getName() + " has the name '" + called
                  + "', which means something else in configurations");
            }
          }
          if (!names.add(kindOf(type) + " " + component.name())) {
            return Optional.of("it has two components named '" + component.name() + "'");
          }
        }
      }
      return Optional.empty();
    }

    private static String kindOf(Class<?> type) {
      return KINDS.stream().filter(kind -> kind.isAssignableFrom(type)).findFirst().map(Class::getName).orElse("");
    }

    private static String jars(ClassLoader loader) {
      return loader instanceof URLClassLoader folder
          ? Arrays.stream(folder.getURLs()).map(Registry::path).collect(Collectors.joining(", "))
          : "class path";
    }

    Registry build() {
      return new Registry(entries, refusals);
    }
  }
}
