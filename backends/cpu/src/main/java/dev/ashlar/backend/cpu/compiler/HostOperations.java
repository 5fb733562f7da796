package dev.ashlar.backend.cpu.compiler;

import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.function.Supplier;

/**
 * Rare operations as Java code over host arrays. Each workspace gets its own, with its own scratch memory.
 */
final class HostOperations {

  private HostOperations() {}

  /** Sorted along an axis; as many as the results have room for. */
  static Supplier<Step.Evaluation> sort(Shape shape, int axis, boolean descending) {
    int extent = shape.dim(axis);
    long inner = shape.slice(axis + 1, shape.rank()).size();
    long outer = shape.slice(0, axis).size();
    return () -> {
      long[] keys = new long[extent];
      return (in, out) -> {
        int kept = out.getFirst().shape().dim(axis);
        for (long lane = 0; lane < outer * inner; lane++) {
          long from = lane / inner * extent * inner + lane % inner;
          long to = lane / inner * kept * inner + lane % inner;
          for (int i = 0; i < extent; i++) {
            int order = order(in.getFirst(), from + i * inner);
            keys[i] = (long) (descending ? ~order : order) << 32 | i;
          }
          Arrays.sort(keys);
          for (int i = 0; i < kept; i++) {
            int position = (int) keys[i];
            copy(in.getFirst(), from + position * inner, out.getFirst(), to + i * inner);
            out.get(1).setLong(to + i * inner, position);
          }
        }
      };
    };
  }

  /** Integers in the order of the elements: NaN is the largest, zeros of either sign are equal. */
  private static int order(NDArray x, long at) {
    if (!x.dtype().isFloating()) {
      return (int) x.getLong(at);
    }
    float value = (float) x.get(at) + 0f;
    int bits = Float.floatToIntBits(value);
    return Float.isNaN(value) ? Integer.MAX_VALUE : bits ^ (bits >> 31 & Integer.MAX_VALUE);
  }

  private static void copy(NDArray from, long source, NDArray to, long target) {
    long bytes = from.dtype().bytes();
    MemorySegment.copy(from.data(), source * bytes, to.data(), target * bytes, bytes);
  }

  /** Between types that have no lanes in common. */
  static Supplier<Step.Evaluation> cast() {
    return () -> (in, out) -> {
      NDArray x = in.getFirst();
      NDArray y = out.getFirst();
      boolean integers = !x.dtype().isFloating() && !y.dtype().isFloating();
      for (long i = 0; i < y.size(); i++) {
        if (integers) {
          y.setLong(i, x.getLong(i));
        } else {
          y.set(i, y.dtype() == DType.BOOL ? (x.get(i) != 0 ? 1 : 0) : x.get(i));
        }
      }
    };
  }
}
