package dev.ashlar.backend.cpu.x86;

/** What a processor may be able to do, and where CPUID says so. */
public enum CpuFeature {
  AVX(1, 0, CpuFeature.ECX, 28, CpuFeature.YMM),
  FMA(1, 0, CpuFeature.ECX, 12, CpuFeature.YMM),
  F16C(1, 0, CpuFeature.ECX, 29, CpuFeature.YMM),
  AVX2(7, 0, CpuFeature.EBX, 5, CpuFeature.YMM),
  BMI2(7, 0, CpuFeature.EBX, 8, 0),
  AVX512F(7, 0, CpuFeature.EBX, 16, CpuFeature.ZMM),
  AVX512DQ(7, 0, CpuFeature.EBX, 17, CpuFeature.ZMM),
  AVX512BW(7, 0, CpuFeature.EBX, 30, CpuFeature.ZMM),
  AVX512VL(7, 0, CpuFeature.EBX, 31, CpuFeature.ZMM),
  AVX512_VNNI(7, 0, CpuFeature.ECX, 11, CpuFeature.ZMM),
  AVX512_FP16(7, 0, CpuFeature.EDX, 23, CpuFeature.ZMM),
  AVX512_BF16(7, 1, CpuFeature.EAX, 5, CpuFeature.ZMM);

  private static final int EAX = 0;
  private static final int EBX = 1;
  private static final int ECX = 2;
  private static final int EDX = 3;
  /** Register state that the system must save (XCR0): xmm and ymm; then masks and zmm too. */
  private static final int YMM = 0b110;
  private static final int ZMM = 0b1110_0110;

  final int leaf;
  final int subleaf;
  final int register;
  final int bit;
  final int state;

  CpuFeature(int leaf, int subleaf, int register, int bit, int state) {
    this.leaf = leaf;
    this.subleaf = subleaf;
    this.register = register;
    this.bit = bit;
    this.state = state;
  }
}
