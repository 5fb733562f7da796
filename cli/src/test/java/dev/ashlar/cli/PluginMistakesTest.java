package dev.ashlar.cli;

import static dev.ashlar.cli.Console.run;
import static dev.ashlar.cli.Outsider.jar;
import static dev.ashlar.cli.Outsider.layer;
import static dev.ashlar.cli.Outsider.plugin;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.cli.Console.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What users are told of plug-ins that are not there, or cannot be used: plugin-mistakes.txt. With {@code
 * -Dashlar.golden.update=true} it is written anew, to be read before it is committed.
 */
class PluginMistakesTest {

  private static final Path GOLDEN = Path.of("src/test/resources/dev/ashlar/cli/plugin-mistakes.txt");
  private static final String HALVES = "x.mul(0.5)";

  @TempDir
  private Path folder;

  private Path plugins;
  private Path config;
  private Outsider outsider;
  private final StringBuilder told = new StringBuilder();

  private void say(String title) throws IOException {
    told.append("# ").append(title).append('\n');
    try (Stream<Path> old = Files.walk(plugins)) {
      for (Path file : old.sorted(Comparator.reverseOrder()).filter(file -> !file.equals(plugins)).toList()) {
        Files.delete(file);
      }
    }
  }

  private void ashlar(Object... words) {
    Ended ended = run(words);
    List<String> shown = new ArrayList<>();
    for (Object word : words) {
      shown.add(word.toString());
    }
    told.append(plain("$ ashlar " + String.join(" ", shown) + "\n"));
    // Of a stack trace the first line: the others are those of this machine.
    StringBuilder err = new StringBuilder();
    boolean inTrace = false;
    for (String line : plain(ended.err()).lines().toList()) {
      boolean isFrame = line.startsWith("\tat ") || line.startsWith("\t... ");
      if (!isFrame || !inTrace) {
        err.append(line).append('\n');
      }
      inTrace = isFrame;
    }
    String shortened = err.toString().replaceAll("(\\.java):[0-9]+\\)", "$1)");
    told.append(shortened).append("exit code ").append(ended.code()).append("\n\n");
  }

  private String plain(String text) {
    return text.replace(folder.toString(), "DIR").replace("file:DIR", "DIR")
        .replace(Path.of("").toAbsolutePath().getParent().toString(), "HERE")
        .replaceAll("\\((?:HERE|[^ ()]*/org|[^ ()]*/dev)[^ ()]*\\)", "(ASHLAR)")
        .replaceAll("(plug-ins at hand: ).*", "$1core, .. and others")
        .replaceAll("(one of adaptive[^,]*, ).* and \\d+ more", "$1.. and others")
        .replaceAll("(layers|optimizers|io|core|cpu) (unversioned|[0-9.]+(-SNAPSHOT)?)", "$1 VERSION");
  }

  private String[] with(String model) {
    return new String[] {
        "train", config.toString(), "--out", folder.resolve("out").toString(), "--overwrite", "--quiet",
        "--set", "model=" + model};
  }

  @Test
  void whatIsToldOfPlugins() throws IOException {
    plugins = Files.createDirectory(folder.resolve("plugins"));
    outsider = new Outsider(Files.createDirectory(folder.resolve("work")));
    config = Files.writeString(folder.resolve("run.yaml"), """
        data: {source: {regression: {rows: 40, features: 3}}}
        model: [{dense: 1}]
        loss: mean_squared_error
        optimizer: {sgd: 0.01}
        train: {epochs: 1, batch: 8, seed: 1}
        """);
    names();
    files();
    jars();
    loading();
    code();
    if (Boolean.getBoolean("ashlar.golden.update")) {
      Files.writeString(GOLDEN, told);
    }
    assertThat(told.toString()).isEqualTo(Files.readString(GOLDEN));
  }

  private void acme(String version, String... parts) throws IOException {
    String[] sources = Stream.concat(Stream.of(plugin("acme", version, parts)),
        Stream.of(parts).map(part -> layer("acme", part, HALVES))).toArray(String[]::new);
    outsider.plugin(plugins.resolve("acme-" + version + ".jar"), "acme", sources);
  }

