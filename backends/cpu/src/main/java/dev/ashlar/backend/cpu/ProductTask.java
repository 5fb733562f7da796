package dev.ashlar.backend.cpu;

import dev.ashlar.backend.cpu.compiler.Product;
import dev.ashlar.backend.cpu.compiler.Slot;
import dev.ashlar.backend.cpu.gemm.Gemm;
import dev.ashlar.backend.cpu.gemm.GemmSlice;
import dev.ashlar.backend.cpu.gemm.GemmSpec;
import java.lang.foreign.SegmentAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** A part of a batch of matrix products: a slice of each of some of them. */
final class ProductTask implements CpuWorkspace.Task {

  private final GemmSlice slice;
  private final long[] a;
  private final long[] b;
  private final long[] c;

  private ProductTask(GemmSlice slice, Product product, int from, int to) {
    this.slice = slice;
    a = places(product, product.a(), from, to);
    b = places(product, product.b(), from, to);
    c = places(product, product.c(), from, to);
  }

  private static long[] places(Product product, Product.Operand operand, int from, int to) {
    long[] places = new long[to - from];
    for (int i = from; i < to; i++) {
      places[i - from] = operand.place(product.batch(), i);
    }
    return places;
  }

  /**
   * The tasks of a batch: each takes its own products where there are enough of them, else its slice of each.
   *
   * @param scratch working memory for the task of a number
   */
  static List<ProductTask> of(Product product, Executables executables, int threads,
      Places places, IntFunction<SegmentAllocator> scratch) {
    boolean byProduct = product.count() >= threads;
    Gemm gemm = plan(product, executables, byProduct ? 1 : threads);
    int shares = byProduct ? Math.min(product.count(), threads == 1 ? 1 : 2 * threads) : 1;
    List<ProductTask> tasks = new ArrayList<>();
    for (int share = 0; share < shares; share++) {
      int from = (int) ((long) product.count() * share / shares);
      int to = (int) ((long) product.count() * (share + 1) / shares);
      for (int i = 0; i < gemm.slices(); i++) {
        GemmSlice slice = gemm.slice(i, scratch.apply(tasks.size()));
        bind(slice, product, places);
        tasks.add(new ProductTask(slice, product, from, to));
      }
    }
    return tasks;
  }

  /** One task, for whole products of a batch: those from a number to below another. */
  static ProductTask of(Product product, Executables executables, int from, int to,
      Places places, SegmentAllocator scratch) {
    GemmSlice slice = plan(product, executables, 1).slice(0, scratch);
    bind(slice, product, places);
    return new ProductTask(slice, product, from, to);
  }

  private static void bind(GemmSlice slice, Product product, Places places) {
    Slot a = product.a().slot();
    Slot b = product.b().slot();
    Slot c = product.c().slot();
    places.bind(List.of(a, b, c), () -> slice.bind(places.at(a), places.at(b), places.at(c)));
  }

  private static Gemm plan(Product product, Executables executables, int slices) {
    GemmSpec spec = new GemmSpec(product.m(), product.n(), product.k(), strides(product.a()),
        strides(product.b()), product.c().row(), product.accumulate());
    return Gemm.plan(spec, executables.multiplier(), slices);
  }

  private static GemmSpec.Strides strides(Product.Operand operand) {
    return new GemmSpec.Strides(operand.row(), operand.column(), operand.element());
  }

  @Override
  public void run() {
    for (int i = 0; i < a.length; i++) {
      run(i);
    }
  }

  /** One of its products, counted from its first. */
  void run(int i) {
    slice.run(a[i], b[i], c[i]);
  }
}
