package dev.ashlar.backend.cpu.compiler;

import dev.ashlar.program.OperationException;
import dev.ashlar.program.OperationKernel;
import dev.ashlar.tensor.CustomOp;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.TensorType;
import java.lang.foreign.SegmentAllocator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A custom operation and what it is called with.
 *
 * @param program that it is in
 * @param origin part of the model that asked for it
 * @param kernel that computes it; null: its own code does
 * @param pieces that may run at the same time
 */
public record CustomCall(String program, String origin, CustomOp operation, @Nullable OperationKernel kernel,
    int pieces, List<Step.HostArray> operands, List<Step.HostArray> results) {

  /** For readers. */
  String label() {
    return kernel != null ? operation.name() : operation.name() + " (own code)";
  }

  /** Types of the operands. */
  List<TensorType> types() {
    return operands.stream().map(Step.HostArray::type).toList();
  }

  /**
   * The code over arrays.
   *
   * @param memory that lives as long as the arrays
   * @throws OperationException if the kernel fails
   */
  public OperationKernel.Executable bind(List<NDArray> in, List<NDArray> out, SegmentAllocator memory) {
    if (kernel == null) {
      return piece -> operation.evaluate(in, out);
    }
    try {
      return kernel.bind(operation, in, out, memory);
    } catch (RuntimeException | LinkageError e) {
      throw failure("while it was bound to memory", e);
    }
  }

  /**
   * What is thrown when the code fails.
   *
   * @param when in the words of the message
   */
  public OperationException failure(String when, Throwable cause) {
    String code = kernel == null ? "its own code, " + operation.getClass().getName() + ".evaluate,"
        : "its kernel " + kernel.getClass().getName();
    String remedy = kernel == null ? "" : "; without this kernel the operation's own code runs";
    return new OperationException(program, operation.name(), origin,
        code + " failed " + when + ", operands " + types() + ", outputs "
        + results.stream().map(Step.HostArray::type).toList() + " as its outputTypes says: " + cause + remedy, cause);
  }
}
