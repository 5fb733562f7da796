package dev.ashlar.backend.cpu.gemm;

import dev.ashlar.backend.cpu.gemm.Gemm.Range;
import java.lang.foreign.SegmentAllocator;

/**
 * Products by loops over Java arrays, which C2 turns into vector code by itself where there is neither
 * machine code nor the Vector API.
 */
public final class ArrayLoops implements Multiplier {

  private static final Tile TILE = new Tile(ArraySlice.ROWS, 4, 0, 8, 0, 0, 0, 1, true);

  private final ThreadLocal<ArraySlice.Panel> panels = ThreadLocal.withInitial(ArraySlice.Panel::new);

  @Override
  public Tile tile() {
    return TILE;
  }

  @Override
  public GemmSlice slice(GemmSpec spec, Range rows, Range columns, SegmentAllocator allocator) {
    return new ArraySlice(spec, rows, columns, panels);
  }
}
