package dev.ashlar.layers;

import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.layers.shapes.Inputs;
import dev.ashlar.model.Layer;
import dev.ashlar.model.Scope;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Tensor;

/** In training x plus normally distributed numbers of mean 0, otherwise x. The shape stays. */
@Name("gaussian_noise")
@Doc("in training, normally distributed numbers are added")
public record GaussianNoise(@Doc("standard deviation") @Range(atLeast = 0) double deviation) implements Layer {

  @Override
  public Tensor forward(Tensor x, Scope scope) {
    Inputs.real("gaussian_noise", x);
    if (!scope.training() || deviation == 0) {
      return x;
    }
    // In f32 whatever x is: the same noise in every precision, and no logarithm of what was rounded to 0.
    return x.add(scope.key("noise").normal(x.type().withDType(DType.F32)).mul(deviation).cast(x.dtype()));
  }
}
