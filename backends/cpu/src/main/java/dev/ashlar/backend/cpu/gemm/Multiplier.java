package dev.ashlar.backend.cpu.gemm;

import dev.ashlar.backend.cpu.gemm.Gemm.Range;
import java.lang.foreign.SegmentAllocator;

/** How matrix products are computed: by generated kernels, or by loops over Java arrays. Thread-safe. */
public sealed interface Multiplier permits Routines, ArrayLoops {

  /** What parts of a product are cut in multiples of. */
  Tile tile();

  /**
   * A part of a product.
   *
   * @param rows of A and C
   * @param columns of B and C
   * @param allocator for argument blocks and working memory, 64-byte aligned
   */
  GemmSlice slice(GemmSpec spec, Range rows, Range columns, SegmentAllocator allocator);
}
