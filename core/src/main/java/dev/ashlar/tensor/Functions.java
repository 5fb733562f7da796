package dev.ashlar.tensor;

import dev.ashlar.api.Stable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Functions made of primitives. Most keep their name in the graph as an {@link Op.Composite}, so that a
 * backend may have a kernel for the whole: {@code gelu}, {@code softmax}, {@code log_softmax}, {@code
 * layer_norm}, {@code rms_norm}, {@code softmax_cross_entropy}, {@code attention}, {@code
 * attention_gradient}. Version 1 of each. All take floating-point numbers but where said, and throw
 * {@link ShapeException} for operands that do not fit.
 */
@Stable
public final class Functions {

  /** Name of the composite that {@link #barrier} makes; a backend makes its outputs other names of its operands. */
  public static final String BARRIER = "barrier";

  private static final String AXIS = "axis";
  private static final String EPSILON = "epsilon";

  private Functions() {}

  /**
   * A named function of operands, version 1 of it, with the gradient of its body.
   *
   * @see #composite(String, int, Map, List, Function, CompositeGradient)
   * @param attributes numbers, texts, truth values and lists of them
   * @param body the definition, given stand-ins for the operands: uses these alone
   * @return what the body gives
   */
  public static List<Tensor> composite(
      String name, Map<String, Object> attributes, List<Tensor> operands,
      Function<List<Tensor>, List<Tensor>> body) {
    return composite(name, attributes, operands, body, null);
  }

  /**
   * A named function of operands, version 1 of it, with a gradient that is better than that of its body.
   *
   * @see #composite(String, int, Map, List, Function, CompositeGradient)
   * @param attributes numbers, texts, truth values and lists of them
   * @param body the definition, given stand-ins for the operands: uses these alone
   * @param gradient in tensor maths; null for that of the body
   * @return what the body gives
   */
  public static List<Tensor> composite(
      String name, Map<String, Object> attributes, List<Tensor> operands,
      Function<List<Tensor>, List<Tensor>> body, @Nullable CompositeGradient gradient) {
    return composite(name, 1, attributes, operands, body, gradient);
  }

  /**
   * A named function of operands; see {@link Op.Composite}. Names without a colon are those of this class. Anybody else
   * puts the name of a plug-in in front, so that no backend and no pass takes it for something that it knows.
   *
   * @param name qualified: {@code acme:my_scale}
   * @param version counts up when the same name and attributes come to mean something else
   * @param attributes all that tells this function from others of its name
   * @param body the definition, given stand-ins for the operands
   * @param gradient in tensor maths; null for that of the body
   */
  public static List<Tensor> composite(
      String name, int version, Map<String, Object> attributes, List<Tensor> operands,
      Function<List<Tensor>, List<Tensor>> body, @Nullable CompositeGradient gradient) {
    List<Tensor> parameters = new ArrayList<>();
    for (int i = 0; i < operands.size(); i++) {
      parameters.add(Tensor.apply(new Op.Input(Op.Role.PARAMETER, "p" + i, operands.get(i).type())));
    }
    Graph graph = new Graph(parameters, body.apply(parameters));
    return Node.of(new Op.Composite(name, version, attributes, operands, graph, gradient)).outputs();
  }

  /** max(x, 0), element by element: Nair and Hinton, 2010. The gradient at 0 is 0. NaN stays. */
  public static Tensor relu(Tensor x) {
    return x.le(0).where(Tensor.zeros(x.type()), x);
  }

  /** x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))), element by element: Hendrycks and Gimpel, 2016. */
  public static Tensor geluTanh(Tensor x) {
    return composite("gelu", Map.of("approximate", "tanh"), List.of(x), in -> {
      Tensor t = in.getFirst();
      Tensor inner = t.mul(t).mul(t).mul(0.044715).add(t).mul(Math.sqrt(2 / Math.PI));
      return List.of(t.mul(0.5).mul(inner.tanh().add(1)));
    }).getFirst();
  }

  /** x times the standard normal distribution function of x, element by element: Hendrycks and Gimpel, 2016. */
  public static Tensor gelu(Tensor x) {
    return composite("gelu", Map.of("approximate", "none"), List.of(x), in -> {
      Tensor t = in.getFirst();
      return List.of(t.mul(0.5).mul(t.mul(Math.sqrt(0.5)).erf().add(1)));
    }).getFirst();
  }

  /** exp(x) over its sum along an axis; the largest is taken off first. The same shape. */
  public static Tensor softmax(Tensor x, int axis) {
    int a = x.shape().axis(axis);
    return composite("softmax", Map.of(AXIS, a), List.of(x), in -> {
      Tensor e = in.getFirst().sub(in.getFirst().max(a).detach()).exp();
      return List.of(e.div(e.sum(a)));
    }, SOFTMAX).getFirst();
  }

