package dev.ashlar.backend.cpu.x86;

/** What an instruction works on. Operands are values: they may be kept and used again. */
public sealed interface Operand permits Gpr, Imm, MaskRegister, Masked, Mem, Vec {

  /** This destination under {@code mask}: lanes whose bit is not set keep what they held (EVEX only). */
  default Masked masked(MaskRegister mask) {
    return new Masked(this, mask, false);
  }

  /** This register under {@code mask}: lanes whose bit is not set become zero (EVEX only). */
  default Masked zeroed(MaskRegister mask) {
    return new Masked(this, mask, true);
  }
}
