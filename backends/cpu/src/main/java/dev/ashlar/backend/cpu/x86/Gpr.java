package dev.ashlar.backend.cpu.x86;

/** The general registers. How many of the 64 bits take part is the instruction's business. */
public enum Gpr implements Operand {
  RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, R8, R9, R10, R11, R12, R13, R14, R15;

  int number() {
    return ordinal();
  }
}
