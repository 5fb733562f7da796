package dev.ashlar.autodiff;

import dev.ashlar.tensor.Graph;
import dev.ashlar.tensor.Node;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Op.ReduceKind;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The table of derivatives: for each operation, the gradients of its operands from those of its
 * outputs ({@code g}). A null gradient is zero.
 */
final class Derivatives {

  private Derivatives() {}

  /**
   * Gradients of a node's operands.
   *
   * @param outputs gradients of its outputs, at least one of them not null
   * @return one for each operand, of its type, or null
   */
  static List<@Nullable Tensor> of(Node node, List<@Nullable Tensor> outputs) {
    Tensor y = node.output(0);
    Tensor first = outputs.getFirst();
    // Outputs after the first of primitives are positions, which have no gradient.
    Tensor g = first != null || isOpen(node.op()) ? first : Tensor.zeros(y.type());
    return switch (node.op()) {
      case Op.Input _, Op.Literal _, Op.Constant _, Op.Iota _ -> List.of();
      case Op.RandomBits _ -> none(2);
      case Op.Unary o -> one(unary(o, y, g));
      case Op.Binary o -> binary(o, y, g);
      case Op.Where o -> list(null, o.condition().where(g, zero(g)), o.condition().where(zero(g), g));
      case Op.Cast o -> one(o.x().dtype().isFloating() && o.dtype().isFloating() ? g.cast(o.x().dtype()) : null);
      case Op.Detach _ -> one(null);
      case Op.Reduce o -> one(reduce(o, y, g));
      case Op.ArgMax _ -> one(null);
      case Op.CumSum o -> one(Tensor.apply(new Op.CumSum(g, o.axis(), !o.reverse())));
      case Op.Sort o -> one(unsort(g, node.output(1), o.axis(), o.x()));
      case Op.TopK o -> one(unsort(g, node.output(1), o.x().rank() - 1, o.x()));
      case Op.Reshape o -> one(g.reshape(o.x().shape()));
      case Op.Permute o -> one(g.permute(inverse(o.order())));
      case Op.Broadcast o -> one(g.sum(stretched(o.x().shape(), o.shape())));
      case Op.Slice o -> one(unslice(o, g));
      case Op.Flip o -> one(Tensor.apply(new Op.Flip(g, o.axes())));
      case Op.DynamicSlice o -> withNone(zero(o.x()).dynamicUpdate(g, o.starts()), o.starts().size());
      case Op.DynamicUpdate o -> {
        Tensor kept = g.dynamicUpdate(zero(o.update()), o.starts());
        List<@Nullable Tensor> all = none(2 + o.starts().size());
        all.set(0, kept);
        all.set(1, g.dynamicSlice(o.starts(), o.update().shape()));
        yield all;
      }
      case Op.Pad o -> one(unpad(o, g));
      case Op.Concat o -> unconcat(o, g);
      case Op.Gather o -> list(zero(o.data()).scatterAdd(o.indices(), g, o.batch()), null);
      case Op.ScatterAdd o -> list(g, null, g.gather(o.indices(), o.batch()));
      case Op.MatMul o -> list(g.matmul(o.b().transpose()), o.a().transpose().matmul(g));
      case Op.Conv o -> list(ConvolutionGradients.input(o, g), ConvolutionGradients.kernel(o, g));
      case Op.Pool o -> one(ConvolutionGradients.pool(o, node, g));
      case Op.Composite o -> o.gradient() != null
          ? o.gradient().gradients(node, outputs)
          : new ArrayList<>(Subgraphs.gradients(o.body(), o.operands(), outputs));
      case Op.Scan o -> ScanGradient.of(o, outputs);
      case Op.Custom o -> o.definition().gradients(node, outputs);
    };
  }

  private static boolean isOpen(Op op) {
    return op instanceof Op.Composite || op instanceof Op.Scan || op instanceof Op.Custom;
  }

