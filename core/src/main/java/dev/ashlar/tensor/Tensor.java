package dev.ashlar.tensor;

import dev.ashlar.api.Stable;
import dev.ashlar.tensor.Op.BinaryKind;
import dev.ashlar.tensor.Op.ReduceKind;
import dev.ashlar.tensor.Op.UnaryKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A symbolic value: one output of a {@link Node}. Nothing runs while a graph is built. Equality is
 * identity. Methods build new nodes; element-wise ones broadcast (axes matched from the last, an
 * extent of 1 stretches) but never convert element types: operands of two types are an error. A number
 * beside a tensor is taken in the tensor's element type, so beside integers it must be whole: {@link #cast}
 * them for fractions. Negative axes count from the end. All throw {@link ShapeException} for operands whose
 * shapes or element types do not fit, when the graph is built.
 */
@Stable
public final class Tensor {

  private final Node node;
  private final int output;
  private final TensorType type;

  Tensor(Node node, int output, TensorType type) {
    this.node = node;
    this.output = output;
    this.type = type;
  }

  // ---------------------------------------------------------------- making tensors

  /** A value given at each run under a name. */
  public static Tensor input(String name, TensorType type) {
    return apply(new Op.Input(Op.Role.ARGUMENT, name, type));
  }

  /** A number as a scalar: rank 0. */
  public static Tensor scalar(DType dtype, double value) {
    return apply(new Op.Literal(dtype, value));
  }

  /** One number everywhere. */
  public static Tensor full(TensorType type, double value) {
    return scalar(type.dtype(), value).broadcastTo(type.shape());
  }

  /** Zeros. */
  public static Tensor zeros(TensorType type) {
    return full(type, 0);
  }

  /** A fixed array, read when the program is compiled. */
  public static Tensor constant(NDArray value) {
    return apply(new Op.Constant(value));
  }

  /** 0, 1, 2, .. along an axis, the same along the others; of any element type but bool. */
  public static Tensor iota(TensorType type, int axis) {
    return apply(new Op.Iota(type, type.shape().axis(axis)));
  }

  /** Tensors joined along an axis: one or more, of types that differ in the extent of that axis alone. */
  public static Tensor concat(List<Tensor> parts, int axis) {
    if (parts.isEmpty()) {
      throw new ShapeException("concat", "one tensor or more", "none");
    }
    return parts.size() == 1
        ? parts.getFirst()
        : apply(new Op.Concat(parts, parts.getFirst().shape().axis(axis)));
  }

  /** Tensors of one type joined along a new axis, whose extent is their number. */
  public static Tensor stack(List<Tensor> parts, int axis) {
    return concat(parts.stream().map(t -> t.expandDims(axis)).toList(), axis);
  }

  /** The first result of an operation; all of them are {@link Node#outputs}. */
  public static Tensor apply(Op op) {
    return Node.of(op).output(0);
  }

  // ---------------------------------------------------------------- what it is

  /** The node that computes this. */
  public Node node() {
    return node;
  }

  /** Which of the node's outputs this is. */
  public int output() {
    return output;
  }

  /** Element type and shape. */
  public TensorType type() {
    return type;
  }

  /** Element type. */
  public DType dtype() {
    return type.dtype();
  }

  /** Extents. */
  public Shape shape() {
    return type.shape();
  }

  /** Extent of an axis. */
  public int dim(int axis) {
    return type.shape().dim(axis);
  }

  /** Number of axes. */
  public int rank() {
    return type.shape().rank();
  }

  /** The number everywhere in this tensor if it is a literal, seen through broadcasts; else {@code otherwise}. */
  public double literalOr(double otherwise) {
    return switch (node.op()) {
      case Op.Literal literal -> literal.value();
      case Op.Broadcast o -> o.x().literalOr(otherwise);
      case Op.Reshape o -> o.x().literalOr(otherwise);
      default -> otherwise;
    };
  }

  // ---------------------------------------------------------------- element-wise arithmetic

  // Of numbers (any element type but bool); integers wrap. A number given as a double takes this tensor's element type.

