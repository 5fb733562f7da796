package dev.ashlar.backend.cpu.compiler;

import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Tensor;
import java.util.List;
import java.util.function.Function;

/** Kernels that copy into a part of an array: joining and padding. */
final class Copies {

  private Copies() {}

  /** One number everywhere. */
  static Call fill(Tensor out, double value, Function<Tensor, Slot> slots) {
    Space space = Space.flat(out.shape().size());
    Value number = new Value.Number(out.dtype(), value);
    return FusedKernel.of(new Body(space, List.of(new Body.Store(number, out,
        Form.rowMajor(space.extents())))), slots);
  }

  /** A part of a concatenation. */
  static Call part(Op.Concat op, int part, Group.View view, Tensor out, Function<Tensor, Slot> slots) {
    int start = 0;
    for (int i = 0; i < part; i++) {
      start += op.parts().get(i).dim(op.axis());
    }
    // Within the part, positions along the joined axis and all behind it are the operand's own.
    long inner = out.shape().strides()[op.axis()];
    long from = inner * op.parts().get(part).dim(op.axis());
    long to = inner * out.dim(op.axis());
    long[] factors = new long[view.axes().rank()];
    for (int k = 0; k < factors.length; k++) {
      long factor = view.own().factors()[k];
      factors[k] = factor >= from ? factor / from * to : factor;
    }
    return copy(view, out, new Form(start * inner, factors), slots);
  }

  /** The elements of what is padded. */
  static Call inside(Op.Pad op, Group.View view, Tensor out, Function<Tensor, Slot> slots) {
    long[] strides = out.shape().strides();
    long[] factors = new long[strides.length];
    long offset = 0;
    for (int i = 0; i < factors.length; i++) {
      factors[i] = strides[i] * (op.interior().get(i) + 1);
      offset += strides[i] * op.low().get(i);
    }
    return copy(view, out, new Form(offset, factors), slots);
  }

  private static Call copy(Group.View view, Tensor out, Form to, Function<Tensor, Slot> slots) {
    Value value = new Value.Load(view.base(), view.form());
    return FusedKernel.of(new Body(view.axes(), List.of(new Body.Store(value, out, to))), slots);
  }
}
