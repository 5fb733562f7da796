package dev.ashlar.runtime;

import dev.ashlar.plugin.Registry;
import dev.ashlar.program.Backend;
import dev.ashlar.program.BackendFactory;
import dev.ashlar.training.Backends;
import dev.ashlar.training.Trainer;
import dev.ashlar.training.TrainingListener;
import dev.ashlar.training.TrainingResult;
import java.io.IOException;

/**
 * What can be done with configurations.
 *
 * @param plugins at hand
 */
public record Runs(Registry plugins) {

  /** What is done with the outcome of a run while its backend is open. */
  @FunctionalInterface
  public interface Outcome {

    /** Is given the outcome, which is closed afterwards. */
    void accept(TrainingResult result) throws IOException;
  }

  /**
   * Trains as a configuration says.
   *
   * @throws dev.ashlar.config.ConfigException with all mistakes, before any work
   * @throws dev.ashlar.training.DivergedException if a loss or gradient is not finite
   */
  public void train(Configuration configuration, TrainingListener listener, Outcome outcome)
      throws IOException, InterruptedException {
    try (PreparedRun run = PreparedRun.of(configuration);
        Backend backend = backend(configuration).open();
        TrainingResult result = new Trainer(backend, listener).train(run.task(), run.examples(), run.settings())) {
      outcome.accept(result);
    }
  }

  /** What a configuration wants to run on. */
  BackendFactory backend(Configuration configuration) {
    return configuration.config().backend().orElseGet(() -> Backends.standard(plugins));
  }
}
