package dev.ashlar.io.transforms;

import dev.ashlar.model.Scope;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Tensor;
import java.util.function.UnaryOperator;

/** In which element type inputs are prepared. */
final class Working {
  private Working() {}

  /**
   * Applies a function in f32 or f64, since raw inputs may be large, and gives the precision of computation.
   */
  static Tensor apply(Tensor x, Scope scope, UnaryOperator<Tensor> function) {
    var compute = scope.precision().compute();
    return function.apply(x.cast(compute == DType.F64 ? DType.F64 : DType.F32)).cast(compute);
  }
}
