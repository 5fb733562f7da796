package dev.ashlar.backend.cpu.x86;

/** A constant in the instruction: eight bits for vector instructions, up to 32 for general registers. */
public record Imm(int value) implements Operand {

  public static Imm imm(int value) {
    return new Imm(value);
  }

  boolean fitsByte() {
    return value == (byte) value;
  }
}
