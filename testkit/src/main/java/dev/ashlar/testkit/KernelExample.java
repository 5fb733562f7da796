package dev.ashlar.testkit;

import dev.ashlar.api.Stable;
import dev.ashlar.program.OperationKernel;
import dev.ashlar.tensor.CustomOp;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;

/**
 * A kernel with an operation that it computes: what {@link KernelContract} checks.
 *
 * @param operation whose name is the kernel's, with its attributes
 * @param operands values that the operation makes sense of; so it must of the same values in another order
 */
@Stable
public record KernelExample(OperationKernel kernel, CustomOp operation, List<NDArray> operands) {

  /** Copies the list. */
  public KernelExample {
    operands = List.copyOf(operands);
  }

  /** On operands of these types: normally distributed numbers, integers and truth values of 0 and 1. */
  public static KernelExample of(OperationKernel kernel, CustomOp operation, TensorType... operands) {
    List<NDArray> values = new ArrayList<>();
    for (TensorType type : operands) {
      values.add(type.dtype().isFloating()
          ? Values.normal(type, 7 + values.size()) : Values.integers(type, 2, 7 + values.size()));
    }
    return new KernelExample(kernel, operation, values);
  }

  String label() {
    return operation + " of " + types();
  }

  List<TensorType> types() {
    return operands.stream().map(NDArray::type).toList();
  }
}
