package dev.ashlar.autodiff;

import dev.ashlar.autodiff.Vmap.Value;
import dev.ashlar.tensor.AttentionMask;
import dev.ashlar.tensor.CompositeGradient;
import dev.ashlar.tensor.Functions;
import dev.ashlar.tensor.Graph;
import dev.ashlar.tensor.Node;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A composite for many examples: one of {@link Functions} if it means the same with one more axis; else its
 * body, or, if it has a gradient of its own, a composite that keeps it.
 */
final class BatchedComposite {

  private BatchedComposite() {}

  static List<Tensor> of(Op.Composite o, List<Value> in, int size) {
    Tensor known = o.version() == 1 ? known(o, in, size) : null;
    if (known != null) {
      return List.of(known);
    }
    List<Tensor> operands = in.stream().map(Value::tensor).toList();
    List<Boolean> batched = in.stream().map(Value::batched).toList();
    CompositeGradient gradient = o.gradient();
    if (gradient == null) {
      return Vmap.apply(o.body(), operands, batched);
    }
    Map<String, Object> attributes = new HashMap<>(o.attributes());
    // One entry for each time that it was batched: the name and the attributes must say what is computed.
    long times = attributes.keySet().stream().filter(key -> key.startsWith("vmap.")).count();
    attributes.put("vmap." + times, batched);
    return Node.of(new Op.Composite("vmap:" + o.name(), o.version(), attributes, operands,
        Vmap.of(o.body(), batched, size), new Batched(o, gradient, batched))).outputs();
  }

  /** The same function of core with one more axis, or null. */
  private static @Nullable Tensor known(Op.Composite o, List<Value> in, int size) {
    Tensor x = Vmap.front(in.getFirst(), size);
    return switch (o.name()) {
      case "gelu" -> o.attributes().containsValue("tanh") ? Functions.geluTanh(x) : Functions.gelu(x);
      case "softmax" -> Functions.softmax(x, o.integer("axis") + 1);
      case "log_softmax" -> Functions.logSoftmax(x, o.integer("axis") + 1);
      case "softmax_cross_entropy" -> Functions.softmaxCrossEntropy(x, Vmap.front(in.get(1), size));
      case "layer_norm" -> in.get(1).batched() || in.get(2).batched() ? null
          : Functions.layerNorm(x, in.get(1).tensor(), in.get(2).tensor(), o.number("epsilon"));
      case "rms_norm" -> in.get(1).batched() ? null : Functions.rmsNorm(x, in.get(1).tensor(), o.number("epsilon"));
      case "attention" -> in.get(3).batched() || in.size() > 4 ? null
          : Functions.attention(x, Vmap.front(in.get(1), size), Vmap.front(in.get(2), size),
              new AttentionMask(Boolean.TRUE.equals(o.attributes().get("causal")), window(o), in.get(3).tensor(), Optional.empty()));
      default -> null;
    };
  }

  private static OptionalInt window(Op.Composite attention) {
    return attention.attributes().containsKey("window") ? OptionalInt.of(attention.integer("window"))
        : OptionalInt.empty();
  }

  /** The gradient of one example, batched in turn; what all examples share gets the sum. */
  private record Batched(Op.Composite of, CompositeGradient gradient, List<Boolean> batched)
      implements CompositeGradient {

    @Override
    public List<@Nullable Tensor> gradients(Node node, List<@Nullable Tensor> outputGradients) {
      List<Tensor> operands = new ArrayList<>(node.inputs());
      List<Boolean> which = new ArrayList<>(batched);
      outputGradients.forEach(g -> {
        if (g != null) {
          operands.add(g);
          which.add(true);
        }
      });
      List<Integer> given = new ArrayList<>(); // which operands have a gradient
      Graph example = Subgraphs.of(
          exampleTypes(operands, which),
          parameters -> present(gradient, of, parameters, outputGradients, given));
      List<Tensor> gradients = Vmap.apply(example, operands, which);
      List<@Nullable Tensor> all = new ArrayList<>();
      for (int i = 0; i < batched.size(); i++) {
        int at = given.indexOf(i);
        all.add(at < 0 ? null : batched.get(i) ? gradients.get(at) : gradients.get(at).sum(0).squeeze(0));
      }
      return all;
    }
  }

  /** Gradients of one example that are not null; {@code given} gets the numbers of their operands. */
  private static List<Tensor> present(CompositeGradient gradient, Op.Composite o, List<Tensor> parameters,
      List<@Nullable Tensor> outputGradients, List<Integer> given) {
    int next = o.operands().size();
    Node example = Node.of(o.withInputs(parameters.subList(0, next)));
    List<@Nullable Tensor> cotangents = new ArrayList<>();
    for (Tensor g : outputGradients) {
      cotangents.add(g == null ? null : parameters.get(next++));
    }
    List<@Nullable Tensor> all = gradient.gradients(example, cotangents);
    List<Tensor> present = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      Tensor found = all.get(i);
      if (found != null) {
        given.add(i);
        present.add(found);
      }
    }
    return present;
  }

  private static List<TensorType> exampleTypes(List<Tensor> operands, List<Boolean> batched) {
    return IntStream.range(0, operands.size())
        .mapToObj(i -> Vmap.exampleType(operands.get(i), batched.get(i)))
        .toList();
  }
}
