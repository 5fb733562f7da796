package dev.ashlar.bench.emitters;

import dev.ashlar.backend.cpu.kernel.Arguments;
import dev.ashlar.backend.cpu.kernel.CompiledKernel;
import dev.ashlar.backend.cpu.kernel.Element;
import dev.ashlar.backend.cpu.kernel.Expr;
import dev.ashlar.backend.cpu.kernel.Kernel;
import dev.ashlar.backend.cpu.kernel.KernelBuilder;
import dev.ashlar.backend.cpu.kernel.KernelCompiler;
import dev.ashlar.backend.cpu.kernel.Local;
import dev.ashlar.backend.cpu.kernel.MathLibrary;
import dev.ashlar.backend.cpu.kernel.Parameter;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;

/** A kernel made by an emitter, with data, ready to be run again and again. */
public final class KernelWork {
  private static final int DEPTH = 256;
  private static final int ROWS = 16;
  private static final int COLUMNS = 1024;

  /** What is computed; {@code work} is floating-point operations or bytes moved in one run. */
  public enum Task {
    /** A tile of 8 x 48 of a matrix product over packed panels, k = 256. Operations. */
    TILE(2.0 * 8 * 48 * DEPTH),
    /** Four rows of a matrix product, four steps at a time, over 512 columns, k = 64. Operations. */
    ROWS_OF_PRODUCT(2.0 * 4 * 512 * 64),
    /** z = x + y in cache. Bytes. */
    ADD(12.0 * ROWS * COLUMNS),
    /** The derivative of a rectifier: z = x > 0 ? y : 0, in cache. Bytes. */
    GATE(12.0 * ROWS * COLUMNS),
    /** z = gelu(x) with the tanh, in cache. Bytes. */
    GELU(8.0 * ROWS * COLUMNS),
    /** Softmax of 16 rows of 1024, in cache. Bytes, counting input and output once. */
    SOFTMAX(8.0 * ROWS * COLUMNS);

    final double work;

    Task(double work) {
      this.work = work;
    }
  }

  private final CompiledKernel compiled;
  private final Arguments arguments;

  /**
   * Compiles and allocates.
   *
   * @param crowd how many other kernels the emitter makes and runs first
   */
  public KernelWork(Task task, Maker maker, int crowd) {
    var compiler = maker.compiler();
    crowd(compiler, crowd);
    var kernel = kernel(task);
    compiled = compiler.compile(kernel);
    arguments = arguments(kernel);
  }

  /** Computes once. */
  public void run() {
    compiled.run(arguments);
  }

  /** Makes and runs so many kernels, all different: what a JVM holds that has trained for a while. */
  public static void crowd(KernelCompiler compiler, int number) {
    for (int i = 0; i < number; i++) {
      var other = other(i);
      var made = compiler.compile(other);
      var data = arguments(other);
      for (int run = 0; run < 50; run++) {
        made.run(data);
      }
    }
  }

