package dev.ashlar.layers.losses;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.model.Batch;
import dev.ashlar.model.Link;
import dev.ashlar.model.Loss;
import dev.ashlar.tensor.Functions;
import dev.ashlar.tensor.ShapeException;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.tensor.Tensors;
import java.util.List;
import java.util.Optional;

/**
 * Cross-entropy times (1 - p)^gamma, p the probability of the target: what is classified well counts little (Lin et
 * al., 2017, equations 4 and 5). Shapes: logits [batch, .., classes], integer targets [batch, ..]; or a yes or no (1 or
 * 0) for each logit.
 */
@Name("focal")
@Doc("cross-entropy in which what is classified well counts little")
public record Focal(
    @Doc("how much less; 0 is cross-entropy") @Default("2") @Range(atLeast = 0) double gamma,
    @Doc("of yes or no, how much a yes counts; a no counts 1 - alpha. None: alike") @Range(above = 0, below = 1)
        Optional<Double> alpha,
    @Doc("of classes, how much targets of each count; none: all alike") @Range(atLeast = 0)
        Optional<List<Double>> classWeights)
    implements Loss {

  /** Every target counts alike. */
  public Focal(double gamma) {
    this(gamma, Optional.empty(), Optional.empty());
  }

  /** This, where a yes counts alpha, and a no 1 - alpha. */
  public Focal withAlpha(double other) {
    return new Focal(gamma, Optional.of(other), classWeights);
  }

  /** This with targets that count as their classes do. */
  public Focal withClassWeights(List<Double> weights) {
    return new Focal(gamma, alpha, Optional.of(weights));
  }

  @Override
  public Link link(TensorType output, TensorType target) {
    return Targets.areYesOrNo(output, target) ? Link.SIGMOID : Link.SOFTMAX;
  }

  @Override
  public Tensor of(Tensors outputs, Batch batch) {
    Tensor y = outputs.first();
    boolean areYesOrNo = Targets.areYesOrNo(y, batch.target());
    if (areYesOrNo ? classWeights.isPresent() : alpha.isPresent()) {
      throw new ShapeException("focal", areYesOrNo ? "'alpha', for targets that say yes or no"
          : "'class_weights', for targets that are classes", areYesOrNo ? "class_weights" : "alpha",
          areYesOrNo ? "say how much a yes counts: 'alpha: 0.25'" : "give one number for each class");
    }
    return areYesOrNo ? ofYesOrNo(y, Targets.like(y, batch, "focal", "cross_entropy"), batch)
        : ofClasses(y, Targets.classes(y, batch, "focal", "mean_squared_error"), batch);
  }

  private Tensor ofYesOrNo(Tensor y, Tensor t, Batch batch) {
    Tensor losses = focused(BinaryCrossEntropy.losses(y, t));
    return batch.mean(alpha.map(a -> losses.mul(t.mul(2 * a - 1).add(1 - a))).orElse(losses));
  }

  private Tensor ofClasses(Tensor y, Tensor classes, Batch batch) {
    Tensor losses = focused(Functions.softmaxCrossEntropy(y, classes));
    return batch.mean(classWeights.map(weights -> losses.mul(
        Targets.weights(weights, y, "focal", "class_weights", "class").gather(classes))).orElse(losses));
  }

  private Tensor focused(Tensor losses) {
    // 1 - p is -expm1(-loss); its logarithm must not be asked of 0.
    Tensor missing = losses.neg().expm1().neg().maximum(1e-12);
    return gamma == 0 ? losses : missing.log().mul(gamma).exp().mul(losses);
  }
}
