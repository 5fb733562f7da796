package dev.ashlar.cli;

import dev.ashlar.config.Binder;
import dev.ashlar.config.ConfigException;
import dev.ashlar.config.Description;
import dev.ashlar.config.Implementation;
import dev.ashlar.config.Nearest;
import dev.ashlar.config.Place;
import dev.ashlar.config.Problem;
import dev.ashlar.config.Value;
import dev.ashlar.io.json.Json;
import dev.ashlar.plugin.Registry;
import dev.ashlar.runtime.RunConfig;
import dev.ashlar.training.Checkpointing;
import dev.ashlar.training.Sample;
import dev.ashlar.training.Settings;
import dev.ashlar.training.Split;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ashlar plugins describe}. */
@Command(name = "describe", mixinStandardHelpOptions = true,
    description = "Says what a component is, what can be written for it, and how.",
    footerHeading = "%nExamples:%n",
    footer = {
        "  ashlar plugins describe dense",
        "  ashlar plugins describe lstm cross_entropy one_cycle",
        "  ashlar plugins describe train checkpoint",
        "  ashlar plugins describe layers:dense --json",
        "  ashlar plugins describe gated_linear --plugins my-plugins"})
final class Describing implements Callable<Integer> {

  /** Where a component of a kind stands in a configuration. */
  private static final Map<String, String> PLACES = Map.ofEntries(
      Map.entry("layer", "model:\n  - %s"),
      Map.entry("activation", "model:\n  - dense: {units: 10, activation: %s}"),
      Map.entry("initializer", "model:\n  - dense: {units: 10, initializer: %s}"),
      Map.entry("transform", "data:\n  transforms: [%s]"),
      Map.entry("data source", "data:\n  source: %s"),
      Map.entry("loss", "loss: %s"),
      Map.entry("metric", "metrics: [%s]"),
      Map.entry("optimizer", "optimizer: %s"),
      Map.entry("schedule", "optimizer: {sgd: {learning_rate: %s}}"),
      Map.entry("gradient transform", "gradients: [%s]"),
      Map.entry("callback", "callbacks: [%s]"),
      Map.entry("backend", "backend: %s"));

  /** Parts of a configuration that are no components: what each is made of, and how it may be written. */
  private static final Map<String, Section> SECTIONS = Map.of(
      "configuration", new Section(RunConfig.class, "data: {source: {csv: {path: table.csv, label: kind}}}\n"
          + "model: [{dense: 16}, relu, {dense: 3}]\nloss: cross_entropy\noptimizer: {adamw: 1e-3}"),
      "data", new Section(RunConfig.Data.class,
          "data:\n  source: {csv: {path: table.csv, label: kind}}\n  split: {test: 0.2}"),
      "split", new Section(Split.class,
          "data:\n  source: {csv: {path: table.csv, label: kind}}\n  split: {test: 0.2, stratify: true}"),
      "train", new Section(Settings.class, "train: {epochs: 30, batch: 64, seed: 1}"),
      "checkpoint", new Section(Checkpointing.class, "train:\n  checkpoint: {minutes: 5, keep: 3, on_failure: stop}"),
      "sample", new Section(Sample.class, "sample: {prompt: \"The \", tokens: 100, temperature: 0.8}"));

  private record Section(Class<?> type, String example) {}

  @Parameters(paramLabel = "NAME", arity = "1..*", description = "a component's name, such as dense, adamw or csv;"
      + " with its plug-in, as in layers:dense, where several have it; or a part of a configuration: configuration,"
      + " data, split, train, checkpoint, sample")
  private List<String> names = List.of();

  @Option(names = "--json", description = "print one line of JSON")
  private boolean json;

  @Mixin
  private Looking common = new Looking();

  @Spec
  private @Nullable CommandSpec spec;

