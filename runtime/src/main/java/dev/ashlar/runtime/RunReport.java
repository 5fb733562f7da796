package dev.ashlar.runtime;

import dev.ashlar.config.Value;
import dev.ashlar.io.files.AtomicFiles;
import dev.ashlar.io.model.ModelFile;
import dev.ashlar.program.Backend;
import dev.ashlar.runtime.report.ReportPage;
import dev.ashlar.runtime.report.RunFiles;
import dev.ashlar.training.Backends;
import dev.ashlar.training.Diagram;
import dev.ashlar.training.Examples;
import dev.ashlar.training.Measures;
import dev.ashlar.training.Model;
import dev.ashlar.training.Settings;
import dev.ashlar.training.Task;
import dev.ashlar.training.TrainingResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Leaves what is to be looked at in the folder of a run. */
final class RunReport {

  private static final Logger LOG = LoggerFactory.getLogger(RunReport.class);

  private RunReport() {}

  /**
   * Looks at a model, and writes what was found.
   *
   * @throws IOException if it cannot be written
   */
  static void find(Path folder, Task task, Examples examples, Settings settings, Model model,
      Map<String, Measures> measures) throws IOException, InterruptedException {
    AtomicFiles.write(folder.resolve(RunFiles.FINDINGS),
        Findings.written(Findings.of(task, model, examples, measures, settings.batch())));
  }

  /** Looks at the model that a run has come to; what cannot be written is not worth a run. */
  static void found(Path folder, PreparedRun run, TrainingResult result) throws InterruptedException {
    Thread.ofPlatform().daemon().name("ashlar-page").start(ReportPage::prepare); // its core is idle by now
    try {
      find(folder, run.task(), run.examples(), run.settings(), result.model(), result.measures());
    } catch (IOException e) {
      LOG.warn("what was found of the model could not be written: {}", e.getMessage());
    }
  }

  /**
   * Writes the page of a run that is over, however it went; what its model is has been found, or the network is all
   * that there is to show of it. A page that cannot be written is a pity, and no more.
   */
  static void leave(Path folder, Task task, Examples examples) {
    try {
      if (Files.notExists(folder.resolve(RunFiles.FINDINGS))) {
        AtomicFiles.write(folder.resolve(RunFiles.FINDINGS), Findings.written(Findings.network(
            Diagram.of(task.model(), task.precision(), examples.train().columns()))));
      }
      ReportPage.write(folder);
    } catch (IOException | RuntimeException e) {
      LOG.warn("the page of the run could not be written, 'ashlar report {}' tries it again: {}", folder,
          e.getMessage());
    }
  }

  /** What is known of a run whose folder has no findings: the network, of its model or else of its configuration. */
  static Optional<Value> network(Path folder, Runs runs) {
    for (Path file : models(folder)) {
      try (Backend backend = Backends.open(runs.plugins()); Model model = Model.load(file, runs.plugins(), backend)) {
        return Optional.of(Findings.network(
            Diagram.of(model.block(), model.precision(), model.signature().inputTypes())));
      } catch (IOException | RuntimeException e) {
        // Half of it, or one of plug-ins that are not at hand: another may do.
      }
    }
    RunFolder run = RunFolder.of(folder);
    try (PreparedRun prepared = PreparedRun.of(Configuration.read(run.configuration(), List.of(), runs.plugins()))) {
      return Optional.of(Findings.network(Diagram.of(prepared.task().model(), prepared.task().precision(),
          prepared.examples().train().columns())));
    } catch (IOException | RuntimeException e) {
      return Optional.empty(); // its data may be gone; the rest can be shown
    }
  }

  /** The model that was kept, and those of checkpoints, the latest first. */
  private static List<Path> models(Path folder) {
    List<Path> models = new ArrayList<>(List.of(folder.resolve(ModelFile.FILE_NAME)));
    try (Stream<Path> checkpoints = Files.list(folder.resolve("checkpoints"))) {
      checkpoints.sorted(Comparator.reverseOrder()).map(c -> c.resolve(ModelFile.FILE_NAME)).forEach(models::add);
    } catch (IOException e) {
      // there are none
    }
    models.removeIf(file -> !Files.isRegularFile(file));
    return models;
  }
}
