package dev.ashlar.testkit;

import dev.ashlar.api.Stable;
import dev.ashlar.tensor.DType;
import dev.ashlar.testkit.Promises.Promise;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
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
    return Promises.of("examples", examples(), KernelExample::label, example -> {
      KernelChecks checks = new KernelChecks(example, this::bound);
      return List.of(
          new Promise("is shown by its example", checks.named(checks::enough)),
          new Promise("is for the operation, and takes it", checks.named(checks::takes)),
          new Promise("computes what the operation's own code computes", checks.named(checks::values)),
          new Promise("has pieces that may run in any order", checks.named(checks::order)),
          new Promise("has pieces that may run at the same time", checks.named(checks::together)),
          new Promise("may run over several memories at a time", checks.named(checks::apart)),
          new Promise("allocates nothing in a warm run", checks.named(checks::allocation)));
    });
  }
}
