package dev.ashlar.backend.cpu.gemm;

import dev.ashlar.backend.cpu.gemm.GemmKernels.Product;
import dev.ashlar.backend.cpu.kernel.Access;
import dev.ashlar.backend.cpu.kernel.Element;
import dev.ashlar.backend.cpu.kernel.Expr;
import dev.ashlar.backend.cpu.kernel.Kernel;
import dev.ashlar.backend.cpu.kernel.KernelBuilder;
import dev.ashlar.backend.cpu.kernel.Local;
import dev.ashlar.backend.cpu.kernel.Memory;
import dev.ashlar.backend.cpu.kernel.Type;
import org.jspecify.annotations.Nullable;

/** Products of a few rows, such as one token's: B is read where it lies, narrow elements are widened in registers. */
final class FewRows {

  private static final Access CONTIGUOUS = new Access.Contiguous();
  private static final int LANES = Type.LANES;
  /** Factors that {@link #streams} keeps in registers: rows of A times rows of B that it goes through side by side. */
  private static final int FACTORS = 8;
  /** Bytes of a line of the caches. */
  private static final int LINE = 64;
  /** Where {@link #dots} of BF16 take B a second time, two elements as one integer. */
  static final int PAIRS = GemmKernels.TileParameter.values().length;

  private FewRows() {}

