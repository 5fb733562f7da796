package dev.ashlar.backend.cpu.machine;

/** The instruction sets that code can be made for. */
public enum Target {
  /** AVX-512 F, BW, DQ, VL: 32 registers of 16 lanes, mask registers. */
  AVX512(512, 32),
  /** AVX2, FMA, F16C: 16 registers of 8 lanes. */
  AVX2(256, 16);

  private final int bits;
  private final int vectors;

  Target(int bits, int vectors) {
    this.bits = bits;
    this.vectors = vectors;
  }

  /** Width of a vector register. */
  public int bits() {
    return bits;
  }

  /** Number of vector registers. */
  public int vectors() {
    return vectors;
  }

  /** Registers that hold the 16 lanes of a value. */
  public int parts() {
    return 512 / bits;
  }

  /** Lanes of a register. */
  public int lanes() {
    return bits / 32;
  }
}
