package dev.ashlar.layers;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.layers.initializers.Normal;
import dev.ashlar.layers.transformers.Positions;
import dev.ashlar.model.Initializer;
import dev.ashlar.model.Layer;
import dev.ashlar.model.Scope;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.ShapeException;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import java.util.List;

/**
 * A learned vector added for each position. Shapes: x [.., time, width], which stays; weight [length, width].
 */
@Name("position_embedding")
@Doc("adds a learned vector for each position of a sequence")
public record PositionEmbedding(
    @Doc("the longest sequence") @Range(atLeast = 1) int length,
    @Doc("how the vectors start") @Default("{normal: 0.02}") Initializer initializer)
    implements Layer {

  /** With vectors that start normally distributed, deviation 0.02. */
  public static PositionEmbedding of(int length) {
    return new PositionEmbedding(length, new Normal(0.02));
  }

  @Override
  public Tensor forward(Tensor x, Scope scope) {
    int time = x.dim(-2);
    if (time > length && scope.padding().isEmpty()) {
      throw new ShapeException("position_embedding", "at most " + length + " positions",
          time + " positions", "give a 'length' of " + time + " or more");
    }
    scope.longestSequence(length);
    Tensor weight = scope.parameter("weight", Shape.of(length, x.dim(-1)), initializer);
    if (scope.padding().isPresent()) {
      return x.add(weight.gather(Positions.of(time, scope)));
    }
    List<Tensor> start = List.of(scope.position(), Tensor.zeros(TensorType.of(DType.I32)));
    return x.add(weight.dynamicSlice(start, Shape.of(time, x.dim(-1))));
  }
}
