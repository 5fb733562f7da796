package dev.ashlar.backend.cpu.gemm;

import dev.ashlar.backend.cpu.kernel.Access;
import dev.ashlar.backend.cpu.kernel.Element;
import dev.ashlar.backend.cpu.kernel.Expr;
import dev.ashlar.backend.cpu.kernel.Kernel;
import dev.ashlar.backend.cpu.kernel.KernelBuilder;
import dev.ashlar.backend.cpu.kernel.Local;
import dev.ashlar.backend.cpu.kernel.Memory;
import dev.ashlar.backend.cpu.kernel.Type;
import org.jspecify.annotations.Nullable;

/** The kernel of a matrix product: tiles in registers. {@link GemmPacking} prepares their operands. */
final class GemmKernels {

  private static final Access CONTIGUOUS = new Access.Contiguous();
  private static final int LANES = Type.LANES;

  private GemmKernels() {}

  /** Parameters of {@link #tiles}, in order. */
  enum TileParameter { A, B, C, A_OFFSET, A_ROW, A_COLUMN, B_OFFSET, B_ROW, C_OFFSET, C_ROW, TILES, DEPTH,
    COLUMNS, ACCUMULATE, A_TILE }

  /** The parameters of a kernel that multiplies. */
  record Product(KernelBuilder b, Memory a, Memory right, Memory c, Local aOffset, Local aRow,
      Local aColumn, Local bOffset, Local bRow, Local cOffset, Local cRow, Local tiles, Local depth,
      Local columns, Local accumulate, Local aTile) {
    Product(KernelBuilder b, Element left, Element right) {
      this(b, b.buffer("a", left), b.buffer("b", right), b.buffer("c", Element.F32),
          b.index("a_offset"), b.index("a_row"), b.index("a_column"), b.index("b_offset"), b.index("b_row"),
          b.index("c_offset"), b.index("c_row"), b.index("tiles"), b.index("depth"), b.index("columns"),
          b.index("accumulate"), b.index("a_tile"));
    }

    /** The same with constant strides where they are known. */
    Product with(Layout layout) {
      return new Product(b, a, right, c, aOffset, known(layout.aRow, aRow), known(layout.aColumn, aColumn),
          bOffset, known(layout.bRow, bRow), cOffset, cRow, tiles, depth, columns, accumulate, aTile);
    }

    private Local known(long value, Local parameter) {
      return value == 0 ? parameter : b.constant(value);
    }
  }

  /**
   * What is known when a kernel is written.
   *
   * @param aRow stride, 0 if not known
   * @param aColumn stride, 0 if not known
   * @param bRow stride, 0 if not known
   * @param scattered what has no strides but a table of places
   * @param unroll steps in k that are written one after the other
   * @param left elements of A as tiles read it
   * @param right elements of B as tiles read it
   */
  record Layout(long aRow, long aColumn, long bRow, Scattered scattered, int unroll, Element left, Element right) {
    /** What lies at places that a table gives. */
    enum Scattered {
      NOTHING,
      /** Rows and columns of A. */
      LEFT,
      /** Rows of B. */
      RIGHT
    }
  }

  /**
   * Tables of places, parameters of their own.
   *
   * @param rows of A
   * @param steps columns of A, or rows of B
   */
  private record Places(Layout.Scattered kind, Memory rows, Local rowsOffset, Memory steps, Local stepsOffset) {
    static @Nullable Places of(KernelBuilder b, Layout.Scattered kind) {
      return kind == Layout.Scattered.NOTHING ? null : new Places(kind, b.buffer("rows", Element.I64),
          b.index("rows_offset"), b.buffer("steps", Element.I64), b.index("steps_offset"));
    }

    /** Where the rows of a tile begin in A. */
    Local[] rows(Product p, Local first, int height) {
      var b = p.b();
      var places = new Local[height];
      for (int r = 0; r < height; r++) {
        places[r] = b.add(p.aOffset(), b.loadIndex(rows, b.add(b.add(rowsOffset, first), b.constant(r))));
      }
      return places;
    }
  }

