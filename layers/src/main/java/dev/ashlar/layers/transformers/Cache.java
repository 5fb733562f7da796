package dev.ashlar.layers.transformers;

import dev.ashlar.model.Scope;
import dev.ashlar.model.State;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import java.util.List;
import java.util.Optional;

/** What attention keeps of earlier calls, while sequences are decoded piece by piece. */
public final class Cache {

  private Cache() {}

  /**
   * What earlier calls left, with this one's written behind it.
   *
   * @param name of the session's variable
   * @param now keys or values of this call, [batch, heads, time, width]
   * @return [batch, heads, capacity, width]
   */
  public static Tensor remember(String name, Tensor now, Scope scope) {
    Shape shape = now.shape().with(2, scope.decodingCapacity().orElseThrow());
    State cache = scope.session(name, now.type().withShape(shape));
    Tensor zero = Tensor.zeros(TensorType.of(DType.I32));
    cache.set(cache.value().dynamicUpdate(now, List.of(zero, zero, scope.position(), zero)));
    return cache.value();
  }

  /** Which of so many keys hold a token: bool [batch, keys]; absent where all sequences begin at position 0. */
  public static Optional<Tensor> present(int keys, Scope scope) {
    return scope.padding().map(padding ->
        Tensor.iota(TensorType.of(DType.I32, padding.dim(0), keys), 1).ge(padding.expandDims(1)));
  }
}