  /**
   * What has a name.
   *
   * @param plugin that it is from; none of a part of a configuration
   * @param title its name, with its plug-in where it has one
   */
  private record Found(Optional<Registry.Entry> plugin, String title, String name, String kind, List<String> aliases,
      Description description, String example) {}

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    Registry plugins = common.runs().plugins();
    List<Found> found = new ArrayList<>();
    List<Problem> unknown = new ArrayList<>();
    for (String name : names) {
      List<Found> called = called(name, plugins);
      found.addAll(called);
      if (called.isEmpty()) {
        unknown.add(unknown(name, plugins));
      }
    }
    if (!unknown.isEmpty()) {
      throw new ConfigException(unknown);
    }
    if (json) {
      out.println(Json.write(Value.of(found.stream().map(Describing::json).toList())));
      return 0;
    }
    for (Found one : found) {
      if (one != found.getFirst()) {
        out.println();
      }
      print(out, one);
    }
    return 0;
  }

  private static List<Found> called(String name, Registry plugins) {
    Section section = SECTIONS.get(name);
    if (section != null) {
      return List.of(new Found(Optional.empty(), name, name, "part of a configuration", List.of(),
          new Binder(plugins, Path.of("")).describe(section.type), section.example));
    }
    return plugins.entries().stream().flatMap(entry -> entry.components().stream()
        .filter(component -> isMeant(name, component)).map(component -> found(entry, component, plugins))).toList();
  }

  private static boolean isMeant(String name, Implementation component) {
    return component.name().equals(name) || component.aliases().contains(name)
        || component.qualifiedName().equals(name);
  }

  private static Problem unknown(String name, Registry plugins) {
    List<String> known = plugins.entries().stream().flatMap(entry -> entry.components().stream())
        .flatMap(c -> Stream.concat(Stream.of(c.name(), c.qualifiedName()), c.aliases().stream())).toList();
    String near = Nearest.advice(name, Stream.concat(known.stream(), SECTIONS.keySet().stream().sorted()).toList());
    return new Problem(new Place(name.isBlank() ? "''" : name, null), "no component of that name",
        "a name that 'ashlar plugins list' lists", near.isEmpty() ? plugins.remedy("") : near);
  }

  private static Found found(Registry.Entry entry, Implementation component, Registry plugins) {
    Binder binder = new Binder(plugins, Path.of(""));
    String place = PLACES.getOrDefault(PluginsCommand.kind(component), "%s");
    String written = binder.sample(component).map(Value::toString).orElse(component.name());
    boolean inLine = place.endsWith("- %s") && written.startsWith("{"); // an item of a list needs no braces
    String example = place.replace("%s", inLine ? written.substring(1, written.length() - 1) : written);
    return new Found(Optional.of(entry), component.qualifiedName(), component.name(), PluginsCommand.kind(component),
        component.aliases(), binder.describe(component), example);
  }

  private static void print(PrintWriter out, Found found) {
    Description description = found.description();
    Screen.print(out, found.title() + ": "
        + (description.doc().isEmpty() ? found.kind() : found.kind() + ", " + description.doc()), "  ");
    found.plugin().ifPresent(plugin ->
        Screen.print(out, "from plug-in " + plugin.name() + " " + plugin.version() + " (" + plugin.origin() + ")",
            "  "));
    if (!found.aliases().isEmpty()) {
      Screen.print(out, "also read as " + String.join(", ", found.aliases()), "  ");
    }
    out.println();
    if (description.fields().isEmpty()) {
      out.println("it has no parameters");
    } else {
      Table table = new Table("parameter", "type", "default", "meaning");
      description.fields().forEach(field -> table.row(field.name(), field.type(),
          field.defaultValue().orElse(field.required() ? "(required)" : "(none)"), meaning(field)));
      table.print(out);
    }
    out.println();
    out.println("example:");
    found.example().lines().forEach(line -> out.println("  " + line));
  }

  private static String meaning(Description.Field field) {
    return field.doc() + (field.aliases().isEmpty() ? "" : (field.doc().isEmpty() ? "" : "; ")
        + "earlier called " + String.join(", ", field.aliases()));
  }

  private static Map<String, Object> json(Found found) {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("name", found.name());
    report.put("kind", found.kind());
    found.plugin().ifPresent(plugin -> {
      report.put("plugin", plugin.name());
      report.put("version", plugin.version());
    });
    report.put("description", found.description().doc());
    List<Object> parameters = new ArrayList<>();
    for (Description.Field field : found.description().fields()) {
      Map<String, Object> parameter = new LinkedHashMap<>();
      parameter.put("name", field.name());
      parameter.put("type", field.type());
      parameter.put("default", field.defaultValue().orElse(null));
      parameter.put("required", field.required());
      parameter.put("description", field.doc());
      parameters.add(parameter);
    }
    report.put("parameters", parameters);
    report.put("example", found.example());
    return report;
  }
}
