package dev.ashlar.training;

import dev.ashlar.api.Stable;

/**
 * Training met a loss, gradient or weight that is not finite, and stopped. The variables are as they were before the
 * step, unless {@link #where} says that the weights themselves are lost.
 */
@Stable
public final class DivergedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int epoch;
  private final long step;
  private final String where;

  DivergedException(int epoch, long step, String where, String message) {
    super(message);
    this.epoch = epoch;
    this.step = step;
    this.where = where;
  }

  /** The epoch, from 1. */
  public int epoch() {
    return epoch;
  }

  /** The step, from 1. */
  public long step() {
    return step;
  }

  /** Where the first such value arose: a clause that names the layer. */
  public String where() {
    return where;
  }
}
