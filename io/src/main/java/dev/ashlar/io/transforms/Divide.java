package dev.ashlar.io.transforms;

import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.model.Scope;
import dev.ashlar.model.Transform;
import dev.ashlar.tensor.Tensor;

/** y = x / by. Shapes: x [..], of any element type -> [..] in the precision of computation. */
@Name("divide")
@Doc("divides by a number")
public record Divide(@Doc("the number to divide by, not 0") double by) implements Transform {

  /** Refuses what cannot divide. */
  public Divide {
    if (by == 0 || !Double.isFinite(by)) throw new IllegalArgumentException("a finite number other than 0");
  }

  @Override
  public Tensor forward(Tensor x, Scope scope) {
    return Working.apply(x, scope, numbers -> numbers.div(by));
  }
}
