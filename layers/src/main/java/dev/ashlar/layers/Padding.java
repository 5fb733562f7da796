package dev.ashlar.layers;

import dev.ashlar.config.Doc;
import dev.ashlar.config.Range;
import dev.ashlar.config.Shorthand;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** What is put around an image: {@code same}, {@code valid}, or a number of zeros on every side. */
@Shorthand(number = "amount")
public sealed interface Padding {

  /** Padding that depends on the sizes at hand. */
  enum Automatic implements Padding {
    /** As many windows as elements, over the stride and rounded up; an odd zero goes after. */
    @Doc("as many results as elements, over the stride")
    SAME,
    /** None: windows lie inside. */
    @Doc("none")
    VALID
  }

  /** So many on every side. */
  @Doc("so many zeros on every side")
  record Amount(@Doc("zeros on every side") @Range(atLeast = 0) int each) implements Padding {}

  /** How a window moves over the spatial axes of an image [batch, channels, height, width]. */
  default Op.Window window(Tensor image, Size size, Size stride, Size dilation) {
    List<Integer> low = new ArrayList<>();
    List<Integer> high = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      int extent = image.dim(i + 2);
      int reach = (size.list().get(i) - 1) * dilation.list().get(i) + 1;
      int step = stride.list().get(i);
      int both = switch (this) {
        case Amount(int each) -> 2 * each;
        case Automatic.VALID -> 0;
        case Automatic.SAME -> Math.max(0, (Math.ceilDiv(extent, step) - 1) * step + reach - extent);
      };
      low.add(both / 2);
      high.add(both - both / 2);
    }
    return new Op.Window(stride.list(), low, high, Size.ONE.list(), dilation.list());
  }
}
