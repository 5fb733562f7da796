package dev.ashlar.backend.cpu.compiler;

import dev.ashlar.tensor.Functions;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Tensor;
import java.util.List;
import java.util.Map;

/**
 * A matrix product that goes on from another: x + a b, where the terms of an element are added to that of x one by one,
 * as if a and b went on from the operands that gave x.
 */
final class ProductSum {

  private static final String NAME = "cpu:product_sum";

  private ProductSum() {}

  /** x [m, n] plus a [m, k] times b [k, n], all in f32. */
  static Op of(Tensor x, Tensor a, Tensor b) {
    return Functions.composite(NAME, Map.of(), List.of(x, a, b),
        in -> List.of(in.get(0).add(in.get(1).matmul(in.get(2))))).getFirst().node().op();
  }

  static boolean is(Op op) {
    return op instanceof Op.Composite o && o.name().equals(NAME);
  }
}