  private static @Nullable Tensor unary(Op.Unary o, Tensor y, Tensor g) {
    Tensor x = o.x();
    return switch (o.kind()) {
      case NEG -> g.neg();
      case ABS -> g.mul(x.sign());
      case EXP -> g.mul(y);
      case EXPM1 -> g.mul(y.add(1));
      case LOG -> g.div(x);
      case LOG1P -> g.div(x.add(1));
      case SQRT -> g.mul(0.5).div(y);
      case RSQRT -> g.mul(-0.5).mul(y.mul(y).mul(y));
      case RECIPROCAL -> g.neg().mul(y.mul(y));
      case SIN -> g.mul(x.cos());
      case COS -> g.neg().mul(x.sin());
      case TANH -> g.mul(y.mul(y).neg().add(1));
      case SIGMOID -> g.mul(y.mul(y.neg().add(1)));
      case ERF -> g.mul(x.mul(x).neg().exp().mul(2 / Math.sqrt(Math.PI)));
      case SIGN, FLOOR, CEIL, ROUND, NOT, IS_FINITE -> null;
    };
  }

  private static List<@Nullable Tensor> binary(Op.Binary o, Tensor y, Tensor g) {
    Tensor a = o.a();
    Tensor b = o.b();
    return switch (o.kind()) {
      case ADD -> list(g, g);
      case SUB -> list(g, g.neg());
      case MUL -> list(g.mul(b), g.mul(a));
      case DIV -> list(g.div(b), g.neg().mul(y).div(b));
      case POW -> list(power(a, b, g), logarithmic(a, y, g));
      case REM -> list(g, g.neg().mul(truncated(a.div(b))));
      case MAX -> list(chosen(a.gt(b), a.eq(b), g), chosen(b.gt(a), a.eq(b), g));
      case MIN -> list(chosen(a.lt(b), a.eq(b), g), chosen(b.lt(a), a.eq(b), g));
      case AND, OR, XOR, SHL, SHR, EQ, NE, LT, LE, GT, GE -> none(2);
    };
  }

  /** d a^b / da = b a^(b-1), and 0 for b = 0 wherever a is. */
  private static Tensor power(Tensor a, Tensor b, Tensor g) {
    double exponent = b.literalOr(Double.NaN);
    if (exponent == 2) {
      return g.mul(a.mul(2));
    }
    if (exponent == 0) {
      return zero(a); // not 0 / 0 where a is 0
    }
    Tensor slope = b.mul(a.pow(b.sub(1)));
    return g.mul(Double.isNaN(exponent) ? b.eq(zero(b)).where(zero(b), slope) : slope);
  }

  /** d a^b / db = a^b log a, and 0 for a = 0. */
  private static Tensor logarithmic(Tensor a, Tensor y, Tensor g) {
    Tensor isZero = a.eq(zero(a));
    return g.mul(isZero.where(zero(a), y.mul(isZero.where(Tensor.full(a.type(), 1), a).log())));
  }

  private static Tensor truncated(Tensor x) {
    return x.lt(0).where(x.ceil(), x.floor());
  }

  /** The gradient where this operand was chosen, half of it at a tie. */
  private static Tensor chosen(Tensor won, Tensor tie, Tensor g) {
    return won.where(g, tie.where(g.mul(0.5), zero(g)));
  }

  private static Tensor reduce(Op.Reduce o, Tensor y, Tensor g) {
    Shape shape = o.x().shape();
    Tensor wide = g.broadcastTo(shape);
    return switch (o.kind()) {
      case SUM -> wide;
      case PROD -> shape.size() == 0 ? zero(o.x()) : product(o, g);
      case MAX, MIN -> {
        // Shared among equals, as torch.amax does.
        Tensor hit = o.x().eq(y.broadcastTo(shape)).cast(g.dtype());
        Tensor count = Tensor.apply(new Op.Reduce(ReduceKind.SUM, hit, o.axes()));
        yield hit.mul(g.div(count).broadcastTo(shape));
      }
    };
  }

