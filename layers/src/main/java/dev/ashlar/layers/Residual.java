package dev.ashlar.layers;

import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.model.Block;
import dev.ashlar.model.Layer;
import dev.ashlar.model.Scope;
import dev.ashlar.tensor.ShapeException;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.Tensors;

/** x + block(x), the block in this very scope. The shape stays. He et al., 2016. */
@Name("residual")
@Doc("x + block(x)")
public record Residual(@Doc("what is added to its own input") Block block) implements Layer {

  /** Around layers, one after the other. */
  public static Residual of(Block... layers) {
    return new Residual(layers.length == 1 ? layers[0] : Sequential.of(layers));
  }

  @Override
  public Tensors forward(Tensors in, Scope scope) {
    Tensors out = scope.apply(block, in);
    if (!out.first().shape().equals(in.first().shape())) {
      throw new ShapeException("residual", in.first().shape() + " from its block, as it is given",
          out.first().shape().toString(), "let the last layer of the block give "
          + in.first().shape().slice(1, in.first().rank()) + " for each example");
    }
    return out.with(out.names().iterator().next(), in.first().add(out.first()));
  }

  @Override
  public Tensor forward(Tensor x, Scope scope) {
    return forward(Tensors.of(x), scope).first();
  }
}
