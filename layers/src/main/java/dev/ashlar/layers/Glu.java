package dev.ashlar.layers;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.layers.activations.Activations;
import dev.ashlar.layers.shapes.Inputs;
import dev.ashlar.model.Activation;
import dev.ashlar.model.Layer;
import dev.ashlar.model.Scope;
import dev.ashlar.tensor.ShapeException;
import dev.ashlar.tensor.Tensor;
import java.util.List;

/**
 * The first half of x times the activated second half: a gated linear unit, whose two products a layer of twice the
 * width before it has made. Shapes: x [.., 2 n, ..] -> [.., n, ..]. Dauphin et al., 2017.
 */
@Name("glu")
@Doc("the first half times sigmoid of the second half, which gates it")
public record Glu(
    @Doc("applied to the second half") @Default("sigmoid") Activation gate,
    @Doc("the axis that is halved; 0 is the batch, -1 the last, 1 the channels of images") @Default("-1") int axis)
    implements Layer {

  /** Gated by sigmoid, along the last axis. */
  public Glu() {
    this(Activations.SIGMOID, -1);
  }

  @Override
  public Tensor forward(Tensor x, Scope scope) {
    return halves("glu", x, gate, axis);
  }

  static Tensor halves(String layer, Tensor x, Activation gate, int axis) {
    Inputs.real(layer, x);
    int last = x.rank() - 1;
    if (axis == 0 || axis < -last || axis > last) {
      throw new ShapeException(layer, last < 1 ? "an axis beside the batch"
          : "an axis from 1 to " + last + " of " + x.shape() + ", or -1 for the last", "axis " + axis, "change 'axis'");
    }
    if (x.dim(axis) % 2 != 0) {
      throw new ShapeException(layer, "an even width, to be halved", "a width of " + x.dim(axis) + " in " + x.shape(),
          "give the layer before it twice the width that is wanted");
    }
    List<Tensor> parts = x.split(2, axis);
    return parts.get(0).mul(gate.apply(parts.get(1)));
  }
}
