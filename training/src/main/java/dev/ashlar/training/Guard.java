package dev.ashlar.training;

import dev.ashlar.config.Value;
import dev.ashlar.program.Backend;
import dev.ashlar.program.Computation;
import dev.ashlar.program.Variable;
import dev.ashlar.program.VariableStore;
import dev.ashlar.program.Workspace;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What becomes of a run in which something is not finite: the step has changed nothing, it is looked into, and the run
 * stops, leaves the batch out, or goes back to where all was well.
 */
final class Guard implements AutoCloseable {

  /** So many steps in a row that are left out are no accident. */
  private static final int MOST_IN_A_ROW = 20;
  /** So often a run goes back to one and the same place. */
  private static final int MOST_RETURNS = 3;
  private static final int SHOWN = 8;
  private static final String LEFT_OUT = "left_out";

  private final Settings settings;
  private final Task task;
  private final Backend backend;
  private final VariableStore store;
  private final List<Variable> variables;
  private final Warnings warnings;
  private final Snapshot good;
  private long goodStep;
  private String untold = "";
  private int inARow;
  private int returns;
  /** Why the run went back last; empty if it never did. */
  private String cause = "";
  private long leftOut;

  Guard(Settings settings, Task task, Backend backend, VariableStore store, List<Variable> variables,
      Warnings warnings) {
    this.settings = settings;
    this.task = task;
    this.backend = backend;
    this.store = store;
    this.variables = variables;
    this.warnings = warnings;
    this.good = new Snapshot(variables, store);
  }

  /** How a run goes on. */
  enum Outcome {
    /** All was finite. */
    FINE,
    /** As if the batch had not been there. */
    LEFT_OUT,
    /** From {@link #goodStep}. */
    WENT_BACK
  }

  /**
   * Where a run is.
   *
   * @param step that is being made, from 1
   * @param pass over all examples, from 0
   * @param number of the batch in it, from 0
   * @param examples that it has, by position among those to learn from
   */
  record Place(long step, long pass, int number, long[] examples) {

    /** {@code step 17 (epoch 2, batch 5)}. */
    @Override
    public String toString() {
      return "step " + step + " (epoch " + (pass + 1) + ", batch " + (number + 1) + ")";
    }

    int epoch() {
      return Math.toIntExact(pass + 1);
    }

    String ofExamples() {
      String some = Arrays.stream(examples).limit(SHOWN).mapToObj(Long::toString).collect(Collectors.joining(", "));
      return examples.length == 1 ? "example " + some : "examples " + some
          + (examples.length > SHOWN ? " and " + (examples.length - SHOWN) + " more" : "");
    }
  }

  /** All variables hold what a run may come back to: call it with weights, not averages, in the model. */
  void keep(long step) {
    if (settings.onNan() == Settings.OnNan.ROLLBACK) {
      good.take();
      goodStep = step;
      returns = 0;
    }
  }

  /** The updates made when the run was last well. */
  long goodStep() {
    return goodStep;
  }

  /** A batch went well. */
  void passed() {
    inARow = 0;
  }

  /**
   * A batch gave something that is not finite, and changed nothing.
   *
   * @throws DivergedException if the run is to stop
   */
  Outcome failed(Computation computation, Workspace failed, Place place) {
    inARow++;
    // Where a run goes back to one place again and again, something in its way comes again and again.
    boolean skips = settings.onNan() == Settings.OnNan.SKIP
        || settings.onNan() == Settings.OnNan.ROLLBACK && returns >= MOST_RETURNS;
    if (skips && leftOut > 0 && inARow < MOST_IN_A_ROW) {
      leftOut++;
      return Outcome.LEFT_OUT; // the first was looked into
    }
    Diagnosis.Finding finding = new Diagnosis(computation, task).find(backend, store, failed);
    String at = text(place);
    String why = finding.where() + finding.row().stream().filter(row -> row < place.examples.length)
        .mapToObj(row -> ", in example " + place.examples[row]).findFirst().orElse("");
    String seen = at + " gave a loss or gradient that is not finite: " + why
        + (why.equals(finding.where()) ? "; its batch holds " + place.ofExamples() : "") + " (counted from 0)";
    if (skips && !finding.isLost() && inARow < MOST_IN_A_ROW) {
      leftOut++;
      warnings.warn(place.step, "step_left_out", seen + (returns > 0
          ? ". The run went back to step " + goodStep + " " + returns + " times, to no avail: the update is left out, and so"
              + " will others be" : ". The update is left out, and so will others be, as 'on_nan: skip' says")
          + ". " + finding.remedy());
      return Outcome.LEFT_OUT;
    }
    if (settings.onNan() == Settings.OnNan.ROLLBACK && goBack(at, why, seen, finding.remedy())) {
      return Outcome.WENT_BACK;
    }
    throw new DivergedException(place.epoch(), place.step, finding.where(), seen + ". "
        + (inARow >= MOST_IN_A_ROW ? inARow + " steps in a row are too many to leave out. " : "")
        + (returns > 0 ? "The run went back to step " + goodStep + " " + returns + " times, to no avail. " : "")
        + (finding.isLost() ? "" : "The model is as it was before that step. ") + finding.remedy());
  }

  /**
   * Looks at the weights themselves: what a last update made of them shows in no loss yet.
   *
   * @param step made last
   * @return whether the run went back
   * @throws DivergedException if they are not finite, and the run is to stop
   */
  boolean isBrokenAfter(long step, long pass) {
    Optional<String> broken = Weights.notFinite(variables, store);
    if (broken.isEmpty()) {
      return false;
    }
    String where = "'" + broken.get() + "' holds values that are not finite";
    String seen = "after step " + step + " (epoch " + (pass + 1) + ") " + where
        + ", though loss and gradients were finite: the update itself went too far";
    if (settings.onNan() == Settings.OnNan.ROLLBACK && goBack("after step " + step, where, seen, Diagnosis.CALMER)) {
      return true;
    }
    throw new DivergedException(Math.toIntExact(pass + 1), step, where, seen + ". " + Diagnosis.CALMER);
  }

  /** Whether the weights themselves are not finite: nobody could go on from them. */
  boolean isBroken() {
    return Weights.notFinite(variables, store).isPresent();
  }

  private boolean goBack(String at, String why, String seen, String remedy) {
    if (returns >= MOST_RETURNS) {
      return false;
    }
    returns++;
    good.restore();
    untold = why.equals(cause) ? at + ": the same again; back to what it was after step " + goodStep
        : seen + ". The model is again as it was after step " + goodStep
            + ", and goes on with the batches that come next. " + remedy;
    cause = why;
    return true;
  }

  /** A run that went back has seen its examples more often than it has ended epochs. */
  private String text(Place place) {
    return !cause.isEmpty() ? "step " + place.step + " (pass " + place.epoch() + " over the examples, batch "
        + (place.number + 1) + ")" : place.toString();
  }

  /** Tells why the run went back, once all else is as it was. */
  void tell() {
    warnings.always(goodStep, "rolled_back", untold);
  }

  /** Tells how many were left out, if more than the one that was told of. */
  void end(long steps) {
    if (leftOut > 1) {
      warnings.warn(steps, "steps_left_out", leftOut + " batches of " + steps
          + " steps were left out: what they gave was not finite");
    }
  }

  /** Adds what a checkpoint needs. */
  void remember(Map<String, Object> state) {
    state.put(LEFT_OUT, leftOut);
  }

  void restore(Value.Mapping state) {
    leftOut = state.get(LEFT_OUT) instanceof Value.Num number ? number.value().longValue() : 0;
  }

  @Override
  public void close() {
    good.close();
  }
}
