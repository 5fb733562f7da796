package dev.ashlar.backend.cpu.machine;

import dev.ashlar.backend.cpu.machine.Lir.Op;
import dev.ashlar.backend.cpu.machine.Lir.Place;
import dev.ashlar.backend.cpu.machine.Lir.Role;
import dev.ashlar.backend.cpu.x86.Instruction;
import java.util.EnumSet;
import java.util.Set;

/** Which instructions can take memory as their last operand. */
final class Folding {

  /** Those whose memory operand may be one element repeated (AVX-512). */
  private static final Set<Instruction> ARITHMETIC = EnumSet.of(
      Instruction.VADDPS, Instruction.VSUBPS, Instruction.VMULPS, Instruction.VDIVPS, Instruction.VMINPS,
      Instruction.VMAXPS, Instruction.VSQRTPS, Instruction.VFMADD132PS, Instruction.VFMADD213PS,
      Instruction.VFMADD231PS, Instruction.VANDPS, Instruction.VANDNPS, Instruction.VORPS, Instruction.VXORPS,
      Instruction.VCMPPS, Instruction.VPCMPD, Instruction.VPADDD, Instruction.VPSUBD, Instruction.VPMULLD,
      Instruction.VPMINSD, Instruction.VPMAXSD, Instruction.VPANDD, Instruction.VPORD, Instruction.VPXORD,
      Instruction.VBLENDMPS, Instruction.VCVTDQ2PS, Instruction.VCVTTPS2DQ, Instruction.VPABSD,
      Instruction.VPSLLVD, Instruction.VPSRLVD, Instruction.VPSRAVD);

  /** Those of AVX2 that take a whole vector from memory besides. */
  private static final Set<Instruction> WHOLE = EnumSet.of(
      Instruction.VPAND, Instruction.VPOR, Instruction.VPXOR, Instruction.VPCMPGTD, Instruction.VPCMPEQD,
      Instruction.VMOVAPS);

  private Folding() {}

  /** The argument that may become memory, or -1. */
  static int operand(Op op) {
    int last = op.args().size() - 1;
    while (last > 0 && op.args().get(last) instanceof Lir.Number) {
      last--;
    }
    boolean first = op.args().getFirst() instanceof Lir.Reg;
    for (var arg : op.args()) {
      if (arg instanceof Place) {
        return -1;
      }
    }
    if (op.vector() != null) {
      boolean fits = ARITHMETIC.contains(op.vector()) || WHOLE.contains(op.vector());
      return first && fits && op.role() != Role.USE ? last : -1;
    }
    return switch (op.general()) {
      case MOV, ADD, SUB, AND, OR, CMP, IMUL, IMUL_BY, CMOV_LESS, CMOV_GREATER -> first ? last : -1;
      case null, default -> -1;
    };
  }

  /** Whether that argument may be this place. */
  static boolean accepts(Op op, Place place, Target target) {
    boolean copy = op.vector() == Instruction.VMOVAPS && op.mask() == null;
    return !place.broadcast() || copy
        || target == Target.AVX512 && op.vector() != null && ARITHMETIC.contains(op.vector());
  }
}
