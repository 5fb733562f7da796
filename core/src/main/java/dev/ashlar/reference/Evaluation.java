package dev.ashlar.reference;

import dev.ashlar.program.OperationException;
import dev.ashlar.tensor.CustomOp;
import dev.ashlar.tensor.Graph;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Node;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/** One run over a graph: a case for each operation. */
final class Evaluation {

  private final Function<Op.Input, NDArray> inputs;
  private final Observer observer;

  Evaluation(Function<Op.Input, NDArray> inputs, Observer observer) {
    this.inputs = inputs;
    this.observer = observer;
  }

  /** Values of the outputs; {@code values} holds those known beforehand. */
  List<NDArray> run(Graph graph, Map<Tensor, NDArray> values) {
    List<Node> nodes = graph.nodes();
    Map<Tensor, Integer> uses = new IdentityHashMap<>();
    graph.outputs().forEach(t -> uses.merge(t, 1, Integer::sum));
    nodes.forEach(node -> node.inputs().forEach(t -> uses.merge(t, 1, Integer::sum)));
    for (Node node : nodes) {
      if (values.containsKey(node.output(0))) {
        continue;
      }
      List<NDArray> results = evaluate(node, node.inputs().stream().map(values::get).toList());
      observer.computed(node, results);
      for (int i = 0; i < results.size(); i++) {
        values.put(node.output(i), results.get(i));
      }
      // What nobody will use again is let go: a large model's values would not fit at once.
      node.inputs().stream().filter(t -> uses.merge(t, -1, Integer::sum) == 0).forEach(values::remove);
    }
    return graph.outputs().stream().map(values::get).toList();
  }

  private List<NDArray> evaluate(Node node, List<NDArray> in) {
    return switch (node.op()) {
      case Op.Input o -> List.of(inputs.apply(o));
      case Op.Literal o -> List.of(NDArray.scalar(o.dtype(), o.value()));
      case Op.Constant o -> List.of(o.value());
      case Op.Detach _ -> in;
      case Op.Iota o -> one(node, out -> Movement.iota(o, out));
      case Op.RandomBits _ -> one(node, out -> Threefry.fill(in.get(0), in.get(1), out));

      case Op.Unary o -> one(node, out -> Pointwise.unary(o.kind(), in.get(0), out));
      case Op.Binary o -> one(node, out -> Pointwise.binary(o.kind(), in.get(0), in.get(1), out));
      case Op.Where _ -> one(node, out -> Pointwise.where(in.get(0), in.get(1), in.get(2), out));
      case Op.Cast o -> List.of(in.get(0).cast(o.dtype()));

      case Op.Reduce o -> one(node, out -> Reductions.reduce(o.kind(), in.get(0), out));
      case Op.CumSum o -> one(node, out -> Reductions.cumSum(o, in.get(0), out));
      case Op.ArgMax o -> one(node, out -> Sorting.argMax(o.axis(), in.get(0), out));
      case Op.Sort o -> all(node, out -> Sorting.sort(o, in.get(0), out.get(0), out.get(1)));
      case Op.TopK o -> all(node, out -> Sorting.topK(o.k(), in.get(0), out.get(0), out.get(1)));

      case Op.Reshape _ -> one(node, out -> out.data().copyFrom(in.get(0).data()));
      case Op.Permute o -> one(node, out -> Movement.permute(o, in.get(0), out));
      case Op.Broadcast _ -> one(node, out -> Movement.broadcast(in.get(0), out));
      case Op.Slice o -> one(node, out -> Movement.slice(o, in.get(0), out));
      case Op.Flip o -> one(node, out -> Movement.flip(o, in.get(0), out));
      case Op.DynamicSlice _ ->
          one(node, out -> Movement.dynamicSlice(in.get(0), in.subList(1, in.size()), out));
      case Op.DynamicUpdate _ ->
          one(node, out -> Movement.dynamicUpdate(in.get(0), in.get(1), in.subList(2, in.size()), out));
      case Op.Pad o -> one(node, out -> Movement.pad(o, in.get(0), out));
      case Op.Concat o -> one(node, out -> Movement.concat(o.axis(), in, out));
      case Op.Gather o -> one(node, out -> Indexing.gather(o.batch(), in.get(0), in.get(1), out));
      case Op.ScatterAdd o ->
          one(node, out -> Indexing.scatterAdd(o.batch(), in.get(0), in.get(1), in.get(2), out));

      case Op.MatMul _ -> one(node, out -> Contractions.matMul(in.get(0), in.get(1), out));
      case Op.Conv o -> one(node, out -> Contractions.conv(o, in.get(0), in.get(1), out));
      case Op.Pool o -> switch (o.kind()) {
        case SUM -> one(node, out -> Pooling.sum(o, in.get(0), out));
        case MAX -> all(node, out -> Pooling.max(o, in.get(0), out.get(0), out.get(1)));
      };

      case Op.Composite o -> composite(o, in);
      case Op.Scan o -> scan(o, node, in);
      case Op.Custom o -> all(node, out -> custom(o.definition(), node, in, out));
    };
  }

