package dev.ashlar.testkit;

import dev.ashlar.api.Stable;
import dev.ashlar.config.NameResolver;
import dev.ashlar.model.Optimizer;
import dev.ashlar.plugin.Registry;
import dev.ashlar.testkit.Promises.Promise;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/**
 * What every optimizer promises, checked on a small regression. A plug-in's test is a subclass:
 *
 * <pre>{@code
 * class LionTest extends OptimizerContract {
 *   protected List<Optimizer> optimizers() {
 *     return List.of(Lion.of(1e-2));
 *   }
 * }
 * }</pre>
 */
@Stable
public abstract class OptimizerContract {

  /** Optimizers, with settings that fit parameters and gradients of about 1. */
  protected abstract List<Optimizer> optimizers();

  /** Number of steps in which the loss must fall to half. */
  protected int steps() {
    return 60;
  }

  /** What happens to a parameter beside what its gradient asks for. */
  public sealed interface Decay {

    /** Nothing. */
    record None() implements Decay {}

    /**
     * A share of it goes, whatever the gradient: Loshchilov and Hutter, 2019. Parameters of fewer than two axes may be
     * left alone.
     *
     * @param share that goes in the first step: its learning rate times the decay, mostly
     */
    record Apart(double share) implements Decay {}

    /**
     * A multiple of it is added to the gradient: the penalty of ridge regression.
     *
     * @param factor that it is multiplied with
     * @param without the same optimizer without decay
     */
    record InGradient(double factor, Optimizer without) implements Decay {}
  }

  /** What an optimizer's decay is; none unless said here, and then that is proved. */
  protected Decay decay(Optimizer optimizer) {
    return new Decay.None();
  }

  /** The same optimizer with half its learning rate, whose first step must be half as long; not looked at if empty. */
  protected Optional<Optimizer> halved(Optimizer optimizer) {
    return Optional.empty();
  }

  /** Knows the names of the optimizers and what they contain; the plug-ins on the class path. */
  protected NameResolver names() {
    return Registry.discover();
  }

  /** One test for each optimizer and promise. */
  @TestFactory
  Stream<DynamicNode> contract() {
    return Promises.of("optimizers", optimizers(), Optimizer::toString, optimizer -> {
      OptimizerChecks checks = new OptimizerChecks(optimizer, steps());
      return List.of(
          new Promise("makes the loss smaller", checks::learns),
          new Promise("gives every parameter a value of its type", checks::types),
          new Promise("keeps all that it remembers in slots", checks::resumes),
          new Promise("depends on its arguments alone", checks::purity),
          new Promise("decays as it says", () -> checks.decays(decay(optimizer))),
          new Promise("goes half as far at half the learning rate",
              () -> halved(optimizer).ifPresent(checks::isTwiceAsFarAs)),
          new Promise("can be written to a configuration and read back",
              () -> new ConfigurationCheck(names()).check(optimizer, Optimizer.class)));
    });
  }
}
