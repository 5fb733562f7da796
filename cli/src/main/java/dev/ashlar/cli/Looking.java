package dev.ashlar.cli;

import dev.ashlar.plugin.Registry;
import dev.ashlar.runtime.PluginFolders;
import dev.ashlar.runtime.Runs;
import dev.ashlar.runtime.Yaml;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of commands that look at plug-ins alone. */
final class Looking extends Common {

  @Option(names = "--config", paramLabel = "CONFIG",
      description = "a configuration, beside which there may be a folder of plug-ins")
  private @Nullable Path configuration;

  @Override
  Runs runs() {
    check();
    return runs(configuration);
  }

  Registry plugins() {
    check();
    return plugins(configuration);
  }

  /** That there is a configuration of that name; what it says does not matter here. */
  private void check() {
    if (configuration != null && (!Files.isReadable(configuration) || Files.isDirectory(configuration))) {
      Yaml.read(configuration); // tells why it cannot
    }
  }

  /** Where is looked, and what of it is there. */
  List<String> places() {
    return Stream.concat(folders.stream().map(Path::toString),
        PluginFolders.usual(configuration).stream()
            .map(place -> place + (Files.isDirectory(place) ? "" : " (no such folder)"))).toList();
  }
}
