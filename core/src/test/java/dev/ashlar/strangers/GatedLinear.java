package dev.ashlar.strangers;

import dev.ashlar.model.Layer;
import dev.ashlar.model.Scope;
import dev.ashlar.plugin.Plugin;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;
import java.util.List;

/** A gated linear unit (Dauphin et al., 2017): x W * sigmoid(x V). Shapes: x [.., in] -> [.., units]. */
public record GatedLinear(int units) implements Layer {
  @Override
  public Tensor forward(Tensor x, Scope scope) {
    Shape shape = Shape.of(x.dim(-1), units);
    Tensor value = x.matmul(scope.parameter("value", shape, CrossAttention.Weights.SMALL));
    Tensor gate = x.matmul(scope.parameter("gate", shape, CrossAttention.Weights.SMALL));
    return value.mul(gate.sigmoid());
  }

  /** What the stranger's jar says of itself. */
  public static final class Jar implements Plugin {
    @Override
    public String name() {
      return "acme";
    }

    @Override
    public List<Class<?>> components() {
      return List.of(GatedLinear.class);
    }
  }
}
