package dev.ashlar.runtime;

import dev.ashlar.data.Dataset;
import dev.ashlar.io.model.ModelFile;
import dev.ashlar.plugin.Registry;
import dev.ashlar.program.Backend;
import dev.ashlar.program.BackendFactory;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import dev.ashlar.training.Backends;
import dev.ashlar.training.Model;
import dev.ashlar.training.Tap;
import dev.ashlar.training.Task;
import dev.ashlar.training.Trainer;
import dev.ashlar.training.TrainingListener;
import dev.ashlar.training.TrainingResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.LongStream;

/**
 * What can be done with configurations and models.
 *
 * @param plugins at hand
 */
public record Runs(Registry plugins) {

  /**
   * Trains as a configuration says, and leaves model and configuration in a folder.
   *
   * @return loss and metrics of the model by part of the data
   * @throws dev.ashlar.config.ConfigException with all mistakes, before any work
   * @throws dev.ashlar.training.DivergedException if a loss or gradient is not finite
   */
  public SequencedMap<String, SequencedMap<String, Double>> train(
      Configuration configuration, RunFolder folder, TrainingListener listener)
      throws IOException, InterruptedException {
    try (OpeningBackend opening = OpeningBackend.start(backend(configuration), plugins.kernels());
        PreparedRun run = PreparedRun.of(configuration)) {
      folder.create();
      try (TrainingResult result =
          new Trainer(opening.backend(), listener).train(run.task(), run.examples(), run.settings())) {
        result.model().save(folder.model(), plugins);
        folder.write(configuration, plugins);
        return result.metrics();
      }
    }
  }

  /**
   * Measures a model on the data of a configuration.
   *
   * @return loss and metrics by part of the data
   */
  public SequencedMap<String, SequencedMap<String, Double>> evaluate(Path file, Configuration configuration)
      throws IOException, InterruptedException {
    return with(file, configuration, (run, model, backend) -> {
      Task task = run.task().withModel(model.block()).withPrecision(model.precision());
      SequencedMap<String, SequencedMap<String, Double>> metrics = new LinkedHashMap<>();
      for (Map.Entry<String, Dataset> part : run.examples().parts().entrySet()) {
        metrics.put(part.getKey(), new Trainer(backend).evaluate(task, model, part.getValue(), run.settings().batch()));
      }
      return metrics;
    });
  }

  /**
   * Values from inside a model, for the first examples to learn from, a batch of them.
   *
   * @param pattern a path such as {@code blocks.3.*}, in which a star stands for any characters
   * @throws dev.ashlar.config.ConfigException if nothing in the model has such a path
   */
  public List<Tap> inside(Path file, Configuration configuration, String pattern)
      throws IOException, InterruptedException {
    return with(file, configuration, (run, model, _) -> {
      Dataset data = run.examples().train();
      int count = (int) Math.min(run.settings().batch(), data.size());
      Map<String, NDArray> batch = new LinkedHashMap<>();
      model.signature().inputTypes().forEach((name, type) ->
          batch.put(name, NDArray.zeros(type.withShape(Shape.of(count).concat(type.shape())))));
      data.read(LongStream.range(0, count).toArray(), count, batch);
      return model.inside(pattern, batch);
    });
  }

  /** What is done with a model and the data of a configuration. */
  private interface Work<T> {
    T on(PreparedRun run, Model model, Backend backend) throws IOException, InterruptedException;
  }

  private <T> T with(Path file, Configuration configuration, Work<T> work) throws IOException, InterruptedException {
    try (PreparedRun run = PreparedRun.of(configuration);
        Backend backend = backend(configuration).open(plugins.kernels());
        Model model = Model.load(modelFile(file), plugins, backend)) {
      return work.on(run, model, backend);
    }
  }

  /** A model's file: the file itself, or the one in a run's folder. */
  public static Path modelFile(Path given) {
    return Files.isDirectory(given) ? given.resolve(ModelFile.FILE_NAME) : given;
  }

  /** What a configuration wants to run on. */
  public BackendFactory backend(Configuration configuration) {
    return configuration.config().backend().orElseGet(() -> Backends.standard(plugins));
  }
}
