package dev.ashlar.bench.cpu;

import dev.ashlar.backend.cpu.kernel.Arguments;
import dev.ashlar.backend.cpu.kernel.Element;
import dev.ashlar.backend.cpu.kernel.Expr;
import dev.ashlar.backend.cpu.kernel.Kernel;
import dev.ashlar.backend.cpu.kernel.KernelBuilder;
import dev.ashlar.backend.cpu.kernel.Local;
import dev.ashlar.backend.cpu.kernel.MathLibrary;
import dev.ashlar.backend.cpu.kernel.MultiplyAdds;
import dev.ashlar.backend.cpu.kernel.Parameter;
import dev.ashlar.bench.emitters.Maker;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.Locale;

/**
 * Single kernels on one thread: the multiply-add peak, a call that does nothing, and element-wise and row
 * kernels in cache and from memory. {@code bench/src/main/scripts/kernels_torch.py} is PyTorch's side.
 */
public final class KernelBench {

  private static final int COLUMNS = 768;

  private KernelBench() {}

  /** Prints a line for each kernel; the argument is a {@link Maker}, machine code for AVX-512 without one. */
  public static void main(String[] args) {
    var maker = args.length > 0 ? Maker.valueOf(args[0]) : Maker.MACHINE_AVX512;
    var clock = new Clock(true);
    try (var arena = Arena.ofConfined()) {
      peak(maker, clock, arena);
      for (int rows : new int[] {32, 8192}) {
        double bytes = 4.0 * rows * COLUMNS;
        report("gelu(x + b) * y", rows, 3 * bytes, time(gelu(), maker, clock, rows));
        report("softmax", rows, 2 * bytes, time(softmax(), maker, clock, rows));
        report("layer norm", rows, 2 * bytes, time(layerNorm(), maker, clock, rows));
        report("column sum", rows, bytes, time(columnSum(), maker, clock, rows));
      }
    }
  }

  private static void peak(Maker maker, Clock clock, Arena arena) {
    var compiler = maker.compiler();
    var chains = new MultiplyAdds(compiler, maker.multiplier(compiler).tile().vectors(), arena);
    double seconds = clock.seconds(chains::run);
    System.out.printf(Locale.ROOT, "%s multiply-add peak %.1f GFLOP/s%n", maker, chains.operations() / seconds / 1e9);
    chains.steps(0);
    System.out.printf(Locale.ROOT, "a call %.1f ns%n", clock.seconds(chains::run) * 1e9);
  }

  private static void report(String name, int rows, double bytes, double seconds) {
    System.out.printf(Locale.ROOT, "%s %d x %d: %.1f us, %.1f GB/s%n", name, rows, COLUMNS, seconds * 1e6,
        bytes / seconds / 1e9);
  }

  private static double time(Kernel kernel, Maker maker, Clock clock, int rows) {
    try (var arena = Arena.ofConfined()) {
      var code = maker.compiler().compile(kernel);
      var arguments = new Arguments(kernel, arena).set("rows", rows);
      for (var parameter : kernel.parameters()) {
        if (parameter instanceof Parameter.Buffer) {
          var memory = arena.allocate(4L * rows * COLUMNS, 4096);
          for (long i = 0; i < (long) rows * COLUMNS; i++) {
            memory.setAtIndex(ValueLayout.JAVA_FLOAT, i, (i * 37 % 201 - 100) / 25f);
          }
          arguments.set(parameter.name(), memory);
        }
      }
      return clock.seconds(() -> code.run(arguments));
    }
  }

