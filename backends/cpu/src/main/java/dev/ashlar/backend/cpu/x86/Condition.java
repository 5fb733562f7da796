package dev.ashlar.backend.cpu.x86;

/** When a jump is taken, in the order of the encoding: signed LESS and GREATER, unsigned BELOW and ABOVE. */
public enum Condition {
  OVERFLOW, NO_OVERFLOW, BELOW, ABOVE_EQUAL, EQUAL, NOT_EQUAL, BELOW_EQUAL, ABOVE,
  NEGATIVE, NOT_NEGATIVE, PARITY_EVEN, PARITY_ODD, LESS, GREATER_EQUAL, LESS_EQUAL, GREATER;

  /** The condition that holds exactly when this one does not. */
  public Condition not() {
    return values()[ordinal() ^ 1];
  }
}
