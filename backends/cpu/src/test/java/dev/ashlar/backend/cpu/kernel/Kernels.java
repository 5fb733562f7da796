package dev.ashlar.backend.cpu.kernel;

/** Kernels as a network needs them, for the tests of every emitter. */
public final class Kernels {

  private Kernels() {}

  /** z[r, c] = gelu_tanh(x[r, c] + b[c]) * y[r, c]. */
  public static Kernel geluTimes() {
    var k = new KernelBuilder("gelu_times");
    var x = k.buffer("x", Element.F32);
    var bias = k.buffer("b", Element.F32);
    var y = k.buffer("y", Element.F32);
    var z = k.buffer("z", Element.F32);
    var rows = k.index("rows");
    var columns = k.index("columns");
    k.loop(k.constant(0), rows, 1, r -> {
      var row = k.mul(r, columns);
      k.vectorLoop(k.constant(0), columns, c -> {
        var v = k.add(k.load(x, k.add(row, c)), k.load(bias, c));
        k.store(z, k.add(row, c), k.mul(gelu(k, v), k.load(y, k.add(row, c))));
      });
    });
    return k.build();
  }

  private static Local gelu(KernelBuilder k, Local v) {
    var cube = k.mul(k.mul(v, v), v);
    var inner = k.mul(k.fma(k.constant(0.044715f), cube, v), k.constant(0.7978846f));
    var t = MathLibrary.tanh(k, inner);
    return k.mul(k.mul(k.constant(0.5f), v), k.add(t, k.constant(1f)));
  }

  /** y = gelu(gelu(..(x))), eight times: too much for one method wherever a value is several vectors. */
  public static Kernel deepGelu() {
    var k = new KernelBuilder("deep_gelu");
    var x = k.buffer("x", Element.F32);
    var y = k.buffer("y", Element.F32);
    k.vectorLoop(k.constant(0), k.index("columns"), c -> {
      var v = k.load(x, c);
      for (int i = 0; i < 8; i++) {
        v = gelu(k, v);
      }
      k.store(y, c, v);
    });
    return k.build();
  }

  /** AdamW: four streams read, three written. */
  public static Kernel adamW() {
    var k = new KernelBuilder("adam_w");
    var parameter = k.buffer("parameter", Element.F32);
    var gradient = k.buffer("gradient", Element.F32);
    var mean = k.buffer("mean", Element.F32);
    var square = k.buffer("square", Element.F32);
    var rate = k.f32("scale");
    var epsilon = k.f32("epsilon");
    k.vectorLoop(k.constant(0), k.index("columns"), c -> {
      var g = k.load(gradient, c);
      var m = k.fma(k.constant(0.9f), k.load(mean, c), k.mul(k.constant(0.1f), g));
      var s = k.fma(k.constant(0.999f), k.load(square, c), k.mul(k.constant(0.001f), k.mul(g, g)));
      k.store(mean, c, m);
      k.store(square, c, s);
      var root = k.unary(Expr.UnaryOp.SQRT, k.div(s, k.constant(0.002f)));
      var step = k.div(k.div(m, k.constant(0.19f)), k.add(root, epsilon));
      var w = k.load(parameter, c);
      var decayed = k.sub(w, k.mul(k.mul(rate, k.constant(0.01f)), w));
      k.store(parameter, c, k.sub(decayed, k.mul(rate, step)));
    });
    return k.build();
  }

