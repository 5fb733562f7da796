package dev.ashlar.cli;

import dev.ashlar.config.FileException;
import dev.ashlar.config.Value;
import dev.ashlar.io.checkpoint.CheckpointFolder;
import dev.ashlar.io.checkpoint.CheckpointSeries;
import dev.ashlar.io.json.Json;
import dev.ashlar.runtime.RecordedRun;
import dev.ashlar.runtime.RunFolder;
import dev.ashlar.training.DivergedException;
import dev.ashlar.training.TrainingEnd;
import dev.ashlar.training.TrainingInterrupted;
import dev.ashlar.training.TrainingListener;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Follows a run, tells how it ended if it leaves no new model, and how to go on with it. */
final class RunEndings implements TrainingListener {

  private static final String OTHER_SETTINGS = " --set KEY=VALUE";

  private final PrintWriter out;
  private final PrintWriter err;
  private final boolean json;
  private final String options;
  private @Nullable Path run;
  private @Nullable TrainingEnd end;

  /**
   * Of a run that is to begin.
   *
   * @param out where results go
   * @param err where messages go
   * @param json whether to end with a line of JSON
   * @param options that the run was given and needs again
   */
  RunEndings(PrintWriter out, PrintWriter err, boolean json, String options) {
    this.out = out;
    this.err = err;
    this.json = json;
    this.options = options;
  }

  /** The run has a folder. */
  void isAt(Path folder) {
    run = folder;
  }

  @Override
  public void ended(TrainingEnd how) {
    end = how;
  }

  /** How it ended; null as long as it has not. */
  @Nullable TrainingEnd end() {
    return end;
  }

  private String resuming(Path run) {
    return "ashlar train --resume " + run + options;
  }

  /** A run that stopped since something was not finite. Its last state of finite weights is in the newest checkpoint. */
  int diverged(DivergedException e) throws FileException {
    int code = Failures.tell(e, err);
    Optional<Path> newest = newest();
    Optional<String> command = newest.map(checkpoint -> resuming(run) + OTHER_SETTINGS);
    if (newest.isPresent()) {
      err.println("to go on from " + newest.get().getFileName() + ", whose weights are finite, with other settings: "
          + command.get());
      earlier(series(run).newestFirst(), newest.get()).ifPresent(path ->
          err.println("should these be ruined all the same: " + resuming(path) + OTHER_SETTINGS));
    }
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("diverged", true);
    report.put("step", e.step());
    report.put("where", e.where());
    report.put("checkpoint", newest.map(Path::toString).orElse(null));
    report.put("resume", command.orElse(null));
    line(report);
    return code;
  }

  /** A run that failed for another reason. */
  int failed(Exception e) throws FileException {
    int code = Failures.tell(e, err);
    if (code != Failures.FAILED) {
      return code; // a mistake in what was given, before there was a run
    }
    Optional<Path> newest = newest();
    newest.ifPresent(checkpoint -> err.println("what was learnt until " + checkpoint.getFileName()
        + " is there; to go on from it: " + resuming(run)));
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("failed", true);
    report.put("message", String.valueOf(e.getMessage()));
    report.put("checkpoint", newest.map(Path::toString).orElse(null));
    report.put("resume", newest.map(checkpoint -> resuming(run)).orElse(null));
    line(report);
    return code;
  }

  private static CheckpointSeries series(Path run) {
    return new CheckpointSeries(RunFolder.of(run).checkpoints());
  }

  private Optional<Path> newest() throws FileException {
    return run == null ? Optional.empty() : series(run).newest(damaged -> {}).map(CheckpointFolder::path);
  }

  private static Optional<Path> earlier(List<Path> newestFirst, Path than) {
    return newestFirst.stream().dropWhile(path -> !path.equals(than)).skip(1).findFirst();
  }

  /** A run that was asked to stop. */
  void interrupted(TrainingInterrupted e) {
    boolean canGoOn = run != null && Files.exists(RunFolder.of(run).configuration());
    err.println(e.getMessage() + "; " + (!canGoOn ? "there is no checkpoint to go on from"
        : (e.checkpoint().isPresent() ? "to go on: " : "there is no checkpoint yet; to begin anew: ") + resuming(run)));
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("interrupted", true);
    report.put("step", e.step());
    report.put("checkpoint", e.checkpoint().map(Path::toString).orElse(null));
    report.put("resume", canGoOn ? resuming(run) : null);
    line(report);
  }

  /** A run that was finished before. */
  void finished(RunFolder folder) throws FileException {
    RecordedRun recorded = RecordedRun.read(folder.path());
    String why = recorded.message();
    boolean isStopped = recorded.state() == RecordedRun.State.STOPPED;
    out.println((isStopped ? "the run was stopped (" + why + ")" : "the run is finished") + "; to prolong it: "
        + resuming(folder.path()) + " --set " + (isStopped ? recorded.stopper() + "=.." : "train.epochs=.., or train.steps"));
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("finished", true);
    report.put("ended", isStopped ? "stopped" : "finished");
    report.put("why", why);
    report.put("step", recorded.step());
    report.put("metrics", Report.numbers(recorded));
    report.put("model", folder.model().toString());
    line(report);
  }

  private void line(Map<String, Object> report) {
    if (json) {
      out.println(Json.write(Value.of(report)));
    }
  }
}
