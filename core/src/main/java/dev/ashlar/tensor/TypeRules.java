package dev.ashlar.tensor;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Result types of operations, and the checks that operands fit. One case for each operation. */
final class TypeRules {

  private TypeRules() {}

  static List<TensorType> of(Op op) {
    return switch (op) {
      case Op.Input o -> List.of(o.type());
      case Op.Literal o -> {
        whole(op, o.dtype(), o.value());
        yield List.of(new TensorType(o.dtype(), Shape.SCALAR));
      }
      case Op.Constant o -> List.of(o.value().type());
      case Op.Iota o -> {
        axis(op, o.type().shape(), o.axis());
        if (o.type().dtype() == DType.BOOL) {
          throw new ShapeException(op.label(), "numbers", o.type().toString());
        }
        yield List.of(o.type());
      }
      case Op.RandomBits o -> {
        require(o.low().type().equals(KEY) && o.high().type().equals(KEY), op, "two i32 scalars", op.inputs());
        yield List.of(new TensorType(DType.I32, o.shape()));
      }
      case Op.Unary o -> List.of(unary(o));
      case Op.Binary o -> {
        sameType(op, o.a(), o.b());
        binary(o, o.a().dtype());
        yield List.of(o.kind().isComparison() ? o.a().type().withDType(DType.BOOL) : o.a().type());
      }
      case Op.Where o -> {
        sameType(op, o.a(), o.b());
        require(o.condition().type().equals(o.a().type().withDType(DType.BOOL)), op,
            "a bool condition of the operands' shape", op.inputs());
        yield List.of(o.a().type());
      }
      case Op.Cast o -> List.of(o.x().type().withDType(o.dtype()));
      case Op.Detach o -> List.of(o.x().type());
      case Op.Reduce o -> {
        Shape shape = o.x().shape();
        for (int axis : o.axes()) {
          axis(op, shape, axis);
          shape = shape.with(axis, 1);
        }
        numbers(op, o.x());
        yield List.of(o.x().type().withShape(shape));
      }
      case Op.ArgMax o -> {
        axis(op, o.x().shape(), o.axis());
        yield List.of(new TensorType(DType.I32, o.x().shape().with(o.axis(), 1)));
      }
      case Op.CumSum o -> {
        axis(op, o.x().shape(), o.axis());
        numbers(op, o.x());
        yield List.of(o.x().type());
      }
      case Op.Sort o -> {
        axis(op, o.x().shape(), o.axis());
        yield List.of(o.x().type(), o.x().type().withDType(DType.I32));
      }
      case Op.TopK o -> {
        require(o.k() >= 0 && o.k() <= o.x().shape().dim(-1), op, "k from 0 to the last extent", op.inputs());
        TensorType type = o.x().type().withShape(o.x().shape().with(-1, o.k()));
        yield List.of(type, type.withDType(DType.I32));
      }
      case Op.Reshape o -> {
        require(o.shape().size() == o.x().shape().size(), op, () -> o.shape().size() + " elements for " + o.shape(),
            op.inputs());
        yield List.of(o.x().type().withShape(o.shape()));
      }
      case Op.Permute o -> {
        int rank = o.x().shape().rank();
        require(o.order().size() == rank && new HashSet<>(o.order()).equals(new HashSet<>(axes(rank))), op,
            () -> "each axis once, not " + o.order(), op.inputs());
        yield List.of(o.x().type().withShape(
            Shape.of(o.order().stream().mapToInt(o.x().shape()::dim).toArray())));
      }
      case Op.Broadcast o -> {
        Shape from = o.x().shape();
        require(from.rank() == o.shape().rank() && Shape.broadcast(from, o.shape()).equals(o.shape()), op,
            () -> "axes of extent 1 or as in " + o.shape(), op.inputs());
        yield List.of(o.x().type().withShape(o.shape()));
      }
      case Op.Slice o -> List.of(o.x().type().withShape(slice(o)));
      case Op.Flip o -> {
        o.axes().forEach(axis -> axis(op, o.x().shape(), axis));
        yield List.of(o.x().type());
      }
      case Op.DynamicSlice o -> {
        window(op, o.x(), o.starts(), o.extents());
        yield List.of(o.x().type().withShape(o.extents()));
      }
      case Op.DynamicUpdate o -> {
        window(op, o.x(), o.starts(), o.update().shape());
        require(o.x().dtype() == o.update().dtype(), op, "one element type", op.inputs());
        yield List.of(o.x().type());
      }
      case Op.Pad o -> {
        whole(op, o.x().dtype(), o.value());
        yield List.of(o.x().type().withShape(pad(o)));
      }
      case Op.Concat o -> List.of(concat(o));
      case Op.Gather o -> {
        Shape data = o.data().shape();
        Shape indices = o.indices().shape();
        indexed(op, data, o.indices(), o.batch());
        yield List.of(o.data().type().withShape(
            indices.concat(data.slice(o.batch() + 1, data.rank()))));
      }
      case Op.ScatterAdd o -> {
        Shape base = o.base().shape();
        indexed(op, base, o.indices(), o.batch());
        numbers(op, o.base());
        Shape updates = o.indices().shape().concat(base.slice(o.batch() + 1, base.rank()));
        require(o.updates().type().equals(o.base().type().withShape(updates)), op,
            () -> "updates " + o.base().type().withShape(updates), op.inputs());
        yield List.of(o.base().type());
      }
      case Op.MatMul o -> List.of(matMul(o));
      case Op.Conv o -> List.of(conv(o));
      case Op.Pool o -> {
        TensorType type = pool(o);
        yield o.kind() == Op.PoolKind.MAX ? List.of(type, type.withDType(DType.I32)) : List.of(type);
      }
      case Op.Composite o -> {
        List<TensorType> expected = o.body().inputs().stream().map(Tensor::type).toList();
        List<TensorType> found = o.operands().stream().map(Tensor::type).toList();
        require(expected.equals(found), op, expected::toString, op.inputs());
        yield o.body().outputs().stream().map(Tensor::type).toList();
      }
      case Op.Scan o -> scan(o);
      case Op.Custom o ->
          List.copyOf(o.definition().outputTypes(o.operands().stream().map(Tensor::type).toList()));
    };
  }

