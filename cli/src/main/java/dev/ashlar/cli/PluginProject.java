package dev.ashlar.cli;

import dev.ashlar.config.FileException;
import dev.ashlar.io.files.AtomicFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A small Maven project for a plug-in: a layer, an optimizer, tests on the testkit.
 *
 * @param group of the artifact, and what the package begins with
 * @param name of the plug-in and of the artifact
 * @param ashlar version that it is built against
 */
record PluginProject(String group, String name, String ashlar) {

  static final Pattern GROUP = Pattern.compile("[a-z_][a-z0-9_]*(\\.[a-z_][a-z0-9_]*)*");
  static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*([_-][a-z0-9]+)*");

  /** Words that no part of a package can be. */
  private static final Pattern KEYWORD = Pattern.compile("abstract|assert|boolean|break|byte|case|catch|char|class"
      + "|const|continue|default|do|double|else|enum|extends|false|final|finally|float|for|goto|if|implements|import"
      + "|instanceof|int|interface|long|native|new|null|package|private|protected|public|return|short|static|strictfp"
      + "|super|switch|synchronized|this|throw|throws|transient|true|try|void|volatile|while|_");

  /** The first word of Java in a name with points; empty if there is none. */
  static String keyword(String dotted) {
    return Arrays.stream(dotted.split("\\.")).filter(part -> KEYWORD.matcher(part).matches()).findFirst().orElse("");
  }

  /** The package of its classes. */
  String javaPackage() {
    String last = name.replaceAll("[_-]", "");
    return group + "." + (keyword(last).isEmpty() ? last : last + "_");
  }

  /** The class that lists what it adds. */
  String type() {
    return Arrays.stream(name.split("[_-]"))
        .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
        .collect(Collectors.joining()) + "Plugin";
  }

  /**
   * Writes all of it, or nothing.
   *
   * @param folder that is not there yet
   * @throws FileException if it is, or cannot be written
   */
  void writeTo(Path folder) throws FileException {
    AtomicFiles.writeFolder(folder, partial -> {
      for (Map.Entry<String, String> file : files().entrySet()) {
        Path path = partial.resolve(file.getKey());
        Files.createDirectories(path.getParent());
        Files.writeString(path, file.getValue());
      }
    });
  }

  private Map<String, String> files() throws IOException {
    String main = "src/main/java/" + javaPackage().replace('.', '/') + "/";
    String test = main.replace("src/main", "src/test");
    Map<String, String> files = new LinkedHashMap<>();
    files.put("pom.xml", text("pom"));
    files.put("README.md", text("README"));
    files.put(".gitignore", "target/\nruns/\n");
    files.put("example.yaml", text("example"));
    files.put("src/main/resources/META-INF/services/dev.ashlar.plugin.Plugin", javaPackage() + "." + type() + "\n");
    files.put(main + type() + ".java", text("plugin"));
    files.put(main + "Gated.java", text("layer"));
    files.put(main + "Signum.java", text("optimizer"));
    files.put(test + type() + "Test.java", text("plugin-test"));
    files.put(test + "GatedTest.java", text("layer-test"));
    files.put(test + "SignumTest.java", text("optimizer-test"));
    return files;
  }

  private String text(String template) throws IOException {
    try (InputStream in = PluginProject.class.getResourceAsStream("plugin/" + template + ".txt")) {
      if (in == null) {
        throw new IllegalStateException("no template " + template + " in the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("@group@", group).replace("@name@", name)
          .replace("@package@", javaPackage()).replace("@type@", type()).replace("@ashlar@", ashlar);
    }
  }
}