  private static Kernel gelu() {
    var k = new KernelBuilder("gelu");
    var x = k.buffer("x", Element.F32);
    var bias = k.buffer("b", Element.F32);
    var y = k.buffer("y", Element.F32);
    var z = k.buffer("z", Element.F32);
    var rows = k.index("rows");
    var columns = k.constant(COLUMNS);
    k.loop(k.constant(0), rows, 1, r -> k.vectorLoop(k.constant(0), columns, c -> {
      var at = k.offset(c, r, columns);
      var v = k.add(k.load(x, at), k.load(bias, c));
      var inner = k.mul(v, k.fma(k.constant(0.035677407f), k.mul(v, v), k.constant(0.7978846f)));
      var gelu = k.mul(k.mul(k.constant(0.5f), v), k.add(MathLibrary.tanh(k, inner), k.constant(1f)));
      k.store(z, at, k.mul(gelu, k.load(y, at)));
    }));
    return k.build();
  }

  private static Kernel softmax() {
    var k = new KernelBuilder("softmax");
    var x = k.buffer("x", Element.F32);
    var y = k.buffer("y", Element.F32);
    var rows = k.index("rows");
    var columns = k.constant(COLUMNS);
    var zero = k.constant(0);
    k.loop(zero, rows, 1, r -> {
      var max = k.variable(k.constant(Float.NEGATIVE_INFINITY));
      k.vectorLoop(zero, columns, c -> k.assign(max, k.max(max, k.load(x, k.offset(c, r, columns)))));
      var m = k.reduce(Expr.Reduction.MAX, max);
      var sum = k.variable(k.constant(0f));
      k.vectorLoop(zero, columns, c -> {
        var e = MathLibrary.exp(k, k.sub(k.load(x, k.offset(c, r, columns)), m));
        k.store(y, k.offset(c, r, columns), e);
        k.assign(sum, k.add(sum, e));
      });
      var scale = k.div(k.constant(1f), k.reduce(Expr.Reduction.ADD, sum));
      k.vectorLoop(zero, columns, c ->
          k.store(y, k.offset(c, r, columns), k.mul(k.load(y, k.offset(c, r, columns)), scale)));
    });
    return k.build();
  }

  private static Kernel layerNorm() {
    var k = new KernelBuilder("layer_norm");
    var x = k.buffer("x", Element.F32);
    var gain = k.buffer("gain", Element.F32);
    var y = k.buffer("y", Element.F32);
    var rows = k.index("rows");
    var columns = k.constant(COLUMNS);
    var zero = k.constant(0);
    var scale = k.constant(1f / COLUMNS);
    k.loop(zero, rows, 1, r -> {
      var sum = k.variable(k.constant(0f));
      k.vectorLoop(zero, columns, c -> k.assign(sum, k.add(sum, k.load(x, k.offset(c, r, columns)))));
      var mean = k.mul(k.reduce(Expr.Reduction.ADD, sum), scale);
      var squares = k.variable(k.constant(0f));
      k.vectorLoop(zero, columns, c -> {
        var d = k.sub(k.load(x, k.offset(c, r, columns)), mean);
        k.assign(squares, new Expr.Fma(d, d, squares));
      });
      var variance = k.mul(k.reduce(Expr.Reduction.ADD, squares), scale);
      var root = k.div(k.constant(1f), k.unary(Expr.UnaryOp.SQRT, k.add(variance, k.constant(1e-5f))));
      k.vectorLoop(zero, columns, c -> k.store(y, k.offset(c, r, columns),
          k.mul(k.mul(k.sub(k.load(x, k.offset(c, r, columns)), mean), root), k.load(gain, c))));
    });
    return k.build();
  }

  private static Kernel columnSum() {
    var k = new KernelBuilder("column_sum");
    var x = k.buffer("x", Element.F32);
    var y = k.buffer("y", Element.F32);
    var rows = k.index("rows");
    var columns = k.constant(COLUMNS);
    k.vectorLoop(k.constant(0), columns, c -> {
      var sum = k.variable(k.constant(0f));
      k.loop(k.constant(0), rows, 1, r ->
          k.assign(sum, k.add(sum, k.load(x, k.offset(c, r, columns)))));
      k.store(y, c, sum);
    });
    return k.build();
  }
}