  private static final TensorType KEY = new TensorType(DType.I32, Shape.SCALAR);

  private static TensorType unary(Op.Unary o) {
    TensorType type = o.x().type();
    switch (o.kind()) {
      case NOT -> require(!type.dtype().isFloating(), o, "bool or integers", o.inputs());
      case NEG, ABS, SIGN -> require(type.dtype() != DType.BOOL, o, "numbers", o.inputs());
      default -> require(type.dtype().isFloating(), o, "floating-point numbers", o.inputs());
    }
    return o.kind() == Op.UnaryKind.IS_FINITE ? type.withDType(DType.BOOL) : type;
  }

  private static void binary(Op.Binary o, DType dtype) {
    switch (o.kind()) {
      case AND, OR, XOR -> require(!dtype.isFloating(), o, "bool or integers", o.inputs());
      case SHL, SHR -> require(dtype.isInteger(), o, "integers", o.inputs());
      case ADD, SUB, MUL, DIV, POW, REM, MIN, MAX -> numbers(o, o.a());
      case EQ, NE, LT, LE, GT, GE -> { }
    }
  }

  private static Shape slice(Op.Slice o) {
    Shape shape = o.x().shape();
    int[] dims = new int[shape.rank()];
    require(o.starts().size() == dims.length && o.limits().size() == dims.length
        && o.strides().size() == dims.length, o, "a start, limit and stride for each axis", o.inputs());
    for (int i = 0; i < dims.length; i++) {
      int axis = i;
      int start = o.starts().get(i);
      int limit = o.limits().get(i);
      int stride = o.strides().get(i);
      require(0 <= start && start <= limit && limit <= shape.dim(i) && stride > 0, o,
          () -> "0 <= start <= limit <= extent on axis " + axis + ", not " + start + " to " + limit, o.inputs());
      dims[i] = (limit - start + stride - 1) / stride;
    }
    return Shape.of(dims);
  }

