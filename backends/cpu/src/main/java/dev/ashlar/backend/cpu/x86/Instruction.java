package dev.ashlar.backend.cpu.x86;

import static dev.ashlar.backend.cpu.x86.Encoding.Form.*;
import static dev.ashlar.backend.cpu.x86.Encoding.Kind.*;
import static dev.ashlar.backend.cpu.x86.Encoding.Map.*;
import static dev.ashlar.backend.cpu.x86.Encoding.Prefix.*;
import static dev.ashlar.backend.cpu.x86.Encoding.Tuple.*;
import static dev.ashlar.backend.cpu.x86.Encoding.of;

import java.util.List;

/**
 * The instructions with VEX or EVEX encodings. Operands are in the manual's order, destination first. An
 * instruction with both encodings takes EVEX when an operand needs it: a zmm register, a register above 15, a
 * mask, a broadcast.
 */
public enum Instruction {
  // moves
  VMOVUPS(of(RM, NP, M0F, 0x10, FULL_MEMORY), of(MR, NP, M0F, 0x11, FULL_MEMORY)),
  VMOVAPS(of(RM, NP, M0F, 0x28, FULL_MEMORY), of(MR, NP, M0F, 0x29, FULL_MEMORY)),
  VMOVUPD(of(RM, P66, M0F, 0x10, FULL_MEMORY).w1(), of(MR, P66, M0F, 0x11, FULL_MEMORY).w1()),
  VMOVNTPS(of(MR, NP, M0F, 0x2B, FULL_MEMORY).with(M, V)),
  VMOVDQU(of(RM, PF3, M0F, 0x6F, FULL_MEMORY).vex(), of(MR, PF3, M0F, 0x7F, FULL_MEMORY).vex()),
  VMOVDQU8(of(RM, PF2, M0F, 0x6F, FULL_MEMORY).evex(), of(MR, PF2, M0F, 0x7F, FULL_MEMORY).evex()),
  VMOVDQU16(of(RM, PF2, M0F, 0x6F, FULL_MEMORY).evex().w1(),
      of(MR, PF2, M0F, 0x7F, FULL_MEMORY).evex().w1()),
  VMOVDQU32(of(RM, PF3, M0F, 0x6F, FULL_MEMORY).evex(), of(MR, PF3, M0F, 0x7F, FULL_MEMORY).evex()),
  VMOVDQU64(of(RM, PF3, M0F, 0x6F, FULL_MEMORY).evex().w1(),
      of(MR, PF3, M0F, 0x7F, FULL_MEMORY).evex().w1()),
  VMASKMOVPS(of(RVM, P66, M0F38, 0x2C, FULL_MEMORY).vex().with(V, V, M),
      of(MVR, P66, M0F38, 0x2E, FULL_MEMORY).vex()),
  VMOVD(of(RM, P66, M0F, 0x6E, SCALAR).with(V, R_M), of(MR, P66, M0F, 0x7E, SCALAR).with(R_M, V)),
  VMOVQ(of(RM, PF3, M0F, 0x7E, SCALAR).vex().with(V, M), of(MR, P66, M0F, 0xD6, SCALAR).vex().with(M, V),
      of(RM, P66, M0F, 0x6E, SCALAR).w(1, 1).with(V, R_M),
      of(MR, P66, M0F, 0x7E, SCALAR).w(1, 1).with(R_M, V)),
  VMOVSS(of(RM, PF3, M0F, 0x10, SCALAR).with(V, M), of(MR, PF3, M0F, 0x11, SCALAR).with(M, V),
      of(RVM, PF3, M0F, 0x10, SCALAR).with(V, V, V)),
  VMOVSD(of(RM, PF2, M0F, 0x10, SCALAR).w1().with(V, M), of(MR, PF2, M0F, 0x11, SCALAR).w1().with(M, V),
      of(RVM, PF2, M0F, 0x10, SCALAR).w1().with(V, V, V)),
  VMOVMSKPS(of(RM, NP, M0F, 0x50, SCALAR).vex().with(R, V)),
  VBROADCASTSS(of(RM, P66, M0F38, 0x18, SCALAR)),
  VBROADCASTSD(of(RM, P66, M0F38, 0x19, SCALAR).w1()),
  VBROADCASTF32X4(of(RM, P66, M0F38, 0x1A, BYTES16).evex().with(V, M)),
  VPBROADCASTD(of(RM, P66, M0F38, 0x58, SCALAR), of(RM, P66, M0F38, 0x7C, SCALAR).evex().with(V, R)),
  VPBROADCASTQ(of(RM, P66, M0F38, 0x59, SCALAR).w1(),
      of(RM, P66, M0F38, 0x7C, SCALAR).evex().w1().with(V, R)),
  VGATHERDPS(of(RMV, P66, M0F38, 0x92, SCALAR).vex().with(V, GATHERED, V),
      of(RM, P66, M0F38, 0x92, SCALAR).evex().with(V, GATHERED)),
  VPGATHERDD(of(RMV, P66, M0F38, 0x90, SCALAR).vex().with(V, GATHERED, V),
      of(RM, P66, M0F38, 0x90, SCALAR).evex().with(V, GATHERED)),
  VSCATTERDPS(of(MR, P66, M0F38, 0xA2, SCALAR).evex().with(GATHERED, V)),

