package dev.ashlar.cli;

import dev.ashlar.config.Implementation;
import dev.ashlar.config.Name;
import dev.ashlar.config.Value;
import dev.ashlar.io.json.Json;
import dev.ashlar.plugin.Registry;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ashlar plugins}. */
@Command(name = "plugins", mixinStandardHelpOptions = true,
    description = "Shows the plug-ins at hand, and begins new ones.",
    footerHeading = "%nExamples:%n",
    footer = {
        "  ashlar plugins list",
        "  ashlar plugins list --plugins my-plugins",
        "  ashlar plugins describe adamw",
        "  ashlar plugins new my-layers --group com.acme"},
    subcommands = {PluginsCommand.Listing.class, Describing.class, NewPluginCommand.class})
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
          "  ashlar plugins list --config run.yaml      # with what lies in plugins/ beside it",
          "  ashlar plugins list --plugins my-plugins --json"})
  static final class Listing implements Callable<Integer> {

    @Option(names = "--json", description = "print one line of JSON")
    private boolean json;

    @Mixin
    private Looking common = new Looking();

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
      PrintWriter out = spec.commandLine().getOut();
      Registry registry = common.plugins();
      if (json) {
        out.println(Json.write(Value.of(Map.of(
            "plugins", registry.entries().stream().map(Listing::json).toList(),
            "refused", Stream.concat(registry.refusals().stream(), registry.unbindable().stream())
                .map(Listing::json).toList()))));
        return 0;
      }
      registry.entries().forEach(entry -> print(out, entry));
      for (Registry.Refusal refusal : registry.refusals()) {
        Screen.print(out, refusal.plugin() + " is not used  (" + refusal.origin() + ")", "    ");
        Screen.print(out, "  " + refusal.reason(), "    ");
      }
      for (Registry.Refusal component : registry.unbindable()) {
        Screen.print(out, component.plugin() + " has a component that no configuration can say  ("
            + component.origin() + ")", "    ");
        Screen.print(out, "  " + component.reason(), "    ");
      }
      Screen.print(out, "looked for on the class path"
          + common.places().stream().map(place -> ", in " + place).collect(Collectors.joining()), "    ");
      return 0;
    }

    private static void print(PrintWriter out, Registry.Entry entry) {
      Screen.print(out, entry.name() + " " + entry.version() + "  (" + entry.origin() + ")", "    ");
      Screen.print(out, "  built for: version " + entry.apiVersion() + " of the plug-in interface", "    ");
      kinds(entry).forEach((kind, names) -> Screen.print(out, "  " + kind + ": " + String.join(", ", names), "    "));
      entry.kernels().forEach(k -> Screen.print(out, "  kernel: " + k.operation() + " on " + k.backend(), "    "));
    }

    private static Map<String, Object> json(Registry.Entry entry) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("name", entry.name());
      fields.put("version", entry.version());
      fields.put("api", entry.apiVersion());
      fields.put("origin", entry.origin());
      fields.put("components", kinds(entry).entrySet().stream()
          .map(kind -> Map.of("kind", kind.getKey(), "names", List.copyOf(kind.getValue()))).toList());
      fields.put("kernels", entry.kernels().stream()
          .map(kernel -> Map.of("operation", kernel.operation(), "backend", kernel.backend())).toList());
      return fields;
    }

    private static Map<String, Object> json(Registry.Refusal refusal) {
      return Map.of("plugin", refusal.plugin(), "origin", refusal.origin(), "reason", refusal.reason());
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
