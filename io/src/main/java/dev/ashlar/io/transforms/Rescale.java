package dev.ashlar.io.transforms;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.model.Scope;
import dev.ashlar.model.Transform;
import dev.ashlar.tensor.Tensor;

/**
 * y = x scale + offset. Shapes: x [..], of any element type -> [..] in the precision of computation. At the end of a
 * model that learns a number, with deviation and mean of that number, what comes before it learns in small numbers, and
 * answers are in the number's own units.
 */
@Name("rescale")
@Doc("multiplies by a number and adds another")
public record Rescale(
    @Doc("what is multiplied by, not 0") double scale,
    @Doc("what is added") @Default("0") double offset)
    implements Transform {

  /** Refuses what leaves nothing of the input. */
  public Rescale {
    if (scale == 0 || !Double.isFinite(scale)) throw new IllegalArgumentException("a finite 'scale' other than 0");
    if (!Double.isFinite(offset)) throw new IllegalArgumentException("a finite 'offset'");
  }

  @Override
  public Tensor forward(Tensor x, Scope scope) {
    return Working.apply(x, scope, numbers -> numbers.mul(scale).add(offset));
  }
}
