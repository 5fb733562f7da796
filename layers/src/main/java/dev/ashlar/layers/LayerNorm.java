package dev.ashlar.layers;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.model.Initializer;
import dev.ashlar.model.Layer;
import dev.ashlar.model.Scope;
import dev.ashlar.tensor.Functions;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;

/** Mean 0 and variance 1 along the last axis, then scaled and shifted. The shape stays. Ba et al., 2016. */
@Name("layer_norm")
@Doc("mean 0 and variance 1 along the last axis, then scaled and shifted")
public record LayerNorm(
    @Doc("added to the variance") @Default("1e-5") @Range(above = 0) double epsilon,
    @Doc("whether elements are scaled then, and shifted") @Default("true") boolean affine,
    @Doc("whether they are shifted, if scaled") @Default("true") boolean bias)
    implements Layer {

  /** With the usual epsilon, 1e-5. */
  public LayerNorm() {
    this(1e-5, true, true);
  }

  /** This, neither scaled nor shifted. */
  public LayerNorm withoutAffine() {
    return new LayerNorm(epsilon, false, bias);
  }

  /** This, scaled and not shifted. */
  public LayerNorm withoutBias() {
    return new LayerNorm(epsilon, affine, false);
  }

  @Override
  public Tensor forward(Tensor x, Scope scope) {
    Shape width = Shape.of(x.dim(-1));
    if (!affine) {
      return Functions.normalize(x, epsilon);
    }
    Tensor scale = scope.parameter("scale", width, Initializer.ONES);
    if (!bias) {
      return Functions.normalize(x, epsilon).mul(scale);
    }
    return Functions.layerNorm(x, scale, scope.parameter("shift", width, Initializer.ZEROS), epsilon);
  }
}
