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
    footerHeading = "%nExamples:%n",
    footer = {
        "  ashlar plugins list",
        "  ashlar plugins list --plugins my-plugins",
        "  ashlar plugins describe adamw"},
    subcommands = {PluginsCommand.Listing.class, Describing.class})
final class PluginsCommand implements Callable<Integer> {

  @Spec
  private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getOut());
    return 0;
  }

  /** {@code ashlar plugins list}. */
  @Command(name = "list", description = "Lists plug-ins and what they bring.", mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = {
          "  ashlar plugins list",
          "  ashlar plugins list --plugins my-plugins"})
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
        Screen.print(out, entry.name() + " " + entry.version() + "  (" + entry.origin() + ")", "    ");
        kinds(entry).forEach((kind, names) -> Screen.print(out, "  " + kind + ": " + String.join(", ", names), "    "));
        entry.kernels().forEach(k -> Screen.print(out, "  kernel: " + k.operation() + " on " + k.backend(), "    "));
      }
      for (Registry.Refusal refusal : registry.refusals()) {
        Screen.print(out, refusal.plugin() + " is not used  (" + refusal.origin() + ")", "    ");
        Screen.print(out, "  " + refusal.reason(), "    ");
      }
      for (Registry.Refusal component : registry.unbindable()) {
        Screen.print(out, component.plugin() + " has a component that no configuration can say  ("
            + component.origin() + ")", "    ");
        Screen.print(out, "  " + component.reason(), "    ");
      }
      return 0;
    }

    /** Names of components under the first kind that they are of. */
    private static Map<String, TreeSet<String>> kinds(Registry.Entry entry) {
      Map<String, TreeSet<String>> kinds = new TreeMap<>();
      entry.components().forEach(c -> kinds.computeIfAbsent(kind(c), _ -> new TreeSet<>()).add(c.name()));
      return kinds;
    }
  }

  /** What a component is, as people call it. */
  static String kind(Implementation component) {
    Class<?> kind = Registry.KINDS.reversed().stream()
        .filter(k -> k.isAssignableFrom(component.type()))
        .findFirst()
        .orElse(Object.class);
    Name name = kind.getAnnotation(Name.class);
    return name != null ? name.value()
        : kind.getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
  }
}
