package dev.ashlar.layers.pooling;

import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.layers.shapes.Inputs;
import dev.ashlar.model.Layer;
import dev.ashlar.model.Scope;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Tensor;
import java.util.List;

/**
 * The largest of each of so many windows, as equal as can be: window i of n goes from floor(i extent / n) to
 * ceil((i + 1) extent / n). Shapes: x [batch, channels, length] -> [batch, channels, size].
 */
@Name("adaptive_max_pool1d")
@Doc("the largest of each of so many windows of a sequence")
public record AdaptiveMaxPool1d(@Doc("length of the result") @Range(atLeast = 1) int size)
    implements Layer {

  @Override
  public Tensor forward(Tensor x, Scope scope) {
    Inputs.whole("adaptive_max_pool1d", scope);
    Inputs.spatial("adaptive_max_pool1d", x, 1);
    return Adaptive.pool(x, List.of(size), Op.PoolKind.MAX);
  }
}
