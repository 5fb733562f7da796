package dev.ashlar.runtime;

import dev.ashlar.config.Binder;
import dev.ashlar.config.ConfigException;
import dev.ashlar.config.FileException;
import dev.ashlar.config.Problem;
import dev.ashlar.config.Value;
import dev.ashlar.data.Dataset;
import dev.ashlar.io.huggingface.HuggingFaceFolder;
import dev.ashlar.io.model.ModelFile;
import dev.ashlar.plugin.Registry;
import dev.ashlar.program.Backend;
import dev.ashlar.program.BackendFactory;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import dev.ashlar.training.Backends;
import dev.ashlar.training.Measures;
import dev.ashlar.training.MemoryShortage;
import dev.ashlar.training.Model;
import dev.ashlar.training.Tap;
import dev.ashlar.training.Task;
import dev.ashlar.training.Trainer;
import dev.ashlar.training.TrainingListener;
import dev.ashlar.training.TrainingResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Consumer;
import java.util.stream.LongStream;

/**
 * What can be done with configurations and models.
 *
 * @param plugins at hand
 */
public record Runs(Registry plugins) {

  /**
   * What a run left.
   *
   * @param measures of the model by part of the data
   * @param folder with model and configuration
   */
  public record Trained(SequencedMap<String, Measures> measures, RunFolder folder) {}

  /**
   * Trains as a configuration says, and leaves model and configuration in a folder.
   *
   * @throws dev.ashlar.config.FileException if the folder cannot be written, before any work
   * @throws dev.ashlar.config.ConfigException with all mistakes, before any work
   * @throws dev.ashlar.training.DivergedException if a loss or gradient is not finite
   */
  public Trained train(Configuration configuration, RunFolder wanted, TrainingListener listener)
      throws IOException, InterruptedException {
    return train(configuration, wanted, listener, backend -> {});
  }

  /**
   * As {@link #train(Configuration, RunFolder, TrainingListener)}.
   *
   * @param opened is given the backend before it does anything
   */
  public Trained train(Configuration configuration, RunFolder wanted, TrainingListener listener,
      Consumer<Backend> opened) throws IOException, InterruptedException {
    wanted.check();
    try (OpeningBackend opening = OpeningBackend.start(backend(configuration), plugins.kernels(), opened);
        PreparedRun run = PreparedRun.of(configuration);
        TrainingResult result =
            new Trainer(opening.backend(), sampling(configuration, listener))
                .train(run.task(), run.examples(), run.settings())) {
      RunFolder folder = wanted.write(claimed -> {
        result.model().save(claimed.model(), plugins);
        claimed.write(configuration, plugins);
      });
      return new Trained(result.measures(), folder);
    } catch (MemoryShortage e) {
      throw told(e, configuration);
    }
  }

  private static ConfigException told(MemoryShortage e, Configuration configuration) {
    return new ConfigException(List.of(new Problem(configuration.component("train"),
        "a run that needs " + MemoryShortage.megabytes(e.needed()) + " of memory",
        "at most the " + MemoryShortage.megabytes(e.available()) + " that there are", e.help())));
  }

  private static TrainingListener sampling(Configuration configuration, TrainingListener listener) {
    return configuration.config().sample().<TrainingListener>map(sample -> new Sampling(listener, sample))
        .orElse(listener);
  }

  /**
   * Trains as often as there are folds, each time with another part of the examples held out, and leaves nothing but
   * figures (k-fold cross-validation).
   *
   * @param count of folds, at least 2
   * @throws dev.ashlar.config.ConfigException with all mistakes, before any work
   * @throws dev.ashlar.training.DivergedException if a loss or gradient is not finite
   */
  public Folds crossValidate(Configuration configuration, int count, TrainingListener listener)
      throws IOException, InterruptedException {
    try (PreparedRun run = PreparedRun.of(configuration);
        Backend backend = backend(configuration).open(plugins.kernels())) {
      List<SequencedMap<String, SequencedMap<String, Double>>> each = new ArrayList<>();
      for (PreparedRun fold : run.folds(configuration, count)) {
        try (TrainingResult result =
            new Trainer(backend, listener).train(fold.task(), fold.examples(), fold.settings())) {
          each.add(result.metrics());
        }
      }
      return Folds.of(each);
    } catch (MemoryShortage e) {
      throw told(e, configuration);
    }
  }

  /**
   * Measures a model on the data of a configuration.
   *
   * @param listener is told how measuring goes on
   * @return what was measured by part of the data
   * @throws dev.ashlar.config.ConfigException if the data are not what the model takes
   */
  public SequencedMap<String, Measures> evaluate(Path file, Configuration configuration, TrainingListener listener)
      throws IOException, InterruptedException {
    return with(file, configuration, (run, model, backend) -> {
      Task task = run.task().withModel(model.block()).withPrecision(model.precision());
      SequencedMap<String, Measures> measures = new LinkedHashMap<>();
      for (Map.Entry<String, Dataset> part : run.examples().parts().entrySet()) {
        measures.put(part.getKey(),
            new Trainer(backend, listener).measure(task, model, part.getValue(), run.settings().batch()));
      }
      return measures;
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
      int count = run.settings().batchOf(data);
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
    try (Backend backend = backend(configuration).open(plugins.kernels());
        Model model = Model.load(modelFile(file), plugins, backend);
        PreparedRun run = PreparedRun.of(configuration, model.signature())) {
      Comparison.check(model.signature(), run, configuration);
      return work.on(run, model, backend);
    }
  }

  /**
   * A model's file: the file itself, the one in a run's folder, or a Hugging Face folder.
   *
   * @throws FileException if it is a configuration
   */
  public static Path modelFile(Path given) throws FileException {
    if (isConfiguration(given)) {
      throw FileException.at(given.toString(), "a configuration", "a model's file, or the folder of its run",
          "train it first: 'ashlar train " + given + "' says where the model goes");
    }
    return Files.isDirectory(given) && !HuggingFaceFolder.is(given) ? given.resolve(ModelFile.FILE_NAME) : given;
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