  /** That of multiplying halves together until one is left: exact, at every order, where elements are 0. */
  private static Tensor product(Op.Reduce o, Tensor g) {
    Graph body = Subgraphs.of(
        List.of(o.x().type()), in -> List.of(halves(in.getFirst(), o.axes(), g.shape())));
    return Subgraphs.gradients(body, List.of(o.x()), one(g)).getFirst();
  }

  private static Tensor halves(Tensor x, List<Integer> axes, Shape result) {
    List<Integer> order = new ArrayList<>(IntStream.range(0, x.rank()).boxed().toList());
    order.removeAll(axes);
    order.addAll(axes);
    Tensor rest = x.permute(order.stream().mapToInt(i -> i).toArray())
        .reshape((int) result.size(), (int) (x.shape().size() / result.size()));
    while (rest.dim(1) > 1) { // [groups, elements of a group]
      int half = rest.dim(1) / 2;
      Tensor product = rest.slice(1, 0, half).mul(rest.slice(1, half, 2 * half));
      Tensor odd = rest.slice(1, 2 * half, rest.dim(1));
      rest = odd.dim(1) == 0 ? product : Tensor.concat(List.of(product, odd), 1);
    }
    return rest.reshape(result);
  }

  /** Gradients of sorted values, back where the values came from. */
  private static Tensor unsort(Tensor g, Tensor positions, int axis, Tensor x) {
    int[] last = IntStream.range(0, x.rank()).toArray();
    last[axis] = x.rank() - 1;
    last[x.rank() - 1] = axis;
    Tensor base = zero(x).permute(last);
    return base.scatterAdd(positions.permute(last), g.permute(last), x.rank() - 1).permute(last);
  }

  private static int[] inverse(List<Integer> order) {
    int[] inverse = new int[order.size()];
    for (int i = 0; i < inverse.length; i++) {
      inverse[order.get(i)] = i;
    }
    return inverse;
  }

  private static int[] stretched(Shape from, Shape to) {
    return IntStream.range(0, to.rank()).filter(i -> from.dim(i) != to.dim(i)).toArray();
  }

  private static Tensor unslice(Op.Slice o, Tensor g) {
    List<Integer> high = new ArrayList<>();
    List<Integer> interior = new ArrayList<>();
    for (int i = 0; i < g.rank(); i++) {
      int reached = g.dim(i) == 0 ? o.starts().get(i) : o.starts().get(i) + (g.dim(i) - 1) * o.strides().get(i) + 1;
      high.add(o.x().dim(i) - reached);
      interior.add(o.strides().get(i) - 1);
    }
    return Tensor.apply(new Op.Pad(g, o.starts(), high, interior, 0));
  }

  private static Tensor unpad(Op.Pad o, Tensor g) {
    List<Integer> limits = new ArrayList<>();
    List<Integer> strides = new ArrayList<>();
    for (int i = 0; i < g.rank(); i++) {
      limits.add(g.dim(i) - o.high().get(i));
      strides.add(o.interior().get(i) + 1);
    }
    return Tensor.apply(new Op.Slice(g, o.low(), limits, strides));
  }

  private static List<@Nullable Tensor> unconcat(Op.Concat o, Tensor g) {
    List<@Nullable Tensor> parts = new ArrayList<>();
    int start = 0;
    for (Tensor part : o.parts()) {
      int limit = start + part.dim(o.axis());
      parts.add(g.slice(o.axis(), start, limit));
      start = limit;
    }
    return parts;
  }

  static Tensor zero(Tensor like) {
    return Tensor.zeros(like.type());
  }

  private static List<@Nullable Tensor> one(@Nullable Tensor gradient) {
    return Collections.singletonList(gradient);
  }

  private static List<@Nullable Tensor> list(@Nullable Tensor... gradients) {
    return Arrays.asList(gradients);
  }

  private static List<@Nullable Tensor> none(int count) {
    return new ArrayList<>(Collections.nCopies(count, null));
  }

  private static List<@Nullable Tensor> withNone(Tensor first, int nulls) {
    List<@Nullable Tensor> all = none(nulls + 1);
    all.set(0, first);
    return all;
  }
}