  private static final CompositeGradient SOFTMAX = gradient((node, op, g) -> {
    Tensor y = node.output(0);
    return List.of(y.mul(g.sub(g.mul(y).sum(op.integer(AXIS)))));
  });

  /** The logarithm of {@link #softmax}, exact where that underflows. The same shape. */
  public static Tensor logSoftmax(Tensor x, int axis) {
    int a = x.shape().axis(axis);
    return composite("log_softmax", Map.of(AXIS, a), List.of(x), in -> {
      Tensor shifted = in.getFirst().sub(in.getFirst().max(a).detach());
      return List.of(shifted.sub(shifted.exp().sum(a).log()));
    }, LOG_SOFTMAX).getFirst();
  }

  private static final CompositeGradient LOG_SOFTMAX = gradient((node, op, g) ->
      List.of(g.sub(node.output(0).exp().mul(g.sum(op.integer(AXIS))))));

  /**
   * (x - mean) / sqrt(variance + epsilon) along the last axis, the variance divided by n: Ba et al., 2016, without
   * scale and shift. x [.., n] -> [.., n].
   */
  public static Tensor normalize(Tensor x, double epsilon) {
    Tensor centered = x.sub(x.mean(-1));
    return centered.mul(centered.square().mean(-1).add(epsilon).rsqrt());
  }

  /**
   * Layer normalization along the last axis: Ba et al., 2016, equations 3 and 4.
   *
   * @param x [.., n]
   * @param scale [n]
   * @param shift [n]
   * @param epsilon added to the variance
   * @return [.., n]
   */
  public static Tensor layerNorm(Tensor x, Tensor scale, Tensor shift, double epsilon) {
    check("scale of layer_norm", scale.shape(), Shape.of(x.dim(-1)));
    check("shift of layer_norm", shift.shape(), Shape.of(x.dim(-1)));
    return composite("layer_norm", Map.of(EPSILON, epsilon), List.of(x, scale, shift),
        in -> List.of(normalize(in.get(0), epsilon).mul(in.get(1)).add(in.get(2))), LAYER_NORM).getFirst();
  }

  private static final CompositeGradient LAYER_NORM = gradient((node, op, g) -> {
    Tensor t = node.inputs().get(0);
    Tensor centered = t.sub(t.mean(-1));
    Tensor r = centered.square().mean(-1).add(op.number(EPSILON)).rsqrt();
    Tensor n = centered.mul(r);
    Tensor gn = g.mul(node.inputs().get(1));
    Tensor gx = r.mul(gn.sub(gn.mean(-1)).sub(n.mul(gn.mul(n).mean(-1))));
    return List.of(gx, overRows(g.mul(n)), overRows(g));
  });

  /**
   * x over its root mean square along the last axis, scaled: Zhang and Sennrich, 2019, equation 4.
   *
   * @param x [.., n]
   * @param scale [n]
   * @param epsilon added to the mean square
   * @return [.., n]
   */
  public static Tensor rmsNorm(Tensor x, Tensor scale, double epsilon) {
    check("scale of rms_norm", scale.shape(), Shape.of(x.dim(-1)));
    return composite("rms_norm", Map.of(EPSILON, epsilon), List.of(x, scale),
        in -> List.of(in.get(0).mul(in.get(0).square().mean(-1).add(epsilon).rsqrt()).mul(in.get(1))),
        RMS_NORM).getFirst();
  }

  private static final CompositeGradient RMS_NORM = gradient((node, op, g) -> {
    Tensor t = node.inputs().get(0);
    Tensor r = t.square().mean(-1).add(op.number(EPSILON)).rsqrt();
    Tensor n = t.mul(r);
    Tensor gn = g.mul(node.inputs().get(1));
    return List.of(r.mul(gn.sub(n.mul(gn.mul(n).mean(-1)))), overRows(g.mul(n)));
  });

  /**
   * -log softmax(logits)[target], example by example. A target that is no class gives NaN, and no gradient
   * through its one-hot row.
   *
   * @param logits [.., classes]
   * @param targets [..], i32
   * @return [..]
   */
  public static Tensor softmaxCrossEntropy(Tensor logits, Tensor targets) {
    check("targets of softmax_cross_entropy", targets.shape(), logits.shape().remove(-1));
    return composite("softmax_cross_entropy", Map.of(), List.of(logits, targets), in -> {
      Tensor x = in.get(0);
      Tensor t = in.get(1);
      Tensor largest = x.max(-1).detach();
      Tensor total = x.sub(largest).exp().sum(-1).log().reshape(t.shape());
      Tensor chosen = x.gather(t, t.rank()).sub(largest.reshape(t.shape()));
      Tensor isClass = t.ge(Tensor.zeros(t.type())).and(t.lt(x.dim(-1)));
      return List.of(isClass.where(total.sub(chosen), Tensor.full(total.type(), Double.NaN)));
    }, SOFTMAX_CROSS_ENTROPY).getFirst();
  }

