package dev.ashlar.testkit;

import dev.ashlar.api.Stable;
import dev.ashlar.tensor.DType;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * What every kernel of a custom operation promises, checked against the operation's own code. A plug-in's test is a
 * subclass:
 *
 * <pre>{@code
 * class SquareKernelTest extends KernelContract {
 *   protected List<KernelExample> examples() {
 *     return List.of(KernelExample.of(new SquareKernel(), new Square(), TensorType.of(DType.F32, 3, 1000)));
 *   }
 * }
 * }</pre>
 */
@Stable
public abstract class KernelContract {

  /** Kernels, each with an operation and operands; let some be large enough for several pieces. */
  protected abstract List<KernelExample> examples();

  /**
   * The greatest difference from the operation's own code, over the larger of 1 and the expected magnitude. Integers
   * and truth values are exact in any case.
   */
  protected double bound(DType dtype) {
    return switch (dtype) {
      case F64 -> 1e-12;
      case F32 -> 2e-5;
      case F16 -> 4e-3;
      case BF16 -> 3e-2;
      default -> 0;
    };
  }

  /** One test for each example and promise. */
  @TestFactory
  Stream<DynamicNode> contract() {
    return examples().stream().map(example -> {
      KernelChecks checks = new KernelChecks(example, this::bound);
      return DynamicContainer.dynamicContainer(example.operation() + " of " + example.types(), List.of(
          DynamicTest.dynamicTest("is for the operation, and takes it", checks::takes),
          DynamicTest.dynamicTest("computes what the operation's own code computes", checks::values),
          DynamicTest.dynamicTest("has pieces that may run in any order", checks::order),
          DynamicTest.dynamicTest("has pieces that may run at the same time", checks::together),
          DynamicTest.dynamicTest("may run over several memories at a time", checks::apart),
          DynamicTest.dynamicTest("allocates nothing in a warm run", checks::allocation)));
    });
  }
}
