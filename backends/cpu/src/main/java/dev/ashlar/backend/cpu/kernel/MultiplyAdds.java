package dev.ashlar.backend.cpu.kernel;

import java.lang.foreign.Arena;

/** Independent chains of f32 multiply-adds in registers: nothing is faster. For one thread. */
public final class MultiplyAdds {

  /** Chains of sixteen lanes that 32 registers of sixteen lanes hold. */
  private static final int CHAINS = 24;
  private static final int STEPS = 20_000;

  private final CompiledKernel code;
  private final Arguments arguments;
  private final int chains;
  private int steps;

  /**
   * For kernels of a compiler.
   *
   * @param vectors that hold the logical lanes, as a product's tile has it: 1 where a register holds all of them
   */
  public MultiplyAdds(KernelCompiler compiler, int vectors, Arena arena) {
    chains = vectors == 1 ? CHAINS / 4 : CHAINS;
    var kernel = kernel(chains);
    code = compiler.compile(kernel);
    arguments = new Arguments(kernel, arena).set("to", arena.allocate(64)).set("x", 0.999f);
    steps(STEPS);
  }

  /** The best of so many runs, in operations a second: whatever disturbs makes it less. */
  public double rate(int runs) {
    double best = 0;
    for (int i = 0; i < runs; i++) {
      long start = System.nanoTime();
      run();
      best = Math.max(best, operations() / (System.nanoTime() - start) * 1e9);
    }
    return best;
  }

  /** Sets how long the chains are. */
  public void steps(int number) {
    steps = number;
    arguments.set("steps", number);
  }

  /** Multiplications and additions of a run. */
  public double operations() {
    return 2.0 * Type.LANES * chains * steps;
  }

  /** Does them. */
  public void run() {
    code.run(arguments);
  }

  private static Kernel kernel(int count) {
    var k = new KernelBuilder("chains");
    var to = k.buffer("to", Element.F32);
    var steps = k.index("steps");
    var x = k.f32("x");
    var sums = new Local[count];
    for (int i = 0; i < count; i++) {
      sums[i] = k.variable(k.constant((float) i));
    }
    k.loop(k.constant(0), steps, 1, _ -> {
      for (var sum : sums) {
        k.assign(sum, new Expr.Fma(sum, x, x));
      }
    });
    for (var sum : sums) {
      k.store(to, k.constant(0), sum);
    }
    return k.build();
  }
}
