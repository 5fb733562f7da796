package dev.ashlar.backend.cpu.x86;

import static dev.ashlar.backend.cpu.x86.CodeBuffer.number;

import dev.ashlar.backend.cpu.x86.Encoding.Families;
import dev.ashlar.backend.cpu.x86.Encoding.Form;
import dev.ashlar.backend.cpu.x86.Encoding.Map;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Writes VEX and EVEX instructions: prefix, opcode, operands. */
final class VectorEncoder {
  private final CodeBuffer code;

  VectorEncoder(CodeBuffer code) {
    this.code = code;
  }

  void encode(Instruction instruction, Operand... given) {
    var operands = given;
    Masked masked = null;
    if (given.length > 0 && given[0] instanceof Masked first) {
      masked = first;
      operands = given.clone();
      operands[0] = first.destination();
    }
    boolean needsEvex = masked != null || Arrays.stream(operands).anyMatch(VectorEncoder::needsEvex);
    for (var encoding : instruction.encodings()) {
      if (encoding.accepts(operands, needsEvex)) {
        encode(encoding, needsEvex || encoding.families() == Families.EVEX, operands, masked);
        return;
      }
    }
    throw new IllegalArgumentException(
        instruction.name().toLowerCase(Locale.ROOT) + " takes no operands " + Arrays.toString(given));
  }

  private static boolean needsEvex(Operand operand) {
    return switch (operand) {
      case Vec vec -> vec.bits() == 512 || vec.number() > 15;
      case Mem memory -> memory.broadcast() || memory.index() instanceof Vec index && needsEvex(index);
      default -> false;
    };
  }

  private void encode(Encoding encoding, boolean evex, Operand[] operands, @Nullable Masked masked) {
    var form = encoding.form();
    int reg = form.reg < 0 ? encoding.digit() : number(operands[form.reg]);
    int vvvv = form.vvvv < 0 ? 0 : number(operands[form.vvvv]);
    var rm = operands[form.rm];
    int bits = 0;
    for (var operand : operands) {
      bits = Math.max(bits, operand instanceof Vec vec ? vec.bits() : 0);
    }
    int length = bits == 0 ? encoding.length() : bits / 256; // 128 -> 0, 256 -> 1, 512 -> 2
    boolean immediate = form == Form.RVMR || operands[operands.length - 1] instanceof Imm;
    int unit = 1;
    if (evex) {
      boolean broadcast = rm instanceof Mem memory && memory.broadcast();
      evexPrefix(encoding, reg, vvvv, rm, length, broadcast, masked);
      unit = encoding.tuple().unit(bits / Byte.SIZE, encoding.evexW(), broadcast);
    } else {
      vexPrefix(encoding, reg, vvvv, rm, length);
    }
    code.int8(encoding.opcode());
    code.modRm(reg, rm, unit, immediate ? 1 : 0);
    if (form == Form.RVMR) {
      code.int8(number(operands[3]) << 4);
    } else if (immediate) {
      code.int8(((Imm) operands[operands.length - 1]).value());
    }
  }

  private void vexPrefix(Encoding encoding, int reg, int vvvv, Operand rm, int length) {
    int last = (~vvvv & 15) << 3 | length << 2 | encoding.prefix().ordinal();
    int extensions = extensions(reg, rm);
    if (encoding.map() == Map.M0F && encoding.vexW() == 0 && (extensions & 0x60) == 0) {
      code.int8(0xC5);
      code.int8(~extensions & 0x80 | last);
    } else {
      code.int8(0xC4);
      code.int8(~extensions & 0xE0 | encoding.map().ordinal());
      code.int8(encoding.vexW() << 7 | last);
    }
  }

  private void evexPrefix(Encoding encoding, int reg, int vvvv, Operand rm, int length,
      boolean broadcast, @Nullable Masked masked) {
    int extensions = extensions(reg, rm);
    int high = rm instanceof Mem memory && memory.index() instanceof Vec index ? index.number() : vvvv;
    code.int8(0x62);
    code.int8(~extensions & 0xF0 | encoding.map().ordinal());
    code.int8(encoding.evexW() << 7 | (~vvvv & 15) << 3 | 4 | encoding.prefix().ordinal());
    int mask = masked == null ? 0 : masked.mask().number() | (masked.zeroing() ? 0x80 : 0);
    code.int8(mask | length << 5 | (broadcast ? 0x10 : 0) | (~high >> 1 & 8));
  }

  /** The bits R, X, B and R' where the prefixes hold them (inverted): what the three-bit fields leave out. */
  private static int extensions(int reg, Operand rm) {
    int extensions = (reg & 8) << 4 | reg & 16;
    if (rm instanceof Mem memory) {
      int index = memory.index() == null ? 0 : number(memory.index());
      int base = memory.base() == null ? 0 : memory.base().number();
      return extensions | (index & 8) << 3 | (base & 8) << 2;
    }
    return extensions | (number(rm) & 16) << 2 | (number(rm) & 8) << 2;
  }
}
