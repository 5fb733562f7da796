package dev.ashlar.backend.cpu.gemm;

import dev.ashlar.backend.cpu.kernel.Access;
import dev.ashlar.backend.cpu.kernel.Element;
import dev.ashlar.backend.cpu.kernel.Expr;
import dev.ashlar.backend.cpu.kernel.Kernel;
import dev.ashlar.backend.cpu.kernel.KernelBuilder;
import dev.ashlar.backend.cpu.kernel.Local;
import dev.ashlar.backend.cpu.kernel.Type;
import org.jspecify.annotations.Nullable;

/** The kernels of a matrix product: tiles in registers, and packing of B. */
final class GemmKernels {

  private static final Access CONTIGUOUS = new Access.Contiguous();
  private static final int LANES = Type.LANES;

  private GemmKernels() {}

  /** Parameters of {@link #tiles}, in order; those of the epilogue follow. */
  enum TileParameter { A, B, C, A_OFFSET, A_ROW, A_COLUMN, B_OFFSET, B_ROW, C_OFFSET, C_ROW, ROWS, DEPTH, COLUMNS,
    ACCUMULATE, FIRST_ROW, FIRST_COLUMN }

  /**
   * A column of tiles: for i = 0, height, .. below ROWS the tile C[i .. i + height, 0 .. 16 * vectors] = (C, if
   * ACCUMULATE is not 0) + A[i .., 0 .. DEPTH] B[0 .. DEPTH, ..]. ROWS is a multiple of the height. Offsets and
   * strides are in elements.
   *
   * @param partial whether only the first COLUMNS columns exist
   */
  static Kernel tiles(int height, int vectors, boolean partial, Epilogue epilogue) {
    var b = new KernelBuilder("gemm_" + height + "x" + vectors * LANES + (partial ? "_partial" : ""));
    var am = b.buffer("a", Element.F32);
    var bm = b.buffer("b", Element.F32);
    var cm = b.buffer("c", Element.F32);
    var aOffset = b.index("a_offset");
    var aRow = b.index("a_row");
    var aColumn = b.index("a_column");
    var bOffset = b.index("b_offset");
    var bRow = b.index("b_row");
    var cOffset = b.index("c_offset");
    var cRow = b.index("c_row");
    var rows = b.index("rows");
    var depth = b.index("depth");
    var columns = b.index("columns");
    var accumulate = b.index("accumulate");
    var firstRow = b.index("first_row");
    var firstColumn = b.index("first_column");
    var fragment = epilogue.declare(b);
    var zero = b.constant(0);
    var masks = new @Nullable Local[vectors];
    if (partial) {
      masks[vectors - 1] = b.firstLanes(b.sub(columns, b.constant((vectors - 1L) * LANES)));
    }
    b.loop(zero, rows, height, i -> {
      var sums = new Local[height][vectors];
      var places = new Local[height][vectors];
      for (int r = 0; r < height; r++) {
        var row = b.offset(cOffset, b.add(i, b.constant(r)), cRow);
        for (int v = 0; v < vectors; v++) {
          sums[r][v] = b.variable(b.constant(0f));
          places[r][v] = b.add(row, b.constant((long) v * LANES));
        }
      }
      b.branch(Expr.CompareOp.NE, accumulate, zero, () -> {
        for (int r = 0; r < height; r++) {
          for (int v = 0; v < vectors; v++) {
            b.assign(sums[r][v], new Expr.Load(cm, places[r][v], CONTIGUOUS, masks[v], 0));
          }
        }
      }, () -> {});
      b.loop(zero, depth, 1, k -> {
        var right = new Local[vectors];
        for (int v = 0; v < vectors; v++) {
          var at = b.add(b.offset(bOffset, k, bRow), b.constant((long) v * LANES));
          right[v] = b.load(bm, at, CONTIGUOUS, masks[v], 0);
        }
        for (int r = 0; r < height; r++) {
          var at = b.add(b.offset(aOffset, b.add(i, b.constant(r)), aRow), b.mul(k, aColumn));
          var left = b.loadSingle(am, at);
          for (int v = 0; v < vectors; v++) {
            b.assign(sums[r][v], new Expr.Fma(left, right[v], sums[r][v]));
          }
        }
      });
      for (int r = 0; r < height; r++) {
        for (int v = 0; v < vectors; v++) {
          var place = new Epilogue.Place(b.add(b.add(firstRow, i), b.constant(r)),
              b.add(firstColumn, b.constant((long) v * LANES)), masks[v]);
          b.store(cm, places[r][v], CONTIGUOUS, fragment.apply(b, place, sums[r][v]), masks[v]);
        }
      }
    });
    return b.build();
  }

  /** Parameters of the packing kernels, in order. */
  enum PackParameter { FROM, TO, FROM_OFFSET, FROM_ROW, FROM_COLUMN, DEPTH, COLUMNS }

  private record Pack(KernelBuilder b, dev.ashlar.backend.cpu.kernel.Memory from,
      dev.ashlar.backend.cpu.kernel.Memory to, Local offset, Local row, Local column, Local depth,
      Local columns) {
    Pack(KernelBuilder b) {
      this(b, b.buffer("from", Element.F32), b.buffer("to", Element.F32), b.index("from_offset"),
          b.index("from_row"), b.index("from_column"), b.index("depth"), b.index("columns"));
    }
  }

  /**
   * Copies B[0 .. DEPTH, 0 .. COLUMNS], whose rows are contiguous, to rows of 16 * vectors elements. Columns
   * that do not exist become 0.
   */
  static Kernel packRows(int vectors) {
    var b = new KernelBuilder("gemm_pack_rows_" + vectors);
    var p = new Pack(b);
    var masks = new Local[vectors];
    for (int v = 0; v < vectors; v++) {
      masks[v] = b.firstLanes(b.sub(p.columns(), b.constant((long) v * LANES)));
    }
    b.loop(b.constant(0), p.depth(), 1, k -> {
      for (int v = 0; v < vectors; v++) {
        var from = b.add(b.offset(p.offset(), k, p.row()), b.constant((long) v * LANES));
        var to = b.add(b.mul(k, b.constant((long) vectors * LANES)), b.constant((long) v * LANES));
        b.store(p.to(), to, b.load(p.from(), from, CONTIGUOUS, v == vectors - 1 ? masks[v] : null, 0));
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
   * As {@link #packRows} where the columns of B are contiguous: 16 x 16 blocks are transposed in registers. The
   * target has room for DEPTH rounded up to 16 rows; columns that do not exist repeat the last.
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

  private static void transpose(Pack p, int vectors, Local[] starts, Local group, Local k, @Nullable Local mask) {
    var b = p.b();
    var block = new Local[LANES];
    for (int c = 0; c < LANES; c++) {
      block[c] = b.load(p.from(), b.add(starts[c], k), CONTIGUOUS, mask, 0);
    }
    for (int distance = LANES / 2; distance > 0; distance /= 2) {
      for (int r = 0; r < LANES; r++) {
        if ((r & distance) == 0) {
          var low = b.let(new Expr.Exchange(false, distance, block[r], block[r + distance]));
          block[r + distance] = b.let(new Expr.Exchange(true, distance, block[r], block[r + distance]));
          block[r] = low;
        }
      }
    }
    for (int r = 0; r < LANES; r++) {
      var row = b.mul(b.add(k, b.constant(r)), b.constant((long) vectors * LANES));
      b.store(p.to(), b.add(row, group), block[r]);
    }
  }
}
