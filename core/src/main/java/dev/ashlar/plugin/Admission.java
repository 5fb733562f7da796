package dev.ashlar.plugin;

import dev.ashlar.config.Implementation;
import dev.ashlar.program.OperationKernel;
import java.net.URLClassLoader;
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

/** Lets plug-ins in, or refuses them with a reason; whatever their code throws is no reason to stop for others. */
final class Admission {

  private static final Pattern PLUGIN_NAME = Pattern.compile("[a-z][a-z0-9_.-]*");
  private static final Pattern COMPONENT_NAME = Pattern.compile("[a-z][a-z0-9_]*");
  private static final String OURS = "dev.ashlar.";

  private final List<Registry.Entry> entries = new ArrayList<>();
  private final List<Registry.Refusal> refusals = new ArrayList<>();
  private final Map<String, Registry.Entry> byName = new LinkedHashMap<>();
  private final Set<Class<?>> seen = new HashSet<>();
  private final Set<String> ours = new HashSet<>();

  List<Registry.Entry> entries() {
    return entries;
  }

  List<Registry.Refusal> refusals() {
    return refusals;
  }

  /** Asks all plug-ins that a loader finds and that were not asked before. */
  void discover(ClassLoader loader) {
    Iterator<ServiceLoader.Provider<Plugin>> providers = ServiceLoader.load(Plugin.class, loader).stream().iterator();
    while (advance(providers, loader)) {
      ServiceLoader.Provider<Plugin> provider = providers.next();
      // A plug-in that is built on Ashlar's layers may have them among its own dependencies: for its code alone.
      boolean isCopy = provider.type().getName().startsWith(OURS) && !ours.add(provider.type().getName());
      if (seen.add(provider.type()) && !isCopy) {
        load(provider.type(), provider);
      }
    }
  }

  /** Whether there is another provider; what a loader names but cannot load is refused. */
  private boolean advance(Iterator<?> providers, ClassLoader loader) {
    String last = "";
    while (true) {
      try {
        return providers.hasNext();
      } catch (ServiceConfigurationError | LinkageError | RuntimeException e) {
        String reason = e instanceof ServiceConfigurationError
            ? "its service file is wrong: " + e.getMessage() : LoadFailure.reason(e);
        if (reason.equals(last)) {
          return false; // It does not get past this, however often it is asked.
        }
        last = reason;
        refusals.add(new Registry.Refusal("a plug-in", jars(loader), reason));
      }
    }
  }

  private static String jars(ClassLoader loader) {
    return loader instanceof URLClassLoader folder
        ? Arrays.stream(folder.getURLs()).map(Registry::path).collect(Collectors.joining(", "))
        : "class path";
  }

  /** Takes a plug-in in, or refuses it. */
  void load(Class<?> type, Supplier<? extends Plugin> plugin) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    // What libraries of the plug-in look up by the thread, they find in its own jars.
    thread.setContextClassLoader(type.getClassLoader());
    try {
      add(plugin.get());
    } catch (Throwable e) { // a stranger's code may throw anything
      Throwable cause = e instanceof ServiceConfigurationError && e.getCause() != null ? e.getCause() : e;
      LoadFailure.passOn(cause);
      refusals.add(new Registry.Refusal(type.getName(), Registry.origin(type), LoadFailure.reason(cause)));
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private void add(Plugin plugin) {
    String origin = Registry.origin(plugin.getClass());
    String name = Objects.toString(plugin.name(), "");
    String version = plugin.version();
    Optional<String> reason = version == null ? Optional.of("its version is null") : wrongWith(plugin, name);
    if (reason.isEmpty()) {
      // Last, since a plug-in of another version of the interface may not even come so far.
      List<Class<?>> types = Objects.requireNonNull(plugin.components(), "components() gave null");
      reason = wrongWith(types);
      if (reason.isEmpty()) {
        List<Implementation> components =
            types.stream().flatMap(type -> Implementation.of(name, type).stream()).toList();
        List<OperationKernel> kernels =
            List.copyOf(Objects.requireNonNull(plugin.kernels(), "kernels() gave null"));
        kernels.forEach(kernel -> {
          Objects.requireNonNull(kernel.operation(), "a kernel's operation() gave null");
          Objects.requireNonNull(kernel.backend(), "a kernel's backend() gave null");
        });
        Registry.Entry entry = new Registry.Entry(name, version, plugin.apiVersion(), origin, components, kernels);
        byName.put(name, entry);
        entries.add(entry);
        return;
      }
    }
    refusals.add(new Registry.Refusal(name.isBlank() ? plugin.getClass().getName() : name, origin, reason.get()));
  }

  private Optional<String> wrongWith(Plugin plugin, String name) {
    if (!PLUGIN_NAME.matcher(name).matches()) {
      return Optional.of("its name '" + name + "' is not lower-case letters, digits, '_', '.' and '-'");
    }
    int api = plugin.apiVersion();
    if (api > Plugin.API_VERSION || api < 1) {
      return Optional.of("it was built against version " + api + " of the plug-in interface;"
          + " this Ashlar has version " + Plugin.API_VERSION + (api < 1 ? ""
              : ": take a newer Ashlar, or a version of the plug-in for this one"));
    }
    Registry.Entry other = byName.get(name);
    if (other != null) {
      return Optional.of("another plug-in has the name '" + name + "' and goes before: " + other.cited()
          + "; take one of the two away");
    }
    return Optional.empty();
  }

  private static Optional<String> wrongWith(List<Class<?>> types) {
    Set<String> names = new HashSet<>();
    for (Class<?> type : types) {
      List<Implementation> made = Implementation.of("", type);
      if (made.isEmpty()) {
        return Optional.of(type.getName() + " is neither a record nor an enum");
      }
      if (Registry.interfaces(type).isEmpty()) {
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
    return Registry.KINDS.stream().filter(kind -> kind.isAssignableFrom(type)).findFirst().map(Class::getName)
        .orElse("");
  }
}
