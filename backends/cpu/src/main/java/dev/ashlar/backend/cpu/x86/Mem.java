package dev.ashlar.backend.cpu.x86;

import org.jspecify.annotations.Nullable;

/**
 * Memory at {@code base + index * scale + displacement}, or at a label of the code (RIP-relative).
 *
 * @param base a general register, or null
 * @param index a general register other than rsp, a vector register (gathers and scatters), or null
 * @param scale 1, 2, 4 or 8
 * @param displacement bytes
 * @param label the place meant, when neither base nor index is given; otherwise null
 * @param broadcast whether one element is read and repeated in every lane (EVEX only)
 */
public record Mem(
    @Nullable Gpr base,
    @Nullable Operand index,
    int scale,
    int displacement,
    @Nullable Label label,
    boolean broadcast) implements Operand {

  public Mem {
    if (scale != 1 && scale != 2 && scale != 4 && scale != 8) {
      throw new IllegalArgumentException("scale is 1, 2, 4 or 8, not " + scale);
    }
    if (index == Gpr.RSP || !(index == null || index instanceof Gpr || index instanceof Vec)) {
      throw new IllegalArgumentException(index + " cannot be an index");
    }
    if (label != null && (base != null || index != null)) {
      throw new IllegalArgumentException("memory at a label has neither base nor index");
    }
  }

  /** [base + displacement]. */
  public static Mem at(Gpr base, int displacement) {
    return new Mem(base, null, 1, displacement, null, false);
  }

  /** [base]. */
  public static Mem at(Gpr base) {
    return at(base, 0);
  }

  /** [base + index * scale + displacement]; {@code index} is a general or a vector register. */
  public static Mem at(@Nullable Gpr base, Operand index, int scale, int displacement) {
    return new Mem(base, index, scale, displacement, null, false);
  }

  /** The bytes at {@code label}, such as a constant of the pool. */
  public static Mem at(Label label) {
    return new Mem(null, null, 1, 0, label, false);
  }

  /** The same place, {@code bytes} further. */
  public Mem plus(int bytes) {
    return new Mem(base, index, scale, Math.addExact(displacement, bytes), label, broadcast);
  }

  /** One element at this place, repeated in every lane: {@code {1to16}}. */
  public Mem broadcasted() {
    return new Mem(base, index, scale, displacement, label, true);
  }

  boolean hasVectorIndex() {
    return index instanceof Vec;
  }
}
