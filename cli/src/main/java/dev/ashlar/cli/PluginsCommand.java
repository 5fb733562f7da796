package dev.ashlar.cli;

import dev.ashlar.config.Implementation;
import dev.ashlar.config.Name;
import dev.ashlar.plugin.Registry;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code ashlar plugins}. */
@Command(name = "plugins", description = "Shows the plug-ins at hand.", mixinStandardHelpOptions = true,
    subcommands = PluginsCommand.Listing.class)
final class PluginsCommand implements Callable<Integer> {

  @Spec
  private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getOut());
    return 0;
  }

  /** {@code ashlar plugins list}. */
  @Command(name = "list", description = "Lists plug-ins and what they bring.", mixinStandardHelpOptions = true)
  static final class Listing implements Callable<Integer> {

    @Mixin
    private Common common = new Common();

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
      PrintWriter out = spec.commandLine().getOut();
      Registry registry = common.plugins();
      for (Registry.Entry entry : registry.entries()) {
        out.println(entry.name() + " " + entry.version() + "  (" + entry.origin() + ")");
        kinds(entry).forEach((kind, names) -> out.println("  " + kind + ": " + String.join(", ", names)));
        entry.kernels().forEach(k -> out.println("  kernel: " + k.operation() + " on " + k.backend()));
      }
      for (Registry.Refusal refusal : registry.refusals()) {
        out.println(refusal.plugin() + " is not used  (" + refusal.origin() + ")");
        out.println("  " + refusal.reason());
      }
      for (Registry.Refusal component : registry.unbindable()) {
        out.println(component.plugin() + " has a component that no configuration can say  (" + component.origin() + ")");
        out.println("  " + component.reason());
      }
      return 0;
    }

    /** Names of components under the first kind that they are of. */
    private static Map<String, TreeSet<String>> kinds(Registry.Entry entry) {
      Map<String, TreeSet<String>> kinds = new TreeMap<>();
      for (Implementation component : entry.components()) {
        Class<?> kind = Registry.KINDS.reversed().stream()
            .filter(k -> k.isAssignableFrom(component.type()))
            .findFirst()
            .orElse(Object.class);
        kinds.computeIfAbsent(noun(kind), _ -> new TreeSet<>()).add(component.name());
      }
      return kinds;
    }

    private static String noun(Class<?> kind) {
      Name name = kind.getAnnotation(Name.class);
      return name != null ? name.value()
          : kind.getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
    }
  }
}
