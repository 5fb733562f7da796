package dev.ashlar.backend.cpu.x86;

/**
 * A destination of which only the lanes set in {@code mask} are written.
 *
 * @param destination a vector register, a mask register (compares) or memory (stores)
 * @param mask any of k1 to k7; k0 cannot be named, the encoding uses it for "no mask"
 * @param zeroing whether the other lanes become zero instead of keeping their value
 */
public record Masked(Operand destination, MaskRegister mask, boolean zeroing) implements Operand {

  public Masked {
    if (mask == MaskRegister.K0) {
      throw new IllegalArgumentException("k0 cannot mask a destination: its encoding means 'no mask'");
    }
    if (zeroing && !(destination instanceof Vec)) {
      throw new IllegalArgumentException("only a vector register can be zeroed, not " + destination);
    }
  }
}
