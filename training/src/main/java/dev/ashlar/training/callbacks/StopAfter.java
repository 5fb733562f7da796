package dev.ashlar.training.callbacks;

import dev.ashlar.api.Experimental;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.model.Callback;
import java.util.Map;

/**
 * Ends a run when its time is up, with the step that is under way. It goes by the clock: runs with the same seed may end
 * at different steps. What a resumed run took before it was interrupted counts.
 */
@Experimental(since = "0.1")
@Name("stop_after")
@Doc("ends a run when its time is up; it goes by the clock, so the same seed may end at another step")
public record StopAfter(@Doc("that the run may take, measuring included") @Range(above = 0) double minutes)
    implements Callback {

  private static final String SECONDS = "seconds";
  private static final double MINUTE = 60;
  private static final double NANOS = 1e9;

  @Override
  public Watcher begin(Run run) {
    return new Clock(run);
  }

  private final class Clock implements Watcher {
    private final Run run;
    private final long begun = System.nanoTime();
    private double before;

    Clock(Run run) {
      this.run = run;
    }

    private double seconds() {
      return before + (System.nanoTime() - begun) / NANOS;
    }

    @Override
    public void step(long step, double loss) {
      if (seconds() >= minutes * MINUTE) {
        run.stop("its " + (minutes == Math.rint(minutes) ? Long.toString((long) minutes) : Double.toString(minutes))
            + (minutes == 1 ? " minute is over" : " minutes are over"));
      }
    }

    @Override
    public Map<String, Double> state() {
      return Map.of(SECONDS, seconds());
    }

    @Override
    public void restore(Map<String, Double> state) {
      before = state.getOrDefault(SECONDS, 0.0);
    }
  }
}
