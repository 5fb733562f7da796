package dev.ashlar.layers;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.layers.activations.Activations;
import dev.ashlar.layers.initializers.Initializers;
import dev.ashlar.model.Activation;
import dev.ashlar.model.Initializer;
import dev.ashlar.model.Layer;
import dev.ashlar.model.Scope;
import dev.ashlar.tensor.Tensor;

/**
 * y = (activation(x G) * x U) D. Shapes: x [.., width], which stays; parts {@code gate} and {@code up} [width, units],
 * {@code down} [units, width]. With {@code silu} it is SwiGLU, with {@code gelu} GEGLU: Shazeer, 2020, equation 6.
 */
@Name("gated_feed_forward")
@Doc("two dense layers, one of which gates the other, and a third back to the width; SwiGLU with silu, GEGLU with gelu")
public record GatedFeedForward(
    @Doc("width between the layers") @Range(atLeast = 1) int units,
    @Doc("of the gate") @Default("silu") Activation activation,
    @Doc("whether the layers have a bias") @Default("false") boolean bias,
    @Doc("how the weights start") @Default("glorot_uniform") Initializer initializer)
    implements Layer {

  /** SwiGLU without biases. */
  public static GatedFeedForward of(int units) {
    return new GatedFeedForward(units, Activations.SILU, false, Initializers.GLOROT_UNIFORM);
  }

  @Override
  public Tensor forward(Tensor x, Scope scope) {
    Tensor gate = scope.call("gate", dense(units).withActivation(activation), x);
    Tensor up = scope.call("up", dense(units), x); // (.., units)
    return scope.call("down", dense(x.dim(-1)), gate.mul(up));
  }

  private Dense dense(int width) {
    Dense dense = Dense.of(width).withInitializer(initializer);
    return bias ? dense : dense.withoutBias();
  }
}
