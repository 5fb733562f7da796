package dev.ashlar.layers;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.model.Initializer;
import dev.ashlar.model.Layer;
import dev.ashlar.model.Scope;
import dev.ashlar.tensor.Functions;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;

/** x over its root mean square along the last axis, scaled. The shape stays. Zhang and Sennrich, 2019. */
@Name("rms_norm")
@Doc("x over its root mean square along the last axis, scaled")
public record RmsNorm(@Doc("added to the mean square") @Default("1e-6") @Range(above = 0) double epsilon)
    implements Layer {

  @Override
  public Tensor forward(Tensor x, Scope scope) {
    return Functions.rmsNorm(x, scope.parameter("scale", Shape.of(x.dim(-1)), Initializer.ONES), epsilon);
  }
}
