package dev.ashlar.testkit;

import dev.ashlar.api.Stable;
import dev.ashlar.config.NameResolver;
import dev.ashlar.model.Loss;
import dev.ashlar.plugin.Registry;
import dev.ashlar.tensor.NDArray;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What every loss promises, checked for examples of it: a subclass says which. */
@Stable
public abstract class LossContract {

  /**
   * A loss with something to compare.
   *
   * @param output of a model, [batch, ..], f64; 3 examples or more
   * @param target that fits it
   */
  public record Example(Loss loss, NDArray output, NDArray target) {}

  /** Losses, each with an output and a target. */
  protected abstract List<Example> examples();

  /** Knows the names of the losses and what they contain; the plug-ins on the class path. */
  protected NameResolver names() {
    return Registry.discover();
  }

  /** One test for each loss and promise. */
  @TestFactory
  Stream<DynamicNode> contract() {
    return examples().stream().map(example -> {
      LossChecks checks = new LossChecks(example);
      return DynamicContainer.dynamicContainer(example.loss() + " of " + example.output().type(), List.of(
          DynamicTest.dynamicTest("is a scalar in the precision of the output", checks::scalar),
          DynamicTest.dynamicTest("has the gradients that differences say", checks::gradients),
          DynamicTest.dynamicTest("does not heed examples of weight 0", checks::padding),
          DynamicTest.dynamicTest("is a mean over examples", checks::mean),
          DynamicTest.dynamicTest("is finite for large outputs, and so is its gradient", checks::large),
          DynamicTest.dynamicTest("can be written to a configuration and read back",
              () -> new ConfigurationCheck(names()).check(example.loss(), Loss.class))));
    });
  }
}
