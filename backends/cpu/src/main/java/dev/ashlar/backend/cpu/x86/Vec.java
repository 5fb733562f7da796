package dev.ashlar.backend.cpu.x86;

/**
 * A vector register.
 *
 * @param number 0 to 31; above 15 only in AVX-512 code
 * @param bits 128 (xmm), 256 (ymm) or 512 (zmm)
 */
public record Vec(int number, int bits) implements Operand {

  public Vec {
    if (number < 0 || number > 31) {
      throw new IllegalArgumentException("no vector register has the number " + number);
    }
    if (bits != 128 && bits != 256 && bits != 512) {
      throw new IllegalArgumentException("no vector register has " + bits + " bits");
    }
  }

  public static Vec xmm(int number) {
    return new Vec(number, 128);
  }

  public static Vec ymm(int number) {
    return new Vec(number, 256);
  }

  public static Vec zmm(int number) {
    return new Vec(number, 512);
  }

  /** The same register seen with another width. */
  public Vec as(int width) {
    return new Vec(number, width);
  }

  @Override public String toString() {
    return (bits == 128 ? "xmm" : bits == 256 ? "ymm" : "zmm") + number;
  }
}