  /** Sum. */
  public Tensor add(Tensor other) {
    return binary(BinaryKind.ADD, other);
  }

  /** Sum with a number. */
  public Tensor add(double other) {
    return binary(BinaryKind.ADD, other);
  }

  /** Difference. */
  public Tensor sub(Tensor other) {
    return binary(BinaryKind.SUB, other);
  }

  /** Difference from a number. */
  public Tensor sub(double other) {
    return binary(BinaryKind.SUB, other);
  }

  /** Product. */
  public Tensor mul(Tensor other) {
    return binary(BinaryKind.MUL, other);
  }

  /** Product with a number. */
  public Tensor mul(double other) {
    return binary(BinaryKind.MUL, other);
  }

  /** Quotient; of integers truncated, and -1 where the divisor is 0. */
  public Tensor div(Tensor other) {
    return binary(BinaryKind.DIV, other);
  }

  /** Quotient by a number. */
  public Tensor div(double other) {
    return binary(BinaryKind.DIV, other);
  }

  /** Power; NaN for a negative base and a fraction. Of integers it wraps; negative exponents truncate. */
  public Tensor pow(Tensor other) {
    return binary(BinaryKind.POW, other);
  }

  /** Power of a fixed exponent. */
  public Tensor pow(double exponent) {
    return binary(BinaryKind.POW, exponent);
  }

  /** Remainder with the dividend's sign; of an integer by 0, the dividend. */
  public Tensor rem(Tensor other) {
    return binary(BinaryKind.REM, other);
  }

  /** The smaller; NaN if either is. */
  public Tensor minimum(Tensor other) {
    return binary(BinaryKind.MIN, other);
  }

  /** The smaller of each element and a number. */
  public Tensor minimum(double other) {
    return binary(BinaryKind.MIN, other);
  }

  /** The larger; NaN if either is. */
  public Tensor maximum(Tensor other) {
    return binary(BinaryKind.MAX, other);
  }

  /** The larger of each element and a number. */
  public Tensor maximum(double other) {
    return binary(BinaryKind.MAX, other);
  }

  /** Negation. */
  public Tensor neg() {
    return unary(UnaryKind.NEG);
  }

  /** Magnitude. */
  public Tensor abs() {
    return unary(UnaryKind.ABS);
  }

  /** -1, 0 or 1; NaN for NaN. */
  public Tensor sign() {
    return unary(UnaryKind.SIGN);
  }

  /** e to the power. This and what follows, up to {@link #round}, takes floating-point numbers. */
  public Tensor exp() {
    return unary(UnaryKind.EXP);
  }

  /** exp(x) - 1, exact near 0. */
  public Tensor expm1() {
    return unary(UnaryKind.EXPM1);
  }

  /** Natural logarithm; NaN below 0. */
  public Tensor log() {
    return unary(UnaryKind.LOG);
  }

  /** log(1 + x), exact near 0. */
  public Tensor log1p() {
    return unary(UnaryKind.LOG1P);
  }

  /** Square root; NaN below 0. */
  public Tensor sqrt() {
    return unary(UnaryKind.SQRT);
  }

  /** 1 / sqrt(x). */
  public Tensor rsqrt() {
    return unary(UnaryKind.RSQRT);
  }

  /** 1 / x. */
  public Tensor reciprocal() {
    return unary(UnaryKind.RECIPROCAL);
  }

  /** Sine of radians. */
  public Tensor sin() {
    return unary(UnaryKind.SIN);
  }

  /** Cosine of radians. */
  public Tensor cos() {
    return unary(UnaryKind.COS);
  }

  /** Hyperbolic tangent. */
  public Tensor tanh() {
    return unary(UnaryKind.TANH);
  }

  /** 1 / (1 + exp(-x)). */
  public Tensor sigmoid() {
    return unary(UnaryKind.SIGMOID);
  }

  /** The error function, 2 / sqrt(pi) times the integral of exp(-t^2) from 0 to x: Abramowitz and Stegun, 7.1.1. */
  public Tensor erf() {
    return unary(UnaryKind.ERF);
  }

