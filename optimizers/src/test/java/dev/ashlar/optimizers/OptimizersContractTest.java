package dev.ashlar.optimizers;

import dev.ashlar.model.Optimizer;
import dev.ashlar.optimizers.schedules.Cosine;
import dev.ashlar.optimizers.schedules.Linear;
import dev.ashlar.testkit.OptimizerContract;
import java.util.List;

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
        new Chain(List.of(new ClipByGlobalNorm(1)), Sgd.of(0.1)));
  }
}
