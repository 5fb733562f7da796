package dev.ashlar.optimizers;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.MisplacedException;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.model.Initializer;
import dev.ashlar.model.Schedule;
import dev.ashlar.model.Scope;
import dev.ashlar.model.State;
import dev.ashlar.model.UpdateRule;
import dev.ashlar.optimizers.schedules.Constant;
import dev.ashlar.tensor.Tensor;
import java.util.List;

/**
 * Stochastic gradient descent: p - rate g, or with momentum p - rate v where v = momentum v + g (Sutskever et
 * al., 2013, in the form of {@code torch.optim.SGD}).
 */
@Name("sgd")
@Doc("gradient descent, with momentum if wanted")
public record Sgd(
    @Doc("how far a step goes") Schedule learningRate,
    @Doc("how much of the last step is kept") @Default("0") @Range(atLeast = 0, below = 1) double momentum,
    @Doc("look ahead along the momentum") @Default("false") boolean nesterov,
    @Doc("times the parameter, added to the gradient") @Default("0") @Range(atLeast = 0) double weightDecay)
    implements UpdateRule {

  /** Refuses to look ahead along a momentum that there is not. */
  public Sgd {
    if (nesterov && momentum == 0) {
      throw new MisplacedException(List.of(new MisplacedException.Mistake(List.of("nesterov"),
          "true, without momentum", "a momentum to look ahead along", "add one: 'momentum: 0.9'")));
    }
  }

  /** Plain descent at a constant rate. */
  public static Sgd of(double learningRate) {
    return new Sgd(new Constant(learningRate), 0, false, 0);
  }

  @Override
  public Tensor update(Tensor parameter, Tensor gradient, Scope scope) {
    Tensor g = Moments.decaying(gradient, parameter, weightDecay);
    if (momentum != 0) {
      State velocity = scope.slot("momentum", parameter.type(), Initializer.ZEROS);
      Tensor v = velocity.value().mul(momentum).add(g);
      velocity.set(v);
      g = nesterov ? g.add(v.mul(momentum)) : v;
    }
    return parameter.sub(g.mul(learningRate.at(scope.progress()).cast(parameter.dtype())));
  }

  /** This with momentum. */
  public Sgd withMomentum(double other) {
    return new Sgd(learningRate, other, nesterov, weightDecay);
  }

  /** This with Nesterov's momentum. */
  public Sgd withNesterov(double momentum) {
    return new Sgd(learningRate, momentum, true, weightDecay);
  }

  /** This with weight decay. */
  public Sgd withWeightDecay(double other) {
    return new Sgd(learningRate, momentum, nesterov, other);
  }

  /** This with another learning rate. */
  public Sgd withLearningRate(Schedule other) {
    return new Sgd(other, momentum, nesterov, weightDecay);
  }
}
