package dev.ashlar.backend.cpu.gemm;

import dev.ashlar.backend.cpu.gemm.Gemm.Range;
import dev.ashlar.backend.cpu.kernel.Element;
import dev.ashlar.backend.cpu.kernel.Type;
import java.util.ArrayList;
import java.util.List;

/**
 * How one slice is computed; from the shape alone.
 *
 * @param method how B is gone through
 * @param packsB whether B is copied panel by panel
 * @param left how A is read
 * @param height rows of a tile
 * @param vectors vectors of columns of a panel
 * @param depthBlock steps in k between which C is stored
 */
record GemmPlan(Method method, boolean packsB, Left left, int height, int vectors, int depthBlock) {

  /** How B is gone through. */
  enum Method {
    /** In panels, tile by tile of C. */
    TILES,
    /** A few rows of A, columns of B where they lie. */
    DOTS,
    /** A few rows of A, rows of B from end to end: memory likes that best. */
    STREAMS
  }

  /** How A is read. */
  enum Left {
    /** Where it lies. */
    IN_PLACE,
    /** Copied, its rows side by side: parts of wider rows, such as attention's heads, share few sets of a cache. */
    ROWS,
    /** Copied tile by tile. */
    TILES
  }

  /** So many rows of C make packing B worthwhile where its rows are contiguous. */
  private static final int PACK_ROWS = 24;
  /** A whose columns are contiguous is packed if its tiles are used for so many panels of so much depth. */
  private static final int PACK_A_PANELS = 6;
  private static final int PACK_A_DEPTH = 192;
  /** Longest rows of A that are copied side by side. */
  private static final int MAX_ROW = 8 * Type.LANES;
  /** Widest panel where few rows leave registers for more columns. */
  private static final int WIDEST = 8;

  static GemmPlan of(GemmSpec spec, Tile tile, Range rows, Range columns) {
    boolean dots = rows.size() <= tile.dots() && spec.a().column() == 1 && spec.b().row() == 1
        && spec.b().column() != 1;
    if (dots) {
      return new GemmPlan(Method.DOTS, false, Left.IN_PLACE, rows.size(), 1, spec.k());
    }
    long bytes = (long) spec.k() * spec.n() * spec.b().element().bytes();
    if (rows.size() <= tile.streams() && spec.b().column() == 1 && bytes >= tile.streamsFrom()) {
      return new GemmPlan(Method.STREAMS, false, Left.IN_PLACE, rows.size(), 1, spec.k());
    }
    boolean packsB = spec.b().column() != 1 || rows.size() > PACK_ROWS;
    int height = Math.min(tile.height(), rows.size());
    int vectors = packsB ? tile.vectors()
        : Math.clamp((long) tile.height() * tile.vectors() / height, 1, WIDEST);
    int panels = columns.size() / (vectors * Type.LANES);
    var left = packsB ? left(spec, tile, panels) : Left.IN_PLACE;
    return new GemmPlan(Method.TILES, packsB, left, height, vectors, depthBlock(spec.k(), packsB, tile.depth()));
  }

  private static Left left(GemmSpec spec, Tile tile, int panels) {
    boolean isTransposed = spec.a().row() == 1 && spec.a().column() != 1;
    if (isTransposed && (tile.byCompiler() || panels >= PACK_A_PANELS && spec.k() >= PACK_A_DEPTH)) {
      return Left.TILES;
    }
    boolean isPartOfRows = spec.a().column() == 1 && (spec.a().row() > spec.k() || spec.a().isNarrow());
    return isPartOfRows && panels > 1 && spec.k() <= Math.min(MAX_ROW, tile.depth()) ? Left.ROWS : Left.IN_PLACE;
  }

  boolean dots() {
    return method == Method.DOTS;
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
    boolean inTiles = left == Left.TILES;
    return new GemmKernels.Layout(inTiles || spec.a().row() == 1 ? 1 : 0,
        inTiles ? height : spec.a().column() == 1 ? 1 : 0, packsB ? (long) panelVectors * Type.LANES : 0,
        GemmKernels.Layout.Scattered.NOTHING, packsB ? tile.unroll() : 1,
        left == Left.IN_PLACE ? spec.a().element() : Element.F32, packsB ? Element.F32 : spec.b().element());
  }

  /**
   * The tiles below each other: of nearly equal heights, or all of one height but the last where A is
   * copied tile by tile.
   */
  List<Range> tiles(int rows) {
    if (left != Left.TILES) {
      return Gemm.balanced(rows, height);
    }
    var tiles = new ArrayList<Range>();
    for (int start = 0; start < rows; start += height) {
      tiles.add(new Range(start, Math.min(height, rows - start)));
    }
    return tiles;
  }
}
