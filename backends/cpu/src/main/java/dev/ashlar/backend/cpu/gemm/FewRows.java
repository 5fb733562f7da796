package dev.ashlar.backend.cpu.gemm;

import dev.ashlar.backend.cpu.gemm.GemmKernels.Product;
import dev.ashlar.backend.cpu.kernel.Access;
import dev.ashlar.backend.cpu.kernel.Element;
import dev.ashlar.backend.cpu.kernel.Expr;
import dev.ashlar.backend.cpu.kernel.Kernel;
import dev.ashlar.backend.cpu.kernel.KernelBuilder;
import dev.ashlar.backend.cpu.kernel.Local;
import dev.ashlar.backend.cpu.kernel.Type;
import org.jspecify.annotations.Nullable;

/** Products of a few rows, such as one token's: B is read once, where it lies, and narrow elements are widened in registers. */
final class FewRows {

  private static final Access CONTIGUOUS = new Access.Contiguous();
  private static final int LANES = Type.LANES;
  /** Rows of B that {@link #streams} goes through side by side: their factors stay in registers. */
  static final int STEPS = 8;

  private FewRows() {}

  /**
   * All COLUMNS columns of a few rows, where rows of A and columns of B are contiguous (B_ROW is the step
   * from one column to the next): blocks of 16 x 16 of B are transposed in registers and used at once.
   */
  static Kernel dots(int height, Element left, Element right) {
    var b = new KernelBuilder("gemm_dots_" + height + suffix(left) + suffix(right));
    var p = new Product(b, left, right);
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
      b.loop(zero, whole, LANES, k -> GemmPacking.transposed(b, p.right(), starts, k, null,
          (column, i) -> addProducts(p, sums, b.add(k, b.constant(i)), column)));
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

  /**
   * All COLUMNS columns of TILES rows, where rows of B are contiguous: {@link #STEPS} rows of B at a time from end to
   * end, added to C, which stays in a near cache. An element is still one chain of multiply-adds in ascending k.
   */
  static Kernel streams(Element left, Element right) {
    var b = new KernelBuilder("gemm_streams" + suffix(left) + suffix(right));
    var p = new Product(b, left, right);
    var zero = b.constant(0);
    b.branch(Expr.CompareOp.EQ, p.accumulate(), zero, () -> b.loop(zero, p.tiles(), 1, r ->
        b.vectorLoop(zero, p.columns(), j ->
            b.store(p.c(), b.add(b.offset(p.cOffset(), r, p.cRow()), j), CONTIGUOUS, b.constant(0f), null))), () -> {});
    var whole = b.sub(p.depth(), b.index(Expr.IndexOp.REM, p.depth(), b.constant(STEPS)));
    b.loop(zero, whole, STEPS, k -> b.loop(zero, p.tiles(), 1, r -> steps(p, r, k, STEPS)));
    b.loop(whole, p.depth(), 1, k -> b.loop(zero, p.tiles(), 1, r -> steps(p, r, k, 1)));
    return b.build();
  }

  /** Adds some steps in k to a row of C. */
  private static void steps(Product p, Local row, Local k, int count) {
    var b = p.b();
    var left = new Local[count];
    var right = new Local[count];
    for (int i = 0; i < count; i++) {
      var step = b.add(k, b.constant(i));
      left[i] = b.loadSingle(p.a(), b.offset(b.offset(p.aOffset(), row, p.aRow()), step, p.aColumn()));
      right[i] = b.offset(p.bOffset(), step, p.bRow());
    }
    var target = b.offset(p.cOffset(), row, p.cRow());
    b.vectorLoop(b.constant(0), p.columns(), j -> {
      var place = b.add(target, j);
      var sum = b.load(p.c(), place);
      for (int i = 0; i < count; i++) {
        sum = b.fma(left[i], b.load(p.right(), b.add(right[i], j)), sum);
      }
      b.store(p.c(), place, sum);
    });
  }

  static String suffix(Element element) {
    return element == Element.F32 ? "" : "_" + element.name().toLowerCase(java.util.Locale.ROOT);
  }
}
