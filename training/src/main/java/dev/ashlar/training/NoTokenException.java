package dev.ashlar.training;

import dev.ashlar.api.Stable;

/** A model's logits are such that no token can be chosen: one is not a number, or none is left. */
@Stable
public final class NoTokenException extends ArithmeticException {
  private static final long serialVersionUID = 1;

  private final int index;

  /**
   * @param index number of the new token, from 0
   * @param reason what is wrong
   */
  NoTokenException(int index, String reason) {
    super("new token " + (index + 1) + ": " + reason);
    this.index = index;
  }

  /** Number of the new token that could not be chosen, from 0. */
  public int index() {
    return index;
  }
}
