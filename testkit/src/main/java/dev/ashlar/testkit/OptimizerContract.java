package dev.ashlar.testkit;

import dev.ashlar.config.NameResolver;
import dev.ashlar.model.Optimizer;
import dev.ashlar.plugin.Registry;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
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
public abstract class OptimizerContract {

  /** Optimizers, with settings that fit parameters and gradients of about 1. */
  protected abstract List<Optimizer> optimizers();

  /** Number of steps in which the loss must fall to half. */
  protected int steps() {
    return 60;
  }

  /** Knows the names of the optimizers and what they contain; the plug-ins on the class path. */
  protected NameResolver names() {
    return Registry.discover();
  }

  /** One test for each optimizer and promise. */
  @TestFactory
  Stream<DynamicNode> contract() {
    return optimizers().stream().map(optimizer -> {
      OptimizerChecks checks = new OptimizerChecks(optimizer, steps());
      return DynamicContainer.dynamicContainer(optimizer.toString(), List.of(
          DynamicTest.dynamicTest("makes the loss smaller", checks::learns),
          DynamicTest.dynamicTest("gives every parameter a value of its type", checks::types),
          DynamicTest.dynamicTest("keeps all that it remembers in slots", checks::resumes),
          DynamicTest.dynamicTest("depends on its arguments alone", checks::purity),
          DynamicTest.dynamicTest("can be written to a configuration and read back",
              () -> new ConfigurationCheck(names()).check(optimizer, Optimizer.class))));
    });
  }
}