  private void names() throws IOException {
    say("a name that nobody brings");
    acme("1.0", "Halve");
    ashlar((Object[]) with("[gated_linear, {dense: 1}]"));

    say("a name that is nearly one of a plug-in");
    acme("1.0", "Halve");
    ashlar((Object[]) with("[halv, {dense: 1}]"));

    say("a name with a plug-in that is not there");
    ashlar((Object[]) with("[{acme:halve: {}}, {dense: 1}]"));

    say("a name that two plug-ins bring");
    acme("1.0", "Halve");
    outsider.plugin(plugins.resolve("other.jar"), "other", plugin("other", "2.1", "Halve"),
        layer("other", "Halve", HALVES));
    ashlar((Object[]) with("[halve, {dense: 1}]"));
    ashlar((Object[]) with("[other:halve, {dense: 1}]"));
    Ended described = run("plugins", "describe", "halve", "--plugins", plugins);
    assertThat(described.out()).contains("  model:\n    - acme:halve\n", "  model:\n    - other:halve\n");

    say("a name that two plug-ins bring, with something that must be given");
    for (String name : List.of("left", "right")) {
      outsider.plugin(plugins.resolve(name + ".jar"), name, plugin(name, "1.0", "Gated"),
          layer(name, "Gated", "x.mul(by)").replace("Gated()", "Gated(double by)"));
    }
    described = run("plugins", "describe", "left:gated", "--plugins", plugins);
    assertThat(described.out()).endsWith("example:\n  model:\n    - left:gated: 0.1\n");
    assertThat(run((Object[]) with("[{left:gated: 0.1}, {dense: 1}]")).code()).isZero();
    ashlar((Object[]) with("[{gated: 0.1}, {dense: 1}]"));

    say("two plug-ins with one name");
    acme("1.0", "Halve");
    acme("1.1", "Halve");
    ashlar((Object[]) with("[halve, {dense: 1}]"));
  }

  private void files() throws IOException {
    say("a model's file whose plug-in is not there");
    acme("1.0", "Halve");
    assertThat(run((Object[]) with("[halve, {dense: 1}]")).code()).isZero();
    Path aside = Files.move(plugins, folder.resolve("aside"));
    Files.createDirectory(plugins);
    ashlar("predict", folder.resolve("out"), "--input", config);

    say("a model's file that a newer plug-in wrote");
    outsider.plugin(plugins.resolve("newer.jar"), "acme", plugin("acme", "2.0", "Halve"),
        layer("acme", "Halve", HALVES).replace("public record", "@dev.ashlar.config.Version(2) public record"));
    assertThat(run((Object[]) with("[halve, {dense: 1}]")).code()).isZero();
    ashlar("summary", folder.resolve("out"), "--plugins", aside);

    say("a model's file with a part that the plug-in no longer has");
    outsider.plugin(plugins.resolve("third.jar"), "acme", plugin("acme", "3.0", "Third"),
        layer("acme", "Third", HALVES));
    ashlar("summary", folder.resolve("out"), "--plugins", plugins.resolve("third.jar"));
  }

  private void jars() throws IOException {
    say("another version of the interface");
    outsider.plugin(plugins.resolve("later.jar"), "later",
        plugin("later", "1.0", "Halve").replace("API_VERSION", "99"), layer("later", "Halve", HALVES));
    ashlar((Object[]) with("[halve, {dense: 1}]"));

    say("a class that is missing when the plug-in is loaded");
    Path needing = outsider.classes("needing", List.of(), plugin("needing", "1.0", "Halve").replace(
        "return java.util.List.of(", "Library.use(); return java.util.List.of("), layer("needing", "Halve", HALVES),
        "package needing; public final class Library { static void use() { } }");
    Outsider.service(needing, "needing.Main");
    jar(needing, plugins.resolve("needing.jar"), "Library");
    ashlar((Object[]) with("[halve, {dense: 1}]"));

    say("a class that is missing when a layer is used");
    Path using = outsider.classes("using", List.of(), plugin("using", "1.0", "Halve"),
        layer("using", "Halve", "Library.use(x)"),
        "package using; public final class Library { static dev.ashlar.tensor.Tensor use(dev.ashlar.tensor.Tensor x)"
            + " { return x; } }");
    Outsider.service(using, "using.Main");
    jar(using, plugins.resolve("using.jar"), "Library");
    ashlar((Object[]) with("[halve, {dense: 1}]"));

    say("a class of Ashlar that is not for plug-ins");
    outsider.plugin(plugins.resolve("inner.jar"), "inner", plugin("inner", "1.0", "Halve").replace(
        "return java.util.List.of(", "new dev.ashlar.layers.LayersPlugin(); return java.util.List.of("),
        layer("inner", "Halve", HALVES));
    ashlar((Object[]) with("[halve, {dense: 1}]"));

    say("a record that no configuration can say");
    outsider.plugin(plugins.resolve("odd.jar"), "odd", plugin("odd", "1.0", "Halve"),
        layer("odd", "Halve", HALVES).replace("Halve()", "Halve(Thread thread)"));
    ashlar((Object[]) with("[halve, {dense: 1}]"));

    say("a plug-in that throws while it is loaded, beside one that does not");
    acme("1.0", "Halve");
    outsider.plugin(plugins.resolve("throwing.jar"), "throwing", plugin("throwing", "1.0").replace(
        "return java.util", "if (true) throw new IllegalStateException(\"no licence\"); return java.util"));
    outsider.plugin(plugins.resolve("unready.jar"), "unready", plugin("unready", "1.0").replace(
        "@Override public String n", "static final int N = Integer.parseInt(\"one\"); @Override public String n"));
    ashlar((Object[]) with("[halve, {dense: 1}]"));

    say("jars that are none, or hold no plug-in, or not as they should");
    Path good = outsider.classes("good", List.of(), plugin("good", "1.0", "Halve"), layer("good", "Halve", HALVES));
    jar(good, plugins.resolve("shaded.jar"));
    jar(good, plugins.resolve("library.jar"), "Main");
    Files.writeString(plugins.resolve("broken.jar"), "no jar at all");
    Outsider.service(good, "good.Main");
    jar(good, plugins.resolve("without-main.jar"), "Main");
    byte[] code = Files.readAllBytes(good.resolve("good/Main.class"));
    code[7] = 99;
    Files.write(good.resolve("good/Main.class"), code);
    jar(good, plugins.resolve("newer-java.jar"));
    ashlar((Object[]) with("[halve, {dense: 1}]"));

    say("places that are none");
    Files.createDirectories(folder.resolve("project/target/classes"));
    ashlar("summary", config, "--plugins", folder.resolve("project"));
    ashlar("summary", config, "--plugins", folder.resolve("project/target/classes"));
    ashlar("summary", config, "--plugins", folder.resolve("none"), "--plugins", config);
  }

