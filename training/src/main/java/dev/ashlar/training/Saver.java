package dev.ashlar.training;

import dev.ashlar.config.FileException;
import dev.ashlar.io.files.FileProblems;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Writes checkpoints while training goes on: what they hold is copied between two updates, and written on a thread of
 * its own. Where there is no room for a copy, training waits. All methods are for the thread that trains, which also
 * hears how it went.
 */
final class Saver implements AutoCloseable {

  private final Checkpoints where;
  private final Checkpointing when;
  private final CheckpointContent content;
  private final TrainingListener listener;
  private final ExecutorService thread = Executors.newSingleThreadExecutor(
      work -> Thread.ofPlatform().daemon().name("ashlar-checkpoint").unstarted(work));
  private @Nullable CompletableFuture<Path> pending;
  private long pendingStep;
  private long begun = System.nanoTime();
  private boolean isOverdue;
  private Optional<Path> newest;
  private long newestStep;
  /** What was told of the last one that failed; empty if the last one did not. */
  private String told = "";

  Saver(Checkpoints where, Checkpointing when, CheckpointContent content, TrainingListener listener) {
    this.where = where;
    this.when = when;
    this.content = content;
    this.listener = listener;
    this.newest = where.from().map(Checkpoint::path);
    this.newestStep = where.from().map(Checkpoint::step).orElse(0L);
  }

  /**
   * Whether a checkpoint should be written after this update. One that is due by time comes later where the one before it
   * is not done; one that is due by its step waits for that, so that those are there that were asked for.
   */
  boolean isDue(long step) throws IOException {
    poll();
    isOverdue |= step > newestStep && when.isDue(step, System.nanoTime() - begun);
    return isOverdue && (pending == null || when.steps().isPresent());
  }

  /** Writes a checkpoint without waiting for it. */
  void save(RunState state) throws IOException {
    settle();
    begin(state, when.keep());
    if (!content.isCopied()) {
      settle();
    }
  }

  private void begin(RunState state, int keep) {
    isOverdue = false;
    begun = System.nanoTime();
    pendingStep = state.steps();
    CheckpointContent.Frozen frozen = content.freeze(state);
    pending = CompletableFuture.supplyAsync(() -> {
      try {
        return frozen.writeTo(where, keep);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }, thread);
  }

  /**
   * Writes a checkpoint of a run that stops, unless it has one of this state.
   *
   * @param isBeside whether it takes the place of none: one more stays than is asked for
   * @return the newest that there is now
   * @throws IOException if it cannot be written
   * @throws InterruptedException if interrupted again; then it may be there or not
   */
  Optional<Path> saveLast(RunState state, boolean isBeside) throws IOException, InterruptedException {
    await();
    if (state.steps() > newestStep) {
      begin(state, when.keep() + (isBeside ? 1 : 0));
      Outcome outcome = await();
      if (outcome.failure() != null) {
        throw outcome.failure();
      }
    }
    return newest;
  }

  /** The newest checkpoint of this run. */
  Optional<Path> newest() {
    return newest;
  }

  /** Whether a checkpoint of this update is there, is being written, or could not be written. */
  boolean isTried(long step) {
    return step <= Math.max(newestStep, pendingStep);
  }

  /** Hears how a checkpoint went that is done by now. */
  void poll() throws IOException {
    if (pending != null && pending.isDone()) {
      settle();
    }
  }

  /** Waits for the checkpoint that is being written. */
  void settle() throws IOException {
    CompletableFuture<Path> asked = pending;
    if (asked != null) {
      asked.handle((path, failure) -> path).join();
      told(outcome(asked));
    }
  }

  private Outcome await() throws InterruptedException {
    CompletableFuture<Path> asked = pending;
    if (asked == null) {
      return new Outcome(null, null);
    }
    try {
      asked.handle((path, failure) -> path).get();
    } catch (ExecutionException e) {
      throw new AssertionError("it was handled", e);
    }
    Outcome outcome = outcome(asked);
    if (outcome.path() != null) {
      written(outcome.path());
    }
    pending = null;
    return outcome;
  }

  private record Outcome(@Nullable Path path, @Nullable IOException failure) {}

  private Outcome outcome(CompletableFuture<Path> done) {
    try {
      return new Outcome(done.join(), null);
    } catch (CompletionException e) {
      return new Outcome(null, problem(e.getCause()));
    }
  }

  /** What went wrong with a checkpoint, as a problem of its folder. */
  private FileException problem(Throwable cause) {
    Path path = where.series().at(pendingStep);
    return switch (cause) {
      case UncheckedIOException e -> FileProblems.writing(path, e.getCause());
      case Error e -> throw e;
      default -> FileProblems.writing(path, new IOException(String.valueOf(cause.getMessage()), cause));
    };
  }

  private void told(Outcome outcome) throws IOException {
    pending = null;
    if (outcome.path() != null) {
      written(outcome.path());
    } else if (when.onFailure() == Checkpointing.OnFailure.STOP) {
      // What stops a run that has begun is no mistake in what was given.
      throw new IOException("training stopped, as no checkpoint was written after step " + pendingStep + "\n"
          + outcome.failure().getMessage(), outcome.failure());
    } else {
      warn(outcome.failure());
    }
  }

  /** Once for one reason, however often it is tried again. */
  private void warn(IOException failure) {
    String reason = String.valueOf(failure.getMessage()).replace(where.series().at(pendingStep).toString(), "");
    if (!reason.equals(told)) {
      listener.warning(pendingStep, "checkpoint", "no checkpoint was written after step " + pendingStep + "; "
          + newest.map(path -> path.getFileName() + " is untouched").orElse("there is none yet")
          + ", and training goes on, to try again\n" + failure.getMessage());
    }
    told = reason;
  }

  private void written(Path path) {
    newest = Optional.of(path);
    newestStep = pendingStep;
    if (!told.isEmpty()) {
      listener.warning(pendingStep, "checkpoint", path.getFileName() + " was written: checkpoints can be written again");
      told = "";
    }
    listener.checkpoint(pendingStep, path);
  }

  /** Waits for what is being written. */
  @Override
  public void close() {
    thread.close();
    content.close();
  }
}
