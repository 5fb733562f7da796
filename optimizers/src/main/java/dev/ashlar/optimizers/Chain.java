package dev.ashlar.optimizers;

import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.model.GradientTransform;
import dev.ashlar.model.Optimizer;
import dev.ashlar.model.Schedule;
import dev.ashlar.model.Scope;
import dev.ashlar.tensor.Tensors;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An optimizer that sees gradients through transforms, first to last. */
@Name("chain")
@Doc("an optimizer that sees gradients through transforms")
public record Chain(
    @Doc("applied to the gradients in order") List<GradientTransform> transforms,
    @Doc("what then makes the step") Optimizer optimizer)
    implements Optimizer {

  /** Copies the list. */
  public Chain {
    transforms = List.copyOf(transforms);
  }

  @Override
  public @Nullable Schedule learningRate() {
    return optimizer.learningRate();
  }

  @Override
  public Tensors step(Tensors parameters, Objective objective, Scope scope) {
    return optimizer.step(parameters, at -> transformed(objective.at(at), at, scope), scope);
  }

  private Evaluation transformed(Evaluation plain, Tensors at, Scope scope) {
    Tensors gradients = plain.gradients();
    for (int i = 0; i < transforms.size(); i++) {
      gradients = transforms.get(i).transform(gradients, at, scope.again("transform_" + i));
    }
    return new Evaluation(plain.loss(), gradients);
  }
}