  /** Whatever plug-ins throw while they are loaded, the others go on. */
  private void loading() throws IOException {
    say("plug-ins that throw errors while they are loaded");
    acme("1.0", "Halve");
    outsider.plugin(plugins.resolve("asserting.jar"), "asserting", plugin("asserting", "1.0").replace(
        "return java.util", "if (true) throw new AssertionError(\"no licence\"); return java.util"));
    outsider.plugin(plugins.resolve("endless.jar"), "endless",
        plugin("endless", "1.0").replace("return java.util.List.of()", "return components()"));
    outsider.plugin(plugins.resolve("static.jar"), "unready", plugin("unready", "1.0").replace(
        "@Override public String n", "static { if (true) throw new AssertionError(\"too early\"); }"
            + " @Override public String n"));
    outsider.plugin(plugins.resolve("nothing.jar"), "nothing",
        plugin("nothing", "1.0").replace("return java.util.List.of()", "return null"));
    outsider.plugin(plugins.resolve("constant.jar"), "constant", plugin("constant", "1.0", "Turned"), """
        package constant;
        import dev.ashlar.model.*;
        import dev.ashlar.tensor.*;
        public enum Turned implements Layer {
          TURNED;
          static { if (true) throw new AssertionError("no constants"); }
          @Override public Tensor forward(Tensor x, Scope scope) { return x; }
        }
        """);
    ashlar((Object[]) with("[halve, {dense: 1}]"));
    Ended listed = run("plugins", "list", "--plugins", plugins);
    assertThat(listed.code()).isZero();
    assertThat(listed.out()).contains("acme 1.0  (", "asserting.Main is not used", "endless.Main is not used",
        "unready.Main is not used", "nothing.Main is not used", "constant.Main is not used");
  }

  /** A part of a plug-in whose name is that of its kind; the methods are those that the interface wants. */
  private void part(String kind, String implemented, String methods) throws IOException {
    outsider.plugin(plugins.resolve(kind + ".jar"), kind, plugin(kind, "1.0", "Part"), """
        package %s;
        import dev.ashlar.data.*;
        import dev.ashlar.model.*;
        import dev.ashlar.tensor.*;
        import java.util.*;
        @dev.ashlar.config.Name("odd_%s")
        public record Part() implements %s { %s }
        """.formatted(kind, kind, implemented, methods));
  }

  private void set(String setting) {
    ashlar("train", config, "--out", folder.resolve("out"), "--overwrite", "--quiet", "--set", setting);
  }

