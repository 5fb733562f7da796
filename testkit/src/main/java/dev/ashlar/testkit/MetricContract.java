package dev.ashlar.testkit;

import dev.ashlar.api.Stable;
import dev.ashlar.config.NameResolver;
import dev.ashlar.model.Metric;
import dev.ashlar.plugin.Registry;
import dev.ashlar.tensor.NDArray;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What every metric promises, checked for examples of it: a subclass says which. */
@Stable
public abstract class MetricContract {

  /**
   * A metric with something to measure.
   *
   * @param output of a model, [batch, ..], f64; 3 examples or more, of which the last two differ in quality from the
   *     others, so that it shows when they count
   * @param target that fits it
   */
  public record Example(Metric metric, NDArray output, NDArray target) {}

  /** Metrics, each with an output and a target. */
  protected abstract List<Example> examples();

  /** Knows the names of the metrics and what they contain; the plug-ins on the class path. */
  protected NameResolver names() {
    return Registry.discover();
  }

  /** One test for each metric and promise. */
  @TestFactory
  Stream<DynamicNode> contract() {
    return examples().stream().map(example -> {
      MetricChecks checks = new MetricChecks(example);
      return DynamicContainer.dynamicContainer(example.metric() + " of " + example.output().type(), List.of(
          DynamicTest.dynamicTest("is finite in single and double precision", checks::finite),
          DynamicTest.dynamicTest("is of batches what it is of all their examples", checks::merging),
          DynamicTest.dynamicTest("does not heed examples of weight 0", checks::padding),
          DynamicTest.dynamicTest("does not depend on the order of examples", checks::order),
          DynamicTest.dynamicTest("can be written to a configuration and read back",
              () -> new ConfigurationCheck(names()).check(example.metric(), Metric.class))));
    });
  }
}
