package dev.ashlar.layers;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.layers.shapes.Inputs;
import dev.ashlar.model.Initializer;
import dev.ashlar.model.Layer;
import dev.ashlar.model.Scope;
import dev.ashlar.tensor.Functions;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.ShapeException;
import dev.ashlar.tensor.Tensor;

/**
 * Mean 0 and variance 1 for each group of channels of each example, then each channel scaled and shifted; x [batch,
 * channels, ..], the shape stays. The same in training and at inference. Wu and He, 2018, equation 7.
 */
@Name("group_norm")
@Doc("mean 0 and variance 1 for each group of channels, then scaled and shifted")
public record GroupNorm(
    @Doc("number of groups, which divides the channels") @Range(atLeast = 1) int groups,
    @Doc("added to the variance") @Default("1e-5") @Range(above = 0) double epsilon)
    implements Layer {

  /** With the usual epsilon, 1e-5. */
  public static GroupNorm of(int groups) {
    return new GroupNorm(groups, 1e-5);
  }

  @Override
  public Tensor forward(Tensor x, Scope scope) {
    Inputs.channels("group_norm", x);
    Inputs.real("group_norm", x);
    if (x.rank() > 2) {
      Inputs.whole("group_norm", scope);
    }
    if (x.dim(1) % groups != 0) {
      throw new ShapeException("group_norm", "channels that " + groups + " groups divide", x.dim(1) + " channels",
          "change 'groups', or the channels of the layer before");
    }
    return affine(normalized(x, groups, epsilon), scope);
  }

  /** Mean 0 and variance 1 over each group of channels. */
  static Tensor normalized(Tensor x, int groups, double epsilon) {
    int rest = (int) (x.shape().slice(1, x.rank()).size() / groups);
    return Functions.normalize(x.reshape(x.dim(0), groups, rest), epsilon).reshape(x.shape());
  }

  /** Each channel times {@code scale}, plus {@code shift}. */
  static Tensor affine(Tensor x, Scope scope) {
    Shape channels = Shape.of(x.dim(1));
    Shape wide = Inputs.wide(x);
    Tensor scaled = x.mul(scope.parameter("scale", channels, Initializer.ONES).reshape(wide));
    return scaled.add(scope.parameter("shift", channels, Initializer.ZEROS).reshape(wide));
  }
}
