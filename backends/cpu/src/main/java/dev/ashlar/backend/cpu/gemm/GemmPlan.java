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
 * @param rowBlock tiles below each other that all panels of B are multiplied with before the next ones
 */
record GemmPlan(boolean dots, boolean packsB, boolean packsA, int height, int vectors, int depthBlock,
    int rowBlock) {

  /** So many rows of C make packing B worthwhile where its rows are contiguous. */
  private static final int PACK_ROWS = 24;
  /** A whose columns are contiguous is packed if its tiles are used for so many panels of so much depth. */
  private static final int PACK_A_PANELS = 6;
  private static final int PACK_A_DEPTH = 192;
  /** Widest panel where few rows leave registers for more columns. */
  private static final int WIDEST = 8;

  static GemmPlan of(GemmSpec spec, Tile tile, Range rows, Range columns) {
    boolean dots = rows.size() <= tile.dots() && spec.a().column() == 1 && spec.b().row() == 1
        && spec.b().column() != 1;
    if (dots) {
      return new GemmPlan(true, false, false, rows.size(), 1, spec.k(), 1);
    }
    boolean packsB = spec.b().column() != 1 || rows.size() > PACK_ROWS;
    int height = Math.min(tile.height(), rows.size());
    int vectors = packsB ? tile.vectors()
        : Math.clamp((long) tile.height() * tile.vectors() / height, 1, WIDEST);
    int panels = columns.size() / (vectors * Type.LANES);
    boolean packsA = spec.a().row() == 1 && spec.a().column() != 1 && packsB && panels >= PACK_A_PANELS
        && spec.k() >= PACK_A_DEPTH;
    return new GemmPlan(false, packsB, packsA, height, vectors, depthBlock(spec.k(), packsB, tile.depth()),
        packsB ? tile.rows() / height : Integer.MAX_VALUE);
  }

  private static int depthBlock(int k, boolean packsB, int depth) {
    if (!packsB || k <= depth + depth / 3) {
      return k;
    }
    int blocks = (k + depth - 1) / depth;
    return ((k + blocks - 1) / blocks + Type.LANES - 1) / Type.LANES * Type.LANES;
  }

  /** The columns of C that share a column of tiles; of nearly equal numbers of vectors. */
  List<Range> panels(int columns) {
    if (dots) {
      return List.of(new Range(0, columns));
    }
    return Gemm.balanced(Math.ceilDiv(columns, Type.LANES), vectors).stream()
        .map(part -> new Range(part.start() * Type.LANES,
            Math.min(columns - part.start() * Type.LANES, part.size() * Type.LANES)))
        .toList();
  }

  /** The tiles below each other, in blocks of rows. */
  List<List<Range>> blocks(int rows) {
    var tiles = tiles(rows);
    return Gemm.balanced(tiles.size(), rowBlock).stream()
        .map(block -> tiles.subList(block.start(), block.start() + block.size())).toList();
  }

  /** Of nearly equal heights, or all of one height but the last where A is packed. */
  private List<Range> tiles(int rows) {
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
