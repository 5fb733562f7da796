package dev.ashlar.site;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The documentation of all published modules, as one. */
final class Javadoc {

  /** Folders of the checkout, by the modules that they are. */
  private static final Map<String, String> MODULES = Map.of(
      "dev.ashlar.core", "core",
      "dev.ashlar.layers", "layers",
      "dev.ashlar.optimizers", "optimizers",
      "dev.ashlar.io", "io",
      "dev.ashlar.training", "training",
      "dev.ashlar.runtime", "runtime",
      "dev.ashlar.testkit", "testkit",
      "dev.ashlar.backend.cpu", "backends/cpu");

  private Javadoc() {}

  /** Warnings are failures. */
  static void write(Path checkout, Path to, String version) {
    List<String> words = new ArrayList<>(List.of("-quiet", "-Xdoclint:all,-missing", "-Werror", "-notimestamp",
        "-doctitle", "Ashlar " + version, "-windowtitle", "Ashlar " + version, "-encoding", "UTF-8",
        // In the colour of the bar's other words: that of links is dark on dark.
        "-header", "<a href=\"{@docRoot}/../index.html\" style=\"color: inherit\">Ashlar</a>",
        "-d", to.toString(), "--module-path",
        Stream.of(System.getProperty("java.class.path").split(java.io.File.pathSeparator))
            .filter(entry -> entry.endsWith(".jar") && !Path.of(entry).getFileName().toString().startsWith("ashlar-"))
            .collect(Collectors.joining(java.io.File.pathSeparator)),
        "--module", MODULES.keySet().stream().sorted().collect(Collectors.joining(","))));
    MODULES.forEach((module, folder) -> words.addAll(List.of(
        "--module-source-path", module + "=" + checkout.resolve(folder).resolve("src/main/java"))));
    ToolProvider javadoc = ToolProvider.findFirst("javadoc").orElseThrow();
    if (javadoc.run(System.out, System.err, words.toArray(String[]::new)) != 0) {
      throw new IllegalStateException("javadoc has warnings or errors");
    }
  }
}
