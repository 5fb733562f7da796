package dev.ashlar.backend.cpu.x86;

import java.util.EnumSet;
import java.util.Set;

/**
 * The processor at hand. A feature counts only if the operating system saves the registers it needs.
 *
 * @param name what the processor calls itself
 * @param features what it can do
 * @param level1 bytes of the first data cache, 0 if unknown
 * @param level2 bytes of the second cache, 0 if unknown
 * @param level3 bytes of the third cache, 0 if there is none or it is unknown
 */
public record CpuFeatures(String name, Set<CpuFeature> features, long level1, long level2, long level3) {
  private static final Set<CpuFeature> AVX2_LEVEL =
      EnumSet.of(CpuFeature.AVX2, CpuFeature.FMA, CpuFeature.F16C, CpuFeature.BMI2);
  private static final Set<CpuFeature> AVX512_LEVEL = EnumSet.of(
      CpuFeature.AVX512F, CpuFeature.AVX512DQ, CpuFeature.AVX512BW, CpuFeature.AVX512VL);

  public CpuFeatures {
    features = Set.copyOf(features);
  }

  public boolean has(CpuFeature feature) {
    return features.contains(feature);
  }

  /** AVX2 with what came along with it: fused multiply-add, half-precision conversion, BMI2. */
  public boolean hasAvx2() {
    return features.containsAll(AVX2_LEVEL);
  }

  /** AVX-512 as all its users rely on: F, DQ, BW and VL, and AVX2's companions. */
  public boolean hasAvx512() {
    return hasAvx2() && features.containsAll(AVX512_LEVEL);
  }
}
