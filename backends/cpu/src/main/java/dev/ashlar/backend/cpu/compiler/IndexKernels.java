package dev.ashlar.backend.cpu.compiler;

import dev.ashlar.backend.cpu.kernel.Expr.CompareOp;
import dev.ashlar.backend.cpu.kernel.KernelBuilder;
import dev.ashlar.backend.cpu.kernel.Local;
import dev.ashlar.backend.cpu.kernel.Memory;
import dev.ashlar.backend.cpu.kernel.Type;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Shape;

/** Rows by number: data [B.., n, R..], indices [B.., I..], rows [B.., I.., R..]. */
final class IndexKernels {

  private IndexKernels() {}

  /** Extents of a gather or scatter, axes of a kind merged. */
  private record Rows(long batch, long rows, long indices, long length) {
    static Rows of(Shape data, Shape indices, int batch) {
      return new Rows(data.slice(0, batch).size(), data.dim(batch),
          indices.slice(batch, indices.rank()).size(), data.slice(batch + 1, data.rank()).size());
    }
  }

  /** Zeros where an index is outside. */
  static Call gather(DType dtype, Shape data, Shape indices, int batch, Slot from, Slot by, Slot out) {
    Rows rows = Rows.of(data, indices, batch);
    CallBuilder call = new CallBuilder("gather");
    KernelBuilder code = call.code;
    Local start = call.from();
    Local end = call.to();
    Local each = call.index(rows.indices);
    Local count = call.index(rows.rows);
    Local length = call.index(rows.length);
    Memory source = call.buffer(from, dtype);
    Memory numbers = call.buffer(by, DType.I32);
    Memory target = call.buffer(out, dtype);
    Local zero = code.constant(0);
    code.loop(start, end, 1, i -> {
      Local number = code.loadIndex(numbers, i);
      Local place = code.mul(i, length);
      inside(code, number, count, () -> {
        Local row = code.mul(rows.batch > 1 ? code.offset(number, code.div(i, each), count) : number, length);
        code.vectorLoop(zero, length,
            j -> code.store(target, code.add(place, j), code.load(source, code.add(row, j))));
      }, () -> code.vectorLoop(zero, length, j -> code.store(target, code.add(place, j), zero(code, dtype))));
    });
    return call.build(rows.batch * rows.indices, 1,
        rows.batch * rows.indices * (5 + 0.05 * rows.length * dtype.bytes()));
  }

  /**
   * Adds rows to {@code out}, in the order of the indices; each piece of work takes its own columns of all
   * rows.
   */
  static Call scatterAdd(DType dtype, Shape base, Shape indices, int batch, Slot by, Slot updates, Slot out) {
    Rows rows = Rows.of(base, indices, batch);
    CallBuilder call = new CallBuilder("scatter_add");
    KernelBuilder code = call.code;
    boolean byBatch = rows.batch > 1;
    Local from = call.from();
    Local to = call.to();
    Local each = call.index(rows.indices);
    Local count = call.index(rows.rows);
    Local length = call.index(rows.length);
    Memory numbers = call.buffer(by, DType.I32);
    Memory source = call.buffer(updates, dtype);
    Memory target = call.buffer(out, dtype);
    boolean single = rows.length == 1;
    Local zero = code.constant(0);
    code.loop(byBatch ? from : zero, byBatch ? to : code.constant(1), 1, b -> {
      Local firstIndex = code.mul(b, each);
      Local firstRow = code.mul(b, count);
      code.loop(zero, each, 1, k -> {
        Local i = code.add(firstIndex, k);
        Local number = code.loadIndex(numbers, i);
        inside(code, number, count, () -> {
          Local row = code.add(firstRow, number);
          if (single) {
            Local sum = code.add(code.loadSingle(target, row), code.loadSingle(source, i));
            code.storeSingle(target, row, Pointwise.narrowed(code, dtype, sum));
            return;
          }
          Local place = code.mul(row, length);
          Local update = code.mul(i, length);
          code.vectorLoop(byBatch ? zero : from, byBatch ? length : to, j -> {
            Local sum = code.add(code.load(target, code.add(place, j)), code.load(source, code.add(update, j)));
            code.store(target, code.add(place, j), Pointwise.narrowed(code, dtype, sum));
          });
        }, () -> {});
      });
    });
    return call.build(byBatch ? rows.batch : rows.length, byBatch ? 1 : 64,
        rows.batch * rows.indices * (single ? 2 : 5 + 0.1 * rows.length * dtype.bytes()));
  }

  private static void inside(KernelBuilder code, Local number, Local count, Runnable then,
      Runnable otherwise) {
    Local zero = code.constant(0);
    code.branch(CompareOp.GE, number, zero,
        () -> code.branch(CompareOp.LT, number, count, then, otherwise), otherwise);
  }

  static Local zero(KernelBuilder code, DType dtype) {
    return value(code, dtype, 0);
  }

  /** The same number in all lanes. */
  static Local value(KernelBuilder code, DType dtype, double value) {
    Type type = CallBuilder.element(dtype).type();
    return switch (type) {
      case F32 -> code.constant((float) value);
      case I32 -> code.intConstant((int) (long) value);
      case MASK -> code.firstLanes(code.constant(value != 0 ? 16 : 0));
      case INDEX -> throw new IllegalArgumentException("no lanes in " + dtype);
    };
  }
}
