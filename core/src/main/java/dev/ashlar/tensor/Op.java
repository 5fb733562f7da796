package dev.ashlar.tensor;

import dev.ashlar.api.Stable;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The primitive operations: a small closed set, so that derivatives, batching, evaluation and
 * compilation are exhaustive switches. It grows by {@link Composite}, and, for what cannot be said
 * in tensor maths, by {@link Custom}.
 *
 * <p>Operands are compared by identity and attributes by value: equal operations compute equal
 * values. Broadcasting is explicit: element-wise operations take operands of one shape. Axes are
 * counted from the front. Result types and their checks are in {@link TypeRules}: applying an operation to
 * operands that do not fit ({@link Node#of(Op)}) throws a {@link ShapeException}.
 */
@Stable
public sealed interface Op {

  /** The operands, in order. */
  default List<Tensor> inputs() {
    return List.of();
  }

  /** The same operation on other operands, given in the order of {@link #inputs()}. */
  default Op withInputs(List<Tensor> inputs) {
    return this;
  }

  /** The operation's name in messages, diagrams and profiles. */
  default String label() {
    return getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT);
  }

  // ---------------------------------------------------------------- leaves

  /** What a leaf stands for. */
  enum Role {
    /** A value given at each run. */
    ARGUMENT,
    /** The value of a {@code Variable} before the run. */
    VARIABLE,
    /** A parameter of a sub-graph. */
    PARAMETER
  }

  /** A named leaf. Names are unique for a role within a graph. */
  record Input(Role role, String name, TensorType type) implements Op {}

  /** One number, rank 0. Integers beyond 2^53 are not representable. */
  record Literal(DType dtype, double value) implements Op {}

  /** A fixed array; equal only to itself. */
  record Constant(NDArray value) implements Op {}

  /** 0, 1, 2, .. along one axis, the same along the others; of any element type but bool. */
  record Iota(TensorType type, int axis) implements Op {}

  /**
   * Uniformly random 32-bit integers from a key, nothing else: element {@code i} (row-major) is the
   * first word of Threefry-2x32-20 for counter (i mod 2^32, i / 2^32).
   *
   * @param low first word of the key, an i32 scalar
   * @param high second word of the key, an i32 scalar
   * @see <a href="https://doi.org/10.1145/2063384.2063405">Salmon et al., Parallel random numbers</a>
   */
  record RandomBits(Tensor low, Tensor high, Shape shape) implements Op {
    @Override public List<Tensor> inputs() { return List.of(low, high); }
    @Override public Op withInputs(List<Tensor> in) { return new RandomBits(in.get(0), in.get(1), shape); }
  }

  // ---------------------------------------------------------------- element-wise

  /**
   * Functions of one number. Integers are taken by NEG, ABS, SIGN and NOT alone, bool by NOT. EXPM1 is exp(x) - 1 and
   * LOG1P log(1 + x), both exact near 0; ERF is the error function (Abramowitz and Stegun, 7.1.1); IS_FINITE gives
   * bool.
   */
  enum UnaryKind {
    NEG, ABS, SIGN, EXP, EXPM1, LOG, LOG1P, SQRT, RSQRT, RECIPROCAL, SIN, COS, TANH, SIGMOID, ERF,
    FLOOR, CEIL, ROUND, NOT, IS_FINITE
  }

  /** A function of each element. ROUND goes to the nearest even; NOT takes bool or integers. */
  record Unary(UnaryKind kind, Tensor x) implements Op {
    @Override public List<Tensor> inputs() { return List.of(x); }
    @Override public Op withInputs(List<Tensor> in) { return new Unary(kind, in.get(0)); }
    @Override public String label() { return kind.name().toLowerCase(java.util.Locale.ROOT); }
  }

  /**
   * Functions of two numbers. From EQ on they compare and give bool; AND, OR and XOR take bool or integers, SHL and SHR
   * integers.
   */
  enum BinaryKind {
    ADD, SUB, MUL, DIV, POW, REM, MIN, MAX, AND, OR, XOR, SHL, SHR, EQ, NE, LT, LE, GT, GE;

    /** Whether the result is a truth value. */
    public boolean isComparison() {
      return ordinal() >= EQ.ordinal();
    }

    /** Whether the order of operands makes no difference, to the last bit. */
    public boolean isCommutative() {
      return switch (this) {
        case ADD, MUL, AND, OR, XOR, EQ, NE -> true;
        default -> false;
      };
    }
  }

  /**
   * A function of corresponding elements of two tensors of one type. MIN and MAX give NaN where
   * either is NaN; DIV of integers truncates; REM has the dividend's sign; an integer by 0 gives -1 and
   * itself as remainder; SHR shifts in zeros.
   */
  record Binary(BinaryKind kind, Tensor a, Tensor b) implements Op {
    @Override public List<Tensor> inputs() { return List.of(a, b); }
    @Override public Op withInputs(List<Tensor> in) { return new Binary(kind, in.get(0), in.get(1)); }
    @Override public String label() { return kind.name().toLowerCase(java.util.Locale.ROOT); }
  }

  /** {@code condition ? a : b}, element by element: a bool tensor and two of one type, all of one shape. */
  record Where(Tensor condition, Tensor a, Tensor b) implements Op {
    @Override public List<Tensor> inputs() { return List.of(condition, a, b); }
    @Override public Op withInputs(List<Tensor> in) { return new Where(in.get(0), in.get(1), in.get(2)); }
  }

  /** Conversion of the element type: to integers truncates, to bool is {@code != 0}. */
  record Cast(Tensor x, DType dtype) implements Op {
    @Override public List<Tensor> inputs() { return List.of(x); }
    @Override public Op withInputs(List<Tensor> in) { return new Cast(in.get(0), dtype); }
  }

  /** The value itself; its gradient is zero. */
  record Detach(Tensor x) implements Op {
    @Override public List<Tensor> inputs() { return List.of(x); }
    @Override public Op withInputs(List<Tensor> in) { return new Detach(in.get(0)); }
  }

  // ---------------------------------------------------------------- reductions

  /** How a reduction combines. */
  enum ReduceKind { SUM, MAX, MIN, PROD }

  /** Combines numbers along axes, which stay with extent 1. MAX and MIN give NaN where one is. */
  record Reduce(ReduceKind kind, Tensor x, List<Integer> axes) implements Op {
    public Reduce { axes = Lists.ascending(axes); }
    @Override public List<Tensor> inputs() { return List.of(x); }
    @Override public Op withInputs(List<Tensor> in) { return new Reduce(kind, in.get(0), axes); }
    @Override public String label() { return "reduce_" + kind.name().toLowerCase(java.util.Locale.ROOT); }
  }

  /**
   * Position (i32) of the largest element along an axis, which stays with extent 1; the first of equals. NaN is the
   * largest.
   */
  record ArgMax(Tensor x, int axis) implements Op {
    @Override public List<Tensor> inputs() { return List.of(x); }
    @Override public Op withInputs(List<Tensor> in) { return new ArgMax(in.get(0), axis); }
  }

  /** Running sum along an axis, the element itself included; from the end if {@code reverse}. */
  record CumSum(Tensor x, int axis, boolean reverse) implements Op {
    @Override public List<Tensor> inputs() { return List.of(x); }
    @Override public Op withInputs(List<Tensor> in) { return new CumSum(in.get(0), axis, reverse); }
  }

  /** Stable sort along an axis; outputs: values, and their positions (i32) before. NaN sorts as largest. */
  record Sort(Tensor x, int axis, boolean descending) implements Op {
    @Override public List<Tensor> inputs() { return List.of(x); }
    @Override public Op withInputs(List<Tensor> in) { return new Sort(in.get(0), axis, descending); }
  }

  /**
   * The {@code k} largest along the last axis, largest first: {@code [.., n]} to values and positions (i32), both
   * {@code [.., k]}. Of equals the earlier comes first; NaN is the largest.
   */
  record TopK(Tensor x, int k) implements Op {
    @Override public List<Tensor> inputs() { return List.of(x); }
    @Override public Op withInputs(List<Tensor> in) { return new TopK(in.get(0), k); }
  }

  // ---------------------------------------------------------------- movement

  /** The same elements, row-major, in another shape. */
  record Reshape(Tensor x, Shape shape) implements Op {
    @Override public List<Tensor> inputs() { return List.of(x); }
    @Override public Op withInputs(List<Tensor> in) { return new Reshape(in.get(0), shape); }
  }

  /** Axis {@code i} of the result is axis {@code order[i]} of the operand. */
  record Permute(Tensor x, List<Integer> order) implements Op {
    public Permute { order = List.copyOf(order); }
    @Override public List<Tensor> inputs() { return List.of(x); }
    @Override public Op withInputs(List<Tensor> in) { return new Permute(in.get(0), order); }
  }

  /** Stretches axes of extent 1; the rank stays. */
  record Broadcast(Tensor x, Shape shape) implements Op {
    @Override public List<Tensor> inputs() { return List.of(x); }
    @Override public Op withInputs(List<Tensor> in) { return new Broadcast(in.get(0), shape); }
  }

  /**
   * Elements {@code start, start + stride, .. < limit} of every axis, where {@code 0 <= start <= limit <= extent};
   * strides are positive.
   */
  record Slice(Tensor x, List<Integer> starts, List<Integer> limits, List<Integer> strides) implements Op {
    public Slice { starts = List.copyOf(starts); limits = List.copyOf(limits); strides = List.copyOf(strides); }
    @Override public List<Tensor> inputs() { return List.of(x); }
    @Override public Op withInputs(List<Tensor> in) { return new Slice(in.get(0), starts, limits, strides); }
  }

  /** The order of elements reversed along axes. */
  record Flip(Tensor x, List<Integer> axes) implements Op {
    public Flip { axes = Lists.ascending(axes); }
    @Override public List<Tensor> inputs() { return List.of(x); }
    @Override public Op withInputs(List<Tensor> in) { return new Flip(in.get(0), axes); }
  }

  /** A window of fixed extents whose start is computed: an i32 scalar for each axis, clamped so that it fits. */
  record DynamicSlice(Tensor x, List<Tensor> starts, Shape extents) implements Op {
    public DynamicSlice { starts = List.copyOf(starts); }
    @Override public List<Tensor> inputs() { return Lists.prepend(x, starts); }
    @Override public Op withInputs(List<Tensor> in) { return new DynamicSlice(in.get(0), in.subList(1, in.size()), extents); }
  }

  /** {@code x} with a window replaced; starts are i32 scalars, one for each axis, clamped so that the window fits. */
  record DynamicUpdate(Tensor x, Tensor update, List<Tensor> starts) implements Op {
    public DynamicUpdate { starts = List.copyOf(starts); }
    @Override public List<Tensor> inputs() { return Lists.prepend(x, Lists.prepend(update, starts)); }
    @Override public Op withInputs(List<Tensor> in) { return new DynamicUpdate(in.get(0), in.get(1), in.subList(2, in.size())); }
  }

  /**
   * {@code value} added around, and {@code interior} copies of it between, the elements of each axis: an extent n
   * becomes {@code low + n + (n - 1) interior + high}. None is negative.
   */
  record Pad(Tensor x, List<Integer> low, List<Integer> high, List<Integer> interior, double value) implements Op {
    public Pad { low = List.copyOf(low); high = List.copyOf(high); interior = List.copyOf(interior); }
    @Override public List<Tensor> inputs() { return List.of(x); }
    @Override public Op withInputs(List<Tensor> in) { return new Pad(in.get(0), low, high, interior, value); }
  }

  /** Operands one after the other along an axis; their types differ in its extent alone. */
  record Concat(List<Tensor> parts, int axis) implements Op {
    public Concat { parts = List.copyOf(parts); }
    @Override public List<Tensor> inputs() { return parts; }
    @Override public Op withInputs(List<Tensor> in) { return new Concat(in, axis); }
  }

  /**
   * Rows by number: {@code data [B.., n, R..]}, {@code indices [B.., I..]} (i32) to {@code [B.., I.., R..]}, where
   * {@code batch} says how many axes B has. An index outside 0 to n - 1 gives zeros.
   */
  record Gather(Tensor data, Tensor indices, int batch) implements Op {
    @Override public List<Tensor> inputs() { return List.of(data, indices); }
    @Override public Op withInputs(List<Tensor> in) { return new Gather(in.get(0), in.get(1), batch); }
  }

  /**
   * {@code base [B.., n, R..]} with {@code updates [B.., I.., R..]} added to the rows that {@code indices [B.., I..]}
   * name, in row-major order of I; an index outside is skipped.
   */
  record ScatterAdd(Tensor base, Tensor indices, Tensor updates, int batch) implements Op {
    @Override public List<Tensor> inputs() { return List.of(base, indices, updates); }
    @Override public Op withInputs(List<Tensor> in) { return new ScatterAdd(in.get(0), in.get(1), in.get(2), batch); }
  }

  // ---------------------------------------------------------------- contractions

  /** {@code a [B.., m, k]} times {@code b [B.., k, n]} to {@code [B.., m, n]}; the batch axes are equal. */
  record MatMul(Tensor a, Tensor b) implements Op {
    @Override public List<Tensor> inputs() { return List.of(a, b); }
    @Override public Op withInputs(List<Tensor> in) { return new MatMul(in.get(0), in.get(1)); }
  }

  /**
   * Convolution (cross-correlation) over one or more spatial axes: {@code x [n, groups * c, S..]}, {@code kernel [o, c,
   * K..]} to {@code [n, o, P..]}, where P are the {@linkplain Window#positions positions} of the kernel and {@code
   * groups} divides o. General enough that its derivatives are convolutions. Around x lie zeros; whether NaN or
   * infinity in the kernel times such a zero is NaN or left out is not specified.
   *
   * @param window the kernel's movement; its size is the kernel's
   * @param groups number of independent groups of channels
   */
  record Conv(Tensor x, Tensor kernel, Window window, int groups) implements Op {
    @Override public List<Tensor> inputs() { return List.of(x, kernel); }
    @Override public Op withInputs(List<Tensor> in) { return new Conv(in.get(0), in.get(1), window, groups); }
  }

  /** What a pool keeps of its window. */
  enum PoolKind { MAX, SUM }

  /**
   * Reduces windows over the spatial axes: {@code x [n, c, S..]} to {@code [n, c, P..]}, where P are the {@linkplain
   * Window#positions positions} of the window. SUM has one output. MAX has two: the values, and their positions (i32)
   * in the row-major S; padding never wins. The first of equals wins.
   */
  record Pool(PoolKind kind, Tensor x, List<Integer> size, Window window) implements Op {
    public Pool { size = List.copyOf(size); }
    @Override public List<Tensor> inputs() { return List.of(x); }
    @Override public Op withInputs(List<Tensor> in) { return new Pool(kind, in.get(0), size, window); }
    @Override public String label() { return kind.name().toLowerCase(java.util.Locale.ROOT) + "_pool"; }
  }

  /**
   * How a window moves over spatial axes; one number an axis.
   *
   * @param stride step between windows
   * @param low padding before (negative: elements left out)
   * @param high padding after
   * @param inputDilation 1, or d: d - 1 zeros between the elements of the operand
   * @param kernelDilation 1, or d: the window's elements lie d apart
   */
  record Window(List<Integer> stride, List<Integer> low, List<Integer> high, List<Integer> inputDilation,
      List<Integer> kernelDilation) {
    public Window {
      stride = List.copyOf(stride);
      low = List.copyOf(low);
      high = List.copyOf(high);
      inputDilation = List.copyOf(inputDilation);
      kernelDilation = List.copyOf(kernelDilation);
    }

    /** A window with the same stride and padding on every side of {@code axes} spatial axes. */
    public static Window of(int axes, int stride, int padding) {
      return new Window(Lists.repeat(stride, axes), Lists.repeat(padding, axes), Lists.repeat(padding, axes),
          Lists.repeat(1, axes), Lists.repeat(1, axes));
    }

    /** Number of positions along a spatial axis of the given extent for a window of the given size. */
    public int positions(int axis, int extent, int size) {
      int dilated = (extent - 1) * inputDilation.get(axis) + 1 + low.get(axis) + high.get(axis);
      int reach = (size - 1) * kernelDilation.get(axis) + 1;
      return Math.max(0, Math.floorDiv(dilated - reach, stride.get(axis)) + 1);
    }
  }

  // ---------------------------------------------------------------- sub-graphs and extensions

  /**
   * A named function of its operands with a definition in other operations. A backend with a kernel for the name takes
   * it whole, others use the body; exporters and diagrams show the name.
   *
   * @param name for example {@code layer_norm}; what does not come with Ashlar is qualified: {@code acme:my_scale}
   * @param version of the meaning of the attributes
   * @param attributes numbers, texts, truth values and lists of them
   * @param operands values of the body's inputs, in order and of their types
   * @param body the definition, closed: it refers to its own inputs only; its outputs are the composite's
   * @param gradient a better gradient than the body's own, or null; compared by {@code equals}
   * @see <a href="https://docs.jax.dev/en/latest/_autosummary/jax.lax.composite.html">the idea: jax.lax.composite</a>
   */
  record Composite(String name, int version, Map<String, Object> attributes, List<Tensor> operands, Graph body,
      @Nullable CompositeGradient gradient) implements Op {
    public Composite { attributes = Map.copyOf(attributes); operands = List.copyOf(operands); }
    @Override public List<Tensor> inputs() { return operands; }
    @Override public Op withInputs(List<Tensor> in) { return new Composite(name, version, attributes, in, body, gradient); }
    @Override public String label() { return name; }

    /**
     * A whole number among the attributes.
     *
     * @throws NullPointerException if there is none of that name
     */
    public int integer(String attribute) {
      return (Integer) Objects.requireNonNull(attributes.get(attribute), attribute);
    }

    /**
     * A number among the attributes.
     *
     * @throws NullPointerException if there is none of that name
     */
    public double number(String attribute) {
      return (Double) Objects.requireNonNull(attributes.get(attribute), attribute);
    }

    /**
     * Whether name, version, attributes and operands are equal, the bodies compute the same, and so do the gradients as
     * far as they know: what a body has captured makes it another one.
     */
    @Override public boolean equals(Object other) {
      return other instanceof Composite o && name.equals(o.name) && version == o.version
          && attributes.equals(o.attributes) && operands.equals(o.operands)
          && Objects.equals(gradient, o.gradient) && body.computesLike(o.body);
    }

    /** Of all but body and gradient, which are only looked at where the rest agrees. */
    @Override public int hashCode() {
      return Objects.hash(name, version, attributes, operands);
    }
  }

  /**
   * A body run {@code length} times, one after the other. Step t maps the state to the next state and to outputs; it
   * sees entry t of each sequence. The body is compiled once, whatever the length.
   *
   * <p>Operands: the state before the first step ({@code carries} of them), {@code sequences} with a leading axis of
   * extent {@code length}, then constants, which all steps see whole. Inputs of the body: state, entries of the
   * sequences (without the leading axis), constants. Outputs of the body: the next state, of the same types, and any
   * number of others. Outputs of the operation: the state after the last step, then those others for all steps, entry t
   * of step t, with a leading axis of extent {@code length}. It is made by {@link dev.ashlar.tensor.Scan#over}.
   *
   * @param length number of steps, 1 or more
   * @param reverse whether the last entry of each sequence comes first
   * @param carries number of tensors in the state
   * @param sequences number of sequences among the operands
   * @param body closed: it refers to its own inputs only
   * @see <a href="https://docs.jax.dev/en/latest/_autosummary/jax.lax.scan.html">the idea: jax.lax.scan</a>
   */
  record Scan(int length, boolean reverse, int carries, int sequences, List<Tensor> operands, Graph body)
      implements Op {
    public Scan { operands = List.copyOf(operands); }
    @Override public List<Tensor> inputs() { return operands; }
    @Override public Op withInputs(List<Tensor> in) { return new Scan(length, reverse, carries, sequences, in, body); }

    /** The entry that a step sees, steps counted from the first that runs. */
    public int entry(int step) {
      return reverse ? length - 1 - step : step;
    }

    /** Whether lengths, directions and operands are equal and the bodies compute the same. */
    @Override public boolean equals(Object other) {
      return other instanceof Scan o && length == o.length && reverse == o.reverse && carries == o.carries
          && sequences == o.sequences && operands.equals(o.operands) && body.computesLike(o.body);
    }

    /** Of all but the body, which is only looked at where the rest agrees. */
    @Override public int hashCode() {
      return Objects.hash(length, reverse, carries, sequences, operands);
    }
  }

  /**
   * An operation that is not tensor maths.
   *
   * @param definition says the outputs' types and how they are computed; equal definitions compute the same
   * @param operands of whatever types the definition takes
   */
  record Custom(CustomOp definition, List<Tensor> operands) implements Op {
    public Custom { operands = List.copyOf(operands); }
    @Override public List<Tensor> inputs() { return operands; }
    @Override public Op withInputs(List<Tensor> in) { return new Custom(definition, in); }
    @Override public String label() { return definition.name(); }
  }
}
