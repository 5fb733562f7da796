package dev.ashlar.model;

import dev.ashlar.api.Stable;
import dev.ashlar.tensor.ShapeException;
import dev.ashlar.tensor.Tensor;

/**
 * A value that lasts between runs, as a layer or an optimizer sees it: {@code mean.value()} before,
 * {@code mean.set(next)} for after.
 */
@Stable
public final class State {

  private final Tensor before;
  private Tensor current;

  State(Tensor before) {
    this.before = before;
    this.current = before;
  }

  /** The value now: before the run, or what was last {@linkplain #set set}. */
  public Tensor value() {
    return current;
  }

  /**
   * Says what the value becomes.
   *
   * @param next of the same type; its gradient is not followed
   */
  public void set(Tensor next) {
    if (!next.type().equals(before.type())) {
      throw new ShapeException("next value of a variable", before.type().toString(), next.type().toString());
    }
    current = next;
  }

  Tensor before() {
    return before;
  }
}
