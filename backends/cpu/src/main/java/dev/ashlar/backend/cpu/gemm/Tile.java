package dev.ashlar.backend.cpu.gemm;

/**
 * The largest tile of C in registers.
 *
 * @param height rows
 * @param vectors vectors of 16 columns
 * @param dots so many rows are multiplied with a transposed B without packing it
 */
public record Tile(int height, int vectors, int dots) {

  /** 24 of 32 registers: AVX-512. */
  public static final Tile AVX512 = new Tile(8, 3, 8);
  /** 12 of 16 registers of half the width: AVX2. */
  public static final Tile AVX2 = new Tile(6, 1, 0);
}