  /** What strangers' code may give back that nobody can go on with. */
  private void code() throws IOException {
    say("a layer that gives null");
    part("layer", "Layer", "public Tensor forward(Tensor x, Scope scope) { return null; }");
    ashlar("validate", config, "--set", "model=[odd_layer, {dense: 1}]");
    say("a block that gives null");
    part("block", "Block", "public Tensors forward(Tensors in, Scope scope) { return null; }");
    set("model=[{dense: 1}, odd_block]");
    say("a block that gives nothing");
    part("block", "Block", "public Tensors forward(Tensors in, Scope scope) { return Tensors.empty(); }");
    set("model=[{dense: 1}, odd_block]");
    say("a block that gives null among tensors");
    part("block", "Block",
        "public Tensors forward(Tensors in, Scope scope) { return in.with(\"more\", (Tensor) null); }");
    set("model=[{dense: 1}, odd_block]");
    say("a layer without an end");
    part("layer", "Layer", "public Tensor forward(Tensor x, Scope scope) { return forward(x, scope); }");
    set("model=[odd_layer, {dense: 1}]");

    say("a loss that gives null");
    part("loss", "Loss", "public Tensor of(Tensors outputs, Batch batch) { return null; }");
    set("loss=odd_loss");
    say("a loss that is no number");
    part("loss", "Loss", "public Tensor of(Tensors outputs, Batch batch) { return outputs.first(); }");
    set("loss=odd_loss");
    say("a loss whose weight is null");
    part("loss", "Loss", "public Tensor of(Tensors outputs, Batch batch) { return outputs.first().mean(); }"
        + " public Optional<Tensor> weight(Tensors outputs, Batch batch) { return null; }");
    set("loss=odd_loss");
    say("a measure that gives null");
    part("metric", "Metric", "public Tensors statistics(Tensors outputs, Batch batch) { return null; }"
        + " public double result(Map<String, double[]> statistics) { return 0; }");
    set("metrics=[odd_metric]");
    say("a measure that fails when all is counted");
    part("metric", "Metric", "public Tensors statistics(Tensors outputs, Batch batch) {"
        + " return Tensors.of(outputs.first().mean()); }"
        + " public double result(Map<String, double[]> statistics) { return statistics.get(\"none\")[0]; }");
    set("metrics=[odd_metric]");
    say("an optimizer that gives null");
    part("optimizer", "Optimizer",
        "public Tensors step(Tensors parameters, Objective objective, Scope scope) { return null; }");
    set("optimizer=odd_optimizer");
    say("an optimizer that gives what is no parameter");
    part("optimizer", "Optimizer", "public Tensors step(Tensors parameters, Objective objective, Scope scope) {"
        + " return Tensors.of(\"none\", parameters.first()); }");
    set("optimizer=odd_optimizer");
    say("a gradient transform that gives null");
    part("gradients", "GradientTransform",
        "public Tensors transform(Tensors gradients, Tensors parameters, Scope scope) { return null; }");
    set("gradients=[odd_gradients]");

    say("a source that gives null");
    part("source", "DataSource", "public Dataset open() { return null; }");
    set("data={source: odd_source}");
    say("a source that fails");
    part("source", "DataSource", "public Dataset open() { throw new IllegalStateException(\"no line\"); }");
    set("data={source: odd_source}");
    String data = "public Dataset open() { return new Dataset() { public long size() { return 16; }"
        + " public SequencedMap<String, TensorType> columns() { return COLUMNS; }"
        + " public void read(long[] positions, int count, Map<String, NDArray> batch) {"
        + " throw new IllegalStateException(\"torn tape\"); } }; }";
    say("a source without columns");
    part("source", "DataSource", data.replace("COLUMNS", "null"));
    set("data={source: odd_source}");
    say("a source that fails while it is read");
    part("source", "DataSource", data.replace("COLUMNS", "new LinkedHashMap<>(Map.of(\"x\","
        + " TensorType.of(DType.F32, 3), \"target\", TensorType.of(DType.F32, 1)))"));
    set("data={source: odd_source}");
    say("a transform that learns to be null");
    part("transform", "Transform", "public Tensor forward(Tensor x, Scope scope) { return x; }"
        + " public Transform fit(Dataset training) { return null; }");
    set("data.transforms=[odd_transform]");
    say("a callback that wants null");
    part("callback", "Callback",
        "public Watcher begin(Run run) { return null; } public List<String> measures() { return null; }");
    set("callbacks=[odd_callback]");
    say("a callback that begins as null");
    part("callback", "Callback", "public Watcher begin(Run run) { return null; }");
    set("callbacks=[odd_callback]");
    say("a callback that cannot go on");
    part("callback", "Callback", "public Watcher begin(Run run) { return new Watcher() {"
        + " public void step(long step, double loss) { throw new AssertionError(\"step \" + step); } }; }");
    set("callbacks=[odd_callback]");
  }
}
