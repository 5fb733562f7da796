package dev.ashlar.layers.losses;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.model.Batch;
import dev.ashlar.model.Loss;
import dev.ashlar.tensor.ShapeException;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.Tensors;

/**
 * The mean of -log of the density that a normal distribution gives the target, of which the model tells mean and
 * variance: (log v + (target - mean)^2 / v) / 2 (Nix and Weigend, 1994), as {@code torch.nn.GaussianNLLLoss} has it
 * with exp of our output for its variance. So a model says how sure it is. Shapes: outputs called {@code mean} and
 * {@code log_variance}, each [batch, ..], as a graph gives them (with the mean first, metrics see the mean); or one
 * output [batch, .., 2 n] whose last axis holds n means, then n logarithms of variances. Target of as many elements as
 * there are means.
 */
@Name("gaussian_nll")
@Doc("how unlikely targets are, given means and logarithms of variances")
public record GaussianNll(
    @Doc("the smallest variance that counts") @Default("1e-6") @Range(above = 0) double epsilon,
    @Doc("whether the constant, log(2 pi) / 2, is added") @Default("false") boolean full)
    implements Loss {

  private static final String NAME = "gaussian_nll";

  /** Without the constant. */
  public GaussianNll() {
    this(1e-6, false);
  }

  @Override
  public Tensor of(Tensors outputs, Batch batch) {
    if (outputs.find("mean").isPresent() && outputs.find("log_variance").isPresent()) {
      Tensor mean = outputs.get("mean");
      return loss(mean, outputs.get("log_variance").reshape(mean.shape()), batch);
    }
    Tensor y = outputs.first();
    if (y.rank() < 2 || y.dim(-1) % 2 != 0) {
      throw new ShapeException(NAME, "an output [batch, .., 2 n], or outputs 'mean' and 'log_variance'",
          "output " + y.type(), "let the last layer give two numbers for each of the target: all means, then all"
          + " logarithms of variances");
    }
    int half = y.dim(-1) / 2;
    return loss(y.slice(-1, 0, half), y.slice(-1, half, 2 * half), batch);
  }

  private Tensor loss(Tensor mean, Tensor logarithm, Batch batch) {
    Tensor target = Targets.like(mean, batch, NAME, "cross_entropy");
    // A variance that is too small counts as the smallest, and has a gradient all the same.
    Tensor known = logarithm.add(logarithm.maximum(Math.log(epsilon)).sub(logarithm).detach());
    Tensor losses = target.sub(mean).square().mul(known.neg().exp()).add(known).mul(0.5);
    return batch.mean(full ? losses.add(Math.log(2 * Math.PI) / 2) : losses);
  }
}