  // f32 arithmetic
  VADDPS(of(RVM, NP, M0F, 0x58, FULL)), VMULPS(of(RVM, NP, M0F, 0x59, FULL)),
  VSUBPS(of(RVM, NP, M0F, 0x5C, FULL)), VMINPS(of(RVM, NP, M0F, 0x5D, FULL)),
  VDIVPS(of(RVM, NP, M0F, 0x5E, FULL)), VMAXPS(of(RVM, NP, M0F, 0x5F, FULL)),
  VSQRTPS(of(RM, NP, M0F, 0x51, FULL)),
  VFMADD132PS(of(RVM, P66, M0F38, 0x98, FULL)), VFMADD213PS(of(RVM, P66, M0F38, 0xA8, FULL)),
  VFMADD231PS(of(RVM, P66, M0F38, 0xB8, FULL)), VFMSUB132PS(of(RVM, P66, M0F38, 0x9A, FULL)),
  VFMSUB213PS(of(RVM, P66, M0F38, 0xAA, FULL)), VFMSUB231PS(of(RVM, P66, M0F38, 0xBA, FULL)),
  VFNMADD132PS(of(RVM, P66, M0F38, 0x9C, FULL)), VFNMADD213PS(of(RVM, P66, M0F38, 0xAC, FULL)),
  VFNMADD231PS(of(RVM, P66, M0F38, 0xBC, FULL)),
  VADDSS(of(RVM, PF3, M0F, 0x58, SCALAR)), VMULSS(of(RVM, PF3, M0F, 0x59, SCALAR)),
  VSUBSS(of(RVM, PF3, M0F, 0x5C, SCALAR)), VMINSS(of(RVM, PF3, M0F, 0x5D, SCALAR)),
  VDIVSS(of(RVM, PF3, M0F, 0x5E, SCALAR)), VMAXSS(of(RVM, PF3, M0F, 0x5F, SCALAR)),
  VSQRTSS(of(RVM, PF3, M0F, 0x51, SCALAR)), VFMADD213SS(of(RVM, P66, M0F38, 0xA9, SCALAR)),
  VFMADD231SS(of(RVM, P66, M0F38, 0xB9, SCALAR)),

  // f64 arithmetic
  VADDPD(of(RVM, P66, M0F, 0x58, FULL).w1()), VMULPD(of(RVM, P66, M0F, 0x59, FULL).w1()),
  VSUBPD(of(RVM, P66, M0F, 0x5C, FULL).w1()), VMINPD(of(RVM, P66, M0F, 0x5D, FULL).w1()),
  VDIVPD(of(RVM, P66, M0F, 0x5E, FULL).w1()), VMAXPD(of(RVM, P66, M0F, 0x5F, FULL).w1()),
  VSQRTPD(of(RM, P66, M0F, 0x51, FULL).w1()),
  VFMADD213PD(of(RVM, P66, M0F38, 0xA8, FULL).w(1, 1)), VFMADD231PD(of(RVM, P66, M0F38, 0xB8, FULL).w(1, 1)),

  // bits of floats
  VANDPS(of(RVM, NP, M0F, 0x54, FULL)), VANDNPS(of(RVM, NP, M0F, 0x55, FULL)),
  VORPS(of(RVM, NP, M0F, 0x56, FULL)), VXORPS(of(RVM, NP, M0F, 0x57, FULL)),
  VSCALEFPS(of(RVM, P66, M0F38, 0x2C, FULL).evex()), VGETEXPPS(of(RM, P66, M0F38, 0x42, FULL).evex()),
  VGETMANTPS(of(RM, P66, M0F3A, 0x26, FULL).evex().imm()),
  VRCP14PS(of(RM, P66, M0F38, 0x4C, FULL).evex()), VRSQRT14PS(of(RM, P66, M0F38, 0x4E, FULL).evex()),