  private static void custom(CustomOp operation, Node node, List<NDArray> in, List<NDArray> out) {
    try {
      operation.evaluate(in, out);
    } catch (RuntimeException | LinkageError e) {
      throw new OperationException("", operation.name(), node.origin().toString(), "its own code, "
          + operation.getClass().getName() + ".evaluate, failed, operands " + types(in) + ", outputs " + types(out)
          + " as its outputTypes says: " + e, e);
    }
  }

  private static List<TensorType> types(List<NDArray> arrays) {
    return arrays.stream().map(NDArray::type).toList();
  }

  private List<NDArray> composite(Op.Composite op, List<NDArray> in) {
    Map<Tensor, NDArray> parameters = new IdentityHashMap<>();
    for (int i = 0; i < in.size(); i++) {
      parameters.put(op.body().inputs().get(i), in.get(i));
    }
    return run(op.body(), parameters);
  }

  private List<NDArray> scan(Op.Scan op, Node node, List<NDArray> in) {
    List<NDArray> stacks =
        node.outputs().stream().skip(op.carries()).map(output -> NDArray.zeros(output.type())).toList();
    List<NDArray> state = in.subList(0, op.carries());
    List<Tensor> parameters = op.body().inputs();
    for (int step = 0; step < op.length(); step++) {
      int entry = op.entry(step);
      Map<Tensor, NDArray> values = new IdentityHashMap<>();
      for (int i = 0; i < in.size(); i++) {
        boolean isSequence = i >= op.carries() && i < op.carries() + op.sequences();
        NDArray value = i < op.carries() ? state.get(i) : in.get(i);
        values.put(parameters.get(i), isSequence ? entry(value, parameters.get(i).type(), entry) : value);
      }
      List<NDArray> results = run(op.body(), values);
      state = results.subList(0, op.carries());
      for (int i = 0; i < stacks.size(); i++) {
        NDArray result = results.get(op.carries() + i);
        entry(stacks.get(i), result.type(), entry).data().copyFrom(result.data());
      }
    }
    return Stream.concat(state.stream(), stacks.stream()).toList();
  }

  /** An entry of a stack: the same memory. */
  private static NDArray entry(NDArray stack, TensorType type, int entry) {
    return NDArray.wrap(type, stack.data().asSlice(entry * type.bytes(), type.bytes()));
  }

  private static List<NDArray> one(Node node, Consumer<NDArray> work) {
    return all(node, out -> work.accept(out.getFirst()));
  }

  private static List<NDArray> all(Node node, Consumer<List<NDArray>> work) {
    List<NDArray> out = node.outputs().stream().map(t -> NDArray.zeros(t.type())).toList();
    work.accept(out);
    return out;
  }
}
