package dev.ashlar.cli;

import dev.ashlar.config.FileException;
import dev.ashlar.config.Value;
import dev.ashlar.io.checkpoint.CheckpointFolder;
import dev.ashlar.io.checkpoint.CheckpointSeries;
import dev.ashlar.io.json.Json;
import dev.ashlar.runtime.RecordedRun;
import dev.ashlar.runtime.RunFolder;
import dev.ashlar.training.DivergedException;
import dev.ashlar.training.TrainingInterrupted;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tells how a run ended that leaves no new model, and how to go on with it.
 *
 * @param out where results go
 * @param err where messages go
 * @param json whether to end with a line of JSON
 * @param options that the run was given and needs again
 */
record RunEndings(PrintWriter out, PrintWriter err, boolean json, String options) {

  private static final String OTHER_SETTINGS = " --set KEY=VALUE";

  private String resuming(Path run) {
    return "ashlar train --resume " + run + options;
  }

  /** A run that stopped since something was not finite. Its last state of finite weights is in the newest checkpoint. */
  void diverged(DivergedException e, @Nullable Path run) throws FileException {
    CheckpointSeries series = run == null ? null : new CheckpointSeries(RunFolder.of(run).checkpoints());
    Optional<Path> newest = series == null ? Optional.empty() : series.newest(damaged -> {}).map(CheckpointFolder::path);
    Optional<String> command = newest.map(checkpoint -> resuming(run) + OTHER_SETTINGS);
    if (newest.isPresent()) {
      err.println("to go on from " + newest.get().getFileName() + ", whose weights are finite, with other settings: "
          + command.get());
      earlier(series.newestFirst(), newest.get()).ifPresent(path ->
          err.println("should these be ruined all the same: " + resuming(path) + OTHER_SETTINGS));
    }
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("diverged", true);
    report.put("step", e.step());
    report.put("where", e.where());
    report.put("checkpoint", newest.map(Path::toString).orElse(null));
    report.put("resume", command.orElse(null));
    line(report);
  }

  private static Optional<Path> earlier(List<Path> newestFirst, Path than) {
    return newestFirst.stream().dropWhile(path -> !path.equals(than)).skip(1).findFirst();
  }

  /** A run that was asked to stop. */
  void interrupted(TrainingInterrupted e, @Nullable Path run) {
    boolean canGoOn = run != null && e.checkpoint().isPresent();
    err.println(e.getMessage() + "; " + (canGoOn ? "to go on: " + resuming(run)
        : "there is no checkpoint to go on from"));
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("interrupted", true);
    report.put("step", e.step());
    report.put("checkpoint", e.checkpoint().map(Path::toString).orElse(null));
    report.put("resume", canGoOn ? resuming(run) : null);
    line(report);
  }

  /** A run that was finished before. */
  void finished(RunFolder folder) throws FileException {
    RecordedRun run = RecordedRun.read(folder.path());
    String why = run.message();
    out.println((why.isEmpty() ? "the run is finished" : "the run was stopped (" + why + ")") + "; to prolong it: "
        + resuming(folder.path()) + " --set train.epochs=.., or train.steps" + (why.isEmpty() ? "" : ", or what stopped it"));
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("finished", true);
    report.put("metrics", Report.numbers(run));
    report.put("model", folder.model().toString());
    line(report);
  }

  private void line(Map<String, Object> report) {
    if (json) {
      out.println(Json.write(Value.of(report)));
    }
  }
}
