package dev.ashlar.io.transforms;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.model.Scope;
import dev.ashlar.model.Transform;
import dev.ashlar.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * In training, each image is mirrored with a certain probability; otherwise it stays. Shapes: x [batch, channels,
 * height, width] -> the same.
 */
@Name("random_flip")
@Doc("in training, mirrors images at random")
public record RandomFlip(
    @Doc("what is exchanged: left and right (horizontal), or above and below (vertical)") @Default("horizontal")
        Direction direction,
    @Doc("probability of a mirror image") @Default("0.5") @Range(atLeast = 0, atMost = 1) double probability)
    implements Transform {

  /** What is exchanged. */
  public enum Direction {
    /** Left and right. */
    HORIZONTAL,
    /** Above and below. */
    VERTICAL
  }

  @Override
  public Tensor forward(Tensor x, Scope scope) {
    Chances.check(x, "random_flip");
    if (!scope.training() || probability == 0) return x;
    int axis = direction == Direction.HORIZONTAL ? 3 : 2;
    List<Tensor> lines = new ArrayList<>();
    for (int i = x.dim(axis) - 1; i >= 0; i--) lines.add(x.slice(axis, i, i + 1));
    Tensor mirrored = Tensor.concat(lines, axis);
    Tensor chosen = Chances.uniform(x, scope, "flip").lt(probability).reshape(x.dim(0), 1, 1, 1);
    return chosen.broadcastTo(x.shape()).where(mirrored, x);
  }
}
