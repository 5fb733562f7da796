package dev.ashlar.backend.cpu.gemm;

import dev.ashlar.backend.cpu.gemm.Gemm.Range;
import dev.ashlar.backend.cpu.kernel.Type;
import java.util.ArrayList;
import java.util.List;

/**
 * How one slice is computed; from the shape alone.
 *
 * @param dots whether a few rows go through B without tiles or packing
 * @param packsB whether B is copied panel by panel
 * @param packsA whether A is copied tile by tile
 * @param height rows of a tile
 * @param vectors vectors of columns of a panel
 * @param depthBlock steps in k between which C is stored
 */
record GemmPlan(boolean dots, boolean packsB, boolean packsA, int height, int vectors, int depthBlock) {

  /** So many rows of C make packing B worthwhile where its rows are contiguous. */
  private static final int PACK_ROWS = 24;
  /** A whose columns are contiguous is packed if its tiles are used for so many panels of so much depth. */
  private static final int PACK_A_PANELS = 6;
  private static final int PACK_A_DEPTH = 192;
  /** Widest panel where few rows leave registers for more columns. */
  private static final int WIDEST = 8;

  static GemmPlan of(GemmSpec spec, Tile tile, Range rows, Range columns) {
    boolean dots = rows.size() <= tile.dots() && spec.a().column() == 1 && spec.b().row() == 1
        && spec.b().column() != 1 && (long) spec.k() * spec.n() * Float.BYTES >= tile.dotsFrom();
    if (dots) {
      return new GemmPlan(true, false, false, rows.size(), 1, spec.k());
    }
    boolean packsB = spec.b().column() != 1 || rows.size() > PACK_ROWS;
    int height = Math.min(tile.height(), rows.size());
    int vectors = packsB ? tile.vectors()
        : Math.clamp((long) tile.height() * tile.vectors() / height, 1, WIDEST);
    int panels = columns.size() / (vectors * Type.LANES);
    boolean packsA = spec.a().row() == 1 && spec.a().column() != 1 && packsB
        && (tile.byCompiler() || panels >= PACK_A_PANELS && spec.k() >= PACK_A_DEPTH);
    return new GemmPlan(false, packsB, packsA, height, vectors, depthBlock(spec.k(), packsB, tile.depth()));
  }

  /** Blocks of nearly equal depth; a third more than the tile's in one block is better than two. */
  static int depthBlock(int k, boolean packsB, int depth) {
    if (!packsB || k <= depth + depth / 3) {
      return k;
    }
    int blocks = Math.ceilDiv(k, depth);
    return Math.ceilDiv(Math.ceilDiv(k, blocks), Type.LANES) * Type.LANES;
  }

  /** What kernels of the tiles of a panel may rely on. */
  GemmKernels.Layout layout(GemmSpec spec, Tile tile, int panelVectors) {
    // Other strides change from product to product, and each would need its own kernel.
    return new GemmKernels.Layout(packsA || spec.a().row() == 1 ? 1 : 0,
        packsA ? height : spec.a().column() == 1 ? 1 : 0, packsB ? (long) panelVectors * Type.LANES : 0,
        GemmKernels.Layout.Scattered.NOTHING, packsB ? tile.unroll() : 1);
  }

  /**
   * The tiles below each other: of nearly equal heights, or all of one height but the last where A is
   * packed.
   */
  List<Range> tiles(int rows) {
    if (!packsA) {
      return Gemm.balanced(rows, height);
    }
    var tiles = new ArrayList<Range>();
    for (int start = 0; start < rows; start += height) {
      tiles.add(new Range(start, Math.min(height, rows - start)));
    }
    return tiles;
  }
}
