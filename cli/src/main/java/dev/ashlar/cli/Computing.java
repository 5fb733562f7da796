package dev.ashlar.cli;

import dev.ashlar.config.Place;
import dev.ashlar.config.Value;
import dev.ashlar.program.Backend;
import dev.ashlar.runtime.Replacement;
import dev.ashlar.runtime.Runs;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Options of the commands that compute. */
final class Computing extends Common {

  @Option(names = "--threads", paramLabel = "N", description = "threads that compute; default, and 0: all cores")
  private @Nullable Integer threads;

  @Override
  List<Replacement> replacements() {
    if (threads == null) {
      return List.of();
    }
    if (threads < 0) {
      throw new ParameterException(command.commandLine(),
          "--threads: found " + threads + ", expected a number of threads, or 0 for all cores");
    }
    return List.of(Replacement.threads(threads));
  }

  /**
   * What to run on where there is no configuration; the caller closes it.
   *
   * @throws dev.ashlar.config.ConfigException if there cannot be so many threads
   */
  Backend backend(Runs runs) {
    Value settings = new Value.Mapping(List.of(), Place.ROOT);
    for (Replacement replacement : replacements()) {
      settings = replacement.applyTo(settings, runs.plugins());
    }
    return runs.backend((Value.Mapping) settings).open(runs.plugins().kernels());
  }
}
