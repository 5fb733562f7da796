package dev.ashlar.backend.cpu.x86;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Bytes in the making, with the references to labels that are filled in at the end. */
final class CodeBuffer {
  private static final int RSP_OR_R12 = 4;
  private static final int RBP_OR_R13 = 5;

  /** A signed 32-bit distance at {@code position}, counted from {@code end}, the end of its instruction. */
  private record Reference(int position, int end, Label target) {}

  private final List<Reference> references = new ArrayList<>();
  private byte[] bytes = new byte[1024];
  private int size;

  int size() {
    return size;
  }

  void int8(int value) {
    if (size == bytes.length) {
      bytes = Arrays.copyOf(bytes, 2 * size);
    }
    bytes[size++] = (byte) value;
  }

  void int16(int value) {
    int8(value);
    int8(value >> 8);
  }

  void int32(int value) {
    int16(value);
    int16(value >> 16);
  }

  void int64(long value) {
    int32((int) value);
    int32((int) (value >> 32));
  }

  /** Four bytes that will hold the distance to {@code target} from {@code trailing} bytes after them. */
  void distance(Label target, int trailing) {
    references.add(new Reference(size, size + Integer.BYTES + trailing, target));
    int32(0);
  }

  /**
   * The ModRM byte, with SIB and displacement for memory.
   *
   * @param unit bytes that a one-byte displacement counts in: 1, or what EVEX prescribes for the instruction
   * @param trailing bytes of the instruction that follow (its immediate)
   */
  void modRm(int reg, Operand rm, int unit, int trailing) {
    switch (rm) {
      case Mem memory when memory.label() != null -> {
        int8((reg & 7) << 3 | RBP_OR_R13);
        distance(memory.label(), trailing);
      }
      case Mem memory -> address((reg & 7) << 3, memory, unit);
      default -> int8(0xC0 | (reg & 7) << 3 | number(rm) & 7);
    }
  }

  private void address(int reg, Mem memory, int unit) {
    var base = memory.base();
    var index = memory.index();
    int displacement = memory.displacement();
    if (base == null) { // only the SIB form has an absolute address: base 101 under mod 00
      int8(reg | RSP_OR_R12);
      sib(memory, RBP_OR_R13);
      int32(displacement);
      return;
    }
    int low = base.number() & 7;
    boolean none = displacement == 0 && low != RBP_OR_R13; // mod 00 with this base would mean "no base"
    boolean small = displacement % unit == 0 && displacement / unit == (byte) (displacement / unit);
    int mod = none ? 0x00 : small ? 0x40 : 0x80;
    if (index != null || low == RSP_OR_R12) {
      int8(mod | reg | RSP_OR_R12);
      sib(memory, low);
    } else {
      int8(mod | reg | low);
    }
    if (mod == 0x40) {
      int8(displacement / unit);
    } else if (mod == 0x80) {
      int32(displacement);
    }
  }

  private void sib(Mem memory, int base) {
    int index = memory.index() == null ? RSP_OR_R12 : number(memory.index()) & 7;
    int8(Integer.numberOfTrailingZeros(memory.scale()) << 6 | index << 3 | base);
  }

  /** The number of a register of any kind. */
  static int number(Operand register) {
    return switch (register) {
      case Gpr gpr -> gpr.number();
      case MaskRegister mask -> mask.number();
      case Vec vec -> vec.number();
      case Imm _, Masked _, Mem _ -> throw new IllegalArgumentException(register + " is not a register");
    };
  }

  /** The finished bytes; every label that was named must be bound by now. */
  byte[] finish() {
    for (var reference : references) {
      int distance = reference.target().position() - reference.end();
      for (int i = 0; i < Integer.BYTES; i++) {
        bytes[reference.position() + i] = (byte) (distance >> 8 * i);
      }
    }
    return Arrays.copyOf(bytes, size);
  }
}
