package dev.ashlar.backend.cpu.gemm;

import java.util.List;
import java.util.stream.IntStream;

/**
 * A convolution of dense f32 arrays: x [examples, channels, S..] with a kernel [outputs, channels, K..] gives
 * [examples, outputs, P..].
 *
 * <p>Products read x where it lies, with zeros around it: position p and element w of the window meet at u = p *
 * stride + w * kernelDilation in x spread and padded, so the place of an element is the sum of a place for p and one
 * for w. Where the stride is not 1, elements that it takes one after another lie side by side: a plane of each residue
 * of u ("phase").
 *
 * @param extents S
 * @param window K
 * @param positions P
 * @param low zeros before x, may be negative
 */
public record ConvolutionSpec(int examples, int channels, int outputs, List<Integer> extents, List<Integer> window,
    List<Integer> positions, List<Integer> stride, List<Integer> low, List<Integer> inputDilation,
    List<Integer> kernelDilation) {

  /** Whether products can read x this way: not where it is spread and strided along one axis. */
  public boolean isSupported() {
    return IntStream.range(0, axes()).allMatch(i -> stride.get(i) == 1 || inputDilation.get(i) == 1);
  }

  int axes() {
    return extents.size();
  }

  /** Whether the sum over the window is the longer side: the gradient of a kernel is such a convolution. */
  boolean sumsOverWindow() {
    return size(positions) < size(window);
  }

  /** How many elements x must have along an axis, spread and padded, so that all positions find their window. */
  int reach(int axis) {
    return (positions.get(axis) - 1) * stride.get(axis) + (window.get(axis) - 1) * kernelDilation.get(axis) + 1;
  }

  /** Elements of a phase along an axis. */
  int phaseExtent(int axis) {
    return Math.ceilDiv(reach(axis), stride.get(axis));
  }

  /** From one index along an axis to the next, in a phase. */
  long pitch(int axis) {
    long pitch = 1;
    for (int i = axis + 1; i < axes(); i++) {
      pitch *= phaseExtent(i);
    }
    return pitch;
  }

  /** Elements of a phase. */
  long phase() {
    return pitch(0) * phaseExtent(0);
  }

  /** Elements of all phases of a channel. */
  long plane() {
    return phase() * size(stride);
  }

  /** From the first to behind the last position. */
  long span() {
    return 1 + IntStream.range(0, axes()).mapToLong(i -> (positions.get(i) - 1) * pitch(i)).sum();
  }

  /** Where each position begins. */
  long[] positionPlaces() {
    return places(positions, (axis, p) -> p * pitch(axis));
  }

  /** What each element of the window adds to that. */
  long[] windowPlaces() {
    return places(window, (axis, w) -> {
      int u = w * kernelDilation.get(axis);
      return u / stride.get(axis) * pitch(axis) + u % stride.get(axis) * phase() * size(stride.subList(axis + 1, axes()));
    });
  }

  private interface Along {
    long place(int axis, int index);
  }

  private static long[] places(List<Integer> extents, Along along) {
    long[] places = new long[Math.toIntExact(size(extents))];
    for (int i = 0; i < places.length; i++) {
      int rest = i;
      for (int axis = extents.size() - 1; axis >= 0; axis--) {
        places[i] += along.place(axis, rest % extents.get(axis));
        rest /= extents.get(axis);
      }
    }
    return places;
  }

  static long size(List<Integer> extents) {
    return extents.stream().mapToLong(i -> i).reduce(1, Math::multiplyExact);
  }
}
