package dev.ashlar.layers;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.layers.initializers.Constant;
import dev.ashlar.layers.shapes.Inputs;
import dev.ashlar.model.Layer;
import dev.ashlar.model.Scope;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;

/**
 * x where positive, else slope x with a learned slope: one for all, or one for each channel of x [batch, channels, ..].
 * The shape stays; slope [1] or [channels]. He et al., 2015, equation 1.
 */
@Name("prelu")
@Doc("x where positive, else a learned slope times x")
public record Prelu(
    @Doc("whether one slope serves all channels") @Default("true") boolean shared,
    @Doc("the slope at the start") @Default("0.25") double initial)
    implements Layer {

  /** One slope, which starts as 0.25. */
  public Prelu() {
    this(true, 0.25);
  }

  @Override
  public Tensor forward(Tensor x, Scope scope) {
    Inputs.real("prelu", x);
    if (!shared) {
      Inputs.channels("prelu", x);
    }
    Tensor slope = scope.parameter("slope", Shape.of(shared ? 1 : x.dim(1)), new Constant(initial));
    return x.gt(0).where(x, x.mul(shared ? slope : slope.reshape(Inputs.wide(x))));
  }

  /** This with a slope for each channel. */
  public Prelu withSlopes() {
    return new Prelu(false, initial);
  }
}
