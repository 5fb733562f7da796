package dev.ashlar.backend.cpu.compiler;

import dev.ashlar.backend.cpu.kernel.Expr;
import dev.ashlar.backend.cpu.kernel.KernelBuilder;
import dev.ashlar.backend.cpu.kernel.Local;
import dev.ashlar.backend.cpu.kernel.Memory;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * Convolutions of any kind, directly: sixteen neighbouring positions of a few output channels at a time, so
 * that what is read of x serves them all. The order of summation is channels, then the window, row-major.
 */
final class ConvolutionKernel {

  private ConvolutionKernel() {}

  static Call of(Op.Conv op, DType dtype, Shape result, Slot x, Slot kernel, Slot out) {
    Shape from = op.x().shape();
    Shape weights = op.kernel().shape();
    int rank = from.rank();
    int channels = weights.dim(1);
    int outputs = weights.dim(0) / op.groups();
    int tile = outputs % 4 == 0 ? 4 : outputs % 2 == 0 ? 2 : 1;
    CallBuilder call = new CallBuilder("conv" + (rank - 2) + "d");
    KernelBuilder code = call.code;
    Local start = call.from();
    Local end = call.to();
    Memory source = call.buffer(x, dtype);
    Memory weight = call.buffer(kernel, dtype);
    Memory target = call.buffer(out, dtype);
    Local tiles = call.index(weights.dim(0) / tile);
    Local tilesOfGroup = call.index(outputs / tile);
    Local channelCount = call.index(channels);
    Local xChannels = call.index(from.dim(1));
    Local xPlane = call.index(from.slice(2, rank).size());
    Local outPlane = call.index(result.slice(2, rank).size());
    Local window = call.index(weights.slice(2, rank).size());
    Local weightRow = code.mul(channelCount, window);
    SpatialKernel spatial = new SpatialKernel(call, op.window(), from.slice(2, rank), weights.slice(2, rank),
        result.slice(2, rank), false);
    boolean floating = dtype.isFloating();
    code.loop(start, end, 1, piece -> {
      Local example = code.div(piece, tiles);
      Local inExample = code.index(Expr.IndexOp.REM, piece, tiles);
      Local output = code.mul(inExample, code.constant((long) tile));
      Local firstChannel = code.mul(code.div(inExample, tilesOfGroup), channelCount);
      Local image = code.mul(code.offset(firstChannel, example, xChannels), xPlane);
      Local result0 = code.mul(code.mul(piece, code.constant((long) tile)), outPlane);
      spatial.positions((outer, lane, place) -> {
        List<Local> sums = new ArrayList<>();
        for (int i = 0; i < tile; i++) {
          sums.add(code.variable(floating ? code.constant(0f) : code.intConstant(0)));
        }
        code.loop(code.constant(0), channelCount, 1, channel -> {
          Local base = code.offset(image, channel, xPlane);
          Local weights0 = code.offset(code.mul(channel, window), output, weightRow);
          spatial.elements(outer, (row, shift, number) -> {
            Local value = spatial.read(source, base, row, shift, lane, 0).value();
            for (int i = 0; i < tile; i++) {
              Local at = code.add(code.add(weights0, number), code.mul(weightRow, code.constant((long) i)));
              Local factor = code.loadSingle(weight, at);
              code.assign(sums.get(i), floating ? new Expr.Fma(factor, value, sums.get(i))
                  : new Expr.Binary(Expr.BinaryOp.ADD, code.mul(factor, value), sums.get(i)));
            }
          });
        });
        for (int i = 0; i < tile; i++) {
          Local to = code.add(code.add(result0, place), code.mul(outPlane, code.constant((long) i)));
          code.store(target, to, Pointwise.narrowed(code, dtype, code.copy(sums.get(i))));
        }
      });
    });
    double work = 1.0 * result.size() * channels * weights.slice(2, rank).size();
    return call.build((long) from.dim(0) * (weights.dim(0) / tile), 1, work * 0.05);
  }
}
