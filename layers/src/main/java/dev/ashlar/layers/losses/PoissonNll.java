package dev.ashlar.layers.losses;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.model.Batch;
import dev.ashlar.model.Link;
import dev.ashlar.model.Loss;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.tensor.Tensors;

/**
 * The mean of -log of the probability that a Poisson distribution gives the target, a count: rate - target log rate, as
 * {@code torch.nn.PoissonNLLLoss} has it. The output is the logarithm of the rate, of which predictions tell the rate,
 * but metrics see the logarithm; or the rate itself, which a last activation such as softplus makes positive. Shapes:
 * output [batch, ..], target of as many elements, not below 0.
 */
@Name("poisson_nll")
@Doc("how unlikely counts are, given their expected number or its logarithm")
public record PoissonNll(
    @Doc("whether the output is the logarithm of the expected number") @Default("true") boolean logInput,
    @Doc("whether the logarithm of the target's factorial is added, by Stirling's formula") @Default("false")
        boolean full)
    implements Loss {

  private static final double EPSILON = 1e-8;
  /** Beyond it exp goes on along its tangent: far above any rate, and finite in single precision. */
  private static final double MOST = 60;

  /** Of logarithms, without what does not depend on them. */
  public PoissonNll() {
    this(true, false);
  }

  @Override
  public Link link(TensorType output, TensorType target) {
    return logInput ? Link.EXP : Link.IDENTITY;
  }

  @Override
  public Tensor of(Tensors outputs, Batch batch) {
    Tensor y = outputs.first();
    Tensor t = Targets.like(y, batch, "poisson_nll", "cross_entropy");
    Tensor losses = logInput ? rate(y).sub(t.mul(y)) : y.sub(t.mul(y.add(EPSILON).log()));
    return batch.mean(full ? losses.add(factorial(t)) : losses);
  }

  private static Tensor rate(Tensor logarithm) {
    return logarithm.minimum(MOST).exp().mul(logarithm.sub(MOST).maximum(0).add(1));
  }

  /** Of numbers above 1 about the logarithm of the factorial, of others 0. */
  private static Tensor factorial(Tensor t) {
    Tensor safe = t.maximum(1);
    Tensor about = safe.mul(safe.log()).sub(safe).add(safe.mul(2 * Math.PI).log().mul(0.5));
    return t.gt(1).where(about, Tensor.zeros(t.type()));
  }
}
