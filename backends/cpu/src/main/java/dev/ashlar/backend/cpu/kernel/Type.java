package dev.ashlar.backend.cpu.kernel;

/** What a {@link Local} holds. */
public enum Type {
  /** One 64-bit signed integer: sizes, strides, offsets, loop counters. */
  INDEX('n'),
  /** Sixteen IEEE 754 single-precision numbers. Payload and sign of a NaN are unspecified. */
  F32('f'),
  /** Sixteen 32-bit integers, two's complement, wrapping. */
  I32('i'),
  /** Sixteen truth values. */
  MASK('m');

  /** Lanes of every vector, on every machine. */
  public static final int LANES = 16;

  private final char prefix;

  Type(char prefix) {
    this.prefix = prefix;
  }

  /** Whether a value has {@link #LANES} lanes. */
  public boolean isVector() {
    return this != INDEX;
  }

  /** First letter of the printed name of a local of this type. */
  char prefix() {
    return prefix;
  }
}
