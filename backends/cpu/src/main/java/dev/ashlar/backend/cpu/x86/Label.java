package dev.ashlar.backend.cpu.x86;

/** A place in the code: made by {@link Assembler#newLabel}, given its position by {@link Assembler#bind}. */
public final class Label {
  private static final int UNBOUND = -1;

  private int position = UNBOUND;

  Label() {}

  boolean isBound() {
    return position != UNBOUND;
  }

  int position() {
    if (!isBound()) {
      throw new IllegalStateException("a label is used but was never bound");
    }
    return position;
  }

  void bind(int where) {
    if (isBound()) {
      throw new IllegalStateException("a label is bound twice");
    }
    position = where;
  }
}
