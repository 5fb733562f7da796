package dev.ashlar.testkit;

import dev.ashlar.api.Stable;
import dev.ashlar.config.NameResolver;
import dev.ashlar.model.Metric;
import dev.ashlar.plugin.Registry;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.testkit.Promises.Promise;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
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
  public record Example(Metric metric, NDArray output, NDArray target) {
    String label() {
      return metric() + " of " + output.type();
    }
  }

  /** Metrics, each with an output and a target. */
  protected abstract List<Example> examples();

  /** Knows the names of the metrics and what they contain; the plug-ins on the class path. */
  protected NameResolver names() {
    return Registry.discover();
  }

  /** One test for each metric and promise. */
  @TestFactory
  Stream<DynamicNode> contract() {
    return Promises.of("examples", examples(), Example::label, example -> {
      MetricChecks checks = new MetricChecks(example);
      return List.of(
          new Promise("is shown by its example", checks::enough),
          new Promise("is finite in single and double precision", checks::finite),
          new Promise("keeps statistics that it gives", checks::keeps),
          new Promise("has numbers by class, or none", checks::byClass),
          new Promise("is of batches what it is of all their examples", checks::merging),
          new Promise("does not heed examples of weight 0", checks::padding),
          new Promise("does not depend on the order of examples", checks::order),
          new Promise("can be written to a configuration and read back",
              () -> new ConfigurationCheck(names()).check(example.metric(), Metric.class)));
    });
  }
}
