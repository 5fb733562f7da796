package dev.ashlar.testkit;

import dev.ashlar.api.Stable;
import dev.ashlar.config.NameResolver;
import dev.ashlar.model.Loss;
import dev.ashlar.plugin.Registry;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.testkit.Promises.Promise;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** What every loss promises, checked for examples of it: a subclass says which. */
@Stable
public abstract class LossContract {

  /**
   * A loss with something to compare.
   *
   * @param output of a model, [batch, ..], f64; 3 examples or more, of which some count more than others where the loss
   *     has a {@linkplain Loss#weight weight}
   * @param target that fits it
   */
  public record Example(Loss loss, NDArray output, NDArray target) {
    String label() {
      return loss() + " of " + output.type();
    }
  }

  /** Losses, each with an output and a target. */
  protected abstract List<Example> examples();

  /** Knows the names of the losses and what they contain; the plug-ins on the class path. */
  protected NameResolver names() {
    return Registry.discover();
  }

  /** One test for each loss and promise. */
  @TestFactory
  Stream<DynamicNode> contract() {
    return Promises.of("examples", examples(), Example::label, example -> {
      LossChecks checks = new LossChecks(example);
      return List.of(
          new Promise("is shown by its example", checks::enough),
          new Promise("is a scalar in the precision of the output", checks::scalar),
          new Promise("has the gradients that differences say", checks::gradients),
          new Promise("does not heed examples of weight 0", checks::padding),
          new Promise("is a mean over examples, or over what its weight says", checks::mean),
          new Promise("is finite for large outputs, and so is its gradient", checks::large),
          new Promise("says how outputs become probabilities", checks::link),
          new Promise("can be written to a configuration and read back",
              () -> new ConfigurationCheck(names()).check(example.loss(), Loss.class)));
    });
  }
}
