package dev.ashlar.backend.cpu;

import dev.ashlar.backend.cpu.compiler.Call;
import dev.ashlar.backend.cpu.compiler.Product;
import dev.ashlar.backend.cpu.compiler.Unfolding;
import dev.ashlar.backend.cpu.gemm.Gemm;
import dev.ashlar.backend.cpu.gemm.GemmSlice;
import dev.ashlar.backend.cpu.gemm.GemmSpec;
import dev.ashlar.backend.cpu.kernel.Arguments;
import dev.ashlar.backend.cpu.kernel.CompiledKernel;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** Some examples of a convolution: each is laid out as a matrix, which is multiplied at once. */
final class UnfoldingTask implements CpuWorkspace.Task {

  /** Positions of the kernel's first two parameters. */
  private static final int FROM = 0;
  private static final int TO = 1;

  private final CompiledKernel unfold;
  private final Arguments arguments;
  private final GemmSlice slice;
  private final int from;
  private final int to;
  private final long step;

  private UnfoldingTask(CompiledKernel unfold, Arguments arguments, GemmSlice slice, int from, int to,
      long step) {
    this.unfold = unfold;
    this.arguments = arguments;
    this.slice = slice;
    this.from = from;
    this.to = to;
    this.step = step;
  }

  /**
   * The tasks of a convolution.
   *
   * @param places of slots, but not of the columns
   * @param scratch working memory for the task of a number
   */
  static List<UnfoldingTask> of(Unfolding unfolding, Executables executables, int threads,
      CpuWorkspace.Binder binder, Places places,
          IntFunction<SegmentAllocator> scratch) {
    Product product = unfolding.product();
    GemmSpec spec = new GemmSpec(product.m(), product.n(), product.k(),
        new GemmSpec.Strides(product.a().row(), 1), new GemmSpec.Strides(product.b().row(), 1), product.c()
            .row(), false);
    Gemm gemm = Gemm.plan(spec, executables.multiplier(), 1);
    Call unfold = unfolding.unfold().get();
    CompiledKernel code = executables.compile(unfold.kernel());
    int examples = product.count();
    int shares = Math.min(examples, threads == 1 ? 1 : 2 * threads);
    List<UnfoldingTask> tasks = new ArrayList<>();
    for (int share = 0; share < shares; share++) {
      SegmentAllocator working = scratch.apply(share);
      MemorySegment columns = working.allocate(unfolding.columns().bytes(), 64);
      GemmSlice slice = gemm.slice(0, working);
      places.bind(List.of(product.a().slot(), product.c().slot()),
          () -> slice.bind(places.at(product.a().slot()), columns, places.at(product.c().slot())));
      Arguments arguments = binder.bind(unfold, 0, 0, unfolding.columns(), columns);
      int from = (int) ((long) examples * share / shares);
      int to = (int) ((long) examples * (share + 1) / shares);
      tasks.add(new UnfoldingTask(code, arguments, slice, from, to,
          product.c().batch().getFirst()));
    }
    return tasks;
  }

  @Override
  public void run() {
    for (int example = from; example < to; example++) {
      arguments.set(FROM, (long) example);
      arguments.set(TO, (long) example + 1);
      unfold.run(arguments);
      slice.run(0, 0, example * step);
    }
  }
}
