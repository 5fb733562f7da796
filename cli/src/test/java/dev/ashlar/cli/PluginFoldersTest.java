package dev.ashlar.cli;

import static dev.ashlar.cli.Console.run;
import static org.assertj.core.api.Assertions.assertThat;

import com.acme.AcmePlugin;
import com.acme.Boom;
import com.acme.Halve;
import com.acme.ThrowingPlugin;
import dev.ashlar.cli.Console.Ended;
import dev.ashlar.plugin.Plugin;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PluginFoldersTest {

  private static final String REFUSED = """
      bad.jar (FOLDER/bad.jar) is not used: it is no jar that can be read: zip END header not found
      dependency.jar (FOLDER/dependency.jar) is not used: no plug-in is in it: no class implements \
      dev.ashlar.plugin.Plugin; what a plug-in depends on lies with it in a folder of their own
      unmerged.jar (FOLDER/unmerged.jar) is not used: it lacks the file META-INF/services/dev.ashlar.plugin.Plugin \
      with a line for com.acme.AcmePlugin; where several jars become one, such files have to be merged
      a plug-in (FOLDER/nowhere.jar) is not used: its service file is wrong: dev.ashlar.plugin.Plugin: Provider \
      com.acme.Nowhere not found
      com.acme.ThrowingPlugin (FOLDER/throwing.jar) is not used: it failed while loading: \
      java.lang.IllegalStateException: boom
      """;

  @TempDir
  private Path folder;

  private Path plugins;
  private Path config;

  @BeforeEach
  void write() throws IOException {
    plugins = Files.createDirectory(folder.resolve("plugins"));
    config = Files.writeString(folder.resolve("run.yaml"), """
        data: {source: {regression: {rows: 40, features: 3}}}
        model: [{dense: 1}]
        loss: mean_squared_error
        optimizer: {sgd: 0.01}
        train: {epochs: 1, batch: 8, seed: 1}
        """);
  }

  private void jar(String name, String service, Class<?>... types) throws IOException {
    try (ZipOutputStream jar = new ZipOutputStream(Files.newOutputStream(plugins.resolve(name)))) {
      if (!service.isEmpty()) {
        jar.putNextEntry(new ZipEntry("META-INF/services/" + Plugin.class.getName()));
        jar.write(service.getBytes(StandardCharsets.UTF_8));
      }
      for (Class<?> type : types) {
        String path = type.getName().replace('.', '/') + ".class";
        jar.putNextEntry(new ZipEntry(path));
        try (InputStream code = type.getClassLoader().getResourceAsStream(path)) {
          code.transferTo(jar);
        }
      }
    }
  }

  private void acme() throws IOException {
    jar("acme.jar", AcmePlugin.class.getName(), AcmePlugin.class, Halve.class, Boom.class);
  }

  private void refused() throws IOException {
    Files.writeString(plugins.resolve("bad.jar"), "no jar at all");
    Files.writeString(plugins.resolve("README.txt"), "no jar either");
    jar("dependency.jar", "", Halve.class);
    jar("unmerged.jar", "", Halve.class, AcmePlugin.class);
    jar("nowhere.jar", "com.acme.Nowhere", Halve.class);
    jar("throwing.jar", ThrowingPlugin.class.getName(), ThrowingPlugin.class);
  }

  private String told(String text) {
    return text.replace(plugins.toString(), "FOLDER");
  }

  @Test
  void whatIsNotUsedIsWarnedOfOnceAndTheRestGoesOn() throws IOException {
    refused();
    acme();
    Ended trained = run("train", config, "--out", folder.resolve("out"), "--plugins", plugins,
        "--set", "model=[halve, {dense: 1}]");
    assertThat(trained.code()).as(trained.err()).isZero();
    assertThat(told(trained.err()).lines().toList()).containsExactlyInAnyOrderElementsOf(
        REFUSED.lines().map(line -> "warning: " + line).toList());
  }

  @Test
  void whatIsNotUsedIsListedWithItsReason() throws IOException {
    refused();
    acme();
    Ended listed = run("plugins", "list", "--plugins", plugins);
    assertThat(listed.code()).as(listed.err()).isZero();
    assertThat(listed.err()).isEmpty();
    assertThat(told(listed.out())).contains("acme 1.0  (FOLDER/acme.jar)\n"
        + "  built for: version 1 of the plug-in interface\n  layer: boom, halve\n");
    String inTwoLines = REFUSED.lines()
        .map(line -> line.replaceFirst("(\\S+|a plug-in) (\\(\\S+\\)) is not used: (.*)", "$1 is not used  $2\n  $3"))
        .collect(Collectors.joining("\n"));
    assertThat(told(listed.out()).lines().toList()).containsAll(inTwoLines.lines().toList());
  }

  @Test
  void aFolderWithoutJarsIsWarnedOf() {
    String reason = "it holds no jar, and no folder that holds jars";
    assertThat(told(run("summary", config, "--plugins", plugins).err()))
        .isEqualTo("warning: plugins (FOLDER) is not used: " + reason + "\n");
    assertThat(told(run("plugins", "list", "--plugins", plugins).out()))
        .contains("plugins is not used  (FOLDER)\n  " + reason + "\n");
    Ended file = run("summary", config, "--plugins", config);
    assertThat(file.code()).isEqualTo(2);
    assertThat(file.err()).contains("found:    a file\n",
        "expected: a folder of plug-in jars, a jar, or a folder of classes");
  }

  @Test
  void aModelSaysWhichPluginItLacksWhateverIsAskedOfIt() throws IOException {
    acme();
    Path out = folder.resolve("out");
    Ended trained = run("train", config, "--out", out, "--plugins", plugins, "--set", "model=[halve, {dense: 1}]");
    assertThat(trained.code()).as(trained.err()).isZero();
    assertThat(run("evaluate", out, "--plugins", plugins).code()).isZero();
    for (String command : new String[] {"evaluate", "predict", "summary"}) {
      Ended ended = run(command, out);
      assertThat(ended.code()).isEqualTo(2);
      assertThat(ended.err()).as(command)
          .contains("a model that needs plug-in 'acme' 1.0")
          .contains("help:     put its jar into ~/.ashlar/plugins or on the class path, or name it with --plugins\n");
    }
    Files.delete(plugins.resolve("acme.jar"));
    jar("acme.jar", "", AcmePlugin.class, Halve.class);
    Ended refused = run("evaluate", out, "--plugins", plugins);
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err()).contains("help:     acme.jar (" + plugins.resolve("acme.jar") + ") is not used: it lacks");
  }

  @Test
  void aMistakeInAPluginsCodeIsToldAsSuch() throws IOException {
    acme();
    Ended ended = run("train", config, "--plugins", plugins, "--set", "model=[halve, boom]");
    assertThat(ended.code()).isEqualTo(1);
    assertThat(told(ended.err())).startsWith("""
        --set model=[halve, boom]:1:9: model[1].boom
          found:    a failure in boom, com.acme.Boom (FOLDER/acme.jar): java.lang.IllegalStateException: boom
          expected: that it works on f32[8, 3], or says what it takes instead with an IllegalArgumentException
          help:     its author needs the stack trace; no configuration causes this alone
        java.lang.IllegalStateException: boom
        \tat plug-in acme.jar//com.acme.Boom.forward(Boom.java:""");
  }

  @Test
  void mistakesOfTheUserAreToldBeforeThoseOfAPlugin() throws IOException {
    acme();
    Ended ended = run("train", config, "--plugins", plugins, "--set", "model=[boom]", "--set", "train.epochs=0");
    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.err()).startsWith("1 mistake:").contains("train.epochs").doesNotContain("\tat ");
  }
}
