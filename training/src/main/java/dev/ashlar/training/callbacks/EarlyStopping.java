package dev.ashlar.training.callbacks;

import dev.ashlar.api.Experimental;
import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.model.Callback;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Ends a run that gets no better (Prechelt, 1998), is good enough, or has gone astray. Judged is the validation part, or
 * training where none is set apart.
 */
@Experimental(since = "0.1")
@Name("early_stopping")
@Doc("ends a run that gets no better, is good enough, or has gone astray")
public record EarlyStopping(
    @Doc("epochs without a better one after which the run ends") @Default("5") @Range(atLeast = 1) int patience,
    @Doc("loss or a metric; what the run's own 'monitor' is if absent") Optional<String> monitor,
    @Doc("by how much a measure must be better to count") @Default("0") @Range(atLeast = 0) double minDelta,
    @Doc("good enough: the run ends when the measure is there") Optional<Double> target,
    @Doc("the run ends at once when the measure is worse than this, or no number") Optional<Double> limit,
    @Doc("epochs that do not count") @Default("0") @Range(atLeast = 0) int warmUp) implements Callback {

  private static final String BEST = "best";
  private static final String SINCE = "since";

  /** By the run's own monitor. */
  public static EarlyStopping of(int patience) {
    return new EarlyStopping(patience, Optional.empty(), 0, Optional.empty(), Optional.empty(), 0);
  }

  /** By another measure: {@code loss} or a metric. */
  public EarlyStopping withMonitor(String measure) {
    return new EarlyStopping(patience, Optional.of(measure), minDelta, target, limit, warmUp);
  }

  /** With a measure that is good enough. */
  public EarlyStopping withTarget(double enough) {
    return new EarlyStopping(patience, monitor, minDelta, Optional.of(enough), limit, warmUp);
  }

  @Override
  public List<String> measures() {
    return monitor.stream().toList();
  }

  @Override
  public Watcher begin(Run run) {
    return new Patience(run);
  }

  private final class Patience implements Watcher {
    private final Run run;
    private final String measure;
    private final double sign;
    /** Smaller is better; NaN as long as there is none. */
    private double best = Double.NaN;
    private int since;

    Patience(Run run) {
      this.run = run;
      this.measure = monitor.orElseGet(run::monitor);
      this.sign = run.largerIsBetter(measure) ? -1 : 1;
    }

    @Override
    public void epoch(Epoch epoch) {
      double value = epoch.value(measure);
      double now = sign * value;
      String named = epoch.judge() + " " + measure;
      if (target.isPresent() && now <= sign * target.get()) {
        run.stop(named + " is " + text(value) + ", with " + text(target.get()) + " aimed at");
      } else if (limit.isPresent() && !(now <= sign * limit.get())) {
        run.stop(named + " is " + text(value) + ", beyond the limit of " + text(limit.get()));
      } else if (epoch.number() > warmUp) {
        count(now, named);
      }
    }

    private void count(double now, String named) {
      if (now < best - minDelta || Double.isNaN(best) && !Double.isNaN(now)) {
        best = now;
        since = 0;
      } else if (++since >= patience) {
        run.stop("no better " + named + (Double.isNaN(best) ? "" : " than " + text(sign * best)) + " in " + patience
            + (patience == 1 ? " epoch" : " epochs"));
      }
    }

    @Override
    public Map<String, Double> state() {
      return Map.of(BEST, best, SINCE, (double) since);
    }

    @Override
    public void restore(Map<String, Double> state) {
      best = state.getOrDefault(BEST, Double.NaN);
      since = state.getOrDefault(SINCE, 0.0).intValue();
    }
  }

  private static String text(double value) {
    return String.format(Locale.ROOT, "%.4g", value);
  }
}
