package dev.ashlar.optimizers;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.model.Initializer;
import dev.ashlar.model.Optimizer;
import dev.ashlar.model.Schedule;
import dev.ashlar.model.Scope;
import dev.ashlar.model.State;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Another optimizer that goes ahead for some steps; then slow weights go a share of the way after it, and it starts
 * again from them: Zhang et al., 2019, algorithm 1.
 */
@Name("lookahead")
@Doc("another optimizer, brought back part of the way every few steps")
public record Lookahead(
    @Doc("what goes ahead") Optimizer optimizer,
    @Doc("after so many steps it starts again from the slow weights") @Default("5") @Range(atLeast = 1) int every,
    @Doc("which share of the way the slow weights go") @Default("0.5") @Range(above = 0, atMost = 1) double alpha)
    implements Optimizer {

  /** Every five steps half of the way. */
  public static Lookahead of(Optimizer optimizer) {
    return new Lookahead(optimizer, 5, 0.5);
  }

  @Override
  public @Nullable Schedule learningRate() {
    return optimizer.learningRate();
  }

  @Override
  public Tensors step(Tensors parameters, Objective objective, Scope scope) {
    Tensors ahead = optimizer.step(parameters, objective, scope.child("ahead"));
    Tensor step = scope.progress().step();
    Tensor isFirst = step.eq(0);
    Tensor isTime = step.add(1).rem(Tensor.full(step.type(), every)).eq(0);
    Scope slow = scope.child("slow");
    Map<String, Tensor> after = new LinkedHashMap<>();
    ahead.asMap().forEach((path, fast) -> {
      Tensor before = parameters.get(path);
      if (fast == before) { // frozen
        after.put(path, fast);
        return;
      }
      State state = slow.slot(path, before.type(), Initializer.ZEROS);
      Tensor start = isFirst.where(before, state.value());
      Tensor moved = start.add(fast.sub(start).mul(alpha));
      state.set(isTime.where(moved, start));
      after.put(path, isTime.where(moved, fast));
    });
    return Tensors.of(after);
  }
}
