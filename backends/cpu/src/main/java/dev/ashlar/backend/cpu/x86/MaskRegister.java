package dev.ashlar.backend.cpu.x86;

/** The AVX-512 mask registers, a bit to a lane. */
public enum MaskRegister implements Operand {
  K0, K1, K2, K3, K4, K5, K6, K7;

  public static MaskRegister k(int number) {
    return values()[number];
  }

  int number() {
    return ordinal();
  }
}
