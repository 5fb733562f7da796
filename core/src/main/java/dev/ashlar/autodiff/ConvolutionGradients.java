package dev.ashlar.autodiff;

import dev.ashlar.tensor.Node;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Gradients of convolutions and pools, which are convolutions and pools again (Dumoulin and Visin,
 * A guide to convolution arithmetic for deep learning, 2016).
 */
final class ConvolutionGradients {

  private ConvolutionGradients() {}

  /**
   * With respect to x: the gradient, its elements {@code stride} apart, convolved with the flipped
   * kernel whose channels are exchanged.
   */
  static Tensor input(Op.Conv o, Tensor g) {
    Shape x = o.x().shape();
    Shape k = o.kernel().shape();
    int axes = k.rank() - 2;
    int outputs = k.dim(0) / o.groups();
    // [groups * outputs, c, K..] -> [groups * c, outputs, K..]
    Tensor kernel = o.kernel().reshape(Shape.of(o.groups(), outputs).concat(k.slice(1, k.rank())))
        .transpose(1, 2)
        .reshape(Shape.of(o.groups() * k.dim(1), outputs).concat(k.slice(2, k.rank())))
        .flip(spatial(k.rank()));
    Op.Window w = o.window();
    List<Integer> low = new ArrayList<>();
    List<Integer> high = new ArrayList<>();
    for (int i = 0; i < axes; i++) {
      int reach = (k.dim(i + 2) - 1) * w.kernelDilation().get(i);
      int spread = (g.dim(i + 2) - 1) * w.stride().get(i) + 1;
      int dilated = (x.dim(i + 2) - 1) * w.inputDilation().get(i) + 1;
      low.add(reach - w.low().get(i));
      // One position for each element of the dilated operand; the step then picks the real ones.
      high.add(dilated + reach - spread - low.get(i));
    }
    return g.conv(kernel, new Op.Window(w.inputDilation(), low, high, w.stride(), w.kernelDilation()), o.groups());
  }

  /** With respect to the kernel: x convolved with the gradient, examples and channels exchanged. */
  static Tensor kernel(Op.Conv o, Tensor g) {
    Shape x = o.x().shape();
    Shape k = o.kernel().shape();
    int axes = k.rank() - 2;
    int groups = o.groups();
    // x [n, groups * c, S..] -> [c, groups * n, S..]: examples become channels.
    Tensor images = o.x().reshape(Shape.of(x.dim(0), groups, k.dim(1)).concat(x.slice(2, x.rank())))
        .permute(leading(x.rank() + 1, 2, 1, 0))
        .reshape(Shape.of(k.dim(1), groups * x.dim(0)).concat(x.slice(2, x.rank())));
    Tensor kernel = g.transpose(0, 1); // [o, n, P..]
    Op.Window w = o.window();
    List<Integer> high = new ArrayList<>();
    for (int i = 0; i < axes; i++) {
      int dilated = (x.dim(i + 2) - 1) * w.inputDilation().get(i) + 1;
      int spread = (g.dim(i + 2) - 1) * w.stride().get(i) + 1;
      // Exactly as many positions as the kernel has elements.
      int reach = (k.dim(i + 2) - 1) * w.kernelDilation().get(i);
      high.add(reach + spread - dilated - w.low().get(i));
    }
    Op.Window turned = new Op.Window(w.kernelDilation(), w.low(), high, w.inputDilation(), w.stride());
    return images.conv(kernel, turned, groups).transpose(0, 1); // [c, o, K..] -> [o, c, K..]
  }

  /** With respect to x. */
  static Tensor pool(Op.Pool o, Node node, Tensor g) {
    Shape x = o.x().shape();
    return switch (o.kind()) {
      case MAX -> {
        // Each value goes back to the position that it came from.
        Shape rows = Shape.of(x.dim(0), x.dim(1));
        Tensor flat = Tensor.zeros(o.x().type().withShape(rows.concat(Shape.of(area(x)))));
        Tensor positions = node.output(1).reshape(rows.concat(Shape.of(area(g.shape()))));
        yield flat.scatterAdd(positions, g.reshape(positions.shape()), 2).reshape(x);
      }
      case SUM -> {
        // The gradient of a convolution, channel by channel, with a kernel of ones.
        Shape single = Shape.of(x.dim(0) * x.dim(1), 1);
        Tensor image = Tensor.zeros(o.x().type().withShape(single.concat(x.slice(2, x.rank()))));
        int[] size = o.size().stream().mapToInt(i -> i).toArray();
        Tensor ones = Tensor.full(o.x().type().withShape(Shape.of(1, 1).concat(Shape.of(size))), 1);
        Op.Conv sum = new Op.Conv(image, ones, o.window(), 1);
        yield input(sum, g.reshape(single.concat(g.shape().slice(2, g.rank())))).reshape(x);
      }
    };
  }

  private static int area(Shape shape) {
    return (int) shape.slice(2, shape.rank()).size();
  }

  private static int[] spatial(int rank) {
    return IntStream.range(2, rank).toArray();
  }

  private static int[] leading(int rank, int... first) {
    return IntStream.range(0, rank).map(i -> i < first.length ? first[i] : i).toArray();
  }
}
