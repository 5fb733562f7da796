package dev.ashlar.runtime;

import dev.ashlar.config.Binder;
import dev.ashlar.config.ConfigException;
import dev.ashlar.config.FileException;
import dev.ashlar.config.Problem;
import dev.ashlar.config.Value;
import dev.ashlar.data.Dataset;
import dev.ashlar.io.checkpoint.CheckpointSeries;
import dev.ashlar.io.files.AtomicFiles;
import dev.ashlar.io.huggingface.HuggingFaceFolder;
import dev.ashlar.io.model.ModelFile;
import dev.ashlar.plugin.Registry;
import dev.ashlar.program.Backend;
import dev.ashlar.program.BackendFactory;
import dev.ashlar.runtime.report.ReportPage;
import dev.ashlar.runtime.report.RunFiles;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import dev.ashlar.training.Backends;
import dev.ashlar.training.Checkpoint;
import dev.ashlar.training.EventFileListener;
import dev.ashlar.training.Measures;
import dev.ashlar.training.MemoryShortage;
import dev.ashlar.training.Model;
import dev.ashlar.training.Tap;
import dev.ashlar.training.Task;
import dev.ashlar.training.Trainer;
import dev.ashlar.training.TrainingListener;
import dev.ashlar.training.TrainingResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
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
   * What became of a run that was to go on.
   *
   * @param folder of the run
   * @param trained what it has come to; nothing if it was finished before
   */
  public record Resumed(RunFolder folder, Optional<Trained> trained) {}

  /**
   * Trains as a configuration says, and leaves model and configuration in a folder.
   *
   * @throws dev.ashlar.config.FileException if the folder cannot be written, before any work
   * @throws dev.ashlar.config.ConfigException with all mistakes, before any work
   * @throws dev.ashlar.training.DivergedException if a loss or gradient is not finite
   */
  public Trained train(Configuration configuration, RunFolder wanted, TrainingListener listener)
      throws IOException, InterruptedException {
    return train(configuration, wanted, RunRequest.of(listener));
  }

  /**
   * As {@link #train(Configuration, RunFolder, TrainingListener)}. The state of the run is written as often as the
   * configuration says, so that {@link #resume} can go on with it.
   *
   * @throws dev.ashlar.training.TrainingInterrupted if it was asked to stop
   */
  public Trained train(Configuration configuration, RunFolder wanted, RunRequest request)
      throws IOException, InterruptedException {
    wanted.check();
    return train(configuration, request, (backend, listener) -> new Place(wanted.claim(), Optional.empty()));
  }

  /**
   * Goes on with a run that was interrupted, in its folder, from its newest checkpoint that is whole: what comes of it
   * is the same to the bit as if there had been no interruption. What has changed since is told as a warning.
   *
   * @param given the folder of a run, or a checkpoint in it
   * @param replacements values that take the place of others in its configuration
   * @return the run's folder, and what it has come to now: nothing if it is finished and nothing is said that would
   *     prolong it
   * @throws FileException if there is no such run, another process trains it, or it cannot go on, since its model or
   *     optimizer are others now
   * @throws dev.ashlar.training.TrainingInterrupted if it was asked to stop
   */
  public Resumed resume(Path given, List<Replacement> replacements, RunRequest request)
      throws IOException, InterruptedException {
    Resumption resumption = Resumption.of(given);
    try (RunFolder.Claim claim = resumption.claim()) {
      Configuration configuration = Configuration.read(claim.folder().configuration(), replacements, plugins);
      if (resumption.isFinished(configuration, plugins)) {
        if (Files.notExists(claim.folder().path().resolve(RunFiles.PAGE))) {
          report(claim.folder().path(), false); // it was killed just before
        }
        return new Resumed(claim.folder(), Optional.empty());
      }
      return new Resumed(claim.folder(), Optional.of(train(configuration, request, (backend, listener) -> {
        List<DataFile> data = DataFile.of(configuration.config().data());
        resumption.tell(configuration, backend, plugins, data, listener);
        return new Place(claim, resumption.from());
      })));
    }
  }

  /** A run's folder, and what it goes on from. */
  private record Place(RunFolder.Claim claim, Optional<Checkpoint> from) {}

  private interface Placing {
    Place of(Backend backend, TrainingListener listener) throws IOException;
  }

  private Trained train(Configuration configuration, RunRequest request, Placing placing)
      throws IOException, InterruptedException {
    try (OpeningBackend opening =
            OpeningBackend.start(backend(configuration), plugins.kernels(), request.opened());
        PreparedRun run = PreparedRun.of(configuration)) {
      Backend backend = opening.backend();
      Place place = placing.of(backend, request.listener());
      try (RunFolder.Claim claim = place.claim()) {
        RunRecord record = new RunRecord(claim.folder(), configuration, plugins, backend, request);
        try (MetricsLog metrics = new MetricsLog(claim.folder().metrics());
            EventFileListener events =
                EventFiles.of(claim.folder(), configuration, plugins, run.examples().train())) {
          request.placed().accept(claim.folder().path());
          return recorded(run, new Recording(configuration, request, record, List.of(metrics, events), backend), place);
        } finally {
          if (record.isStarted()) {
            RunReport.leave(claim.folder().path(), run.task(), run.examples());
          } else if (place.from().isEmpty()) {
            claim.abandon();
          }
        }
      }
    } catch (MemoryShortage e) {
      throw told(e, configuration);
    }
  }

  private record Recording(Configuration configuration, RunRequest request, RunRecord record,
      List<TrainingListener> files, Backend backend) {

    /** All that hear of the run; what is written down is written first. */
    TrainingListener listener() {
      List<TrainingListener> all = new ArrayList<>(List.of(record));
      all.addAll(files);
      all.add(request.listener());
      return sampling(configuration, TrainingListener.all(all));
    }
  }

  private Trained recorded(PreparedRun run, Recording recording, Place place) throws IOException, InterruptedException {
    RunFolder folder = place.claim().folder();
    RunRecord record = recording.record();
    try (TrainingResult result = new Trainer(recording.backend(), recording.listener())
        .train(run.task(), run.examples(), run.settings(), record.checkpoints(place.from()))) {
      result.model().save(folder.model(), plugins);
      record.written();
      RunReport.found(folder.path(), run, result);
      return new Trained(result.measures(), folder);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } finally {
      record.settle();
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

  /**
   * Writes the page of a run that has ended in any way, or goes on. What its folder does not tell of the model is found
   * out, as far as the model and the data are there.
   *
   * @param folder of the run
   * @param again whether that is found out although the folder tells it
   * @return the page
   */
  public Path report(Path folder, boolean again) throws IOException, InterruptedException {
    Path found = folder.resolve(RunFiles.FINDINGS);
    if (again || Files.notExists(found)) {
      RunFolder run = RunFolder.of(folder);
      try {
        with(run.model(), Configuration.read(run.configuration(), List.of(), plugins), (prepared, model, backend) -> {
          Task task = prepared.task().withModel(model.block()).withPrecision(model.precision());
          RunReport.find(folder, task, prepared.examples(), prepared.settings(), model, Map.of());
          return found;
        });
      } catch (IOException | RuntimeException e) {
        Optional<Value> network = findings(folder);
        if (network.isPresent()) {
          AtomicFiles.write(found, Findings.written(network.get()));
        }
      }
    }
    return ReportPage.write(folder);
  }

  /** What is known of a run whose folder tells nothing of its model yet. */
  public Optional<Value> findings(Path folder) {
    return RunReport.network(folder, this);
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
   * A model's file: the file itself, the one in a run's folder, or a Hugging Face folder. Where nothing is there, the
   * newest run whose folder has that name and a date.
   *
   * @throws FileException if it is a configuration, a run that was interrupted, or a folder without a model
   */
  public static Path modelFile(Path given) throws FileException {
    if (isConfiguration(given)) {
      throw FileException.at(given.toString(), "a configuration", "a model's file, or the folder of its run",
          "train it first: 'ashlar train " + given + "' says where the model goes");
    }
    Path found = RunFolder.meant(given);
    if (RunFolder.isRun(found) && Files.notExists(found.resolve(ModelFile.FILE_NAME))) {
      List<Path> checkpoints = new CheckpointSeries(RunFolder.of(found).checkpoints()).newestFirst();
      throw FileException.at(found.toString(), "a run that has not come to its end", "a run that has left its model",
          "go on with it: 'ashlar train --resume " + found + "'" + (checkpoints.isEmpty() ? ""
              : "; or take the model of a checkpoint: " + checkpoints.getFirst()));
    }
    if (!Files.isDirectory(found) || HuggingFaceFolder.is(found)) {
      return found;
    }
    Path model = found.resolve(ModelFile.FILE_NAME);
    if (Files.notExists(model)) {
      throw FileException.at(found.toString(), "a folder without a model", "a model's file, the folder of a run, or one"
          + " of Hugging Face, with config.json and safetensors", "");
    }
    return model;
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
