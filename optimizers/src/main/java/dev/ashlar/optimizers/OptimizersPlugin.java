package dev.ashlar.optimizers;

import dev.ashlar.optimizers.schedules.Constant;
import dev.ashlar.optimizers.schedules.Cosine;
import dev.ashlar.optimizers.schedules.CosineRestarts;
import dev.ashlar.optimizers.schedules.Exponential;
import dev.ashlar.optimizers.schedules.InverseSqrt;
import dev.ashlar.optimizers.schedules.Linear;
import dev.ashlar.optimizers.schedules.MultiStep;
import dev.ashlar.optimizers.schedules.OneCycle;
import dev.ashlar.optimizers.schedules.Plateau;
import dev.ashlar.optimizers.schedules.Polynomial;
import dev.ashlar.optimizers.schedules.Step;
import dev.ashlar.optimizers.schedules.WarmUp;
import dev.ashlar.plugin.Plugin;
import java.util.List;

/** Ashlar's own optimizers, gradient transforms and schedules. */
public final class OptimizersPlugin implements Plugin {

  @Override
  public String name() {
    return "optimizers";
  }

  @Override
  public int apiVersion() {
    return API_VERSION;
  }

  @Override
  public List<Class<?>> components() {
    return List.of(
        Sgd.class, RmsProp.class, Adagrad.class, Adadelta.class,
        Adam.class, AdamW.class, Adamax.class, NAdam.class, RAdam.class, Lion.class, Lamb.class, Adafactor.class,
        Muon.class, Chain.class, ClipByGlobalNorm.class, ClipByValue.class, Groups.class, Frozen.class, Lookahead.class,
        Constant.class, Cosine.class, Linear.class, Step.class, Exponential.class, Polynomial.class, OneCycle.class,
        WarmUp.class, Plateau.class, MultiStep.class, CosineRestarts.class, InverseSqrt.class);
  }
}
