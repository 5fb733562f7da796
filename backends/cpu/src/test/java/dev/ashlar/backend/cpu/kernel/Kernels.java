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
        var cube = k.mul(k.mul(v, v), v);
        var inner = k.mul(k.fma(k.constant(0.044715f), cube, v), k.constant(0.7978846f));
        var t = MathLibrary.tanh(k, inner);
        var gelu = k.mul(k.mul(k.constant(0.5f), v), k.add(t, k.constant(1f)));
        k.store(z, k.add(row, c), k.mul(gelu, k.load(y, k.add(row, c))));
      });
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
}
