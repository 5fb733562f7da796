package dev.ashlar.layers;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.layers.activations.Activations;
import dev.ashlar.layers.initializers.Initializers;
import dev.ashlar.layers.shapes.Inputs;
import dev.ashlar.model.Activation;
import dev.ashlar.model.Initializer;
import dev.ashlar.model.Layer;
import dev.ashlar.model.Scope;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;

/** y = activation(x W + b). Shapes: x [.., in] -> [.., units]; weight [in, units], bias [units]. */
@Name("dense")
@Doc("every output from every input: activation(x W + b)")
public record Dense(
    @Doc("width of the output") @Range(atLeast = 1) int units,
    @Doc("applied to the result") @Default("linear") Activation activation,
    @Doc("whether b is added") @Default("true") boolean bias,
    @Doc("how W starts") @Default("glorot_uniform") Initializer initializer)
    implements Layer {

  /** A linear layer with bias. */
  public static Dense of(int units) {
    return new Dense(units, Activations.LINEAR, true, Initializers.GLOROT_UNIFORM);
  }

  @Override
  public Tensor forward(Tensor x, Scope scope) {
    Inputs.real("dense", x);
    Tensor y = x.matmul(scope.parameter("weight", Shape.of(x.dim(-1), units), initializer));
    return activation.apply(bias ? y.add(scope.parameter("bias", Shape.of(units), Initializer.ZEROS)) : y);
  }

  /** This with another activation. */
  public Dense withActivation(Activation other) {
    return new Dense(units, other, bias, initializer);
  }

  /** This without bias. */
  public Dense withoutBias() {
    return new Dense(units, activation, false, initializer);
  }

  /** This with other first weights. */
  public Dense withInitializer(Initializer other) {
    return new Dense(units, activation, bias, other);
  }
}
