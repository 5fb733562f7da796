package dev.ashlar.backend.cpu.x86;

import static dev.ashlar.backend.cpu.x86.CodeBuffer.number;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Writes x86-64 machine code. Vector and mask instructions go through {@link #emit}, whose forms are a table
 * ({@link Instruction}); the few instructions on general registers are methods. Unless the name says
 * otherwise general registers are used with all 64 bits.
 *
 * <p>Use it once: emit, bind every label, {@link #finish}.
 */
public final class Assembler {
  private static final int REX = 0x40;
  private static final int REX_W = 0x48;
  /** Marks a REX prefix that is written even if it says nothing: it makes spl, bpl, sil, dil of 4 to 7. */
  private static final int FORCED = 0x100;
  private static final int FORCED_REX = REX | FORCED;
  private static final int LARGEST_CONSTANT = 64;

  private final CodeBuffer code = new CodeBuffer();
  private final VectorEncoder vectors = new VectorEncoder(code);
  private final Map<List<Integer>, Label> constants = new LinkedHashMap<>();

  /** What a prefetch aims at: near caches first, or past them for data used once. */
  public enum Prefetch { NTA, T0, T1, T2 }

  /** A shift by a constant; the order of the encoding. */
  private enum Shift { ROL, ROR, RCL, RCR, SHL, SHR, SAL, SAR }

  /**
   * Appends a vector or mask instruction, destination first.
   *
   * @throws IllegalArgumentException if the instruction has no form for these operands
   */
  public void emit(Instruction instruction, Operand... operands) {
    if (instruction == Instruction.VZEROUPPER) {
      bytes(0xC5, 0xF8, 0x77);
    } else {
      vectors.encode(instruction, operands);
    }
  }

  /** How many bytes were appended so far. */
  public int size() {
    return code.size();
  }

  // labels, jumps, constants

  public Label newLabel() {
    return new Label();
  }

  /** A label for this place. */
  public Label here() {
    var label = newLabel();
    bind(label);
    return label;
  }

  public void bind(Label label) {
    label.bind(code.size());
  }

  public void jump(Label target) {
    if (reachesInByte(target)) {
      bytes(0xEB, target.position() - code.size() - 2);
    } else {
      code.int8(0xE9);
      code.distance(target, 0);
    }
  }

  public void jump(Condition condition, Label target) {
    if (reachesInByte(target)) {
      bytes(0x70 + condition.ordinal(), target.position() - code.size() - 2);
    } else {
      bytes(0x0F, 0x80 + condition.ordinal());
      code.distance(target, 0);
    }
  }

  /** Only jumps backwards are shortened: the distance of the others is not known yet. */
  private boolean reachesInByte(Label target) {
    return target.isBound() && target.position() - code.size() - 2 >= Byte.MIN_VALUE;
  }

  /** Pads with no-operations to a multiple of {@code alignment}, a power of two: for the head of a loop. */
  public void align(int alignment) {
    int missing = -code.size() & alignment - 1;
    for (; missing > 0; missing -= Math.min(missing, NOPS.length)) {
      bytes(NOPS[Math.min(missing, NOPS.length) - 1]);
    }
  }

  /** The manual's no-operations of one to eight bytes. */
  private static final int[][] NOPS = {
    {0x90}, {0x66, 0x90}, {0x0F, 0x1F, 0x00}, {0x0F, 0x1F, 0x40, 0}, {0x0F, 0x1F, 0x44, 0, 0},
    {0x66, 0x0F, 0x1F, 0x44, 0, 0}, {0x0F, 0x1F, 0x80, 0, 0, 0, 0}, {0x0F, 0x1F, 0x84, 0, 0, 0, 0, 0}};

  /** A 32-bit float of the constant pool behind the code. */
  public Mem constant(float value) {
    return constants(Float.floatToRawIntBits(value));
  }

  /** 1, 2, 4, 8 or 16 words of the constant pool behind the code, aligned to their size. */
  public Mem constants(int... words) {
    if (Integer.bitCount(words.length) != 1 || words.length * Integer.BYTES > LARGEST_CONSTANT) {
      throw new IllegalArgumentException("a constant has 1, 2, 4, 8 or 16 words, not " + words.length);
    }
    return Mem.at(constants.computeIfAbsent(IntStream.of(words).boxed().toList(), _ -> newLabel()));
  }

  /** The code and its constants. It can run at any address that is a multiple of 64. */
  public byte[] finish() {
    if (!constants.isEmpty()) {
      while (code.size() % LARGEST_CONSTANT != 0) {
        code.int8(0xCC); // a breakpoint: nobody is meant to run into the constants
      }
      constants.entrySet().stream()
          .sorted((a, b) -> b.getKey().size() - a.getKey().size()) // large ones first keeps all aligned
          .forEach(constant -> {
            bind(constant.getValue());
            constant.getKey().forEach(code::int32);
          });
    }
    return code.finish();
  }

  // general registers

  public void mov(Gpr to, Gpr from) {
    wide(0x89, number(from), to, 0);
  }

  /** {@code to = value}, in the shortest form that keeps the flags. */
  public void mov(Gpr to, long value) {
    if (value == (int) value) {
      wide(0xC7, 0, to, 4);
      code.int32((int) value);
    } else {
      bytes(REX_W | to.number() >> 3, 0xB8 | to.number() & 7);
      code.int64(value);
    }
  }

  public void mov(Gpr to, Mem from) {
    wide(0x8B, number(to), from, 0);
  }

  public void mov(Mem to, Gpr from) {
    wide(0x89, number(from), to, 0);
  }

  /** Stores a sign-extended 32-bit constant as 64 bits. */
  public void mov(Mem to, int value) {
    wide(0xC7, 0, to, 4);
    code.int32(value);
  }

  /** Copies 32 bits and clears the upper half. */
  public void mov32(Gpr to, Gpr from) {
    narrow(0x89, number(from), to);
  }

  /** Loads 32 bits and clears the upper half. */
  public void mov32(Gpr to, Mem from) {
    narrow(0x8B, number(to), from);
  }

  public void mov32(Mem to, Gpr from) {
    narrow(0x89, number(from), to);
  }

  /** Loads a constant into the lower 32 bits and clears the upper half. */
  public void mov32(Gpr to, int value) {
    prefix(REX, 0, to);
    code.int8(0xB8 | to.number() & 7);
    code.int32(value);
  }

  /** Stores the lowest 16 bits. */
  public void mov16(Mem to, Gpr from) {
    code.int8(0x66);
    narrow(0x89, number(from), to);
  }

  /** Stores the lowest 8 bits. */
  public void mov8(Mem to, Gpr from) {
    prefix(from.number() >= Gpr.RSP.number() ? FORCED_REX : REX, number(from), to);
    code.int8(0x88);
    code.modRm(number(from), to, 1, 0);
  }

  /** Loads 8 bits and widens them with their sign. */
  public void movsx8(Gpr to, Mem from) {
    twoBytes(REX_W, 0xBE, to, from);
  }

  /** Fills rdx with the sign of rax, as {@link #idiv} wants it. */
  public void signExtendIntoRdx() {
    bytes(REX_W, 0x99);
  }

  /** Divides rdx:rax by 64 bits of memory: quotient to rax, remainder to rdx. */
  public void idiv(Mem divisor) {
    wide(0xF7, 7, divisor, 0);
  }

  /** Loads 16 bits and clears the rest. */
  public void movzx16(Gpr to, Mem from) {
    twoBytes(REX, 0xB7, to, from);
  }

  /** Loads 8 bits and clears the rest. */
  public void movzx8(Gpr to, Mem from) {
    twoBytes(REX, 0xB6, to, from);
  }

  /** Widens 32 bits of memory or of a register with their sign. */
  public void movsxd(Gpr to, Operand from) {
    wide(0x63, number(to), from, 0);
  }

  public void lea(Gpr to, Mem address) {
    wide(0x8D, number(to), address, 0);
  }

  /** {@code to = to op from}, or only the flags for CMP; {@code from} is a register, memory or a constant. */
  public void alu(Alu op, Gpr to, Operand from) {
    switch (from) {
      case Gpr register -> wide(op.ordinal() << 3 | 1, number(register), to, 0);
      case Mem memory -> wide(op.ordinal() << 3 | 3, number(to), memory, 0);
      case Imm constant -> alu(op, constant, to);
      default -> throw new IllegalArgumentException(op + " does not take " + from);
    }
  }

  /** {@code to = to op from} on 64 bits of memory; {@code from} is a register or a constant. */
  public void alu(Alu op, Mem to, Operand from) {
    switch (from) {
      case Gpr register -> wide(op.ordinal() << 3 | 1, number(register), to, 0);
      case Imm constant -> alu(op, constant, to);
      default -> throw new IllegalArgumentException(op + " does not take " + from);
    }
  }

  private void alu(Alu op, Imm constant, Operand to) {
    if (constant.fitsByte()) {
      wide(0x83, op.ordinal(), to, 1);
      code.int8(constant.value());
    } else if (to == Gpr.RAX) {
      bytes(REX_W, op.ordinal() << 3 | 5);
      code.int32(constant.value());
    } else {
      wide(0x81, op.ordinal(), to, 4);
      code.int32(constant.value());
    }
  }

  /** {@code to = to op from} on the lower 32 bits; the upper half becomes zero. */
  public void alu32(Alu op, Gpr to, Gpr from) {
    narrow(op.ordinal() << 3 | 1, number(from), to);
  }

  public void test(Gpr a, Gpr b) {
    wide(0x85, number(b), a, 0);
  }

  /** The lower 64 bits of {@code to * from}; {@code from} is a register or memory. */
  public void imul(Gpr to, Operand from) {
    twoBytes(REX_W, 0xAF, to, from);
  }

  /** {@code to = from * factor}; {@code from} is a register or memory. */
  public void imul(Gpr to, Operand from, int factor) {
    boolean small = factor == (byte) factor;
    wide(small ? 0x6B : 0x69, number(to), from, small ? 1 : 4);
    if (small) {
      code.int8(factor);
    } else {
      code.int32(factor);
    }
  }

  public void shl(Gpr register, int bits) {
    shift(Shift.SHL, register, bits);
  }

  public void shr(Gpr register, int bits) {
    shift(Shift.SHR, register, bits);
  }

  public void sar(Gpr register, int bits) {
    shift(Shift.SAR, register, bits);
  }

  private void shift(Shift shift, Gpr register, int bits) {
    wide(bits == 1 ? 0xD1 : 0xC1, shift.ordinal(), register, 1);
    if (bits != 1) {
      code.int8(bits);
    }
  }

  public void not(Gpr register) {
    wide(0xF7, 2, register, 0);
  }

  public void neg(Gpr register) {
    wide(0xF7, 3, register, 0);
  }

  public void inc(Gpr register) {
    wide(0xFF, 0, register, 0);
  }

  public void dec(Gpr register) {
    wide(0xFF, 1, register, 0);
  }

  /** {@code to = from} when the condition holds; {@code from} is a register or memory. */
  public void cmov(Condition condition, Gpr to, Operand from) {
    twoBytes(REX_W, 0x40 + condition.ordinal(), to, from);
  }

  public void call(Gpr target) {
    prefix(REX, 0, target);
    code.int8(0xFF);
    code.modRm(2, target, 1, 0);
  }

  public void push(Gpr register) {
    prefix(REX, 0, register);
    code.int8(0x50 | register.number() & 7);
  }

  public void pop(Gpr register) {
    prefix(REX, 0, register);
    code.int8(0x58 | register.number() & 7);
  }

  public void ret() {
    code.int8(0xC3);
  }

  public void cpuid() {
    bytes(0x0F, 0xA2);
  }

  public void xgetbv() {
    bytes(0x0F, 0x01, 0xD0);
  }

  public void prefetch(Prefetch aim, Mem address) {
    prefix(REX, 0, address);
    bytes(0x0F, 0x18);
    code.modRm(aim.ordinal(), address, 1, 0);
  }

  // shared shapes

  private void wide(int opcode, int reg, Operand rm, int trailing) {
    prefix(REX_W, reg, rm);
    code.int8(opcode);
    code.modRm(reg, rm, 1, trailing);
  }

  private void narrow(int opcode, int reg, Operand rm) {
    prefix(REX, reg, rm);
    code.int8(opcode);
    code.modRm(reg, rm, 1, 0);
  }

  private void twoBytes(int rex, int opcode, Gpr to, Operand from) {
    prefix(rex, number(to), from);
    bytes(0x0F, opcode);
    code.modRm(number(to), from, 1, 0);
  }

  /** The REX prefix, left out where it would say nothing. */
  private void prefix(int rex, int reg, Operand rm) {
    int bits = rex | (reg >> 3) << 2;
    if (rm instanceof Mem memory) {
      bits |= memory.index() == null ? 0 : (number(memory.index()) >> 3) << 1;
      bits |= memory.base() == null ? 0 : memory.base().number() >> 3;
    } else {
      bits |= number(rm) >> 3;
    }
    if (bits != REX) {
      code.int8(bits & ~FORCED);
    }
  }

  private void bytes(int... values) {
    for (int value : values) {
      code.int8(value);
    }
  }
}
