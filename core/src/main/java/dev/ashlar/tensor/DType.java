package dev.ashlar.tensor;

import dev.ashlar.api.Stable;

/** Element type of a tensor. The name in lower case is the name in files and messages. */
@Stable
public enum DType {
  /** IEEE 754 double precision. */
  F64(8),
  /** IEEE 754 single precision. */
  F32(4),
  /** IEEE 754 half precision. */
  F16(2),
  /** The upper half of an {@link #F32}: 8 bits of exponent, 7 of fraction. */
  BF16(2),
  /** Signed 64-bit integer, two's complement, wrapping. */
  I64(8),
  /** Signed 32-bit integer, two's complement, wrapping. */
  I32(4),
  /** Signed 8-bit integer. */
  I8(1),
  /** Unsigned 8-bit integer. */
  U8(1),
  /** Truth value, one byte: 0 or 1. */
  BOOL(1);

  private final int bytes;

  DType(int bytes) {
    this.bytes = bytes;
  }

  /** Size of one element in a host array, in bytes. */
  public int bytes() {
    return bytes;
  }

  /** Whether values are floating-point numbers, the only ones with a gradient. */
  public boolean isFloating() {
    return switch (this) {
      case F64, F32, F16, BF16 -> true;
      case I64, I32, I8, U8, BOOL -> false;
    };
  }

  /** Whether values are integers; {@link #BOOL} is not. */
  public boolean isInteger() {
    return !isFloating() && this != BOOL;
  }

  @Override
  public String toString() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