  private static Arguments arguments(Kernel kernel) {
    var arena = Arena.ofAuto();
    var arguments = new Arguments(kernel, arena);
    for (var parameter : kernel.parameters()) {
      switch (parameter) {
        case Parameter.Buffer buffer -> {
          var memory = arena.allocate(4L * ROWS * COLUMNS * 4, 64);
          for (long i = 0; i < memory.byteSize() / 4; i++) {
            memory.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) Math.sin(i) * 0.1f);
          }
          arguments.set(buffer.position(), memory);
        }
        case Parameter.Scalar scalar -> {
          switch (scalar.name()) {
            case "rows" -> arguments.set("rows", ROWS);
            case "depth" -> arguments.set("depth", kernel.name().equals("tile") ? DEPTH : 64);
            default -> arguments.set(scalar.name(), kernel.name().equals("rows_of_product") ? 512 : COLUMNS);
          }
        }
      }
    }
    return arguments;
  }

  private static Kernel kernel(Task task) {
    return switch (task) {
      case TILE -> tile(8, 3);
      case ROWS_OF_PRODUCT -> rowsOfProduct(4, 4);
      case ADD -> elementwise("add", (k, x, y) -> k.add(x, y));
      case GATE -> elementwise("gate", (k, x, y) ->
          k.select(k.compare(Expr.CompareOp.GT, x, k.constant(0f)), y, k.constant(0f)));
      case GELU -> elementwise("gelu", (k, x, y) -> {
        var inner = k.mul(k.fma(k.constant(0.044715f), k.mul(k.mul(x, x), x), x), k.constant(0.7978846f));
        return k.mul(k.mul(k.constant(0.5f), x), k.add(MathLibrary.tanh(k, inner), k.constant(1f)));
      });
      case SOFTMAX -> softmax();
    };
  }

  /** One of many kernels, all different. */
  private static Kernel other(int number) {
    return elementwise("other", (k, x, y) -> {
      var v = x;
      for (int i = 0; i < 4 + number % 5; i++) {
        v = (number >> i & 1) == 0 ? k.fma(v, y, x) : k.max(k.mul(v, y), k.constant((float) number));
      }
      return v;
    });
  }

  private interface Operation {
    Local of(KernelBuilder k, Local x, Local y);
  }

  private static Kernel elementwise(String name, Operation operation) {
    var k = new KernelBuilder(name);
    var x = k.buffer("x", Element.F32);
    var y = k.buffer("y", Element.F32);
    var z = k.buffer("z", Element.F32);
    var n = k.mul(k.index("rows"), k.index("columns"));
    k.vectorLoop(k.constant(0), n, i -> k.store(z, i, operation.of(k, k.load(x, i), k.load(y, i))));
    return k.build();
  }

  private static Kernel softmax() {
    var k = new KernelBuilder("softmax");
    var x = k.buffer("x", Element.F32);
    var y = k.buffer("y", Element.F32);
    var rows = k.index("rows");
    var columns = k.index("columns");
    var zero = k.constant(0);
    k.loop(zero, rows, 1, r -> {
      var row = k.mul(r, columns);
      var max = k.variable(k.constant(Float.NEGATIVE_INFINITY));
      k.vectorLoop(zero, columns, c -> k.assign(max,
          new Expr.Binary(Expr.BinaryOp.MAX, max, k.load(x, k.add(row, c)))));
      var largest = k.reduce(Expr.Reduction.MAX, max);
      var sum = k.variable(k.constant(0f));
      k.vectorLoop(zero, columns, c -> {
        var e = MathLibrary.exp(k, k.sub(k.load(x, k.add(row, c)), largest));
        k.store(y, k.add(row, c), e);
        k.assign(sum, new Expr.Binary(Expr.BinaryOp.ADD, sum, e));
      });
      var scale = k.div(k.constant(1f), k.reduce(Expr.Reduction.ADD, sum));
      k.vectorLoop(zero, columns, c ->
          k.store(y, k.add(row, c), k.mul(k.load(y, k.add(row, c)), scale)));
    });
    return k.build();
  }

  private static Kernel tile(int height, int vectors) {
    var k = new KernelBuilder("tile");
    var a = k.buffer("a", Element.F32);
    var b = k.buffer("b", Element.F32);
    var c = k.buffer("c", Element.F32);
    var depth = k.index("depth");
    var sums = new Local[height][vectors];
    for (var row : sums) {
      for (int v = 0; v < vectors; v++) {
        row[v] = k.variable(k.constant(0f));
      }
    }
    k.loop(k.constant(0), depth, 1, p -> {
      var right = new Local[vectors];
      for (int v = 0; v < vectors; v++) {
        right[v] = k.load(b, k.add(k.mul(p, k.constant(16L * vectors)), k.constant(16L * v)));
      }
      for (int r = 0; r < height; r++) {
        var left = k.loadSingle(a, k.add(k.mul(p, k.constant((long) height)), k.constant((long) r)));
        for (int v = 0; v < vectors; v++) {
          k.assign(sums[r][v], new Expr.Fma(left, right[v], sums[r][v]));
        }
      }
    });
    for (int r = 0; r < height; r++) {
      for (int v = 0; v < vectors; v++) {
        k.store(c, k.constant(16L * (r * vectors + v)), sums[r][v]);
      }
    }
    return k.build();
  }

  /** The form of a product that suits plain numbers: no tile, long rows of C. */
  private static Kernel rowsOfProduct(int rows, int steps) {
    var k = new KernelBuilder("rows_of_product");
    var a = k.buffer("a", Element.F32);
    var b = k.buffer("b", Element.F32);
    var c = k.buffer("c", Element.F32);
    var depth = k.index("depth");
    var n = k.index("n");
    k.loop(k.constant(0), depth, steps, p -> {
      var left = new Local[rows][steps];
      for (int r = 0; r < rows; r++) {
        for (int s = 0; s < steps; s++) {
          var row = k.mul(k.constant((long) r), depth);
          left[r][s] = k.loadSingle(a, k.add(row, k.add(p, k.constant((long) s))));
        }
      }
      k.vectorLoop(k.constant(0), n, j -> {
        var right = new Local[steps];
        for (int s = 0; s < steps; s++) {
          right[s] = k.load(b, k.offset(j, k.add(p, k.constant((long) s)), n));
        }
        for (int r = 0; r < rows; r++) {
          var place = k.offset(j, k.constant((long) r), n);
          var sum = k.load(c, place);
          for (int s = 0; s < steps; s++) {
            sum = k.fma(left[r][s], right[s], sum);
          }
          k.store(c, place, sum);
        }
      });
    });
    return k.build();
  }
}
