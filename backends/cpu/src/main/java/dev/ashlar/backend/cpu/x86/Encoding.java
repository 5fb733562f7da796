package dev.ashlar.backend.cpu.x86;

import java.util.ArrayList;
import java.util.List;

/**
 * One way to write an instruction: a line of the manual, such as {@code EVEX.66.0F38.W0 B8 /r}.
 *
 * @param form which operand goes where
 * @param prefix the implied prefix: none, 66, F3 or F2
 * @param map the opcode map: 0F, 0F38 or 0F3A
 * @param opcode the opcode byte
 * @param tuple what a one-byte displacement counts in under EVEX
 * @param families which of VEX and EVEX exist
 * @param vexW the W bit under VEX
 * @param evexW the W bit under EVEX
 * @param digit what ModRM.reg holds when no operand does
 * @param length the vector-length bit where no operand says it (mask instructions)
 * @param kinds what each operand may be
 */
record Encoding(
    Form form, Prefix prefix, Map map, int opcode, Tuple tuple, Families families,
    int vexW, int evexW, int digit, int length, List<Kind> kinds) {

  /** Which operand is ModRM.reg, which VEX.vvvv and which ModRM.rm; -1 for none. */
  enum Form {
    RM(0, -1, 1), MR(1, -1, 0), RVM(0, 1, 2), RMV(0, 2, 1), MVR(2, 1, 0), VM(-1, 0, 1),
    /** A fourth register sits in the upper half of an immediate byte. */
    RVMR(0, 1, 2);

    final int reg;
    final int vvvv;
    final int rm;

    Form(int reg, int vvvv, int rm) {
      this.reg = reg;
      this.vvvv = vvvv;
      this.rm = rm;
    }
  }

  enum Prefix { NP, P66, PF3, PF2 }

  enum Map { NONE, M0F, M0F38, M0F3A }

  enum Families { VEX, EVEX, BOTH }

  /** What an operand may be; the names follow the manual's (xmm/m128, k, r32, imm8, vm32z). */
  enum Kind {
    V, V_M, M, K, K_M, R, R_M, GATHERED, I;

    boolean accepts(Operand operand) {
      return switch (operand) {
        case Vec _ -> this == V || this == V_M;
        case MaskRegister _ -> this == K || this == K_M;
        case Gpr _ -> this == R || this == R_M;
        case Imm _ -> this == I;
        case Mem memory when memory.hasVectorIndex() -> this == GATHERED;
        case Mem _ -> this == V_M || this == M || this == K_M || this == R_M;
        case Masked _ -> false;
      };
    }
  }

  /** How much memory an instruction touches: the unit of EVEX's compressed displacement. */
  enum Tuple {
    FULL, FULL_MEMORY, HALF, HALF_MEMORY, QUARTER_MEMORY, SCALAR, BYTES2, BYTES16, BYTES32;

    int unit(int vectorBytes, int w, boolean broadcast) {
      int element = w == 1 ? 8 : 4;
      return switch (this) {
        case FULL -> broadcast ? element : vectorBytes;
        case HALF -> broadcast ? element : vectorBytes / 2;
        case FULL_MEMORY -> vectorBytes;
        case HALF_MEMORY -> vectorBytes / 2;
        case QUARTER_MEMORY -> vectorBytes / 4;
        case SCALAR -> element;
        case BYTES2 -> 2;
        case BYTES16 -> 16;
        case BYTES32 -> 32;
      };
    }

    boolean allowsBroadcast() {
      return this == FULL || this == HALF;
    }
  }

  /** The usual line: VEX and EVEX, W0, the operands that the form suggests. */
  static Encoding of(Form form, Prefix prefix, Map map, int opcode, Tuple tuple) {
    var kinds = switch (form) {
      case RM -> List.of(Kind.V, Kind.V_M);
      case MR -> List.of(Kind.V_M, Kind.V);
      case RVM -> List.of(Kind.V, Kind.V, Kind.V_M);
      case RMV -> List.of(Kind.V, Kind.V_M, Kind.V);
      case MVR -> List.of(Kind.M, Kind.V, Kind.V);
      case VM -> List.of(Kind.V, Kind.V_M);
      case RVMR -> List.of(Kind.V, Kind.V, Kind.V_M, Kind.V);
    };
    return new Encoding(form, prefix, map, opcode, tuple, Families.BOTH, 0, 0, 0, 0, kinds);
  }

  Encoding with(Kind... operands) {
    return new Encoding(form, prefix, map, opcode, tuple, families, vexW, evexW, digit, length,
        List.of(operands));
  }

  /** With an immediate byte as the last operand. */
  Encoding imm() {
    var longer = new ArrayList<>(kinds);
    longer.add(Kind.I);
    return with(longer.toArray(Kind[]::new));
  }

  Encoding vex() {
    return with(Families.VEX);
  }

  Encoding evex() {
    return with(Families.EVEX);
  }

  private Encoding with(Families only) {
    return new Encoding(form, prefix, map, opcode, tuple, only, vexW, evexW, digit, length, kinds);
  }

  /** W1 under EVEX, ignored (so 0) under VEX. */
  Encoding w1() {
    return w(0, 1);
  }

  Encoding w(int underVex, int underEvex) {
    return new Encoding(form, prefix, map, opcode, tuple, families, underVex, underEvex, digit, length,
        kinds);
  }

  Encoding digit(int value) {
    return new Encoding(form, prefix, map, opcode, tuple, families, vexW, evexW, value, length, kinds);
  }

  Encoding length(int value) {
    return new Encoding(form, prefix, map, opcode, tuple, families, vexW, evexW, digit, value, kinds);
  }

  boolean accepts(Operand[] operands, boolean needsEvex) {
    if (operands.length != kinds.size() || needsEvex && families == Families.VEX) {
      return false;
    }
    for (int i = 0; i < operands.length; i++) {
      boolean broadcast = operands[i] instanceof Mem memory && memory.broadcast();
      if (!kinds.get(i).accepts(operands[i]) || broadcast && !tuple.allowsBroadcast()) {
        return false;
      }
    }
    return true;
  }
}
