package dev.ashlar.layers.transformers;

import dev.ashlar.model.Scope;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;

/** Where the tokens of a call stand in their sequences. */
public final class Positions {

  private Positions() {}

  /**
   * Positions of so many tokens: i32 [1, time], or [batch, time] where sequences begin at different places; 0 for what
   * stands before the beginning.
   */
  public static Tensor of(int time, Scope scope) {
    Tensor all = Tensor.iota(TensorType.of(DType.I32, 1, time), 1).add(scope.position());
    return scope.padding().map(padding -> all.sub(padding.expandDims(1)).maximum(0)).orElse(all);
  }

  /** In which angles are computed: half precision would not do for large positions. */
  static DType anglesOf(Tensor x) {
    return x.dtype() == DType.F64 ? DType.F64 : DType.F32;
  }
}