  /**
   * A column of tiles: for t = 0 .. TILES the tile C[t * height .. + height, 0 .. 16 * vectors] = (C, if
   * ACCUMULATE is not 0) + A[t * height .., 0 .. DEPTH] B[0 .. DEPTH, ..]. Offsets and strides are in
   * elements; A_TILE is the step in A from one tile to the next.
   *
   * @param partial whether only the first COLUMNS columns exist
   */
  static Kernel tiles(int height, int vectors, boolean partial, Layout layout) {
    var b = new KernelBuilder("gemm_" + height + "x" + vectors * LANES + (partial ? "_partial" : ""));
    var p = new Product(b, layout.left, layout.right).with(layout);
    var places = Places.of(b, layout.scattered);
    var zero = b.constant(0);
    var masks = new @Nullable Local[vectors];
    if (partial) {
      masks[vectors - 1] = b.firstLanes(b.sub(p.columns(), b.constant((vectors - 1L) * LANES)));
    }
    b.loop(zero, p.tiles(), 1, t -> {
      var i = b.mul(t, b.constant(height));
      var sums = new Local[height][vectors];
      var targets = new Local[height][vectors];
      for (int r = 0; r < height; r++) {
        var row = b.offset(p.cOffset(), b.add(i, b.constant(r)), p.cRow());
        for (int v = 0; v < vectors; v++) {
          sums[r][v] = b.variable(b.constant(0f));
          targets[r][v] = b.add(row, b.constant((long) v * LANES));
        }
      }
      load(p, sums, targets, masks);
      // Sums start from C: the next tile's rows come from far away while this tile is computed.
      for (var row : targets) {
        for (var place : row) {
          b.prefetch(p.c(), b.add(place, b.mul(b.constant(height), p.cRow())));
        }
      }
      var rows = places != null && places.kind == Layout.Scattered.LEFT ? places.rows(p, i, height) : new Local[0];
      var whole = layout.unroll == 1 ? zero
          : b.sub(p.depth(), b.index(Expr.IndexOp.REM, p.depth(), b.constant(layout.unroll)));
      if (layout.unroll > 1) {
        b.loop(zero, whole, layout.unroll, k -> {
          for (int step = 0; step < layout.unroll; step++) {
            multiply(p, places, sums, masks, t, rows, b.add(k, b.constant(step)));
          }
        });
      }
      b.loop(whole, p.depth(), 1, k -> multiply(p, places, sums, masks, t, rows, k));
      for (int r = 0; r < height; r++) {
        for (int v = 0; v < vectors; v++) {
          b.store(p.c(), targets[r][v], CONTIGUOUS, sums[r][v], masks[v]);
        }
      }
    });
    return b.build();
  }

  /** One step in k. */
  private static void multiply(Product p, @Nullable Places places, Local[][] sums, @Nullable Local[] masks, Local tile,
      Local[] rows, Local k) {
    var b = p.b();
    var place = places == null ? k : b.loadIndex(places.steps, b.add(places.stepsOffset, k));
    var rightRow = places != null && places.kind == Layout.Scattered.RIGHT ? b.add(p.bOffset(), place)
        : b.offset(p.bOffset(), k, p.bRow());
    var right = new Local[masks.length];
    for (int v = 0; v < right.length; v++) {
      right[v] = b.load(p.right(), b.add(rightRow, b.constant((long) v * LANES)), CONTIGUOUS, masks[v], 0);
    }
    for (int r = 0; r < sums.length; r++) {
      var row = b.add(b.offset(p.aOffset(), tile, p.aTile()), b.mul(b.constant(r), p.aRow()));
      var left = b.loadSingle(p.a(), rows.length > 0 ? b.add(rows[r], place) : b.offset(row, k, p.aColumn()));
      for (int v = 0; v < right.length; v++) {
        b.assign(sums[r][v], new Expr.Fma(left, right[v], sums[r][v]));
      }
    }
  }

  /** Starts sums with C where the product is added to it. */
  static void load(Product p, Local[][] sums, Local[][] places, @Nullable Local[] masks) {
    var b = p.b();
    b.branch(Expr.CompareOp.NE, p.accumulate(), b.constant(0), () -> {
      for (int r = 0; r < sums.length; r++) {
        for (int v = 0; v < masks.length; v++) {
          b.assign(sums[r][v], new Expr.Load(p.c(), places[r][v], CONTIGUOUS, masks[v], 0));
        }
      }
    }, () -> {});
  }
}
