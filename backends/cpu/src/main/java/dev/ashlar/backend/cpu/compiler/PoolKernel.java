package dev.ashlar.backend.cpu.compiler;

import dev.ashlar.backend.cpu.kernel.Access;
import dev.ashlar.backend.cpu.kernel.Expr;
import dev.ashlar.backend.cpu.kernel.Expr.BinaryOp;
import dev.ashlar.backend.cpu.kernel.Expr.CompareOp;
import dev.ashlar.backend.cpu.kernel.KernelBuilder;
import dev.ashlar.backend.cpu.kernel.Local;
import dev.ashlar.backend.cpu.kernel.Memory;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Pools: for sixteen neighbouring positions, the window's elements in row-major order. */
final class PoolKernel {

  private PoolKernel() {}

  /**
   * @param positions for MAX, where the largest came from
   */
  static Call of(Op.Pool op, DType dtype, Shape result, Slot x, Slot out, @Nullable Slot positions) {
    Shape from = op.x().shape();
    int rank = from.rank();
    Shape size = Shape.of(op.size().stream().mapToInt(i -> i).toArray());
    CallBuilder call = new CallBuilder(op.label());
    KernelBuilder code = call.code;
    Local start = call.from();
    Local end = call.to();
    Memory source = call.buffer(x, dtype);
    Memory target = call.buffer(out, dtype);
    Memory places = positions == null ? null : call.buffer(positions, DType.I32);
    Local xPlane = call.index(from.slice(2, rank).size());
    Local outPlane = call.index(result.slice(2, rank).size());
    SpatialKernel spatial =
        new SpatialKernel(call, op.window(), from.slice(2, rank), size, result.slice(2, rank), true);
    code.loop(start, end, 1, plane -> {
      Local base = code.mul(plane, xPlane);
      Local result0 = code.mul(plane, outPlane);
      spatial.positions((outer, lane, place) -> {
        Local to = code.add(result0, place);
        if (places == null) {
          sum(code, spatial, dtype, outer, lane, source, base, target, to);
        } else {
          max(code, spatial, dtype, outer, lane, source, base, target, places, to);
        }
      });
    });
    long planes = from.slice(0, 2).size();
    return call.build(planes, 1, 0.3 * result.size() * size.size());
  }

  private static void sum(KernelBuilder code, SpatialKernel spatial, DType dtype, List<Local> outer,
      Local lane,
      Memory source, Local base, Memory target, Local to) {
    Local sum = code.variable(dtype.isFloating() ? code.constant(0f) : code.intConstant(0));
    spatial.elements(outer, (row, shift, number) -> {
      Local value = spatial.read(source, base, row, shift, lane, 0).value();
      code.assign(sum, new Expr.Binary(BinaryOp.ADD, sum, value));
    });
    code.store(target, to, Pointwise.narrowed(code, dtype, code.copy(sum)));
  }

  private static void max(KernelBuilder code, SpatialKernel spatial, DType dtype, List<Local> outer,
      Local lane,
      Memory source, Local base, Memory target, Memory places, Local to) {
    Local best = code.variable(dtype.isFloating() ? code.constant(Float.NEGATIVE_INFINITY)
        : code.intConstant(lowest(dtype)));
    Local key = code.variable(code.intConstant(Integer.MIN_VALUE));
    Local where = code.variable(code.intConstant(-1));
    Local none = code.intConstant(-1);
    spatial.elements(outer, (row, shift, number) -> {
      SpatialKernel.Lanes lanes = spatial.read(source, base, row, shift, lane, 0);
      Local order = Pointwise.order(code, dtype, lanes.value());
      Local wins = code.compare(CompareOp.GT, order, key);
      if (!dtype.isFloating()) { // the order of an integer may be the least
        wins = code.binary(BinaryOp.OR, wins, code.compare(CompareOp.EQ, where, none));
      }
      if (lanes.inside() != null) {
        wins = code.binary(BinaryOp.AND, lanes.inside(), wins);
      }
      Local position = code.add(lanes.index(), code.let(new Expr.Splat(row)));
      code.assign(best, new Expr.Select(wins, lanes.value(), best));
      code.assign(key, new Expr.Select(wins, order, key));
      code.assign(where, new Expr.Select(wins, position, where));
    });
    code.store(target, to, code.copy(best));
    code.store(places, to, new Access.Contiguous(), code.copy(where), null);
  }

  private static int lowest(DType dtype) {
    return switch (dtype) {
      case I8 -> Byte.MIN_VALUE;
      case U8 -> 0;
      default -> Integer.MIN_VALUE;
    };
  }
}