  /** The largest integer not above. */
  public Tensor floor() {
    return unary(UnaryKind.FLOOR);
  }

  /** The smallest integer not below. */
  public Tensor ceil() {
    return unary(UnaryKind.CEIL);
  }

  /** The nearest integer, halves to even. */
  public Tensor round() {
    return unary(UnaryKind.ROUND);
  }

  /** x times x. */
  public Tensor square() {
    return mul(this);
  }

  // ---------------------------------------------------------------- truth values and bits

  // Comparisons give bool. Of and to xor take bool or integers, shifts integers.

  /** Equal; false for NaN. */
  public Tensor eq(Tensor other) {
    return binary(BinaryKind.EQ, other);
  }

  /** Not equal; true for NaN. */
  public Tensor ne(Tensor other) {
    return binary(BinaryKind.NE, other);
  }

  /** Less. */
  public Tensor lt(Tensor other) {
    return binary(BinaryKind.LT, other);
  }

  /** Less or equal. */
  public Tensor le(Tensor other) {
    return binary(BinaryKind.LE, other);
  }

  /** Greater. */
  public Tensor gt(Tensor other) {
    return binary(BinaryKind.GT, other);
  }

  /** Greater or equal. */
  public Tensor ge(Tensor other) {
    return binary(BinaryKind.GE, other);
  }

  /** Equal to a number. */
  public Tensor eq(double other) {
    return binary(BinaryKind.EQ, other);
  }

  /** Not equal to a number; true for NaN. */
  public Tensor ne(double other) {
    return binary(BinaryKind.NE, other);
  }

  /** Less than a number. */
  public Tensor lt(double other) {
    return binary(BinaryKind.LT, other);
  }

  /** Less than a number or equal to it. */
  public Tensor le(double other) {
    return binary(BinaryKind.LE, other);
  }

  /** Greater than a number. */
  public Tensor gt(double other) {
    return binary(BinaryKind.GT, other);
  }

  /** Greater than a number or equal to it. */
  public Tensor ge(double other) {
    return binary(BinaryKind.GE, other);
  }

  /** Both, bit by bit. */
  public Tensor and(Tensor other) {
    return binary(BinaryKind.AND, other);
  }

  /** Either, bit by bit. */
  public Tensor or(Tensor other) {
    return binary(BinaryKind.OR, other);
  }

  /** One but not both, bit by bit. */
  public Tensor xor(Tensor other) {
    return binary(BinaryKind.XOR, other);
  }

  /** Shifted left; by 0 to 31 (63 for i64). */
  public Tensor shl(Tensor bits) {
    return binary(BinaryKind.SHL, bits);
  }

  /** Shifted right, zeros coming in. */
  public Tensor shr(Tensor bits) {
    return binary(BinaryKind.SHR, bits);
  }

  /** The opposite truth value, or all bits turned. */
  public Tensor not() {
    return unary(UnaryKind.NOT);
  }

  /** Whether a floating-point number is neither NaN nor infinite: bool. */
  public Tensor isFinite() {
    return unary(UnaryKind.IS_FINITE);
  }

  /** This bool tensor's choice: {@code a} where true, else {@code b}, of one element type; all three broadcast. */
  public Tensor where(Tensor a, Tensor b) {
    Shape to = Shape.broadcast(shape(), Shape.broadcast(a.shape(), b.shape()));
    return apply(new Op.Where(broadcastTo(to), a.broadcastTo(to), b.broadcastTo(to)));
  }

  /** Converted to another element type, see {@link Op.Cast}; this itself if it has it. */
  public Tensor cast(DType dtype) {
    return dtype == dtype() ? this : apply(new Op.Cast(this, dtype));
  }

  /** The value, without its gradient. */
  public Tensor detach() {
    return apply(new Op.Detach(this));
  }

  // ---------------------------------------------------------------- reductions

  /** Sum of all elements: a scalar. */
  public Tensor sum() {
    return reduceAll(ReduceKind.SUM);
  }

