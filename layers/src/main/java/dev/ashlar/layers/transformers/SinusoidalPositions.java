package dev.ashlar.layers.transformers;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.layers.shapes.Inputs;
import dev.ashlar.model.Layer;
import dev.ashlar.model.Scope;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.ShapeException;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import java.util.List;
import java.util.Optional;

/**
 * x plus sines and cosines of the position: element {@code 2 i} gets sin(p f), {@code 2 i + 1} cos(p f), with f =
 * base^(-2 i / width). Shapes: x [batch, time, width], which stays. Vaswani et al., 2017, section 3.5.
 */
@Name("sinusoidal_positions")
@Doc("adds sines and cosines of the position")
public record SinusoidalPositions(
    @Doc("of the powers that frequencies are") @Default("10000") @Range(above = 1) double base) implements Layer {

  /** With base 10,000. */
  public SinusoidalPositions() {
    this(10_000);
  }

  @Override
  public Tensor forward(Tensor x, Scope scope) {
    Inputs.real("sinusoidal_positions", x);
    if (x.rank() != 3) {
      throw new ShapeException("sinusoidal_positions", "sequences [batch, time, width]", x.shape().toString(),
          "insert 'embedding' before it");
    }
    int time = x.dim(1);
    int width = x.dim(2);
    int even = width + width % 2;
    DType dtype = Positions.anglesOf(x);
    Tensor positions = Positions.of(time, scope).cast(dtype);
    Tensor frequencies = Scaling.frequencies(Optional.empty(), even, base, Tensor.zeros(TensorType.of(dtype, 1)));
    Tensor angles = positions.expandDims(2).mul(frequencies.reshape(1, 1, even / 2)); // (1 or B, T, even / 2)
    Tensor both = Tensor.stack(List.of(angles.sin(), angles.cos()), 3); // (1 or B, T, even / 2, 2)
    return x.add(both.reshape(angles.dim(0), time, even).slice(-1, 0, width).cast(x.dtype()));
  }
}
