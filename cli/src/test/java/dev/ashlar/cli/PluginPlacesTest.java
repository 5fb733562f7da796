package dev.ashlar.cli;

import static dev.ashlar.cli.Console.run;
import static dev.ashlar.cli.Outsider.jar;
import static dev.ashlar.cli.Outsider.layer;
import static dev.ashlar.cli.Outsider.plugin;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ashlar.cli.Console.Ended;
import dev.ashlar.io.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where plug-ins are looked for, which of two wins, and that each has its own libraries. */
class PluginPlacesTest {

  private static final String HOME = "user.home";

  @TempDir
  private Path folder;

  private final String home = System.getProperty(HOME);
  private Path config;
  private Outsider outsider;

  @BeforeEach
  void write() throws IOException {
    System.setProperty(HOME, folder.resolve("home").toString());
    outsider = new Outsider(Files.createDirectory(folder.resolve("work")));
    config = Files.createDirectory(folder.resolve("project")).resolve("run.yaml");
    Files.writeString(config, """
        data: {source: {regression: {rows: 40, features: 3}}}
        model: [scaled, {dense: 1}]
        loss: mean_squared_error
        optimizer: {sgd: 0.01}
        train: {epochs: 1, batch: 8, seed: 1}
        """);
  }

  @AfterEach
  void goHome() {
    System.setProperty(HOME, home);
  }

  private Path scaled(Path jar, String version) throws IOException {
    return outsider.plugin(jar, "scales", plugin("scales", version, "Scaled"),
        layer("scales", "Scaled", "x.mul(" + version + ")"));
  }

  private String used(Object... more) {
    Object[] words = new Object[more.length + 2];
    words[0] = "plugins";
    words[1] = "list";
    System.arraycopy(more, 0, words, 2, more.length);
    return run(words).out().lines().filter(line -> line.startsWith("scales "))
        .map(line -> line.replace(folder.toString(), "DIR")).toList().toString();
  }

  @Test
  void theNearestPlaceWins() throws IOException {
    assertThat(run("validate", config).code()).isEqualTo(2);
    Path atHome = scaled(folder.resolve("home/.ashlar/plugins/home.jar"), "1.0");
    assertThat(run("validate", config).code()).isZero();
    assertThat(used()).isEqualTo("[scales 1.0  (DIR/home/.ashlar/plugins/home.jar)]");

    scaled(folder.resolve("project/plugins/beside.jar"), "2.0");
    Ended ended = run("validate", config);
    assertThat(ended.code()).isZero();
    assertThat(ended.err()).isEqualTo("warning: scales (" + atHome + ") is not used: another plug-in has the name"
        + " 'scales' and goes before: scales 2.0 (" + folder.resolve("project/plugins/beside.jar")
        + "); take one of the two away\n");
    assertThat(used("--config", config))
        .startsWith("[scales 2.0  (DIR/project/plugins/beside.jar), scales is not used");
    assertThat(used()).isEqualTo("[scales 1.0  (DIR/home/.ashlar/plugins/home.jar)]");

    Path named = scaled(folder.resolve("named/one.jar"), "3.0");
    assertThat(used("--config", config, "--plugins", named)).startsWith("[scales 3.0  (DIR/named/one.jar), ");
    // The same jar by two ways is one.
    assertThat(used("--plugins", atHome)).isEqualTo("[scales 1.0  (DIR/home/.ashlar/plugins/home.jar)]");
  }

  @Test
  void aConfigurationThatIsNotThereIsAMistake() {
    Path none = folder.resolve("project/none.yaml");
    String told = run("validate", none).err();
    for (String[] command : new String[][] {{"list"}, {"list", "--json"}, {"describe", "dense"}}) {
      List<Object> words = new java.util.ArrayList<>(List.of("plugins"));
      words.addAll(List.of(command));
      words.addAll(List.of("--config", none));
      Ended ended = run(words.toArray());
      assertThat(ended.code()).isEqualTo(2);
      assertThat(ended.err()).isEqualTo(told).contains(none.toString());
      assertThat(ended.out()).isEmpty();
    }
  }

  @Test
  void whoHasNoHomeHasNoPluginsThere() {
    System.setProperty(HOME, "?");
    assertThat(run("plugins", "list").out()).contains("looked for on the class path").doesNotContain(".ashlar");
  }

  @Test
  void nothingBesideAModelIsRun() throws IOException {
    Path jar = scaled(folder.resolve("named/one.jar"), "3.0");
    Path out = folder.resolve("out");
    assertThat(run("train", config, "--out", out, "--plugins", jar).code()).isZero();
    Files.createDirectory(out.resolve("plugins"));
    Files.copy(jar, out.resolve("plugins/one.jar"));
    for (String command : List.of("summary", "evaluate")) {
      Ended ended = run(command, out);
      assertThat(ended.code()).as(command).isEqualTo(2);
      assertThat(ended.err()).contains("needs plug-in 'scales' 3.0");
    }
    assertThat(run("summary", out, "--plugins", out.resolve("plugins")).code()).isZero();
  }

  @Test
  void whoGoesOnIsToldWhereThePluginsAre() throws IOException {
    Common common = new Common();
    assertThat(common.pluginsAgain(config)).isEmpty();
    Path beside = Files.createDirectory(config.resolveSibling("plugins"));
    common.folders.add(Path.of("mine"));
    assertThat(common.pluginsAgain(config)).isEqualTo(" --plugins mine --plugins " + beside);
    assertThat(common.pluginsAgain(null)).isEqualTo(" --plugins mine");
  }

