package dev.ashlar.training.callbacks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ashlar.model.Callback;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.TensorType;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

class RateFinderTest {

  private static final int STEPS = 100;

  /** A run whose loss is a function of the factor of its last update. */
  private static final class Run implements Callback.Run {
    private double factor;
    private boolean isStopped;

    @Override
    public long steps() {
      return STEPS;
    }

    @Override
    public int epochs() {
      return 1;
    }

    @Override
    public String monitor() {
      return "loss";
    }

    @Override
    public boolean largerIsBetter(String measure) {
      return false;
    }

    @Override
    public SequencedMap<String, TensorType> variables() {
      return new LinkedHashMap<>();
    }

    @Override
    public NDArray read(String variable) {
      throw new IllegalArgumentException(variable);
    }

    @Override
    public void stop(String why) {
      isStopped = true;
    }

    @Override
    public void scaleUpdates(double wanted) {
      factor = wanted;
    }

    @Override
    public void warn(String kind, String message) {}
  }

  private static RateFinder found(DoubleUnaryOperator lossByFactor) {
    RateFinder finder = new RateFinder(1e-6, 10);
    Run run = new Run();
    Callback.Watcher watcher = finder.begin(run);
    for (int step = 1; step <= STEPS && !run.isStopped; step++) {
      double applied = step == 1 ? 0 : run.factor;
      watcher.step(step, lossByFactor.applyAsDouble(applied));
    }
    return finder;
  }

  /** Falls around 0.01, rises behind 0.5. */
  @Test
  void aTenthOfTheLeastWhereTheLossRisesAgain() {
    RateFinder finder = found(factor -> 2 / (1 + factor / 0.1) + Math.pow(factor / 0.5, 4));
    assertThat(finder.suggestion()).isEqualTo(finder.least() / 10).isBetween(0.01, 0.06);
  }

  /** One valley: the loss falls around 0.02 and never rises, so that the largest rate has the least. */
  @Test
  void whereItFallsFastestIfThatIsLess() {
    RateFinder finder = found(factor -> 1 + 1 / (1 + Math.pow(factor / 0.02, 2)));
    assertThat(finder.least()).isGreaterThan(1);
    assertThat(finder.suggestion()).isEqualTo(finder.steepest()).isCloseTo(0.04, within(0.03));
  }

  @Test
  void nothingWhereItDoesNotFall() {
    assertThat(found(factor -> 1).suggestion()).isNaN();
    assertThat(found(factor -> 1 + factor).suggestion()).isNaN();
  }
}
