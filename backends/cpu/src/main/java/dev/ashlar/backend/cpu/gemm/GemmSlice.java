package dev.ashlar.backend.cpu.gemm;

import java.lang.foreign.MemorySegment;

/** One thread's part of a matrix product. Running it allocates nothing. */
public sealed interface GemmSlice permits TiledSlice, ArraySlice {

  /** Says where the matrices are. Offsets of {@link #run} count from here. */
  void bind(MemorySegment a, MemorySegment b, MemorySegment c);

  /** Computes this slice. Offsets of the first elements are in elements. */
  void run(long aOffset, long bOffset, long cOffset);
}