  // comparing and choosing
  VCMPPS(of(RVM, NP, M0F, 0xC2, FULL).vex().imm(), of(RVM, NP, M0F, 0xC2, FULL).evex().with(K, V, V_M, I)),
  VPCMPD(of(RVM, P66, M0F3A, 0x1F, FULL).evex().with(K, V, V_M, I)),
  VPCMPUD(of(RVM, P66, M0F3A, 0x1E, FULL).evex().with(K, V, V_M, I)),
  VPCMPGTD(of(RVM, P66, M0F, 0x66, FULL).vex(), of(RVM, P66, M0F, 0x66, FULL).evex().with(K, V, V_M)),
  VPCMPEQD(of(RVM, P66, M0F, 0x76, FULL).vex(), of(RVM, P66, M0F, 0x76, FULL).evex().with(K, V, V_M)),
  VPTESTMD(of(RVM, P66, M0F38, 0x27, FULL).evex().with(K, V, V_M)),
  VPTESTNMD(of(RVM, PF3, M0F38, 0x27, FULL).evex().with(K, V, V_M)),
  VFPCLASSPS(of(RM, P66, M0F3A, 0x66, FULL).evex().with(K, V_M, I)),
  VPMOVM2D(of(RM, PF3, M0F38, 0x38, FULL).evex().with(V, K)),
  VPMOVD2M(of(RM, PF3, M0F38, 0x39, FULL).evex().with(K, V)),
  VBLENDVPS(of(RVMR, P66, M0F3A, 0x4A, FULL).vex()), VBLENDPS(of(RVM, P66, M0F3A, 0x0C, FULL).vex().imm()),
  VBLENDMPS(of(RVM, P66, M0F38, 0x65, FULL).evex()), VPBLENDMD(of(RVM, P66, M0F38, 0x64, FULL).evex()),

  // integers
  VPADDD(of(RVM, P66, M0F, 0xFE, FULL)), VPSUBD(of(RVM, P66, M0F, 0xFA, FULL)),
  VPMULLD(of(RVM, P66, M0F38, 0x40, FULL)), VPMULUDQ(of(RVM, P66, M0F, 0xF4, FULL).w1()),
  VPADDQ(of(RVM, P66, M0F, 0xD4, FULL).w1()), VPSUBQ(of(RVM, P66, M0F, 0xFB, FULL).w1()),
  VPMINSD(of(RVM, P66, M0F38, 0x39, FULL)), VPMAXSD(of(RVM, P66, M0F38, 0x3D, FULL)),
  VPMINUD(of(RVM, P66, M0F38, 0x3B, FULL)), VPMAXUD(of(RVM, P66, M0F38, 0x3F, FULL)),
  VPABSD(of(RM, P66, M0F38, 0x1E, FULL)),
  VPAND(of(RVM, P66, M0F, 0xDB, FULL).vex()), VPANDN(of(RVM, P66, M0F, 0xDF, FULL).vex()),
  VPOR(of(RVM, P66, M0F, 0xEB, FULL).vex()), VPXOR(of(RVM, P66, M0F, 0xEF, FULL).vex()),
  VPANDD(of(RVM, P66, M0F, 0xDB, FULL).evex()), VPANDND(of(RVM, P66, M0F, 0xDF, FULL).evex()),
  VPORD(of(RVM, P66, M0F, 0xEB, FULL).evex()), VPXORD(of(RVM, P66, M0F, 0xEF, FULL).evex()),
  VPTERNLOGD(of(RVM, P66, M0F3A, 0x25, FULL).evex().imm()),
  VPSLLD(of(RVM, P66, M0F, 0xF2, BYTES16), of(VM, P66, M0F, 0x72, FULL).vex().digit(6).with(V, V, I),
      of(VM, P66, M0F, 0x72, FULL).evex().digit(6).imm()),
  VPSRLD(of(RVM, P66, M0F, 0xD2, BYTES16), of(VM, P66, M0F, 0x72, FULL).vex().digit(2).with(V, V, I),
      of(VM, P66, M0F, 0x72, FULL).evex().digit(2).imm()),
  VPSRAD(of(RVM, P66, M0F, 0xE2, BYTES16), of(VM, P66, M0F, 0x72, FULL).vex().digit(4).with(V, V, I),
      of(VM, P66, M0F, 0x72, FULL).evex().digit(4).imm()),
  VPSRLQ(of(RVM, P66, M0F, 0xD3, BYTES16).w1(), of(VM, P66, M0F, 0x73, FULL).vex().digit(2).with(V, V, I),
      of(VM, P66, M0F, 0x73, FULL).evex().w1().digit(2).imm()),
  VPSLLQ(of(RVM, P66, M0F, 0xF3, BYTES16).w1(), of(VM, P66, M0F, 0x73, FULL).vex().digit(6).with(V, V, I),
      of(VM, P66, M0F, 0x73, FULL).evex().w1().digit(6).imm()),
  VPROLD(of(VM, P66, M0F, 0x72, FULL).evex().digit(1).imm()),
  VPSLLVD(of(RVM, P66, M0F38, 0x47, FULL)), VPSRLVD(of(RVM, P66, M0F38, 0x45, FULL)),
  VPSRAVD(of(RVM, P66, M0F38, 0x46, FULL)), VPDPBUSD(of(RVM, P66, M0F38, 0x50, FULL).evex()),

