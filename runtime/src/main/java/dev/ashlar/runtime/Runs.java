package dev.ashlar.runtime;

import dev.ashlar.config.Binder;
import dev.ashlar.config.FileException;
import dev.ashlar.config.Value;
import dev.ashlar.data.Dataset;
import dev.ashlar.io.model.ModelFile;
import dev.ashlar.plugin.Registry;
import dev.ashlar.program.Backend;
import dev.ashlar.program.BackendFactory;
import dev.ashlar.training.Backends;
import dev.ashlar.training.Model;
import dev.ashlar.training.Task;
import dev.ashlar.training.Trainer;
import dev.ashlar.training.TrainingListener;
import dev.ashlar.training.TrainingResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/**
 * What can be done with configurations and models.
 *
 * @param plugins at hand
 */
public record Runs(Registry plugins) {

  /**
   * What a run left.
   *
   * @param metrics loss and metrics of the model by part of the data
   * @param folder with model and configuration
   */
  public record Trained(SequencedMap<String, SequencedMap<String, Double>> metrics, RunFolder folder) {}

  /**
   * Trains as a configuration says, and leaves model and configuration in a folder.
   *
   * @throws dev.ashlar.config.FileException if the folder cannot be written, before any work
   * @throws dev.ashlar.config.ConfigException with all mistakes, before any work
   * @throws dev.ashlar.training.DivergedException if a loss or gradient is not finite
   */
  public Trained train(Configuration configuration, RunFolder wanted, TrainingListener listener)
      throws IOException, InterruptedException {
    wanted.check();
    try (PreparedRun run = PreparedRun.of(configuration);
        Backend backend = backend(configuration).open();
        TrainingResult result = new Trainer(backend, listener).train(run.task(), run.examples(), run.settings())) {
      RunFolder folder = wanted.claim();
      result.model().save(folder.model(), plugins);
      folder.write(configuration, plugins);
      return new Trained(result.metrics(), folder);
    }
  }

  /**
   * Measures a model on the data of a configuration.
   *
   * @return loss and metrics by part of the data
   * @throws dev.ashlar.config.ConfigException if the data are not what the model takes
   */
  public SequencedMap<String, SequencedMap<String, Double>> evaluate(Path file, Configuration configuration)
      throws IOException, InterruptedException {
    try (PreparedRun run = PreparedRun.of(configuration);
        Backend backend = backend(configuration).open();
        Model model = Model.load(modelFile(file), plugins, backend)) {
      Comparison.check(model.signature(), run, configuration);
      Task task = run.task().withModel(model.block());
      SequencedMap<String, SequencedMap<String, Double>> metrics = new LinkedHashMap<>();
      for (Map.Entry<String, Dataset> part : run.examples().parts().entrySet()) {
        metrics.put(part.getKey(), new Trainer(backend).evaluate(task, model, part.getValue(), run.settings().batch()));
      }
      return metrics;
    }
  }

  /**
   * A model's file: the file itself, or the one in a run's folder.
   *
   * @throws FileException if it is a configuration
   */
  public static Path modelFile(Path given) throws FileException {
    if (isConfiguration(given)) {
      throw FileException.at(given.toString(), "a configuration", "a model's file, or the folder of its run",
          "train it first: 'ashlar train " + given + "' says where the model goes");
    }
    return Files.isDirectory(given) ? given.resolve(ModelFile.FILE_NAME) : given;
  }

  /** Whether a file is a configuration by its name. */
  public static boolean isConfiguration(Path given) {
    return !Files.isDirectory(given) && given.toString().matches(".*\\.ya?ml");
  }

  /**
   * What the {@code backend} of a tree wants to run on; the fastest at hand if it has none.
   *
   * @throws dev.ashlar.config.ConfigException if it cannot be bound
   */
  public BackendFactory backend(Value.Mapping tree) {
    Value wanted = tree.get("backend");
    return wanted == null ? Backends.standard(plugins)
        : new Binder(plugins, Path.of("")).bind(wanted, BackendFactory.class).orThrow();
  }

  /** What a configuration wants to run on. */
  public BackendFactory backend(Configuration configuration) {
    return configuration.config().backend().orElseGet(() -> Backends.standard(plugins));
  }
}