  private static void window(Op op, Tensor x, List<Tensor> starts, Shape extents) {
    boolean fits = starts.size() == x.shape().rank() && extents.rank() == x.shape().rank()
        && starts.stream().allMatch(s -> s.type().equals(KEY));
    for (int i = 0; fits && i < extents.rank(); i++) {
      fits = extents.dim(i) <= x.shape().dim(i);
    }
    require(fits, op, "an i32 scalar start for each axis and a window that fits", op.inputs());
  }

  private static Shape pad(Op.Pad o) {
    Shape shape = o.x().shape();
    int[] dims = new int[shape.rank()];
    require(o.low().size() == dims.length && o.high().size() == dims.length && o.interior().size() == dims.length, o,
        "low, high and interior for each axis", o.inputs());
    for (int i = 0; i < dims.length; i++) {
      int axis = i;
      int inner = shape.dim(i) + Math.max(0, shape.dim(i) - 1) * o.interior().get(i);
      dims[i] = inner + o.low().get(i) + o.high().get(i);
      require(o.low().get(i) >= 0 && o.high().get(i) >= 0 && o.interior().get(i) >= 0, o,
          () -> "padding of 0 or more on axis " + axis, o.inputs());
    }
    return Shape.of(dims);
  }

  private static TensorType concat(Op.Concat o) {
    require(!o.parts().isEmpty(), o, "one operand or more", o.inputs());
    TensorType first = o.parts().getFirst().type();
    axis(o, first.shape(), o.axis());
    int extent = 0;
    for (Tensor part : o.parts()) {
      require(part.shape().rank() == first.shape().rank()
          && part.type().withShape(part.shape().with(o.axis(), 1))
              .equals(first.withShape(first.shape().with(o.axis(), 1))), o,
          () -> "equal types but for axis " + o.axis(), o.inputs());
      extent += part.shape().dim(o.axis());
    }
    return first.withShape(first.shape().with(o.axis(), extent));
  }

  private static void indexed(Op op, Shape data, Tensor indices, int batch) {
    require(indices.dtype() == DType.I32, op, "i32 indices", op.inputs());
    require(batch >= 0 && data.rank() > batch && indices.shape().rank() >= batch
        && data.slice(0, batch).equals(indices.shape().slice(0, batch)), op,
        () -> batch + " equal batch axes and rows after them", op.inputs());
  }

  private static TensorType matMul(Op.MatMul o) {
    Shape a = o.a().shape();
    Shape b = o.b().shape();
    boolean fits = a.rank() == b.rank() && a.rank() >= 2 && o.a().dtype() == o.b().dtype()
        && a.slice(0, a.rank() - 2).equals(b.slice(0, b.rank() - 2)) && a.dim(-1) == b.dim(-2);
    require(fits, o, "[.., m, k] and [.., k, n] of one element type", o.inputs());
    numbers(o, o.a());
    return o.a().type().withShape(a.with(-1, b.dim(-1)));
  }

  private static TensorType conv(Op.Conv o) {
    Shape x = o.x().shape();
    Shape kernel = o.kernel().shape();
    boolean fits = x.rank() == kernel.rank() && x.rank() >= 3 && o.x().dtype() == o.kernel().dtype()
        && o.groups() > 0 && x.dim(1) == o.groups() * kernel.dim(1) && kernel.dim(0) % o.groups() == 0;
    require(fits, o, () -> "x [n, groups * c, ..] and a kernel [o, c, ..] for " + o.groups() + " groups", o.inputs());
    numbers(o, o.x());
    moves(o, o.window(), x.rank() - 2);
    int[] dims = new int[x.rank()];
    dims[0] = x.dim(0);
    dims[1] = kernel.dim(0);
    for (int i = 2; i < dims.length; i++) {
      dims[i] = o.window().positions(i - 2, x.dim(i), kernel.dim(i));
    }
    return o.x().type().withShape(Shape.of(dims));
  }