  // conversions (those to a narrower type from registers only: the width of memory would be ambiguous)
  VCVTDQ2PS(of(RM, NP, M0F, 0x5B, FULL)), VCVTPS2DQ(of(RM, P66, M0F, 0x5B, FULL)),
  VCVTTPS2DQ(of(RM, PF3, M0F, 0x5B, FULL)), VCVTUDQ2PS(of(RM, PF2, M0F, 0x7A, FULL).evex()),
  VCVTPS2PD(of(RM, NP, M0F, 0x5A, HALF)), VCVTPD2PS(of(RM, P66, M0F, 0x5A, FULL).w1().with(V, V)),
  VCVTPH2PS(of(RM, P66, M0F38, 0x13, HALF_MEMORY)), VCVTPS2PH(of(MR, P66, M0F3A, 0x1D, HALF_MEMORY).imm()),
  VCVTNEPS2BF16(of(RM, PF3, M0F38, 0x72, FULL).evex().with(V, V)),
  VDPBF16PS(of(RVM, PF3, M0F38, 0x52, FULL).evex()),
  VROUNDPS(of(RM, P66, M0F3A, 0x08, FULL).vex().imm()),
  VRANGEPS(of(RVM, P66, M0F3A, 0x50, FULL).evex().imm()),
  VRNDSCALEPS(of(RM, P66, M0F3A, 0x08, FULL).evex().imm()),
  VPMOVZXWD(of(RM, P66, M0F38, 0x33, HALF_MEMORY)), VPMOVSXWD(of(RM, P66, M0F38, 0x23, HALF_MEMORY)),
  VPMOVZXBD(of(RM, P66, M0F38, 0x31, QUARTER_MEMORY)), VPMOVSXBD(of(RM, P66, M0F38, 0x21, QUARTER_MEMORY)),
  VPMOVZXDQ(of(RM, P66, M0F38, 0x35, HALF_MEMORY)),
  VPMOVDW(of(MR, PF3, M0F38, 0x33, HALF_MEMORY).evex()),
  VPMOVDB(of(MR, PF3, M0F38, 0x31, QUARTER_MEMORY).evex()),
  VPMOVSDB(of(MR, PF3, M0F38, 0x21, QUARTER_MEMORY).evex()), VPACKUSDW(of(RVM, P66, M0F38, 0x2B, FULL)),
  VPACKSSDW(of(RVM, P66, M0F, 0x6B, FULL)),

