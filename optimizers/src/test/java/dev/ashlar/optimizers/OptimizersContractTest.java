package dev.ashlar.optimizers;

import dev.ashlar.model.Optimizer;
import dev.ashlar.optimizers.schedules.Cosine;
import dev.ashlar.optimizers.schedules.Linear;
import dev.ashlar.testkit.OptimizerContract;
import java.util.List;
import java.util.Map;

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
        Lion.of(0).withLearningRate(new Linear(0.05, 0, 0)), Lamb.of(0.05), Adafactor.of(0.3), Muon.of(0.05, 0.05),
        new Chain(List.of(new ClipByGlobalNorm(1)), Sgd.of(0.1)),
        new Chain(List.of(new ClipByValue(0.5)), Sgd.of(0.1)),
        new Groups(Map.of("*.bias", Sgd.of(0.1)), AdamW.of(0.05)),
        new Groups(Map.of("*.weight", new Frozen()), Sgd.of(0.3)),
        Lookahead.of(Adam.of(0.1)));
  }
}
