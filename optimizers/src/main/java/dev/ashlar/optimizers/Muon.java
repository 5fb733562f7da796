package dev.ashlar.optimizers;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.model.Initializer;
import dev.ashlar.model.Schedule;
import dev.ashlar.model.Scope;
import dev.ashlar.model.State;
import dev.ashlar.model.UpdateRule;
import dev.ashlar.optimizers.schedules.Constant;
import dev.ashlar.tensor.Tensor;

/**
 * Momentum made orthogonal for matrices (Jordan et al., 2024, in the form of {@code torch.optim.Muon}), another rule
 * for everything else: vectors, kernels of convolutions. Embeddings and the last layer are matrices too.
 */
@Name("muon")
@Doc("orthogonal steps for matrices, adamw for the rest")
public record Muon(
    @Doc("how far a step of a matrix goes") Schedule learningRate,
    @Doc("what takes the parameters that are no matrices") @Default("{adamw: 3e-4}") UpdateRule others,
    @Doc("how much of the last step is kept") @Default("0.95") @Range(atLeast = 0, below = 1) double momentum,
    @Doc("look ahead along the momentum") @Default("true") boolean nesterov,
    @Doc("times the learning rate, the share of a matrix that goes at each step")
        @Default("0.1") @Range(atLeast = 0) double weightDecay,
    @Doc("steps of Newton and Schulz") @Default("5") @Range(atLeast = 1, atMost = 20) int iterations)
    implements UpdateRule {

  private static final double A = 3.4445;
  private static final double B = -4.775;
  private static final double C = 2.0315;

  /** With the usual settings at a constant rate, others at another. */
  public static Muon of(double learningRate, double ofOthers) {
    return new Muon(new Constant(learningRate), AdamW.of(ofOthers), 0.95, true, 0.1, 5);
  }

  @Override
  public Tensor update(Tensor parameter, Tensor gradient, Scope scope) {
    if (parameter.rank() != 2) {
      return others.update(parameter, gradient, scope);
    }
    State velocity = scope.slot("momentum", parameter.type(), Initializer.ZEROS);
    Tensor v = velocity.value().add(gradient.sub(velocity.value()).mul(1 - momentum));
    velocity.set(v);
    Tensor direction = nesterov ? gradient.add(v.sub(gradient).mul(momentum)) : v;
    Tensor rate = learningRate.at(scope.progress()).cast(parameter.dtype());
    double size = Math.sqrt(Math.max(1, (double) parameter.dim(1) / parameter.dim(0)));
    return parameter.mul(rate.mul(-weightDecay).add(1)).sub(orthogonal(direction).mul(rate.mul(size)));
  }

  /** Nearly U V^T of a matrix U S V^T: singular values between 0.7 and 1.2. */
  private Tensor orthogonal(Tensor matrix) {
    boolean isTall = matrix.dim(0) > matrix.dim(1);
    Tensor x = isTall ? matrix.transpose() : matrix;
    x = x.div(x.square().sum().sqrt().maximum(1e-7));
    for (int i = 0; i < iterations; i++) {
      Tensor gram = x.matmul(x.transpose());
      Tensor mixed = gram.mul(B).add(gram.matmul(gram).mul(C));
      x = x.mul(A).add(mixed.matmul(x));
    }
    return isTall ? x.transpose() : x;
  }

  /** This with another learning rate for matrices. */
  public Muon withLearningRate(Schedule other) {
    return new Muon(other, others, momentum, nesterov, weightDecay, iterations);
  }
}
