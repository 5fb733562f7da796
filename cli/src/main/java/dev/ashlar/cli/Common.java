package dev.ashlar.cli;

import dev.ashlar.config.Value;
import dev.ashlar.plugin.Registry;
import dev.ashlar.runtime.Configuration;
import dev.ashlar.runtime.PluginFolders;
import dev.ashlar.runtime.Replacement;
import dev.ashlar.runtime.Runs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Options that several commands have. */
final class Common {

  @Option(names = "--plugins", paramLabel = "DIR", description = "a folder of plug-ins; may be given again")
  List<Path> folders = new ArrayList<>();

  @Option(names = "--threads", paramLabel = "N", description = "threads that compute; default: all cores")
  @Nullable Integer threads;

  @Spec(Spec.Target.MIXEE)
  @Nullable CommandSpec command;

  /** With a warning for each plug-in that is not used. */
  Runs runs() {
    Registry plugins = plugins();
    plugins.refusals().forEach(refusal -> command.commandLine().getErr().println("warning: " + refusal));
    return new Runs(plugins);
  }

  /** For commands that show by themselves what is not used. */
  Registry plugins() {
    return PluginFolders.discover(folders);
  }

  /** A configuration with values replaced, and with so many threads. */
  Configuration configuration(Path file, List<String> sets, Runs runs) {
    List<Replacement> replacements = new ArrayList<>(sets.stream().map(Replacement::parse).toList());
    if (threads != null) {
      String option = "--threads " + threads;
      replacements.add(new Replacement(
          List.of("backend", "cpu", "threads"), Value.parse(threads.toString(), option), option));
    }
    return Configuration.read(file, replacements, runs.plugins());
  }
}