  /** Mean of all elements: a scalar. */
  public Tensor mean() {
    return meanOf(sum(), shape().size());
  }

  /** Largest of all elements: a scalar. */
  public Tensor max() {
    return reduceAll(ReduceKind.MAX);
  }

  /** Smallest of all elements: a scalar. */
  public Tensor min() {
    return reduceAll(ReduceKind.MIN);
  }

  /** Product of all elements: a scalar. */
  public Tensor prod() {
    return reduceAll(ReduceKind.PROD);
  }

  /** Sum along axes, which stay with extent 1. */
  public Tensor sum(int... axes) {
    return reduce(ReduceKind.SUM, axes);
  }

  /** Mean along axes, which stay with extent 1. */
  public Tensor mean(int... axes) {
    long count = 1;
    for (int axis : axes) {
      count *= dim(axis);
    }
    return meanOf(sum(axes), count);
  }

  private Tensor meanOf(Tensor sum, long count) {
    if (!dtype().isFloating()) {
      throw new ShapeException("mean", "floating-point numbers: cast(F32) first", type.toString());
    }
    return sum.div(count);
  }

  /** Largest along axes, which stay with extent 1. */
  public Tensor max(int... axes) {
    return reduce(ReduceKind.MAX, axes);
  }

  /** Smallest along axes, which stay with extent 1. */
  public Tensor min(int... axes) {
    return reduce(ReduceKind.MIN, axes);
  }

  /** Product along axes, which stay with extent 1. */
  public Tensor prod(int... axes) {
    return reduce(ReduceKind.PROD, axes);
  }

  /** Combined along axes, which stay with extent 1; this itself if there are none. */
  public Tensor reduce(ReduceKind kind, int... axes) {
    List<Integer> list = Arrays.stream(axes).map(shape()::axis).boxed().toList();
    return list.isEmpty() ? this : apply(new Op.Reduce(kind, this, list));
  }

  private Tensor reduceAll(ReduceKind kind) {
    return reduce(kind, IntStream.range(0, rank()).toArray()).reshape();
  }

  /** Position (i32) of the largest along an axis, which stays with extent 1; the first of equals, NaN the largest. */
  public Tensor argMax(int axis) {
    return apply(new Op.ArgMax(this, shape().axis(axis)));
  }

  /** Running sum along an axis, the element itself included: the same shape. */
  public Tensor cumSum(int axis) {
    return apply(new Op.CumSum(this, shape().axis(axis), false));
  }

  /** Sorted along an axis, smallest first; NaN is the largest. */
  public Tensor sort(int axis) {
    return sorted(axis).output(0);
  }

  /** Positions (i32) along an axis of what {@link #sort} gives. */
  public Tensor argSort(int axis) {
    return sorted(axis).output(1);
  }

  private Node sorted(int axis) {
    return Node.of(new Op.Sort(this, shape().axis(axis), false));
  }

  /** The {@code k} largest along the last axis, largest first: [.., n] to [.., k]. */
  public Tensor topK(int k) {
    return Node.of(new Op.TopK(this, k)).output(0);
  }

  /** Positions (i32) along the last axis of what {@link #topK} gives. */
  public Tensor argTopK(int k) {
    return Node.of(new Op.TopK(this, k)).output(1);
  }

  // ---------------------------------------------------------------- movement

  /**
   * The same elements, row-major, in another shape.
   *
   * @param dims as many elements as there are; one extent may be -1 (whatever is left)
   */
  public Tensor reshape(int... dims) {
    int[] to = dims.clone();
    int open = -1;
    long known = 1;
    for (int i = 0; i < to.length; i++) {
      if (to[i] != -1) {
        known *= to[i];
      } else if (open < 0) {
        open = i;
      } else {
        throw new ShapeException("reshape to " + Arrays.toString(dims), "at most one extent of -1", shape().toString());
      }
    }
    if (open >= 0) {
      if (known != 0 && shape().size() % known != 0) {
        throw new ShapeException("reshape to " + Arrays.toString(dims),
            "a number of elements that " + known + " divides", shape().toString());
      }
      to[open] = known == 0 ? 0 : (int) (shape().size() / known);
    }
    return reshape(Shape.of(to));
  }

