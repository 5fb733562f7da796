package dev.ashlar.layers;

import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.model.Layer;
import dev.ashlar.model.Scope;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;

/**
 * In training each element is 0 with probability {@code rate}, else x / (1 - rate); otherwise x. The shape
 * stays. Srivastava et al., 2014, section 10 (inverted).
 */
@Name("dropout")
@Doc("in training, elements are set to 0 at random and the others scaled up")
public record Dropout(@Doc("probability of 0") @Range(atLeast = 0, below = 1) double rate) implements Layer {

  @Override
  public Tensor forward(Tensor x, Scope scope) {
    return drop(x, x.shape(), rate, scope);
  }

  /**
   * In training, parts set to 0 at random and the others scaled up.
   *
   * @param parts x's shape, or one that can be broadcast to it: elements that share one of its share their fate
   */
  static Tensor drop(Tensor x, Shape parts, double rate, Scope scope) {
    if (!scope.training() || rate == 0) {
      return x;
    }
    // 24 random bits: the same mask in every precision.
    Tensor bits = scope.key("mask").bits(parts).shr(Tensor.scalar(DType.I32, 8));
    Tensor dropped = bits.lt(Math.rint(rate * 0x1p24));
    return dropped.where(Tensor.zeros(x.type()), x.mul(1 / (1 - rate)));
  }
}
