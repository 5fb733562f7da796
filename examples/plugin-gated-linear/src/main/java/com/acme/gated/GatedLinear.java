package com.acme.gated;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.model.Activation;
import dev.ashlar.model.Initializer;
import dev.ashlar.model.Layer;
import dev.ashlar.model.Scope;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;

/**
 * A gated linear unit: x W * gate(x V), Dauphin et al., 2017. Shapes: x [.., in] -> [.., units]; value and gate [in,
 * units].
 */
@Name("gated_linear")
@Doc("one linear map, each output let through by another")
public record GatedLinear(
    @Doc("width of the output") int units,
    @Doc("applied to the gate") @Default("sigmoid") Activation gate,
    @Doc("how both maps start") @Default("glorot_uniform") Initializer initializer)
    implements Layer {

  @Override
  public Tensor forward(Tensor x, Scope scope) {
    Shape shape = Shape.of(x.dim(-1), units);
    Tensor value = x.matmul(scope.parameter("value", shape, initializer));
    return value.mul(gate.apply(x.matmul(scope.parameter("gate", shape, initializer))));
  }
}