  /**
   * All COLUMNS columns of a few rows, where rows of A and columns of B are contiguous (B_ROW is the step
   * from one column to the next): blocks of 16 x 16 of B are transposed in registers and used at once. Of BF16 two
   * neighbours change places as one, and come apart when they are there.
   *
   * @param group columns of a block that are in registers together
   */
  static Kernel dots(int height, int group, Element left, Element right) {
    var b = new KernelBuilder("gemm_dots_" + height + suffix(left) + suffix(right));
    var p = new Product(b, left, right);
    var pairs = right == Element.BF16 ? b.buffer("pairs", Element.I32) : null;
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
      GemmKernels.load(p, sums, places, new @Nullable Local[] {mask});
      var starts = new Local[LANES];
      for (int c = 0; c < LANES; c++) {
        starts[c] = b.offset(p.bOffset(), b.min(b.add(j, b.constant(c)), last), p.bRow());
      }
      var next = b.add(starts[0], b.mul(b.constant(LANES), p.bRow()));
      var paired = zero;
      if (pairs != null) {
        paired = paired(p);
        addPairs(p, pairs, starts, next, paired, group, sums);
      }
      b.loop(paired, whole, LANES, k -> {
        prefetch(b, p.right(), next, k, right);
        GemmPacking.transposed(b, p.right(), starts, k, null, group,
            (column, i) -> addProducts(p, sums, b.add(k, b.constant(i)), column));
      });
      b.loop(whole, p.depth(), 1, k -> addProducts(p, sums, k, b.load(p.right(),
          b.add(b.offset(p.bOffset(), j, p.bRow()), k), new Access.Strided(p.bRow()), mask, 0)));
      for (int r = 0; r < height; r++) {
        b.store(p.c(), places[r][0], CONTIGUOUS, sums[r][0], mask);
      }
    });
    return b.build();
  }

  /** So many steps in k can be taken in pairs: none if a column begins within one. */
  private static Local paired(Product p) {
    var b = p.b();
    var two = b.constant(2);
    var offset = b.index(Expr.IndexOp.REM, p.bOffset(), two);
    var row = b.index(Expr.IndexOp.REM, p.bRow(), two);
    var odd = b.min(b.constant(1), b.add(b.mul(offset, offset), b.mul(row, row)));
    var whole = b.sub(p.depth(), b.index(Expr.IndexOp.REM, p.depth(), b.constant(2L * LANES)));
    return b.mul(b.sub(b.constant(1), odd), whole);
  }

  /**
   * Asks for as much of the next columns as is read of these: the processor does not see by itself what comes behind
   * sixteen columns that are read side by side. Lines in the order of memory, which is theirs where nothing lies between
   * columns.
   */
  private static void prefetch(KernelBuilder b, Memory from, Local next, Local k, Element element) {
    int line = LINE / element.bytes();
    var start = b.add(next, b.mul(k, b.constant(LANES)));
    for (int i = 0; i < LANES * LANES; i += line) {
      b.prefetch(from, b.add(start, b.constant(i)));
    }
  }

  private static void addPairs(Product p, Memory pairs, Local[] starts, Local next, Local steps, int group,
      Local[][] sums) {
    var b = p.b();
    var two = b.constant(2);
    var halves = new Local[LANES];
    for (int c = 0; c < LANES; c++) {
      halves[c] = b.div(starts[c], two);
    }
    var half = b.div(next, two);
    b.loop(b.constant(0), b.div(steps, two), LANES, k -> {
      prefetch(b, pairs, half, k, Element.I32);
      GemmPacking.transposed(b, pairs, halves, k, null, group, (pair, i) -> {
        var step = b.mul(b.add(k, b.constant(i)), two);
        var first = b.binary(Expr.BinaryOp.SHIFT_LEFT, pair, b.intConstant(16));
        addProducts(p, sums, step, b.unary(Expr.UnaryOp.F32_OF_BITS, first));
        var second = b.binary(Expr.BinaryOp.AND, pair, b.intConstant(0xFFFF0000));
        addProducts(p, sums, b.add(step, b.constant(1)), b.unary(Expr.UnaryOp.F32_OF_BITS, second));
      });
    });
  }

  private static void addProducts(Product p, Local[][] sums, Local k, Local right) {
    var b = p.b();
    for (int r = 0; r < sums.length; r++) {
      var left = b.loadSingle(p.a(), b.add(b.offset(p.aOffset(), b.constant(r), p.aRow()), k));
      b.assign(sums[r][0], new Expr.Fma(left, right, sums[r][0]));
    }
  }

  /**
   * All COLUMNS columns of TILES rows, where rows of B are contiguous: some rows of B at a time from end to end, added
   * to C, which stays in a near cache. An element is still one chain of multiply-adds in ascending k.
   *
   * @param rows of A that are done together, 1 or 2
   */
  static Kernel streams(int rows, Element left, Element right) {
    var b = new KernelBuilder("gemm_streams_" + rows + suffix(left) + suffix(right));
    var p = new Product(b, left, right);
    var zero = b.constant(0);
    b.branch(Expr.CompareOp.EQ, p.accumulate(), zero, () -> b.loop(zero, p.tiles(), 1, r -> {
      var row = b.offset(p.cOffset(), r, p.cRow());
      b.vectorLoop(zero, p.columns(), j -> b.store(p.c(), b.add(row, j), b.constant(0f)));
    }), () -> {});
    int steps = FACTORS / rows;
    var whole = b.sub(p.depth(), b.index(Expr.IndexOp.REM, p.depth(), b.constant(steps)));
    b.loop(zero, whole, steps, k -> allRows(p, k, steps, rows));
    b.loop(whole, p.depth(), 1, k -> allRows(p, k, 1, rows));
    return b.build();
  }

  private static void allRows(Product p, Local k, int steps, int rows) {
    var b = p.b();
    var whole = b.sub(p.tiles(), b.index(Expr.IndexOp.REM, p.tiles(), b.constant(rows)));
    b.loop(b.constant(0), whole, rows, r -> steps(p, r, rows, k, steps));
    if (rows > 1) {
      b.loop(whole, p.tiles(), 1, r -> steps(p, r, 1, k, steps));
    }
  }

  /** Adds some steps in k to some rows of C. */
  private static void steps(Product p, Local first, int rows, Local k, int count) {
    var b = p.b();
    var left = new Local[rows][count];
    var right = new Local[count];
    var targets = new Local[rows];
    for (int r = 0; r < rows; r++) {
      var row = b.add(first, b.constant(r));
      targets[r] = b.offset(p.cOffset(), row, p.cRow());
      for (int i = 0; i < count; i++) {
        left[r][i] = b.loadSingle(p.a(),
            b.offset(b.offset(p.aOffset(), row, p.aRow()), b.add(k, b.constant(i)), p.aColumn()));
      }
    }
    for (int i = 0; i < count; i++) {
      right[i] = b.offset(p.bOffset(), b.add(k, b.constant(i)), p.bRow());
    }
    // Where a thread has a part of the columns, the processor does not see by itself where the next rows begin.
    var ahead = b.mul(b.constant(count), p.bRow());
    b.vectorLoop(b.constant(0), p.columns(), j -> {
      var sums = new Local[rows];
      for (int r = 0; r < rows; r++) {
        sums[r] = b.load(p.c(), b.add(targets[r], j));
      }
      for (int i = 0; i < count; i++) {
        var place = b.add(right[i], j);
        b.prefetch(p.right(), b.add(place, ahead));
        var column = b.load(p.right(), place);
        for (int r = 0; r < rows; r++) {
          sums[r] = b.fma(left[r][i], column, sums[r]);
        }
      }
      for (int r = 0; r < rows; r++) {
        b.store(p.c(), b.add(targets[r], j), sums[r]);
      }
    });
  }

  /** Of a kernel's name. */
  static String suffix(Element element) {
    return element == Element.F32 ? "" : "_" + element.name().toLowerCase(java.util.Locale.ROOT);
  }
}
