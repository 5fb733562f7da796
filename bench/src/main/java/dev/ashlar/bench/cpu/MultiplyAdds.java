package dev.ashlar.bench.cpu;

import dev.ashlar.backend.cpu.kernel.Arguments;
import dev.ashlar.backend.cpu.kernel.CompiledKernel;
import dev.ashlar.backend.cpu.kernel.Element;
import dev.ashlar.backend.cpu.kernel.Expr;
import dev.ashlar.backend.cpu.kernel.Kernel;
import dev.ashlar.backend.cpu.kernel.KernelBuilder;
import dev.ashlar.backend.cpu.kernel.Local;
import dev.ashlar.backend.cpu.kernel.Type;
import dev.ashlar.bench.emitters.Maker;
import java.lang.foreign.Arena;

/** Independent chains of f32 multiply-adds in registers: nothing is faster. For one thread. */
public final class MultiplyAdds {

  /** Chains of sixteen lanes that 32 registers hold. */
  private static final int CHAINS = 24;
  private static final int STEPS = 20_000;

  private final CompiledKernel code;
  private final Arguments arguments;
  private final int chains;
  private int steps;

  /** For kernels of an emitter. */
  public MultiplyAdds(Maker maker, Arena arena) {
    var compiler = maker.compiler();
    chains = maker.multiplier(compiler).tile().vectors() == 1 ? CHAINS / 4 : CHAINS;
    var kernel = kernel(chains);
    code = compiler.compile(kernel);
    arguments = new Arguments(kernel, arena).set("to", arena.allocate(64)).set("x", 0.999f);
    steps(STEPS);
  }

  /** Sets how long the chains are. */
  void steps(int number) {
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
