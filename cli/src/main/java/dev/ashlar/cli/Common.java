package dev.ashlar.cli;

import dev.ashlar.plugin.Registry;
import dev.ashlar.runtime.Runs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Options that several commands have. */
final class Common {

  @Option(names = "--plugins", paramLabel = "DIR", description = "a folder of plug-ins; may be given again")
  private List<Path> plugins = new ArrayList<>();

  @Option(names = "--json", description = "end with one line of JSON")
  boolean json;

  Registry registry() {
    return Registry.discover();
  }

  Runs runs() {
    return new Runs(registry());
  }
}
