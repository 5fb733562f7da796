package dev.ashlar.backend.cpu.compiler;

import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sums of parts that were padded with zeros and lie one behind the other, as the gradient of a split is made:
 * they are the parts joined. Only the sign of a zero can differ from the sum, so this is done with and
 * without optimisation.
 */
final class Joining {

  private Joining() {}

  /** What stands for the sum, or null. */
  static @Nullable Tensor of(Op.Binary sum) {
    if (!(sum.a().node().op() instanceof Op.Pad a) || !(sum.b().node().op() instanceof Op.Pad b)) {
      return null;
    }
    int axis = onlyAxis(a);
    if (axis < 0 || axis != onlyAxis(b)) {
      return null;
    }
    int endOfA = a.low().get(axis) + a.x().dim(axis);
    int endOfB = b.low().get(axis) + b.x().dim(axis);
    return endOfA == b.low().get(axis) ? join(a, b, axis) : endOfB == a.low().get(axis) ? join(b, a, axis)
        : null;
  }

  /** The one axis that zeros are put around, or -1. */
  private static int onlyAxis(Op.Pad pad) {
    int found = -1;
    for (int i = 0; i < pad.low().size(); i++) {
      if (pad.low().get(i) > 0 || pad.high().get(i) > 0) {
        found = found == -1 ? i : -2;
      }
    }
    boolean dense = pad.interior().stream().allMatch(n -> n == 0) && pad.value() == 0;
    return dense && found >= 0 ? found : -1;
  }

  private static Tensor join(Op.Pad first, Op.Pad second, int axis) {
    List<Tensor> parts = new ArrayList<>(parts(first.x(), axis));
    parts.addAll(parts(second.x(), axis));
    Tensor joined = Tensor.apply(new Op.Concat(parts, axis));
    if (first.low().get(axis) == 0 && second.high().get(axis) == 0) {
      return joined;
    }
    int rank = joined.rank();
    List<Integer> low = new ArrayList<>(Collections.nCopies(rank, 0));
    List<Integer> high = new ArrayList<>(low);
    low.set(axis, first.low().get(axis));
    high.set(axis, second.high().get(axis));
    return Tensor.apply(new Op.Pad(joined, low, high, Collections.nCopies(rank, 0), 0));
  }

  private static List<Tensor> parts(Tensor tensor, int axis) {
    return tensor.node().op() instanceof Op.Concat o && o.axis() == axis ? o.parts() : List.of(tensor);
  }
}
