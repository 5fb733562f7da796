package dev.ashlar.layers;

import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.model.Block;
import dev.ashlar.model.Layer;
import dev.ashlar.model.Scope;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.Tensors;

/** Copies of a block one after the other, each with parameters of its own: parts {@code 0}, {@code 1}, .. */
@Name("repeat")
@Doc("copies of a layer one after the other, each with its own parameters")
public record Repeat(
    @Doc("number of copies") @Range(atLeast = 0) int times, @Doc("what is copied") Block block)
    implements Layer {

  @Override
  public Tensors forward(Tensors in, Scope scope) {
    Tensors values = in;
    for (int i = 0; i < times; i++) {
      values = scope.call(Integer.toString(i), block, values);
    }
    return values;
  }

  @Override
  public Tensor forward(Tensor x, Scope scope) {
    return forward(Tensors.of(x), scope).first();
  }
}
