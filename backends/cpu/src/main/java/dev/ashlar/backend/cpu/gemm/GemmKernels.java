package dev.ashlar.backend.cpu.gemm;

import dev.ashlar.backend.cpu.kernel.Access;
import dev.ashlar.backend.cpu.kernel.Element;
import dev.ashlar.backend.cpu.kernel.Expr;
import dev.ashlar.backend.cpu.kernel.Kernel;
import dev.ashlar.backend.cpu.kernel.KernelBuilder;
import dev.ashlar.backend.cpu.kernel.Local;
import dev.ashlar.backend.cpu.kernel.Memory;
import dev.ashlar.backend.cpu.kernel.Type;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;

/** The kernels of a matrix product: tiles in registers, and packing of B. */
final class GemmKernels {

  private static final Access CONTIGUOUS = new Access.Contiguous();
  private static final int LANES = Type.LANES;

  private GemmKernels() {}

  /** Parameters of {@link #tiles}, in order. */
  enum TileParameter { A, B, C, A_OFFSET, A_ROW, A_COLUMN, B_OFFSET, B_ROW, C_OFFSET, C_ROW, TILES, DEPTH,
    COLUMNS, ACCUMULATE, A_TILE }

  /** The parameters of a kernel that multiplies. */
  private record Product(KernelBuilder b, Memory a, Memory right, Memory c, Local aOffset, Local aRow,
      Local aColumn, Local bOffset, Local bRow, Local cOffset, Local cRow, Local tiles, Local depth,
      Local columns, Local accumulate, Local aTile) {
    Product(KernelBuilder b) {
      this(b, b.buffer("a", Element.F32), b.buffer("b", Element.F32), b.buffer("c", Element.F32),
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
   */
  record Layout(long aRow, long aColumn, long bRow, Scattered scattered, int unroll) {
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
    var p = new Product(b).with(layout);
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
  private static void load(Product p, Local[][] sums, Local[][] places, @Nullable Local[] masks) {
    var b = p.b();
    b.branch(Expr.CompareOp.NE, p.accumulate(), b.constant(0), () -> {
      for (int r = 0; r < sums.length; r++) {
        for (int v = 0; v < masks.length; v++) {
          b.assign(sums[r][v], new Expr.Load(p.c(), places[r][v], CONTIGUOUS, masks[v], 0));
        }
      }
    }, () -> {});
  }

  /**
   * All COLUMNS columns of a few rows, where rows of A and columns of B are contiguous (B_ROW is the step
   * from one column to the next): blocks of 16 x 16 of B are transposed in registers and used at once.
   */
  static Kernel dots(int height) {
    var b = new KernelBuilder("gemm_dots_" + height);
    var p = new Product(b);
    var zero = b.constant(0);
    var last = b.sub(p.columns(), b.constant(1));
    var whole = b.sub(p.depth(), b.index(Expr.IndexOp.REM, p.depth(), b.constant(LANES)));
    b.loop(zero, p.columns(), LANES, j -> {
      var mask = b.firstLanes(b.sub(p.columns(), j));
      var sums = new Local[height][1];
      var places = new Local[height][1];
      for (int r = 0; r < height; r++) {
        sums[r][0] = b.variable(b.constant(0f));
        places[r][0] = b.add(b.offset(p.cOffset(), b.constant(r), p.cRow()), j);
      }
      load(p, sums, places, new @Nullable Local[] {mask});
      var starts = new Local[LANES];
      for (int c = 0; c < LANES; c++) {
        starts[c] = b.offset(p.bOffset(), b.min(b.add(j, b.constant(c)), last), p.bRow());
      }
      b.loop(zero, whole, LANES, k -> transposed(b, p.right(), starts, k, null,
          (right, i) -> addProducts(p, sums, b.add(k, b.constant(i)), right)));
      b.loop(whole, p.depth(), 1, k -> addProducts(p, sums, k, b.load(p.right(),
          b.add(b.offset(p.bOffset(), j, p.bRow()), k), new Access.Strided(p.bRow()), mask, 0)));
      for (int r = 0; r < height; r++) {
        b.store(p.c(), places[r][0], CONTIGUOUS, sums[r][0], mask);
      }
    });
    return b.build();
  }

  private static void addProducts(Product p, Local[][] sums, Local k, Local right) {
    var b = p.b();
    for (int r = 0; r < sums.length; r++) {
      var left = b.loadSingle(p.a(), b.add(b.offset(p.aOffset(), b.constant(r), p.aRow()), k));
      b.assign(sums[r][0], new Expr.Fma(left, right, sums[r][0]));
    }
  }

  /** Parameters of the packing kernels, in order. */
  enum PackParameter { FROM, TO, FROM_OFFSET, FROM_ROW, FROM_COLUMN, DEPTH, COLUMNS }

  private record Pack(KernelBuilder b, Memory from, Memory to, Local offset, Local row, Local column,
      Local depth,
      Local columns) {
    Pack(KernelBuilder b) {
      this(b, b.buffer("from", Element.F32), b.buffer("to", Element.F32), b.index("from_offset"),
          b.index("from_row"), b.index("from_column"), b.index("depth"), b.index("columns"));
    }
  }

  /**
   * Copies B[0 .. DEPTH, 0 .. COLUMNS], whose rows are contiguous, to rows of 16 * vectors elements; or so many rows of A.
   *
   * @param partial whether only the first COLUMNS columns exist; the others become 0
   */
  static Kernel packRows(int vectors, boolean partial) {
    var b = new KernelBuilder("gemm_pack_rows_" + vectors + (partial ? "_partial" : ""));
    var p = new Pack(b);
    var mask = partial ? b.firstLanes(b.sub(p.columns(), b.constant((vectors - 1L) * LANES))) : null;
    b.loop(b.constant(0), p.depth(), 1, k -> {
      for (int v = 0; v < vectors; v++) {
        var from = b.add(b.offset(p.offset(), k, p.row()), b.constant((long) v * LANES));
        var to = b.add(b.mul(k, b.constant((long) vectors * LANES)), b.constant((long) v * LANES));
        b.store(p.to(), to, b.load(p.from(), from, CONTIGUOUS, v == vectors - 1 ? mask : null, 0));
      }
    });
    return b.build();
  }

  /** As {@link #packRows} where the rows are strided. */
  static Kernel packStrided(int vectors) {
    var b = new KernelBuilder("gemm_pack_strided_" + vectors);
    var p = new Pack(b);
    b.loop(b.constant(0), p.depth(), 1, k -> {
      for (int v = 0; v < vectors; v++) {
        var mask = b.firstLanes(b.sub(p.columns(), b.constant((long) v * LANES)));
        var from = b.offset(b.offset(p.offset(), k, p.row()), b.constant((long) v * LANES), p.column());
        var to = b.add(b.mul(k, b.constant((long) vectors * LANES)), b.constant((long) v * LANES));
        b.store(p.to(), to, b.load(p.from(), from, new Access.Strided(p.column()), mask, 0));
      }
    });
    return b.build();
  }

  /**
   * As {@link #packRows} where the columns of B are contiguous: 16 x 16 blocks are transposed in registers.
   * The target has room for DEPTH rounded up to 16 rows; columns that do not exist repeat the last.
   */
  static Kernel packColumns(int vectors) {
    var b = new KernelBuilder("gemm_pack_columns_" + vectors);
    var p = new Pack(b);
    var last = b.sub(p.columns(), b.constant(1));
    var whole = b.sub(p.depth(), b.index(Expr.IndexOp.REM, p.depth(), b.constant(LANES)));
    b.loop(b.constant(0), b.constant(vectors), 1, v -> {
      var group = b.mul(v, b.constant(LANES));
      var starts = new Local[LANES];
      for (int c = 0; c < LANES; c++) {
        var column = b.min(b.add(group, b.constant(c)), last);
        starts[c] = b.offset(p.offset(), column, p.column());
      }
      b.loop(b.constant(0), whole, LANES, k -> transpose(p, vectors, starts, group, k, null));
      b.loop(whole, p.depth(), LANES, k ->
          transpose(p, vectors, starts, group, k, b.firstLanes(b.sub(p.depth(), k))));
    });
    return b.build();
  }

  /** Columns that {@link #packSingly} copies side by side. */
  private static final int SINGLES = 4;

  /** As {@link #packColumns}, element by element: for vectors that are slow to exchange lanes. */
  static Kernel packSingly(int vectors) {
    var b = new KernelBuilder("gemm_pack_singly_" + vectors);
    var p = new Pack(b);
    var width = b.constant((long) vectors * LANES);
    var last = b.sub(p.columns(), b.constant(1));
    b.loop(b.constant(0), width, SINGLES, c -> {
      var starts = new Local[SINGLES];
      for (int i = 0; i < SINGLES; i++) {
        starts[i] = b.offset(p.offset(), b.min(b.add(c, b.constant(i)), last), p.column());
      }
      b.loop(b.constant(0), p.depth(), 1, k -> {
        var to = b.offset(c, k, width);
        for (int i = 0; i < SINGLES; i++) {
          b.storeSingle(p.to(), b.add(to, b.constant(i)), b.loadSingle(p.from(), b.add(starts[i], k)));
        }
      });
    });
    return b.build();
  }

  private static void transpose(Pack p, int vectors, Local[] starts, Local group, Local k,
      @Nullable Local mask) {
    var b = p.b();
    transposed(b, p.from(), starts, k, mask, (vector, r) -> {
      var row = b.mul(b.add(k, b.constant(r)), b.constant((long) vectors * LANES));
      b.store(p.to(), b.add(row, group), vector);
    });
  }

  /**
   * Sixteen vectors from starts[0] + k, starts[1] + k, .., transposed, in order. Half of them at a time, although rows
   * are read twice: they stay in registers.
   */
  private static void transposed(KernelBuilder b, Memory from, Local[] starts, Local k, @Nullable Local mask,
      ObjIntConsumer<Local> use) {
    int half = LANES / 2;
    for (boolean high : new boolean[] {false, true}) {
      var block = new Local[half];
      for (int r = 0; r < half; r++) {
        var upper = b.load(from, b.add(starts[r], k), CONTIGUOUS, mask, 0);
        var lower = b.load(from, b.add(starts[r + half], k), CONTIGUOUS, mask, 0);
        block[r] = b.let(new Expr.Exchange(high, half, upper, lower));
      }
      for (int distance = half / 2; distance > 0; distance /= 2) {
        for (int r = 0; r < half; r++) {
          if ((r & distance) == 0) {
            var low = b.let(new Expr.Exchange(false, distance, block[r], block[r + distance]));
            block[r + distance] = b.let(new Expr.Exchange(true, distance, block[r], block[r + distance]));
            block[r] = low;
          }
        }
      }
      for (int r = 0; r < half; r++) {
        use.accept(block[r], high ? half + r : r);
      }
    }
  }

  /** Tiles of A that {@link #packTiles} copies side by side, so that whole cache lines are read. */
  private static final int STRIP = 16;

  /** Elements from one packed tile of A to the next. A row is stored whole, and the next one cuts it. */
  static long packedTile(int height, int depth) {
    return (long) height * depth + LANES;
  }

  /**
   * Copies A, whose columns are contiguous (FROM_COLUMN is the step between them), tile by tile: COLUMNS rows
   * of A in tiles of {@code height}, each DEPTH times {@code height} elements, 16 of no meaning behind it.
   * Rows that do not exist become 0.
   */
  static Kernel packTiles(int height) {
    var b = new KernelBuilder("gemm_pack_tiles_" + height);
    var p = new Pack(b);
    var zero = b.constant(0);
    var size = b.constant(height);
    var rows = p.columns();
    // As many as may be read sixteen rows at a time.
    var whole = b.max(zero, b.div(b.sub(b.add(rows, size), b.constant(LANES)), size));
    var strips = b.sub(whole, b.index(Expr.IndexOp.REM, whole, b.constant(STRIP)));
    b.loop(zero, strips, STRIP, t -> b.loop(zero, p.depth(), 1, k -> {
      for (int u = 0; u < STRIP; u++) {
        copyTileRow(p, height, b.add(t, b.constant(u)), k, null);
      }
    }));
    b.loop(strips, whole, 1, t -> b.loop(zero, p.depth(), 1, k -> copyTileRow(p, height, t, k, null)));
    b.loop(whole, b.div(b.add(rows, b.constant(height - 1)), size), 1, t -> {
      var exist = b.firstLanes(b.min(size, b.sub(rows, b.mul(t, size))));
      b.loop(zero, p.depth(), 1, k -> copyTileRow(p, height, t, k, exist));
    });
    return b.build();
  }

  private static void copyTileRow(Pack p, int height, Local tile, Local k, @Nullable Local exist) {
    var b = p.b();
    var size = b.constant(height);
    var from = b.offset(b.offset(p.offset(), k, p.column()), tile, size);
    var tileSize = b.add(b.mul(p.depth(), size), b.constant(LANES));
    var to = b.add(b.mul(tile, tileSize), b.mul(k, size));
    b.store(p.to(), to, CONTIGUOUS, b.load(p.from(), from, CONTIGUOUS, exist, 0), null);
  }
}