  @Test
  void aProjectsClassesArePluginsToo() throws IOException {
    Path library = outsider.classes("library", List.of(),
        "package com.library; public final class Factors { public static double four() { return 4; } }");
    Path classes = outsider.classes("project/target/classes", List.of(library), plugin("scales", "4.0", "Scaled"),
        layer("scales", "Scaled", "x.mul(com.library.Factors.four())"));
    assertThat(run("validate", config, "--plugins", classes).err()).contains("it lacks the file META-INF/services/");
    Outsider.service(classes, "scales.Main");
    assertThat(run("validate", config, "--plugins", classes).err()).contains("class com.library.Factors is missing");
    jar(library, classes.resolveSibling("dependency/library.jar"));
    Ended ended = run("validate", config, "--plugins", classes);
    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat(ended.err()).isEmpty();
  }

  @Test
  void whatBuildsLeaveBesideAJarIsPassedOver() throws IOException {
    Path jar = scaled(folder.resolve("target/scales.jar"), "1.0");
    Files.copy(jar, jar.resolveSibling("scales-sources.jar"));
    Files.copy(jar, jar.resolveSibling("scales-javadoc.jar"));
    Ended ended = run("validate", config, "--plugins", jar.getParent());
    assertThat(ended.code()).isZero();
    assertThat(ended.err()).isEmpty();
  }

  /** A library of which each plug-in needs another version; and one of the name of a class that Ashlar itself uses. */
  private Path withLibrary(String name, String scale) throws IOException {
    Path library = outsider.classes(name + "-library", List.of(), """
        package com.library;
        public final class Factors { public static double SCALE() { return SCALE; } }
        """.replace("SCALE()", "of" + name + "()").replace("SCALE", scale), """
        package com.fasterxml.jackson.core;
        public final class JsonFactory { public static double one() { return 1; } }
        """);
    Path classes = outsider.classes(name, List.of(library), plugin(name, "1.0", "Scale" + name), layer(name,
        "Scale" + name, "x.mul(com.library.Factors.of" + name + "() * com.fasterxml.jackson.core.JsonFactory.one())"));
    Outsider.service(classes, name + ".Main");
    Path place = Files.createDirectories(folder.resolve("plugins/" + name));
    jar(library, place.resolve("library.jar"));
    return jar(classes, place.resolve(name + ".jar"));
  }

  @Test
  void eachPluginHasItsOwnVersionsOfLibraries() throws IOException {
    withLibrary("twice", "2");
    withLibrary("thrice", "3");
    Path out = folder.resolve("out");
    Ended ended = run("train", config, "--plugins", folder.resolve("plugins"), "--out", out, "--json",
        "--set", "model=[scaletwice, scalethrice, {dense: 1}]");
    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat(ended.err()).isEmpty();
    Ended tapped =
        run("evaluate", out, "--plugins", folder.resolve("plugins"), "--tap", "scale*", "--json", "--values");
    assertThat(tapped.code()).as(tapped.err()).isZero();
    String json = tapped.out().lines().toList().getLast();
    double ratio = firstValue(json, "scalethrice") / firstValue(json, "scaletwice");
    assertThat(ratio).isCloseTo(3, within(1e-6));
  }

  private static double firstValue(String json, String tap) {
    String behind = json.substring(json.indexOf('"' + tap));
    String values = behind.substring(behind.indexOf("\"values\":") + 9).replaceFirst("^\\[+", "");
    return Double.parseDouble(values.split("[,\\]]")[0]);
  }

  @Test
  void aPluginMayBringACopyOfAshlarsLayers() throws IOException {
    Path layers = Path.of(dev.ashlar.layers.LayersPlugin.class.getProtectionDomain().getCodeSource().getLocation()
        .getPath());
    Path classes = outsider.classes("built", List.of(), plugin("built", "1.0", "Built"),
        layer("built", "Built", "dev.ashlar.layers.activations.Activations.RELU.apply(x)"));
    Outsider.service(classes, "built.Main");
    Path place = Files.createDirectories(folder.resolve("plugins/built"));
    jar(classes, place.resolve("built.jar"));
    if (Files.isDirectory(layers)) {
      jar(layers, place.resolve("layers.jar"));
    } else {
      Files.copy(layers, place.resolve("layers.jar"));
    }
    Ended ended = run("train", config, "--plugins", folder.resolve("plugins"), "--out", folder.resolve("out"),
        "--set", "model=[built, {dense: 1}]");
    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat(ended.err()).isEmpty();
  }

  @Test
  void theListIsJsonToo() throws IOException {
    scaled(folder.resolve("project/plugins/beside.jar"), "2.0");
    Ended listed = run("plugins", "list", "--config", config, "--json");
    assertThat(listed.code()).isZero();
    assertThat(Json.write(Json.read(listed.out().strip(), "list"))).contains(
        "{\"name\":\"scales\",\"version\":\"2.0\",\"api\":1,\"origin\":", "\"names\":[\"scaled\"]", "\"refused\":[]");
    assertThat(run("plugins", "describe", "scaled", "--config", config).out()).contains("scales:scaled: layer");
    assertThat(run("plugins", "list").out()).contains("looked for on the class path, in "
        + folder.resolve("home/.ashlar/plugins") + " (no such folder)");
  }
}
