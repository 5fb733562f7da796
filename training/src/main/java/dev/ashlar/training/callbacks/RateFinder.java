package dev.ashlar.training.callbacks;

import dev.ashlar.api.Experimental;
import dev.ashlar.model.Callback;
import java.util.Arrays;
import java.util.Comparator;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * A range test of the learning rate: the factor of the updates grows by equal factors from step to step, and the loss
 * shows how far that goes (Smith, 2017, section 3.3). The run ends when the loss is far above the least. One is for one
 * run.
 */
@Experimental(since = "0.1")
public final class RateFinder implements Callback {

  /** Memory of the mean of losses, which are of single batches. */
  private static final double MEMORY = 0.9;
  /** The loss has gone so many times as far above the least as this was below the first. */
  private static final double ASTRAY = 1;
  /** A loss that is so much higher has gone astray even if it had not fallen. */
  private static final double FAR = 0.25;
  /** A loss that is so much lower has fallen. */
  private static final double FALLEN = 0.05;
  /** The first steps show nothing: their factors are far too small. */
  private static final int FIRST = 10;
  /** A rate by which the loss is least is about to be too large: a tenth of it. */
  private static final double BELOW = 10;

  /** How fast the loss falls is seen between so many factors before and behind. */
  private static final int AROUND = 3;

  private final double lowest;
  private final double highest;
  private double[] factors = new double[0];
  private double[] losses = new double[0];
  private int size;
  /** The mean of the first losses, at rates at which nothing is learnt. */
  private double base;

  /**
   * From one factor to another.
   *
   * @throws IllegalArgumentException unless both are above 0, and the second is larger
   */
  public RateFinder(double lowest, double highest) {
    if (!(lowest > 0 && highest > lowest)) {
      throw new IllegalArgumentException("a range from " + lowest + " to " + highest);
    }
    this.lowest = lowest;
    this.highest = highest;
  }

  @Override
  public boolean scalesUpdates() {
    return true;
  }

  @Override
  public Watcher begin(Run run) {
    int steps = Math.toIntExact(run.steps());
    factors = new double[steps];
    losses = new double[steps];
    size = 0;
    base = 0;
    run.scaleUpdates(factor(0, steps));
    return new Watcher() {
      private double mean;
      private double least = Double.POSITIVE_INFINITY;

      @Override
      public void step(long step, double loss) {
        if (step <= FIRST) {
          base += loss / Math.min(FIRST, steps);
        }
        mean = MEMORY * mean + (1 - MEMORY) * loss;
        double smooth = mean / (1 - Math.pow(MEMORY, step)); // as of as many as there are
        if (step > 1) { // the loss is that which the updates before have led to
          factors[size] = factor(step - 2, steps);
          losses[size++] = smooth;
        }
        least = size > FIRST ? Math.min(least, smooth) : base;
        if (size > FIRST && smooth - least > ASTRAY * Math.max(base - least, FAR * Math.abs(base))) {
          run.stop("the loss has gone far above its least");
        }
        run.scaleUpdates(factor(step, steps));
      }
    };
  }

  private double factor(long step, int steps) {
    return lowest * Math.pow(highest / lowest, (double) step / Math.max(1, steps - 1));
  }

  /** Factors that were tried, from small to large. */
  public double[] factors() {
    return Arrays.copyOf(factors, size);
  }

  /** The losses that they led to, means over some steps. */
  public double[] losses() {
    return Arrays.copyOf(losses, size);
  }

  /** The mean loss of the first steps, before anything was learnt. */
  public double base() {
    return base;
  }

  /** The factor at which the loss is least; NaN unless the loss has fallen by a twentieth. */
  public double least() {
    return leastAt().isPresent() ? factors[leastAt().getAsInt()] : Double.NaN;
  }

  private OptionalInt leastAt() {
    OptionalInt at = IntStream.range(Math.min(FIRST, size), size).reduce((a, b) -> losses[b] < losses[a] ? b : a);
    return at.isPresent() && losses[at.getAsInt()] < (1 - FALLEN) * base ? at : OptionalInt.empty();
  }

  /** The factor at which the loss falls fastest, by its logarithm; NaN where it does not fall. */
  public double steepest() {
    OptionalInt least = leastAt();
    return least.isEmpty() ? Double.NaN : IntStream.range(AROUND, least.getAsInt() - AROUND + 1).boxed()
        .min(Comparator.comparingDouble(at -> losses[at + AROUND] - losses[at - AROUND]))
        .map(at -> factors[at]).orElse(factors[least.getAsInt()]);
  }

  /**
   * A factor to learn with: a tenth of the least, or that at which the loss falls fastest, if that is smaller, as where
   * a loss has one valley and no rate leads out of it. NaN where nothing shows.
   */
  public double suggestion() {
    return Math.min(least() / BELOW, steepest());
  }
}
