package dev.ashlar.backend.cpu.compiler;

import dev.ashlar.backend.cpu.kernel.Access;
import dev.ashlar.backend.cpu.kernel.Expr;
import dev.ashlar.backend.cpu.kernel.KernelBuilder;
import dev.ashlar.backend.cpu.kernel.Local;
import dev.ashlar.backend.cpu.kernel.Parameter;
import java.util.ArrayList;
import java.util.List;

/**
 * A matrix product in plain loops: for each row, sixteen columns at a time, one multiply-add after the other.
 */
final class ProductKernel {

  /** An operand's place as loops go on. */
  private record Cursor(Parameter.Buffer buffer, Local offset, List<Local> batch, Local row, Local column) {
    Cursor at(Local newOffset) {
      return new Cursor(buffer, newOffset, batch, row, column);
    }
  }

  private final Product product;
  private final CallBuilder call;
  private final KernelBuilder code;
  private final List<Local> extents = new ArrayList<>();

  private ProductKernel(Product product) {
    this.product = product;
    call = new CallBuilder("matmul");
    code = call.code;
  }

  static Call of(Product product) {
    return new ProductKernel(product).write();
  }

  private Call write() {
    List<Integer> loops = new ArrayList<>(product.batch());
    loops.add(product.m());
    Local from = call.from();
    Local to = call.to();
    extents.add(to);
    loops.stream().skip(1).forEach(extent -> extents.add(call.index(extent)));
    Local n = call.index(product.n());
    Local k = call.index(product.k());
    loop(0, from, n, k, cursor(product.a()), cursor(product.b()), cursor(product.c()));
    double work = 1.0 * product.m() * product.n() * product.k();
    for (int extent : product.batch()) {
      work *= extent;
    }
    return call.build(loops.getFirst(), 1, work * 0.1);
  }

  private Cursor cursor(Product.Operand operand) {
    Parameter.Buffer buffer = call.buffer(operand.slot(), operand.dtype());
    Local offset = call.index(operand.offset());
    List<Local> batch = operand.batch().stream().map(call::index).toList();
    Local column = operand.column() == 1 ? code.constant(1) : call.index(operand.column());
    return new Cursor(buffer, offset, batch, call.index(operand.row()), column);
  }

  private void loop(int depth, Local from, Local n, Local k, Cursor a, Cursor b, Cursor c) {
    boolean isRow = depth == product.batch().size();
    code.loop(from, extents.get(depth), 1, i -> {
      Cursor nextA = a.at(code.offset(a.offset, i, isRow ? a.row : a.batch.get(depth)));
      Cursor nextC = c.at(code.offset(c.offset, i, isRow ? c.row : c.batch.get(depth)));
      if (isRow) {
        row(n, k, nextA, b, nextC);
      } else {
        loop(depth + 1, code.constant(0), n, k, nextA, b.at(code.offset(b.offset, i, b.batch.get(depth))),
            nextC);
      }
    });
  }

  private void row(Local n, Local k, Cursor a, Cursor b, Cursor c) {
    boolean floating = product.dtype().isFloating();
    code.vectorLoop(code.constant(0), n, j -> {
      Local sum = code.variable(floating ? code.constant(0f) : code.intConstant(0));
      Local start = code.offset(b.offset, j, b.column);
      code.loop(code.constant(0), k, 1, i -> {
        Local x = code.loadSingle(a.buffer, code.offset(a.offset, i, a.column));
        Local y = code.load(b.buffer, code.offset(start, i, b.row), access(product.b(), b), null, 0);
        code.assign(sum, floating ? new Expr.Fma(x, y, sum)
            : new Expr.Binary(Expr.BinaryOp.ADD, code.mul(x, y), sum));
      });
      Local result = Pointwise.narrowed(code, product.dtype(), code.copy(sum));
      code.store(c.buffer, code.offset(c.offset, j, c.column), access(product.c(), c), result, null);
    });
  }

  private static Access access(Product.Operand operand, Cursor cursor) {
    return operand.column() == 1 ? new Access.Contiguous() : new Access.Strided(cursor.column);
  }
}