  /** The same elements, row-major, in another shape of as many elements. */
  public Tensor reshape(Shape to) {
    return to.equals(shape()) ? this : apply(new Op.Reshape(this, to));
  }

  /** Axes in another order: axis {@code i} of the result is axis {@code order[i]} of this; each axis once. */
  public Tensor permute(int... order) {
    boolean same = IntStream.range(0, order.length).allMatch(i -> order[i] == i) && order.length == rank();
    return same ? this : apply(new Op.Permute(this, Lists.of(order)));
  }

  /** Two axes exchanged. */
  public Tensor transpose(int a, int b) {
    int[] order = IntStream.range(0, rank()).toArray();
    order[shape().axis(a)] = shape().axis(b);
    order[shape().axis(b)] = shape().axis(a);
    return permute(order);
  }

  /** The last two axes exchanged. */
  public Tensor transpose() {
    return transpose(-2, -1);
  }

  /** A new axis of extent 1 at a position (negative: counted from the end of the result). */
  public Tensor expandDims(int axis) {
    return reshape(shape().insert(axis < 0 ? axis + rank() + 1 : axis, 1));
  }

  /** Without an axis of extent 1. */
  public Tensor squeeze(int axis) {
    if (dim(axis) != 1) {
      throw new ShapeException("squeeze of axis " + axis, "extent 1", shape().toString());
    }
    return reshape(shape().remove(axis));
  }

  /** Stretched to a shape; missing leading axes are added. */
  public Tensor broadcastTo(Shape to) {
    if (to.equals(shape())) {
      return this;
    }
    Tensor same = this;
    while (same.rank() < to.rank()) {
      same = same.expandDims(0);
    }
    return to.equals(same.shape()) ? same : apply(new Op.Broadcast(same, to));
  }

  /** Elements {@code start} (inclusive) to {@code limit} (exclusive) of one axis. */
  public Tensor slice(int axis, int start, int limit) {
    int at = shape().axis(axis);
    int[] starts = new int[rank()];
    int[] limits = shape().dims();
    starts[at] = start;
    limits[at] = limit;
    return start == 0 && limit == dim(at) ? this : slice(starts, limits);
  }

  /** A window: from {@code starts} (inclusive) to {@code limits} (exclusive). */
  public Tensor slice(int[] starts, int[] limits) {
    return apply(new Op.Slice(this, Lists.of(starts), Lists.of(limits), Lists.repeat(1, rank())));
  }

  /** Equal parts along an axis, whose extent the number of parts divides. */
  public List<Tensor> split(int parts, int axis) {
    int extent = dim(axis);
    if (extent % parts != 0) {
      throw new ShapeException("split into " + parts, "an extent divisible by " + parts, shape().toString());
    }
    int each = extent / parts;
    List<Tensor> result = new ArrayList<>();
    for (int i = 0; i < parts; i++) {
      result.add(slice(axis, i * each, (i + 1) * each));
    }
    return result;
  }

  /** Elements in the opposite order along axes. */
  public Tensor flip(int... axes) {
    return apply(new Op.Flip(this, Arrays.stream(axes).map(shape()::axis).boxed().toList()));
  }

  /** A number added around: {@code low[i]} times before axis i and {@code high[i]} times after it, not negative. */
  public Tensor pad(int[] low, int[] high, double value) {
    return apply(new Op.Pad(this, Lists.of(low), Lists.of(high), Lists.repeat(0, rank()), value));
  }

  /** A window of given extents at a computed start (an i32 scalar for each axis), clamped so that it fits. */
  public Tensor dynamicSlice(List<Tensor> starts, Shape extents) {
    return apply(new Op.DynamicSlice(this, starts, extents));
  }

  /** This with a window replaced at a computed start (an i32 scalar for each axis), clamped so that it fits. */
  public Tensor dynamicUpdate(Tensor update, List<Tensor> starts) {
    return apply(new Op.DynamicUpdate(this, update, starts));
  }

