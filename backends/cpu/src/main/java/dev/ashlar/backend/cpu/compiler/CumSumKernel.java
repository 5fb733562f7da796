package dev.ashlar.backend.cpu.compiler;

import dev.ashlar.backend.cpu.kernel.KernelBuilder;
import dev.ashlar.backend.cpu.kernel.Local;
import dev.ashlar.backend.cpu.kernel.Memory;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Shape;

/**
 * Running sums, one element after the other: along rows one at a time (what lies far apart would fill a few sets of the
 * caches), else sixteen neighbours across the axis.
 */
final class CumSumKernel {

  private CumSumKernel() {}

  static Call of(Op.CumSum op, DType dtype, Slot from, Slot to) {
    Shape shape = op.x().shape();
    long outer = shape.slice(0, op.axis()).size();
    long inner = shape.slice(op.axis() + 1, shape.rank()).size();
    int extent = shape.dim(op.axis());
    boolean across = inner > 1;
    CallBuilder call = new CallBuilder("cumsum");
    KernelBuilder code = call.code;
    Local start = call.from();
    Local end = call.to();
    Local count = call.index(extent);
    Local step = across ? call.index(inner) : code.constant(1);
    Local block = call.index(extent * inner);
    Memory source = call.buffer(from, dtype);
    Memory target = call.buffer(to, dtype);
    if (across) {
      code.loop(start, end, 1, i -> {
        Local base = code.mul(i, block);
        code.vectorLoop(code.constant(0), step,
            lane -> run(code, op, dtype, code.add(base, lane), count, step, source, target, true));
      });
    } else {
      code.loop(start, end, 1,
          row -> run(code, op, dtype, code.mul(row, block), count, step, source, target, false));
    }
    return call.build(outer, 1, (across ? 0.5 : 1.2) * shape.size());
  }

  private static void run(KernelBuilder code, Op.CumSum op, DType dtype, Local base, Local count, Local step,
      Memory source, Memory target, boolean across) {
    Local sum = code.variable(dtype.isFloating() ? code.constant(0f) : code.intConstant(0));
    code.loop(code.constant(0), count, 1, i -> {
      Local at = op.reverse() ? code.sub(code.sub(count, i), code.constant(1)) : i;
      Local place = code.offset(base, at, step);
      Local next = code.add(sum, across ? code.load(source, place) : code.loadSingle(source, place));
      code.assign(sum, next);
      Local result = Pointwise.narrowed(code, dtype, next);
      if (across) {
        code.store(target, place, result);
      } else {
        code.storeSingle(target, place, result);
      }
    });
  }
}
