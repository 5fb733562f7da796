package dev.ashlar.autodiff;

import dev.ashlar.autodiff.Vmap.Value;
import dev.ashlar.tensor.Graph;
import dev.ashlar.tensor.Node;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How each operation takes many examples at once: a case for each. Operations are those of one example;
 * {@code in} has their operands, of which some, at least one, have the examples' axis in front. So do all
 * results.
 */
final class BatchingRules {

  private final int size;
  private final List<Value> in;

  BatchingRules(int size, List<Value> in) {
    this.size = size;
    this.in = in;
  }

  List<Tensor> apply(Op op) {
    return switch (op) {
      case Op.Input _, Op.Literal _, Op.Constant _, Op.Iota _ ->
          throw new IllegalStateException(op.label() + " has no operands to be batched");
      case Op.RandomBits o -> List.of(BatchedRandomBits.of(front(0), front(1), o.shape()));

      case Op.Unary _, Op.Binary _, Op.Where _, Op.Cast _, Op.Detach _ -> of(op.withInputs(fronts()));

      case Op.Reduce o -> of(new Op.Reduce(o.kind(), front(0), shifted(o.axes())));
      case Op.ArgMax o -> of(new Op.ArgMax(front(0), o.axis() + 1));
      case Op.CumSum o -> of(new Op.CumSum(front(0), o.axis() + 1, o.reverse()));
      case Op.Sort o -> of(new Op.Sort(front(0), o.axis() + 1, o.descending()));
      case Op.TopK o -> of(new Op.TopK(front(0), o.k()));

      case Op.Reshape o -> List.of(front(0).reshape(o.shape().insert(0, size)));
      case Op.Permute o -> of(new Op.Permute(front(0), prepended(0, shifted(o.order()))));
      case Op.Broadcast o -> List.of(front(0).broadcastTo(o.shape().insert(0, size)));
      case Op.Slice o -> of(new Op.Slice(
          front(0), prepended(0, o.starts()), prepended(size, o.limits()), prepended(1, o.strides())));
      case Op.Flip o -> of(new Op.Flip(front(0), shifted(o.axes())));
      case Op.DynamicSlice o -> List.of(BatchedWindows.slice(o, in, size));
      case Op.DynamicUpdate o -> List.of(BatchedWindows.update(o, in, size));
      case Op.Pad o -> of(new Op.Pad(
          front(0), prepended(0, o.low()), prepended(0, o.high()), prepended(0, o.interior()), o.value()));
      case Op.Concat o -> of(new Op.Concat(fronts(), o.axis() + 1));
      case Op.Gather o -> List.of(gather(o));
      case Op.ScatterAdd o -> of(new Op.ScatterAdd(front(0), front(1), front(2), o.batch() + 1));

      case Op.MatMul _ -> List.of(matMul());
      case Op.Conv o -> List.of(conv(o));
      case Op.Pool o -> of(new Op.Pool(o.kind(), merged(front(0), 0), o.size(), o.window())).stream()
          .map(t -> split(t, 0, size))
          .toList();

      case Op.Composite o -> BatchedComposite.of(o, in, size);
      case Op.Scan o -> scan(o);
      case Op.Custom o -> custom(o);
    };
  }

  /** Rows of unbatched data are not repeated: the examples' axis goes behind the equal ones. */
  private Tensor gather(Op.Gather o) {
    if (in.get(0).batched()) {
      return front(0).gather(front(1), o.batch() + 1);
    }
    return moved(in.get(0).tensor().gather(moved(front(1), 0, o.batch()), o.batch()), o.batch(), 0);
  }

  /** With one operand unbatched, the other's examples become rows or columns of one larger product. */
  private Tensor matMul() {
    Tensor a = in.get(0).tensor();
    Tensor b = in.get(1).tensor();
    if (in.get(0).batched() && in.get(1).batched()) {
      return a.matmul(b);
    }
    if (in.get(0).batched()) {
      int rows = a.rank() - 3;
      Tensor tall = merged(moved(a, 0, rows), rows); // [B.., n * m, k]
      return moved(split(tall.matmul(b), rows, size), rows, 0);
    }
    int columns = b.rank() - 2;
    Tensor wide = merged(moved(b, 0, columns), columns); // [B.., k, n * columns]
    return moved(split(a.matmul(wide), columns, size), columns, 0);
  }

