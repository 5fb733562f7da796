package dev.ashlar.backend.cpu.compiler;

import dev.ashlar.backend.cpu.gemm.ConvolutionSpec;
import dev.ashlar.backend.cpu.kernel.KernelBuilder;
import dev.ashlar.backend.cpu.kernel.Local;
import dev.ashlar.backend.cpu.kernel.Memory;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/**
 * A convolution as matrix products, one for each example: the windows of the example are laid out as the
 * columns of a matrix [c K, P], which the kernel [o, c K] is multiplied with. The matrix is small enough to
 * stay in the cache.
 *
 * @param unfold writes the kernel that lays out the examples from and to which it is called
 * @param columns memory of the matrix: working memory of whoever runs this
 * @param product kernel times matrix, for all examples; its second operand is the same for all of them
 * @param x what is convolved
 * @param spec the same without a matrix, for those who can
 */
public record Unfolding(Supplier<Call> unfold, Slot columns, Product product, Slot x, ConvolutionSpec spec) {

  /** For an f32 convolution with one group. */
  static Unfolding of(Op.Conv op, Shape result, Slot x, Slot kernel, Slot out) {
    Shape from = op.x().shape();
    int rank = from.rank();
    Shape size = op.kernel().shape().slice(2, rank);
    int rows = Math.toIntExact(from.dim(1) * size.size());
    int positions = Math.toIntExact(result.slice(2, rank).size());
    int outputs = result.dim(1);
    Slot columns = Slot.temporary(4L * rows * positions);
    Product product = new Product(DType.F32, List.of(from.dim(0)), outputs, positions, rows,
        new Product.Operand(kernel, 0, List.of(0L), rows, 1, DType.F32),
        new Product.Operand(columns, 0, List.of(0L), positions, 1, DType.F32),
        new Product.Operand(out, 0, List.of((long) outputs * positions), positions, 1, DType.F32), false);
    Op.Window w = op.window();
    ConvolutionSpec spec = new ConvolutionSpec(from.dim(0), from.dim(1), outputs, extents(from.slice(2, rank)),
        extents(size), extents(result.slice(2, rank)), w.stride(), w.low(), w.inputDilation(), w.kernelDilation());
    return new Unfolding(() -> unfold(op, result, x, columns), columns, product, x, spec);
  }

  private static List<Integer> extents(Shape shape) {
    return Arrays.stream(shape.dims()).boxed().toList();
  }

  private static Call unfold(Op.Conv op, Shape result, Slot x, Slot columns) {
    Shape from = op.x().shape();
    int rank = from.rank();
    Shape size = op.kernel().shape().slice(2, rank);
    CallBuilder call = new CallBuilder("unfold");
    KernelBuilder code = call.code;
    Local start = call.from();
    Local end = call.to();
    Memory source = call.buffer(x, DType.F32);
    Memory target = call.buffer(columns, DType.F32);
    Local channels = call.index(from.dim(1));
    Local plane = call.index(from.slice(2, rank).size());
    Local window = call.index(size.size());
    Local positions = call.index(result.slice(2, rank).size());
    SpatialKernel spatial =
        new SpatialKernel(call, op.window(), from.slice(2, rank), size, result.slice(2, rank), false);
    boolean gaps = !op.window().low().stream().allMatch(n -> n <= 0) || !op.window().high().stream()
        .allMatch(n -> n <= 0)
        || !op.window().inputDilation().stream().allMatch(n -> n == 1);
    Local zero = code.constant(0);
    code.loop(start, end, 1, example -> {
      if (gaps) {
        Local all = code.mul(code.mul(channels, window), positions);
        code.vectorLoop(zero, all, i -> code.store(target, i, code.constant(0f)));
      }
      code.loop(zero, channels, 1, channel -> {
        Local base = code.mul(code.offset(channel, example, channels), plane);
        Local row0 = code.mul(code.mul(channel, window), positions);
        spatial.positions((outer, lane, place) -> spatial.elements(outer, (row, shift, number) -> {
          Local value = spatial.read(source, base, row, shift, lane, 0).value();
          code.store(target, code.add(code.offset(row0, number, positions), place), value);
        }));
      });
    });
    return call.build(from.dim(0), 1, 0);
  }
}
