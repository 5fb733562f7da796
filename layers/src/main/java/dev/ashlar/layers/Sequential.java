package dev.ashlar.layers;

import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Named;
import dev.ashlar.model.Block;
import dev.ashlar.model.Layer;
import dev.ashlar.model.Scope;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * One block after the other. Each is a part named by its label, or after its kind: {@code dense}, {@code
 * dense_1}. Values beside the first (a mask) reach every block.
 */
@Name("sequential")
@Doc("one layer after the other")
public record Sequential(@Doc("in order; 'as' gives one a name of its own") List<Named<Block>> layers)
    implements Layer {

  /** Copies the list. */
  public Sequential {
    layers = List.copyOf(layers);
  }

  /** Blocks named after their kinds. */
  public static Sequential of(Block... layers) {
    return new Sequential(Arrays.stream(layers).map(layer -> new Named<>(Optional.empty(), layer)).toList());
  }

  /** These and one more, under a label. */
  public Sequential then(String label, Block layer) {
    List<Named<Block>> more = new ArrayList<>(layers);
    more.add(new Named<>(Optional.of(label), layer));
    return new Sequential(more);
  }

  @Override
  public Tensors forward(Tensors in, Scope scope) {
    Tensors values = in;
    for (Named<Block> layer : layers) {
      values = layer.label().isPresent()
          ? scope.call(layer.label().get(), layer.value(), values)
          : scope.call(layer.value(), values);
    }
    return values;
  }

  @Override
  public Tensor forward(Tensor x, Scope scope) {
    return forward(Tensors.of(x), scope).first();
  }
}
