package dev.ashlar.backend.cpu.gemm;

/**
 * The largest tile of C in registers.
 *
 * @param height rows
 * @param vectors vectors of 16 columns
 * @param dots so many rows are multiplied with a transposed B without packing it
 * @param group columns of a block of a transposed B that are in registers together
 * @param streams so many rows are multiplied with a plain B row by row, if B is so large
 * @param streamsFrom bytes of B: it is in no near cache then
 * @param depth about so many steps in k of a panel of B stay in a near cache while rows of A pass by
 * @param unroll steps in k that a kernel does one after the other where it knows the strides
 * @param byCompiler whether C2 compiles the kernels: then all of A whose rows are not contiguous is packed, and
 *     elements that change places are copied one by one
 */
public record Tile(int height, int vectors, int dots, int group, int streams, long streamsFrom, int depth, int unroll,
    boolean byCompiler) {

  /** 24 of 32 registers: AVX-512. */
  public static final Tile AVX512 = new Tile(8, 3, 8, 8, 8, 256 << 10, 384, 1, false);
  /** 12 of 16 registers of half the width: AVX2. They hold a quarter of a block for dots, and one row's sums. */
  public static final Tile AVX2 = new Tile(6, 1, 1, 4, 8, 256 << 10, 1024, 4, false);
  /** As {@link #AVX512}, by the Vector API. */
  public static final Tile VECTOR_512 = new Tile(8, 3, 0, 8, 0, 0, 384, 1, true);
  /** As {@link #AVX2}, by the Vector API. */
  public static final Tile VECTOR_256 = new Tile(6, 1, 0, 8, 0, 0, 1024, 1, true);
}