  private static final CompositeGradient SOFTMAX_CROSS_ENTROPY = gradient((node, _, g) -> {
    Tensor x = node.inputs().get(0);
    Tensor t = node.inputs().get(1).expandDims(-1);
    Tensor isTarget = Tensor.iota(x.type().withDType(DType.I32), -1).eq(t.broadcastTo(x.shape()));
    Tensor oneHot = isTarget.cast(x.dtype());
    return Arrays.asList(softmax(x, -1).sub(oneHot).mul(g.expandDims(-1)), null);
  });

  /**
   * Scaled dot-product attention in which no position sees later ones: {@link #attention} with a causal mask. One
   * definition serves training (position 0), and decoding against a cache that is longer than what has been written to
   * it.
   *
   * @param q [B.., T, D]
   * @param k [B.., S, D]
   * @param v [B.., S, E]
   * @param position of the first query, an i32 scalar, at least 0
   * @return [B.., T, E]
   */
  public static Tensor causalAttention(Tensor q, Tensor k, Tensor v, Tensor position) {
    return attention(q, k, v, AttentionMask.causal(position));
  }

  /**
   * Scaled dot-product attention, softmax(q k^T / sqrt(D)) v over the keys that each query sees: Vaswani et al., 2017,
   * equation 1. Sequences of any length: scores are made block by block.
   *
   * @param q [B.., T, D]
   * @param k [B.., S, D]
   * @param v [B.., S, E]
   * @param mask which keys a query sees
   * @return [B.., T, E]
   */
  public static Tensor attention(Tensor q, Tensor k, Tensor v, AttentionMask mask) {
    check("keys of attention", k.shape(), q.shape().with(-2, k.dim(-2)));
    check("values of attention", v.shape(), k.shape().with(-1, v.dim(-1)));
    List<Tensor> operands = new ArrayList<>(List.of(q, k, v, mask.position()));
    mask.keys().ifPresent(keys -> {
      checkMask(keys, k.shape().with(-2, 1).with(-1, k.dim(-2)));
      operands.add(keys);
    });
    Map<String, Object> attributes = Attention.attributes(mask);
    return composite("attention", attributes, operands, in -> List.of(Attention.of(in, attributes)), ATTENTION)
        .getFirst();
  }

  private static void checkMask(Tensor keys, Shape whole) {
    boolean fits = keys.dtype() == DType.BOOL && keys.rank() == whole.rank() && keys.dim(-1) == whole.dim(-1);
    for (int axis = 0; fits && axis < whole.rank(); axis++) {
      fits = keys.dim(axis) == whole.dim(axis) || keys.dim(axis) == 1;
    }
    if (!fits) {
      throw new ShapeException("mask of attention", "bool" + whole + ", or 1 in place of an axis but the last",
          keys.type().toString());
    }
  }

  private static final CompositeGradient ATTENTION = gradient((node, op, g) -> {
    List<Tensor> operands = new ArrayList<>(node.inputs());
    operands.add(g);
    List<@Nullable Tensor> all = new ArrayList<>(composite(
        "attention_gradient", op.attributes(), operands, in -> Attention.gradients(in, op.attributes())));
    while (all.size() < node.inputs().size()) {
      all.add(null);
    }
    return all;
  });

  /**
   * Other names for values. What is made of them is not recognised as what was made of the values before, and is not
   * begun before others are there: so it is computed again in place of being kept.
   *
   * @param values what is named
   * @param awaited what must be there before
   * @return one name for each value
   */
  public static List<Tensor> barrier(List<Tensor> values, List<Tensor> awaited) {
    List<Tensor> operands = new ArrayList<>(values);
    operands.addAll(awaited);
    return composite(BARRIER, Map.of(), operands, in -> in.subList(0, values.size()), null);
  }

  /** Summed over all axes but the last: [n]. */
  private static Tensor overRows(Tensor x) {
    return x.sum(IntStream.range(0, x.rank() - 1).toArray()).reshape(x.dim(-1));
  }

  /** The gradient of a composite with one output: asked for only if the loss depends on that. */
  private static CompositeGradient gradient(OneOutput rule) {
    return (node, g) -> rule.of(node, (Op.Composite) node.op(), Objects.requireNonNull(g.getFirst()));
  }

  @FunctionalInterface
  private interface OneOutput {
    List<@Nullable Tensor> of(Node node, Op.Composite op, Tensor g);
  }

  private static void check(String what, Shape found, Shape expected) {
    if (!found.equals(expected)) {
      throw new ShapeException(what, expected.toString(), found.toString());
    }
  }
}
