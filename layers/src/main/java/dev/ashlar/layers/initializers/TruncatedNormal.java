package dev.ashlar.layers.initializers;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.model.Initializer;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Key;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;

/**
 * Normally distributed around 0 under the condition that nothing lies farther out than a number of deviations: the
 * inverse distribution function of uniform numbers.
 */
@Name("truncated_normal")
@Doc("normally distributed around 0, but nothing far out")
public record TruncatedNormal(
    @Doc("standard deviation of the whole distribution") @Default("0.02") @Range(atLeast = 0) double deviation,
    @Doc("largest magnitude, in deviations") @Default("2") @Range(above = 0) double limit)
    implements Initializer {

  /** Coefficients of {@link #inverseErf}, highest power first, near 0 and far from it. */
  private static final double[] NEAR = {2.81022636e-08, 3.43273939e-07, -3.5233877e-06, -4.39150654e-06, 0.00021858087,
      -0.00125372503, -0.00417768164, 0.246640727, 1.50140941};
  private static final double[] FAR = {-0.000200214257, 0.000100950558, 0.00134934322, -0.00367342844, 0.00573950773,
      -0.0076224613, 0.00943887047, 1.00167406, 2.83297682};

  @Override
  public Tensor initialize(TensorType type, Fans fans, Key key) {
    TensorType work = type.dtype() == DType.F64 ? type : type.withDType(DType.F32);
    Tensor most = Tensor.scalar(work.dtype(), limit * Math.sqrt(0.5)).erf();
    Tensor centered = key.uniform(work).mul(2).sub(1 - 0x1p-24); // in (-1, 1), symmetric
    Tensor normal = inverseErf(centered.mul(most)).mul(Math.sqrt(2));
    return normal.maximum(-limit).minimum(limit).mul(deviation).cast(type.dtype());
  }

  /**
   * The x whose error function this is, to about seven digits, in (-1, 1): Giles, Approximating the erfinv function,
   * 2010, single precision.
   */
  private static Tensor inverseErf(Tensor y) {
    Tensor w = y.neg().add(1).mul(y.add(1)).log().neg();
    return w.lt(5).where(polynomial(NEAR, w.sub(2.5)), polynomial(FAR, w.maximum(5).sqrt().sub(3))).mul(y);
  }

  private static Tensor polynomial(double[] coefficients, Tensor x) {
    Tensor sum = Tensor.full(x.type(), coefficients[0]);
    for (int i = 1; i < coefficients.length; i++) {
      sum = sum.mul(x).add(coefficients[i]);
    }
    return sum;
  }
}
