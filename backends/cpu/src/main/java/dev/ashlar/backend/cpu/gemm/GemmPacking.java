package dev.ashlar.backend.cpu.gemm;

import dev.ashlar.backend.cpu.kernel.Access;
import dev.ashlar.backend.cpu.kernel.Element;
import dev.ashlar.backend.cpu.kernel.Expr;
import dev.ashlar.backend.cpu.kernel.Kernel;
import dev.ashlar.backend.cpu.kernel.KernelBuilder;
import dev.ashlar.backend.cpu.kernel.Local;
import dev.ashlar.backend.cpu.kernel.Memory;
import dev.ashlar.backend.cpu.kernel.Type;
import java.util.function.IntFunction;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;

/** Kernels that copy parts of A and B to where tiles read them fast, widening narrow elements. */
final class GemmPacking {

  private static final Access CONTIGUOUS = new Access.Contiguous();
  private static final int LANES = Type.LANES;

  private GemmPacking() {}

  /** Parameters of the packing kernels, in order. */
  enum PackParameter { FROM, TO, FROM_OFFSET, FROM_ROW, FROM_COLUMN, DEPTH, COLUMNS }

  private record Pack(KernelBuilder b, Memory from, Memory to, Local offset, Local row, Local column,
      Local depth,
      Local columns) {
    Pack(KernelBuilder b, Element from) {
      this(b, b.buffer("from", from), b.buffer("to", Element.F32), b.index("from_offset"),
          b.index("from_row"), b.index("from_column"), b.index("depth"), b.index("columns"));
    }
  }

  /**
   * Copies B[0 .. DEPTH, 0 .. COLUMNS], whose rows are contiguous, to rows of 16 * vectors elements; or so many rows of A.
   *
   * @param partial whether only the first COLUMNS columns exist; the others become 0
   */
  static Kernel packRows(int vectors, boolean partial, Element from) {
    var b = new KernelBuilder("gemm_pack_rows_" + vectors + (partial ? "_partial" : "") + FewRows.suffix(from));
    var p = new Pack(b, from);
    var mask = partial ? b.firstLanes(b.sub(p.columns(), b.constant((vectors - 1L) * LANES))) : null;
    b.loop(b.constant(0), p.depth(), 1, k -> {
      for (int v = 0; v < vectors; v++) {
        var source = b.add(b.offset(p.offset(), k, p.row()), b.constant((long) v * LANES));
        var to = b.add(b.mul(k, b.constant((long) vectors * LANES)), b.constant((long) v * LANES));
        b.store(p.to(), to, b.load(p.from(), source, CONTIGUOUS, v == vectors - 1 ? mask : null, 0));
      }
    });
    return b.build();
  }

  /** As {@link #packRows} where the rows are strided. */
  static Kernel packStrided(int vectors, Element from) {
    var b = new KernelBuilder("gemm_pack_strided_" + vectors + FewRows.suffix(from));
    var p = new Pack(b, from);
    b.loop(b.constant(0), p.depth(), 1, k -> {
      for (int v = 0; v < vectors; v++) {
        var mask = b.firstLanes(b.sub(p.columns(), b.constant((long) v * LANES)));
        var source = b.offset(b.offset(p.offset(), k, p.row()), b.constant((long) v * LANES), p.column());
        var to = b.add(b.mul(k, b.constant((long) vectors * LANES)), b.constant((long) v * LANES));
        b.store(p.to(), to, b.load(p.from(), source, new Access.Strided(p.column()), mask, 0));
      }
    });
    return b.build();
  }

  /**
   * As {@link #packRows} where the columns of B are contiguous: 16 x 16 blocks are transposed in registers.
   * The target has room for DEPTH rounded up to 16 rows; columns that do not exist repeat the last.
   */
  static Kernel packColumns(int vectors, Element from) {
    var b = new KernelBuilder("gemm_pack_columns_" + vectors + FewRows.suffix(from));
    var p = new Pack(b, from);
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
  static Kernel packSingly(int vectors, Element from) {
    var b = new KernelBuilder("gemm_pack_singly_" + vectors + FewRows.suffix(from));
    var p = new Pack(b, from);
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
    transposed(b, p.from(), starts, k, mask, LANES / 2, (vector, r) -> {
      var row = b.mul(b.add(k, b.constant(r)), b.constant((long) vectors * LANES));
      b.store(p.to(), b.add(row, group), vector);
    });
  }

  /**
   * Sixteen vectors from starts[0] + k, starts[1] + k, .., transposed, in order. Some of them at a time, although rows
   * are read again: they stay in registers.
   *
   * @param group 8 or 4 of them
   */
  static void transposed(KernelBuilder b, Memory from, Local[] starts, Local k, @Nullable Local mask, int group,
      ObjIntConsumer<Local> use) {
    for (int first = 0; first < LANES; first += group) {
      int start = first;
      var block = new Local[group];
      for (int r = 0; r < group; r++) {
        block[r] = gathered(row -> b.load(from, b.add(starts[row], k), CONTIGUOUS, mask, 0), b, start, r, group);
      }
      for (int distance = group / 2; distance > 0; distance /= 2) {
        for (int r = 0; r < group; r++) {
          if ((r & distance) == 0) {
            var low = b.let(new Expr.Exchange(false, distance, block[r], block[r + distance]));
            block[r + distance] = b.let(new Expr.Exchange(true, distance, block[r], block[r + distance]));
            block[r] = low;
          }
        }
      }
      for (int r = 0; r < group; r++) {
        use.accept(block[r], first + r);
      }
    }
  }

  /** Of the rows whose numbers are r modulo a distance, the lanes that become columns from {@code first} on. */
  private static Local gathered(IntFunction<Local> load, KernelBuilder b, int first, int r, int distance) {
    return distance == LANES ? load.apply(r)
        : b.let(new Expr.Exchange((first & distance) != 0, distance, gathered(load, b, first, r, 2 * distance),
            gathered(load, b, first, r + distance, 2 * distance)));
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
  static Kernel packTiles(int height, Element from) {
    var b = new KernelBuilder("gemm_pack_tiles_" + height + FewRows.suffix(from));
    var p = new Pack(b, from);
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
