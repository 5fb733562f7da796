package dev.ashlar.optimizers;

import dev.ashlar.model.Optimizer;
import dev.ashlar.model.Schedule;
import dev.ashlar.optimizers.schedules.Constant;
import dev.ashlar.optimizers.schedules.Cosine;
import dev.ashlar.optimizers.schedules.Linear;
import dev.ashlar.testkit.OptimizerContract;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Every optimizer of ours keeps the contract. */
class OptimizersContractTest extends OptimizerContract {

  @Override
  protected List<Optimizer> optimizers() {
    return List.of(
        Sgd.of(0.1),
        Sgd.of(0.03).withNesterov(0.9).withWeightDecay(1e-3),
        Sgd.of(0).withMomentum(0.9).withLearningRate(new Cosine(0.05, 5, 0)),
        Adam.of(0.05).withWeightDecay(1e-3),
        AdamW.of(0.05),
        AdamW.of(0).withLearningRate(new Linear(0.1, 3, 0.01)).withoutVectorDecay(),
        RmsProp.of(0.02), RmsProp.of(0.02).withCentering().withMomentum(0.5),
        Adagrad.of(0.3), Adadelta.of(20), Adam.of(0.05).withAmsgrad(), Adamax.of(0.1), NAdam.of(0.05), RAdam.of(0.1),
        Lion.of(0).withLearningRate(new Linear(0.05, 0, 0)), Lamb.of(0.05), Adafactor.of(0.3), muon(0.05),
        new Chain(List.of(new ClipByGlobalNorm(1)), Sgd.of(0.1)),
        new Chain(List.of(new ClipByValue(0.5)), Sgd.of(0.1)),
        new Groups(Map.of("*.bias", Sgd.of(0.1)), AdamW.of(0.05)),
        new Groups(Map.of("*.weight", new Frozen()), Sgd.of(0.3)),
        Lookahead.of(Adam.of(0.1)));
  }

  @Override
  protected Decay decay(Optimizer optimizer) {
    return switch (optimizer) {
      case Sgd sgd when sgd.weightDecay() > 0 -> new Decay.InGradient(sgd.weightDecay(), sgd.withWeightDecay(0));
      case Adam adam when adam.weightDecay() > 0 -> new Decay.InGradient(adam.weightDecay(), adam.withWeightDecay(0));
      case AdamW adam -> new Decay.Apart(0.01 * firstRate(adam.learningRate()));
      case Groups groups when groups.others() instanceof AdamW adam -> decay(adam);
      case Muon _ -> new Decay.Apart(0.1 * 0.05);
      default -> new Decay.None();
    };
  }

  /** With one decay for matrices and for the others. */
  private static Muon muon(double rate) {
    return new Muon(new Constant(rate), AdamW.of(rate).withWeightDecay(0.1), 0.95, true, 0.1, 5);
  }

  private static double firstRate(Schedule schedule) {
    return switch (schedule) {
      case Constant constant -> constant.value();
      case Linear linear -> linear.peak() / (linear.warmup() + 1);
      default -> throw new AssertionError(schedule);
    };
  }

  @Override
  protected Optional<Optimizer> halved(Optimizer optimizer) {
    return Optional.ofNullable(switch (optimizer) {
      case Sgd sgd when sgd.learningRate() instanceof Constant c -> sgd.withLearningRate(half(c));
      case Adam adam when adam.learningRate() instanceof Constant c -> adam.withLearningRate(half(c));
      case AdamW adam when adam.learningRate() instanceof Constant c -> adam.withLearningRate(half(c));
      case RmsProp prop when prop.learningRate() instanceof Constant c -> prop.withLearningRate(half(c));
      case Adagrad _ -> Adagrad.of(0.15);
      case Adadelta _ -> Adadelta.of(10);
      case Adamax _ -> Adamax.of(0.05);
      case NAdam _ -> NAdam.of(0.025);
      case RAdam _ -> RAdam.of(0.05);
      case Lamb _ -> Lamb.of(0.025);
      case Muon _ -> muon(0.025);
      case Adafactor _ -> Adafactor.of(0.15);
      default -> null;
    });
  }

  private static Constant half(Constant rate) {
    return new Constant(rate.value() / 2);
  }
}
