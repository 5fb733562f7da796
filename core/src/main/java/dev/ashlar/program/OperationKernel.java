package dev.ashlar.program;

import dev.ashlar.api.Experimental;
import dev.ashlar.tensor.CustomOp;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.TensorType;
import java.lang.foreign.SegmentAllocator;
import java.util.List;

/**
 * Fast code for a {@link CustomOp} on one backend; it runs instead of {@link CustomOp#evaluate} and gives the same
 * values but for rounding. A plug-in lists its kernels, or an application gives them to {@link
 * BackendFactory#open(List)}; there is at most one for an operation on a backend. Immutable, called from any thread.
 *
 * <pre>{@code
 * record SquareKernel() implements OperationKernel {
 *   public String operation() { return "acme:square"; }
 *   public String backend() { return "cpu"; }
 *   public Executable bind(
 *       CustomOp operation, List<NDArray> in, List<NDArray> out, SegmentAllocator memory) {
 *     MemorySegment x = in.getFirst().data();
 *     MemorySegment y = out.getFirst().data();
 *     long size = in.getFirst().size();
 *     return piece -> {
 *       for (long i = 0; i < size; i++) {
 *         float value = x.getAtIndex(ValueLayout.JAVA_FLOAT, i);
 *         y.setAtIndex(ValueLayout.JAVA_FLOAT, i, value * value);
 *       }
 *     };
 *   }
 * }
 * }</pre>
 */
@Experimental(since = "0.1")
public interface OperationKernel {

  /** The {@linkplain CustomOp#name name} of the operation. */
  String operation();

  /** The {@linkplain Backend#name name} of the backend: {@code cpu}. */
  String backend();

  /**
   * Whether it computes the operation for operands of these types; where it does not, the operation's own code runs.
   *
   * @param operation with its attributes
   */
  default boolean takes(CustomOp operation, List<TensorType> operands) {
    return true;
  }

  /**
   * How many pieces the work is cut into, at least 1. It follows from the attributes and the types, never from the
   * machine, so that the bits are the same for any number of threads. Handing out a piece takes about a microsecond:
   * pieces of 20 or more are worth it, and a backend shares them out wherever there are several.
   *
   * @param operation with its attributes
   */
  default int pieces(CustomOp operation, List<TensorType> operands) {
    return 1;
  }

  /**
   * Prepares to run over fixed memory: once for each workspace and node. All arrays are native memory, row-major,
   * aligned to 64 bytes, and do not overlap the outputs.
   *
   * @param operation with its attributes
   * @param operands of types that it {@linkplain #takes}; other contents at each run, not to be written
   * @param outputs to be written in full at each run: nothing is known of their contents before
   * @param memory for tables and intermediate values: zeros at first, the executable's own, and freed with the
   *     workspace. What is asked for here is not asked for in a run, so that warm runs allocate nothing
   */
  Executable bind(CustomOp operation, List<NDArray> operands, List<NDArray> outputs, SegmentAllocator memory);

  /** A kernel bound to memory. */
  @FunctionalInterface
  interface Executable {

    /**
     * Does one piece. Pieces of one run come in any order, at the same time, on any threads: none reads what another
     * writes. The next run begins when all pieces of this one are done.
     *
     * @param piece from 0 to {@link OperationKernel#pieces} - 1
     */
    void run(int piece);
  }
}
