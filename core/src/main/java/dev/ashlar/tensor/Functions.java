package dev.ashlar.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Functions made of primitives that keep their name in the graph, so that a backend may have a
 * kernel for the whole. Version 1 of each.
 */
public final class Functions {

  private Functions() {}

  /**
   * A named function of operands; see {@link Op.Composite}.
   *
   * @param body the definition, given stand-ins for the operands
   */
  public static List<Tensor> composite(
      String name, Map<String, Object> attributes, List<Tensor> operands, Function<List<Tensor>, List<Tensor>> body) {
    List<Tensor> parameters = new ArrayList<>();
    for (int i = 0; i < operands.size(); i++) {
      parameters.add(Tensor.apply(new Op.Input(Op.Role.PARAMETER, "p" + i, operands.get(i).type())));
    }
    Graph graph = new Graph(parameters, body.apply(parameters));
    return Node.of(new Op.Composite(name, 1, attributes, operands, graph, null)).outputs();
  }

  /** max(x, 0). */
  public static Tensor relu(Tensor x) {
    return x.gt(0).where(x, Tensor.zeros(x.type()));
  }

  /** x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))): Hendrycks and Gimpel, 2016. */
  public static Tensor geluTanh(Tensor x) {
    Tensor inner = x.mul(x).mul(x).mul(0.044715).add(x).mul(Math.sqrt(2 / Math.PI));
    return x.mul(0.5).mul(inner.tanh().add(1));
  }

  /** x times the standard normal distribution function of x: Hendrycks and Gimpel, 2016. */
  public static Tensor gelu(Tensor x) {
    return x.mul(0.5).mul(x.mul(Math.sqrt(0.5)).erf().add(1));
  }

  /** exp(x) over its sum along an axis; the largest is taken off first. */
  public static Tensor softmax(Tensor x, int axis) {
    Tensor e = x.sub(x.max(axis).detach()).exp();
    return e.div(e.sum(axis));
  }

  /** The logarithm of {@link #softmax}, exact where that underflows. */
  public static Tensor logSoftmax(Tensor x, int axis) {
    Tensor shifted = x.sub(x.max(axis).detach());
    return shifted.sub(shifted.exp().sum(axis).log());
  }

  /** (x - mean) / sqrt(variance + epsilon) along the last axis: Ba et al., 2016, without scale and shift. */
  public static Tensor normalize(Tensor x, double epsilon) {
    Tensor centered = x.sub(x.mean(-1));
    return centered.mul(centered.mul(centered).mean(-1).add(epsilon).rsqrt());
  }
}