  private static TensorType pool(Op.Pool o) {
    Shape x = o.x().shape();
    require(x.rank() >= 3 && o.size().size() == x.rank() - 2, o,
        "x [n, c, ..] and a window for each spatial axis", o.inputs());
    numbers(o, o.x());
    moves(o, o.window(), x.rank() - 2);
    int[] dims = x.dims();
    for (int i = 2; i < dims.length; i++) {
      dims[i] = o.window().positions(i - 2, x.dim(i), o.size().get(i - 2));
    }
    return o.x().type().withShape(Shape.of(dims));
  }

  private static List<TensorType> scan(Op.Scan o) {
    List<TensorType> in = o.body().inputs().stream().map(Tensor::type).toList();
    List<TensorType> out = o.body().outputs().stream().map(Tensor::type).toList();
    List<TensorType> given = new ArrayList<>();
    int constants = o.carries() + o.sequences();
    require(o.length() > 0 && constants <= in.size() && o.carries() <= out.size(), o,
        "one step or more, and a body that takes state and sequences and gives the state", o.inputs());
    for (int i = 0; i < in.size(); i++) {
      boolean isSequence = i >= o.carries() && i < constants;
      given.add(isSequence ? stacked(in.get(i), o.length()) : in.get(i));
    }
    require(given.equals(o.operands().stream().map(Tensor::type).toList()), o, given::toString, o.inputs());
    List<TensorType> state = in.subList(0, o.carries());
    if (!state.equals(out.subList(0, o.carries()))) {
      throw new ShapeException(o.label(), "a next state of the types " + state, "" + out.subList(0, o.carries()));
    }
    List<TensorType> types = new ArrayList<>(state);
    out.subList(o.carries(), out.size()).forEach(type -> types.add(stacked(type, o.length())));
    return types;
  }

  private static TensorType stacked(TensorType type, int length) {
    return type.withShape(type.shape().insert(0, length));
  }

  private static void moves(Op op, Op.Window window, int axes) {
    List<List<Integer>> steps = List.of(window.stride(), window.inputDilation(), window.kernelDilation());
    boolean fits = window.low().size() == axes && window.high().size() == axes
        && steps.stream().allMatch(list -> list.size() == axes && list.stream().allMatch(step -> step > 0));
    require(fits, op, () -> "padding, and strides and dilations of 1 or more, for " + axes + " spatial axes, not "
        + window, op.inputs());
  }

  private static void axis(Op op, Shape shape, int axis) {
    if (axis < 0 || axis >= shape.rank()) {
      throw new ShapeException(op.label(), "an axis of " + shape + ", counted from the front", "axis " + axis);
    }
  }

  /** Integers and truth values hold no fractions: rounding one in silence would change what is computed. */
  private static void whole(Op op, DType dtype, double value) {
    boolean isWhole = Double.isFinite(value) && value == Math.rint(value);
    if (!dtype.isFloating() && !isWhole) {
      throw new ShapeException(
          op.label(), "a whole number for " + dtype + "; cast(F32) the tensor for others", Double.toString(value));
    }
  }

  private static void numbers(Op op, Tensor x) {
    require(x.dtype() != DType.BOOL, op, "numbers", op.inputs());
  }

  private static void sameType(Op op, Tensor a, Tensor b) {
    require(a.type().equals(b.type()), op, "operands of one type", List.of(a, b));
  }

  private static List<Integer> axes(int rank) {
    return IntStream.range(0, rank).boxed().toList();
  }

  private static void require(boolean condition, Op op, String expected, List<Tensor> found) {
    if (!condition) {
      throw misfit(op, expected, found);
    }
  }

  private static void require(boolean condition, Op op, Supplier<String> expected, List<Tensor> found) {
    if (!condition) {
      throw misfit(op, expected.get(), found);
    }
  }

  private static ShapeException misfit(Op op, String expected, List<Tensor> found) {
    List<String> types = found.stream().map(t -> t.type().toString()).toList();
    return new ShapeException(op.label(), expected, types.isEmpty() ? "none" : String.join(", ", types));
  }
}