  // moving lanes
  VEXTRACTF128(of(MR, P66, M0F3A, 0x19, BYTES16).vex().imm()),
  VINSERTF128(of(RVM, P66, M0F3A, 0x18, BYTES16).vex().imm()),
  VEXTRACTF32X4(of(MR, P66, M0F3A, 0x19, BYTES16).evex().imm()),
  VEXTRACTF64X4(of(MR, P66, M0F3A, 0x1B, BYTES32).evex().w1().imm()),
  VINSERTF32X4(of(RVM, P66, M0F3A, 0x18, BYTES16).evex().imm()),
  VINSERTF64X4(of(RVM, P66, M0F3A, 0x1A, BYTES32).evex().w1().imm()),
  VSHUFF32X4(of(RVM, P66, M0F3A, 0x23, FULL).evex().imm()),
  VPERM2F128(of(RVM, P66, M0F3A, 0x06, FULL).vex().imm()),
  VSHUFPS(of(RVM, NP, M0F, 0xC6, FULL).imm()), VPSHUFD(of(RM, P66, M0F, 0x70, FULL).imm()),
  VPERMILPS(of(RM, P66, M0F3A, 0x04, FULL).imm(), of(RVM, P66, M0F38, 0x0C, FULL)),
  VPSHUFB(of(RVM, P66, M0F38, 0x00, FULL_MEMORY)),
  VUNPCKLPS(of(RVM, NP, M0F, 0x14, FULL)), VUNPCKHPS(of(RVM, NP, M0F, 0x15, FULL)),
  VUNPCKLPD(of(RVM, P66, M0F, 0x14, FULL).w1()), VUNPCKHPD(of(RVM, P66, M0F, 0x15, FULL).w1()),
  VMOVSHDUP(of(RM, PF3, M0F, 0x16, FULL_MEMORY)), VMOVSLDUP(of(RM, PF3, M0F, 0x12, FULL_MEMORY)),
  VMOVHLPS(of(RVM, NP, M0F, 0x12, FULL).with(V, V, V)),
  VPERMPS(of(RVM, P66, M0F38, 0x16, FULL)), VPERMD(of(RVM, P66, M0F38, 0x36, FULL)),
  VPERMQ(of(RM, P66, M0F3A, 0x00, FULL).w(1, 1).imm()),
  VPERMI2PS(of(RVM, P66, M0F38, 0x77, FULL).evex()), VPERMT2PS(of(RVM, P66, M0F38, 0x7F, FULL).evex()),
  VALIGND(of(RVM, P66, M0F3A, 0x03, FULL).evex().imm()),

  // mask registers, 16 bits (w) and 32 bits (d)
  KMOVW(of(RM, NP, M0F, 0x90, SCALAR).vex().with(K, K_M), of(MR, NP, M0F, 0x91, SCALAR).vex().with(M, K),
      of(RM, NP, M0F, 0x92, SCALAR).vex().with(K, R), of(RM, NP, M0F, 0x93, SCALAR).vex().with(R, K)),
  KMOVD(of(RM, P66, M0F, 0x90, SCALAR).vex().w(1, 0).with(K, K_M),
      of(MR, P66, M0F, 0x91, SCALAR).vex().w(1, 0).with(M, K),
      of(RM, PF2, M0F, 0x92, SCALAR).vex().with(K, R), of(RM, PF2, M0F, 0x93, SCALAR).vex().with(R, K)),
  KANDW(of(RVM, NP, M0F, 0x41, SCALAR).vex().length(1).with(K, K, K)),
  KANDNW(of(RVM, NP, M0F, 0x42, SCALAR).vex().length(1).with(K, K, K)),
  KORW(of(RVM, NP, M0F, 0x45, SCALAR).vex().length(1).with(K, K, K)),
  KXNORW(of(RVM, NP, M0F, 0x46, SCALAR).vex().length(1).with(K, K, K)),
  KXORW(of(RVM, NP, M0F, 0x47, SCALAR).vex().length(1).with(K, K, K)),
  KNOTW(of(RM, NP, M0F, 0x44, SCALAR).vex().with(K, K)),
  KORTESTW(of(RM, NP, M0F, 0x98, SCALAR).vex().with(K, K)),
  KSHIFTLW(of(RM, P66, M0F3A, 0x32, SCALAR).vex().w(1, 0).with(K, K, I)),
  KSHIFTRW(of(RM, P66, M0F3A, 0x30, SCALAR).vex().w(1, 0).with(K, K, I)),

  // general registers, 32 bits: keeping the lowest bits (the mask of a tail) and shifting by a register
  BZHI(of(RMV, NP, M0F38, 0xF5, SCALAR).vex().with(R, R_M, R)),
  SHLX(of(RMV, P66, M0F38, 0xF7, SCALAR).vex().with(R, R_M, R)),

  VZEROUPPER;

  private final List<Encoding> encodings;

  Instruction(Encoding... encodings) {
    this.encodings = List.of(encodings);
  }

  List<Encoding> encodings() {
    return encodings;
  }
}
