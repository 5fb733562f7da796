package dev.ashlar.model;

import dev.ashlar.api.Stable;
import dev.ashlar.tensor.DType;

/**
 * Element types of a model.
 *
 * @param parameter in which parameters and state are kept
 * @param compute in which layers compute
 * @param output in which the results are given
 */
@Stable
public record Precision(DType parameter, DType compute, DType output) {

  /** Single precision throughout. */
  public static final Precision F32 = of(DType.F32);

  /** Double precision throughout: for checks of gradients. */
  public static final Precision F64 = of(DType.F64);

  /** One type throughout. */
  public static Precision of(DType dtype) {
    return new Precision(dtype, dtype, dtype);
  }
}
