package dev.ashlar.training;

import dev.ashlar.io.safetensors.SafeTensors;
import dev.ashlar.model.Trace;
import dev.ashlar.program.Variable;
import dev.ashlar.program.VariableStore;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/** Which epoch of a run was best by the monitored measure, and the model that is kept: the best one, or the last. */
final class BestModel implements AutoCloseable {

  private final Task task;
  private final Settings settings;
  private final VariableStore store;
  /** The part of the data whose measure counts. */
  private final String part;
  private final Snapshot values;
  private double best = Double.NaN;
  private int bestEpoch;
  private int keptEpoch;
  private SequencedMap<String, Measures> keptMetrics = new LinkedHashMap<>();

  /** @param part of the data whose measure counts */
  BestModel(Task task, Settings settings, List<Variable> variables, VariableStore store, String part) {
    this.task = task;
    this.settings = settings;
    this.store = store;
    this.part = part;
    this.values = new Snapshot(variables.stream().filter(Variable::isOfModel).toList(), store);
  }

  /** Goes on from a checkpoint. */
  void restore(RunState state, Checkpoint from) throws IOException {
    best = state.best();
    bestEpoch = state.bestEpoch();
    keptEpoch = state.keptEpoch();
    Optional<SafeTensors> kept = from.best();
    if (kept.isPresent()) {
      values.keep(kept.get().arrays());
    }
  }

  /** Lets schedules know how good the model is. */
  void tell(int epoch, SequencedMap<String, Measures> measured) {
    if (store.types().containsKey(Trace.MEASUREMENTS)) {
      store.write(Trace.MEASUREMENTS, NDArray.scalar(DType.I32, epoch));
      double now = smallerIsBetter(measured);
      // What is no number is worse than all others, so that whatever is measured next can be better.
      store.write(Trace.LATEST, NDArray.scalar(DType.F32,
          Double.isNaN(now) ? Float.MAX_VALUE : Math.clamp(now, -Float.MAX_VALUE, Float.MAX_VALUE)));
    }
  }

  /** The monitored measure, with the sign that makes smaller better. */
  private double smallerIsBetter(SequencedMap<String, Measures> measured) {
    double now = measured.get(part).values().get(settings.monitor());
    return Trainer.largerIsBetter(task, settings.monitor()) ? -now : now;
  }

  /** Whether an epoch is the best so far. One that was measured before a run was interrupted is measured again. */
  boolean improves(int epoch, SequencedMap<String, Measures> measured) {
    double signed = smallerIsBetter(measured);
    boolean better = bestEpoch == 0 || bestEpoch == epoch || signed < best || Double.isNaN(best) && !Double.isNaN(signed);
    if (better) {
      best = signed;
      bestEpoch = epoch;
    }
    return better;
  }

  /**
   * Whether the model of an epoch takes the place of the one that is kept. As long as none has a measure that is a number,
   * the latest does: it has learnt most.
   */
  boolean replaces(boolean isBetter) {
    return isBetter || settings.keep() == Settings.Keep.LAST || Double.isNaN(best);
  }

  /**
   * Keeps the model as it is now. Nobody may be writing the one that was kept, unless this is the last.
   *
   * @param isLast whether it stays as it is: then nothing need be copied, and what was kept is still there
   */
  void keep(int epoch, SequencedMap<String, Measures> measured, boolean isLast) {
    keptEpoch = epoch;
    keptMetrics = measured;
    values.drop();
    if (settings.keep() == Settings.Keep.BEST && !isLast) {
      values.take(); // later epochs go on from there
    }
  }

  /** Whether so many epochs went by without a better one that the run is to end. */
  boolean isOutOfPatience(int epoch) {
    return settings.patience().isPresent() && epoch - bestEpoch >= settings.patience().get();
  }

  /** Why the run ends before its time, if that is for want of patience. */
  Optional<String> impatience() {
    return settings.patience().map(epochs -> "patience: none of " + epochs + " epochs was better than epoch "
        + bestEpoch);
  }

  /** The measure of the best, smaller if better; NaN if there is none. */
  double best() {
    return best;
  }

  /** The best epoch; 0 if none was measured. */
  int bestEpoch() {
    return bestEpoch;
  }

  /** The epoch whose model is kept. */
  int keptEpoch() {
    return keptEpoch;
  }

  /** What was measured of the model that is kept; nothing where that was before an interruption. */
  SequencedMap<String, Measures> keptMetrics() {
    return keptMetrics;
  }

  /** The values of the model that is kept, if they are not those of the variables. */
  Snapshot values() {
    return values;
  }

  @Override
  public void close() {
    values.close();
  }
}
