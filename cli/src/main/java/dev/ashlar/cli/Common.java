package dev.ashlar.cli;

import dev.ashlar.runtime.Configuration;
import dev.ashlar.runtime.PluginFolders;
import dev.ashlar.runtime.Replacement;
import dev.ashlar.runtime.Runs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Options of every command that looks at plug-ins. */
class Common {

  @Option(names = "--plugins", paramLabel = "DIR", description = "a folder of plug-ins; may be given again")
  List<Path> folders = new ArrayList<>();

  Runs runs() {
    return new Runs(PluginFolders.discover(folders));
  }

  /** A configuration with values replaced by {@code --set} and by other options. */
  Configuration configuration(Path file, List<String> sets, Runs runs) {
    List<Replacement> replacements = new ArrayList<>(sets.stream().map(Replacement::parse).toList());
    replacements.addAll(replacements());
    return Configuration.read(file, replacements, runs.plugins());
  }

  /** What these options replace in a configuration. */
  List<Replacement> replacements() {
    return List.of();
  }
}
