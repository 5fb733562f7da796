package dev.ashlar.backend.cpu.compiler;

import dev.ashlar.program.OperationKernel;
import dev.ashlar.tensor.CustomOp;
import dev.ashlar.tensor.Node;
import dev.ashlar.tensor.TensorType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.LoggerFactory;

/** Kernels of custom operations on this backend. That an operation has none is said once. Thread-safe. */
public final class CustomKernels {

  private final Map<String, OperationKernel> kernels = new HashMap<>();
  private final Set<String> told = ConcurrentHashMap.newKeySet();

  /**
   * Those among the given that are for a backend.
   *
   * @throws IllegalArgumentException if two are for one operation
   */
  public CustomKernels(String backend, List<OperationKernel> given) {
    for (OperationKernel kernel : given) {
      OperationKernel other =
          kernel.backend().equals(backend) ? kernels.putIfAbsent(kernel.operation(), kernel) : null;
      if (other != null) {
        throw new IllegalArgumentException("two kernels for operation '" + kernel.operation() + "' on the "
            + backend + " backend: " + other.getClass().getName() + " and " + kernel.getClass().getName()
            + "; give one of them");
      }
    }
  }

  /**
   * How a node is to be computed: by a kernel that takes it, else by the operation's own code.
   *
   * @throws dev.ashlar.program.OperationException if the kernel fails to say
   */
  CustomCall call(String program, Node node, CustomOp operation, List<Step.HostArray> operands,
      List<Step.HostArray> results) {
    OperationKernel kernel = kernels.get(operation.name());
    CustomCall call = new CustomCall(program, node.origin().toString(), operation, kernel, 1, operands, results);
    if (kernel == null) {
      tell(operation, "has no kernel on the cpu backend");
      return call;
    }
    List<TensorType> types = call.types();
    try {
      if (kernel.takes(operation, types)) {
        return new CustomCall(program, call.origin(), operation, kernel, pieces(kernel, operation, types), operands,
            results);
      }
    } catch (RuntimeException | LinkageError e) {
      throw call.failure("while the program was compiled", e);
    }
    tell(operation, "with operands " + types + " is not what its kernel " + kernel.getClass().getName() + " takes");
    return new CustomCall(program, call.origin(), operation, null, 1, operands, results);
  }

  private static int pieces(OperationKernel kernel, CustomOp operation, List<TensorType> types) {
    int pieces = kernel.pieces(operation, types);
    if (pieces < 1) {
      throw new IllegalArgumentException("a kernel of " + pieces + " pieces, expected 1 or more");
    }
    return pieces;
  }

  private void tell(CustomOp operation, String reason) {
    String line = "operation '" + operation.name() + "' " + reason;
    if (told.add(line)) {
      LoggerFactory.getLogger(CustomKernels.class).info("{}; its own Java code runs", line);
    }
  }
}