  /** Rows of the first axis by number, zeros for others: this [n, R..], indices [I..] (i32) to [I.., R..]. */
  public Tensor gather(Tensor indices) {
    return gather(indices, 0);
  }

  /** Rows by number after {@code batch} equal axes: this [B.., n, R..], indices [B.., I..] (i32) to [B.., I.., R..]. */
  public Tensor gather(Tensor indices, int batch) {
    return apply(new Op.Gather(this, indices, batch));
  }

  /**
   * With updates added to rows after {@code batch} equal axes: this [B.., n, R..], indices [B.., I..] (i32), updates
   * [B.., I.., R..] to [B.., n, R..]; see {@link Op.ScatterAdd}.
   */
  public Tensor scatterAdd(Tensor indices, Tensor updates, int batch) {
    return apply(new Op.ScatterAdd(this, indices, updates, batch));
  }

  // ---------------------------------------------------------------- contractions

  /**
   * Matrix product over the last two axes: [.., m, k] x [.., k, n] to [.., m, n]. Leading axes
   * broadcast; with a matrix on the right, they are taken as rows.
   */
  public Tensor matmul(Tensor other) {
    if (rank() > 2 && other.rank() == 2) {
      int[] dims = shape().dims();
      dims[dims.length - 1] = other.dim(-1);
      return reshape(-1, dim(-1)).matmul(other).reshape(Shape.of(dims));
    }
    if (rank() < 2 || other.rank() < 2) {
      throw new ShapeException("matmul", "two axes or more", shape() + " and " + other.shape());
    }
    Shape batch = Shape.broadcast(shape().slice(0, rank() - 2), other.shape().slice(0, other.rank() - 2));
    Tensor a = broadcastTo(batch.concat(shape().slice(rank() - 2, rank())));
    Tensor b = other.broadcastTo(batch.concat(other.shape().slice(other.rank() - 2, other.rank())));
    return apply(new Op.MatMul(a, b));
  }

  /** Convolution: this [n, groups * c, S..], kernel [o, c, K..] to [n, o, P..]; see {@link Op.Conv}. */
  public Tensor conv(Tensor kernel, Op.Window window, int groups) {
    return apply(new Op.Conv(this, kernel, window, groups));
  }

  /** Largest of each window over the spatial axes: this [n, c, S..] to [n, c, P..]; see {@link Op.Pool}. */
  public Tensor maxPool(List<Integer> size, Op.Window window) {
    return apply(new Op.Pool(Op.PoolKind.MAX, this, size, window));
  }

  /** Sum of each window over the spatial axes: this [n, c, S..] to [n, c, P..]; see {@link Op.Pool}. */
  public Tensor sumPool(List<Integer> size, Op.Window window) {
    return apply(new Op.Pool(Op.PoolKind.SUM, this, size, window));
  }

  // ----------------------------------------------------------------

  private Tensor unary(UnaryKind kind) {
    return apply(new Op.Unary(kind, this));
  }

  private Tensor binary(BinaryKind kind, Tensor other) {
    Shape to = shape().equals(other.shape()) ? shape() : Shape.broadcast(shape(), other.shape());
    return apply(new Op.Binary(kind, broadcastTo(to), other.broadcastTo(to)));
  }

  private Tensor binary(BinaryKind kind, double other) {
    return binary(kind, scalar(dtype(), other));
  }

  // ---------------------------------------------------------------- looking at values

  /**
   * The value, computed at once by the reference: slow and obvious, for trying things, as in jshell, and for tests.
   *
   * @return a fresh array
   * @throws IllegalArgumentException if it depends on an input or a variable: their values are not known here
   */
  public NDArray eval() {
    return eval(Evaluator.reference());
  }

  /**
   * The value as something else computes it, such as a backend.
   *
   * @return a fresh array
   */
  public NDArray eval(Evaluator by) {
    return by.evaluate(this, Map.of());
  }

  /** The type and what computes it. */
  @Override
  public String toString() {
    return type + " = " + node.op().label();
  }
}