  /** y = softmax(x) along rows. */
  public static Kernel softmax() {
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
      var m = k.reduce(Expr.Reduction.MAX, max);
      var sum = k.variable(k.constant(0f));
      k.vectorLoop(zero, columns, c -> {
        var e = MathLibrary.exp(k, k.sub(k.load(x, k.add(row, c)), m));
        k.store(y, k.add(row, c), e);
        k.assign(sum, new Expr.Binary(Expr.BinaryOp.ADD, sum, e));
      });
      var scale = k.div(k.constant(1f), k.reduce(Expr.Reduction.ADD, sum));
      k.vectorLoop(zero, columns, c ->
          k.store(y, k.add(row, c), k.mul(k.load(y, k.add(row, c)), scale)));
    });
    return k.build();
  }

  /** y = (x - mean) / sqrt(variance + epsilon) * gain along rows. */
  public static Kernel layerNorm() {
    var k = new KernelBuilder("layer_norm");
    var x = k.buffer("x", Element.F32);
    var gain = k.buffer("gain", Element.BF16);
    var y = k.buffer("y", Element.F32);
    var rows = k.index("rows");
    var columns = k.index("columns");
    var scale = k.f32("scale");
    var epsilon = k.f32("epsilon");
    var zero = k.constant(0);
    k.loop(zero, rows, 1, r -> {
      var row = k.mul(r, columns);
      var sum = k.variable(k.constant(0f));
      k.vectorLoop(zero, columns, c -> k.assign(sum, k.add(sum, k.load(x, k.add(row, c)))));
      var mean = k.mul(k.reduce(Expr.Reduction.ADD, sum), scale);
      var squares = k.variable(k.constant(0f));
      k.vectorLoop(zero, columns, c -> {
        var d = k.sub(k.load(x, k.add(row, c)), mean);
        k.assign(squares, new Expr.Fma(d, d, squares));
      });
      var variance = k.mul(k.reduce(Expr.Reduction.ADD, squares), scale);
      var root = k.div(k.constant(1f), k.unary(Expr.UnaryOp.SQRT, k.add(variance, epsilon)));
      k.vectorLoop(zero, columns, c -> k.store(y, k.add(row, c),
          k.mul(k.mul(k.sub(k.load(x, k.add(row, c)), mean), root), k.load(gain, c))));
    });
    return k.build();
  }

  /** y[c] = sum of x[r, c] over r. */
  public static Kernel columnSum() {
    var k = new KernelBuilder("column_sum");
    var x = k.buffer("x", Element.F32);
    var y = k.buffer("y", Element.F32);
    var rows = k.index("rows");
    var columns = k.index("columns");
    k.vectorLoop(k.constant(0), columns, c -> {
      var sum = k.variable(k.constant(0f));
      k.loop(k.constant(0), rows, 1, r ->
          k.assign(sum, k.add(sum, k.load(x, k.offset(c, r, columns)))));
      k.store(y, c, sum);
    });
    return k.build();
  }

  /** y[r, :] = x[ids[r], :] (bf16 table to f32), and counts[ids[r]] += 1. */
  public static Kernel gatherRows() {
    var k = new KernelBuilder("gather_rows");
    var ids = k.buffer("ids", Element.I32);
    var x = k.buffer("x", Element.BF16);
    var y = k.buffer("y", Element.F32);
    var counts = k.buffer("counts", Element.I64);
    var rows = k.index("rows");
    var columns = k.index("columns");
    k.loop(k.constant(0), rows, 1, r -> {
      var id = k.loadIndex(ids, r);
      k.vectorLoop(k.constant(0), columns, c ->
          k.store(y, k.offset(c, r, columns), k.load(x, k.offset(c, id, columns))));
      k.storeIndex(counts, id, k.add(k.loadIndex(counts, id), k.constant(1)));
    });
    return k.build();
  }

  /** y[c] = the larger of x[2 c] and x[2 c + 1], places[c] = which: a variable that choices change, without a loop. */
  public static Kernel largestOfPairs() {
    var k = new KernelBuilder("largest_of_pairs");
    var x = k.buffer("x", Element.F32);
    var y = k.buffer("y", Element.F32);
    var places = k.buffer("places", Element.I32);
    var two = k.constant(2);
    k.vectorLoop(k.constant(0), k.index("columns"), c -> {
      var best = k.variable(k.constant(Float.NEGATIVE_INFINITY));
      var where = k.variable(k.intConstant(-1));
      for (int i = 0; i < 2; i++) {
        var value = k.loadStrided(x, k.add(k.mul(c, two), k.constant((long) i)), two);
        var larger = k.compare(Expr.CompareOp.GT, value, best);
        k.assign(best, new Expr.Select(larger, value, best));
        k.assign(where, new Expr.Select(larger, k.intConstant(i), where));
      }
      k.store(y, c, k.copy(best));
      k.store(places, c, k.copy(where));
    });
    return k.build();
  }
}