  /**
   * Examples of x join its own; examples of the kernel become more kernels, or groups if x has examples
   * too.
   */
  private Tensor conv(Op.Conv o) {
    Tensor x = in.get(0).tensor(); // [n, N, groups * c, S..]
    Tensor kernel = in.get(1).tensor(); // [n, o, c, K..]
    if (!in.get(1).batched()) {
      return split(merged(x, 0).conv(kernel, o.window(), o.groups()), 0, size);
    }
    if (in.get(0).batched()) {
      Tensor channels = merged(moved(x, 0, 1), 1); // [N, n * groups * c, S..]
      Tensor result = channels.conv(merged(kernel, 0), o.window(), size * o.groups()); // [N, n * o, P..]
      return moved(split(result, 1, size), 1, 0);
    }
    Tensor grouped = moved(split(kernel, 1, o.groups()), 0, 1); // [groups, n, o / groups, c, K..]
    Tensor result = x.conv(merged(merged(grouped, 0), 0), o.window(), o.groups());
    Tensor apart = split(split(result, 1, o.groups()), 2, size); // [N, groups, n, o / groups, P..]
    return merged(moved(apart, 2, 0), 2);
  }

  /** A scan over steps of all examples: state and sequences have them, constants where they differ. */
  private List<Tensor> scan(Op.Scan o) {
    List<Tensor> operands = new ArrayList<>();
    List<Boolean> batched = new ArrayList<>();
    for (int i = 0; i < in.size(); i++) {
      Value value = in.get(i);
      boolean isSequence = i >= o.carries() && i < o.carries() + o.sequences();
      batched.add(i < o.carries() || value.batched());
      // Entries come first, then examples.
      operands.add(i < o.carries() ? front(i)
          : isSequence && value.batched() ? moved(value.tensor(), 0, 1) : value.tensor());
    }
    Graph body = Vmap.of(o.body(), batched, size);
    List<Tensor> all =
        of(new Op.Scan(o.length(), o.reverse(), o.carries(), o.sequences(), operands, body));
    return IntStream.range(0, all.size())
        .mapToObj(i -> i < o.carries() ? all.get(i) : moved(all.get(i), 1, 0))
        .toList();
  }

  private List<Tensor> custom(Op.Custom o) {
    if (o.definition() instanceof Batchable batchable) {
      return batchable.batched(
          in.stream().map(Value::tensor).toList(), in.stream().map(Value::batched).toList());
    }
    List<Node> each = IntStream.range(0, size).mapToObj(i -> Node.of(o.withInputs(example(i)))).toList();
    return IntStream.range(0, each.getFirst().outputs().size())
        .mapToObj(i -> Tensor.stack(each.stream().map(node -> node.output(i)).toList(), 0))
        .toList();
  }

  private List<Tensor> example(int i) {
    return in.stream()
        .map(v -> v.batched() ? v.tensor().slice(0, i, i + 1).squeeze(0) : v.tensor())
        .toList();
  }

  private Tensor front(int operand) {
    return Vmap.front(in.get(operand), size);
  }

  private List<Tensor> fronts() {
    return in.stream().map(v -> Vmap.front(v, size)).toList();
  }

  private static List<Tensor> of(Op op) {
    return Node.of(op).outputs();
  }

  /** An axis and the next made one. */
  private static Tensor merged(Tensor x, int axis) {
    return x.reshape(x.shape().remove(axis).with(axis, x.dim(axis) * x.dim(axis + 1)));
  }

  /** An axis made two, the first of which has the given extent. */
  private static Tensor split(Tensor x, int axis, int extent) {
    return x.reshape(x.shape().with(axis, x.dim(axis) / extent).insert(axis, extent));
  }

  private static Tensor moved(Tensor x, int from, int to) {
    List<Integer> order = new ArrayList<>(IntStream.range(0, x.rank()).boxed().toList());
    order.add(to, order.remove(from));
    return x.permute(order.stream().mapToInt(i -> i).toArray());
  }

  private static List<Integer> shifted(List<Integer> axes) {
    return axes.stream().map(axis -> axis + 1).toList();
  }

  private static List<Integer> prepended(int first, List<Integer> rest) {
    List<Integer> all = new ArrayList<>(rest);
    all.addFirst(first);
    return all;
  }
}
