package dev.ashlar.autodiff;

import dev.ashlar.api.Experimental;
import dev.ashlar.tensor.Graph;
import dev.ashlar.tensor.Node;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Origin;
import dev.ashlar.tensor.ShapeException;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * A function of one example made a function of many: each batched operand and each result has one more axis,
 * in front. The result for every example is that of the function applied to it alone. What does not depend on
 * a batched operand is computed once. Applied to a gradient it gives per-example gradients; it can be applied
 * again.
 *
 * <p>Randomness: random bits depend on their key and nothing else. Examples with keys of their own (a batched
 * key) get bits of their own, the same as without batching; where the key is not batched all examples share
 * one draw.
 *
 * <p>Composites of {@link dev.ashlar.tensor.Functions} keep their names. Others become their bodies, for what
 * a name and its attributes mean with one more axis is not known; those with a gradient of their own stay
 * composites, under a name that begins with {@code vmap:}, and keep it.
 */
@Experimental(since = "0.1")
public final class Vmap {

  /** A tensor, and whether its first axis is that of the examples. */
  record Value(Tensor tensor, boolean batched) {}

  private final int size;
  private final Map<Tensor, Value> values = new IdentityHashMap<>();

  private Vmap(int size) {
    this.size = size;
  }

  /**
   * Applies a function to many examples.
   *
   * @param function of one example's operands
   * @param operands those that are batched have one more axis, in front, of one extent
   * @param batched which ones are; at least one
   * @return the function's results, each with the examples' axis in front
   * @throws ShapeException if the examples' axes differ
   */
  public static List<Tensor> apply(
      Function<List<Tensor>, List<Tensor>> function, List<Tensor> operands, List<Boolean> batched) {
    return apply(Subgraphs.of(exampleTypes(operands, batched), function), operands, batched);
  }

  /** Applies a function to examples, all its operands batched; see {@link #apply(Function, List, List)}. */
  public static List<Tensor> apply(Function<List<Tensor>, List<Tensor>> function, List<Tensor> operands) {
    return apply(function, operands, operands.stream().map(t -> true).toList());
  }

  /** Applies a graph, in place of a function, to many examples; see {@link #apply(Function, List, List)}. */
  public static List<Tensor> apply(Graph function, List<Tensor> operands, List<Boolean> batched) {
    Vmap pass = new Vmap(size(operands, batched));
    for (int i = 0; i < operands.size(); i++) {
      TensorType expected = function.inputs().get(i).type();
      TensorType found = exampleType(operands.get(i), batched.get(i));
      if (!expected.equals(found)) {
        throw new ShapeException("vmap, operand " + i, expected + " for an example", found.toString());
      }
      pass.values.put(function.inputs().get(i), new Value(operands.get(i), batched.get(i)));
    }
    function.nodes().forEach(pass::visit);
    return function.outputs().stream().map(pass.values::get).map(v -> front(v, pass.size)).toList();
  }

  /**
   * The function of many examples as a graph.
   *
   * @param function a graph with inputs
   * @param batched which of the inputs are batched; at least one
   * @param size number of examples
   * @return a graph whose batched inputs are new leaves, of the same roles and names
   */
  public static Graph of(Graph function, List<Boolean> batched, int size) {
    List<Tensor> inputs = IntStream.range(0, batched.size())
        .mapToObj(i -> {
          Tensor input = function.inputs().get(i);
          return batched.get(i) ? batchedLeaf(input, size) : input;
        })
        .toList();
    return new Graph(inputs, apply(function, inputs, batched));
  }

  private static Tensor batchedLeaf(Tensor input, int size) {
    if (!(input.node().op() instanceof Op.Input leaf)) {
      throw new IllegalArgumentException("a graph's input must be a leaf, not " + input);
    }
    TensorType type = leaf.type().withShape(leaf.type().shape().insert(0, size));
    return Tensor.apply(new Op.Input(leaf.role(), leaf.name(), type));
  }

  private void visit(Node node) {
    if (values.containsKey(node.output(0))) {
      return;
    }
    List<Value> operands = node.inputs().stream().map(values::get).toList();
    boolean batched = operands.stream().anyMatch(Value::batched);
    List<Tensor> results = Origin.within(node.origin().path(), () ->
        batched ? new BatchingRules(size, operands).apply(node.op()) : unbatched(node, operands));
    for (int i = 0; i < results.size(); i++) {
      values.put(node.output(i), new Value(results.get(i), batched));
    }
  }

  private static List<Tensor> unbatched(Node node, List<Value> operands) {
    List<Tensor> tensors = operands.stream().map(Value::tensor).toList();
    return tensors.equals(node.inputs()) ? node.outputs() : Node.of(node.op().withInputs(tensors)).outputs();
  }

  /** The value with the examples' axis. */
  static Tensor front(Value value, int size) {
    Tensor tensor = value.tensor();
    return value.batched() ? tensor : tensor.broadcastTo(tensor.shape().insert(0, size));
  }

  private static List<TensorType> exampleTypes(List<Tensor> operands, List<Boolean> batched) {
    size(operands, batched); // says what is wrong before a type is taken apart
    return IntStream.range(0, operands.size())
        .mapToObj(i -> exampleType(operands.get(i), batched.get(i)))
        .toList();
  }

  static TensorType exampleType(Tensor operand, boolean batched) {
    return batched ? operand.type().withShape(operand.shape().remove(0)) : operand.type();
  }

  private static int size(List<Tensor> operands, List<Boolean> batched) {
    if (operands.size() != batched.size() || !batched.contains(true)) {
      throw new IllegalArgumentException(
          "vmap of " + operands.size() + " operands was told to batch " + batched
              + "; say which, at least one");
    }
    List<Tensor> examples =
        IntStream.range(0, operands.size()).filter(batched::get).mapToObj(operands::get).toList();
    List<Integer> sizes = examples.stream().map(t -> t.rank() == 0 ? -1 : t.dim(0)).distinct().toList();
    if (sizes.size() > 1 || sizes.getFirst() < 1) {
      throw new ShapeException(
          "vmap", "one extent, 1 or more, on the first axes of batched operands",
          examples.stream().map(Tensor::type).toList().toString());
    }
    return sizes.getFirst();
  }
}
