package dev.ashlar.layers.losses;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.model.Batch;
import dev.ashlar.model.Link;
import dev.ashlar.model.Loss;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Functions;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.tensor.Tensors;
import java.util.List;
import java.util.Optional;

/**
 * The mean of -log softmax(logits)[target], as {@code torch.nn.CrossEntropyLoss} has it. Shapes: logits [batch, ..,
 * classes], integer targets [batch, ..]. A target that is no class makes the loss NaN, but for {@code ignoreIndex},
 * which does not count. With smoothing (Szegedy et al., 2016) a share of each target is spread over all classes; with
 * class weights a target counts as its class does.
 */
@Name("cross_entropy")
@Doc("cross-entropy of class numbers given logits")
public record CrossEntropy(
    @Doc("a target that does not count, such as padding") Optional<Integer> ignoreIndex,
    @Doc("share of a target that is spread over all classes") @Default("0") @Range(atLeast = 0, below = 1)
        double labelSmoothing,
    @Doc("how much targets of each class count; none: all alike") @Range(atLeast = 0)
        Optional<List<Double>> classWeights)
    implements Loss {

  /** Every target counts alike. */
  public CrossEntropy() {
    this(Optional.empty());
  }

  /** But for one, every target counts alike. */
  public CrossEntropy(Optional<Integer> ignoreIndex) {
    this(ignoreIndex, 0, Optional.empty());
  }

  /** This with a share of each target spread over all classes. */
  public CrossEntropy withLabelSmoothing(double share) {
    return new CrossEntropy(ignoreIndex, share, classWeights);
  }

  /** This with targets that count as their classes do. */
  public CrossEntropy withClassWeights(List<Double> weights) {
    return new CrossEntropy(ignoreIndex, labelSmoothing, Optional.of(weights));
  }

  @Override
  public Link link(TensorType output, TensorType target) {
    return Link.SOFTMAX;
  }

  @Override
  public Tensor of(Tensors outputs, Batch batch) {
    Tensor logits = outputs.first();
    Tensor targets = targets(logits, batch);
    Tensor losses = Functions.softmaxCrossEntropy(logits, targets);
    if (ignoreIndex.isEmpty() && classWeights.isEmpty() && labelSmoothing == 0) {
      return batch.mean(losses);
    }
    Tensor weighted = losses.mul(ofTargets(logits, targets));
    if (labelSmoothing > 0) {
      Tensor all = Functions.logSoftmax(logits, -1).neg();
      Tensor spread = scales(logits).map(all::mul).orElse(all).mean(-1).reshape(losses.shape());
      weighted = weighted.mul(1 - labelSmoothing).add(spread.mul(labelSmoothing));
    }
    Tensor kept = counts(targets).where(weighted, Tensor.zeros(losses.type()));
    Tensor examples = examples(logits, targets, batch);
    return kept.mul(examples).sum().div(ofTargets(logits, targets).mul(examples).sum().maximum(1e-30));
  }

  @Override
  public Optional<Tensor> weight(Tensors outputs, Batch batch) {
    if (ignoreIndex.isEmpty() && classWeights.isEmpty()) {
      return Optional.empty();
    }
    Tensor logits = outputs.first();
    Tensor targets = targets(logits, batch);
    return Optional.of(ofTargets(logits, targets).mul(examples(logits, targets, batch)).sum());
  }

  private static Tensor targets(Tensor logits, Batch batch) {
    return Targets.severalClasses(logits, batch, "cross_entropy", "mean_squared_error");
  }

  /** Whether each target counts: [batch, ..]. */
  private Tensor counts(Tensor targets) {
    return ignoreIndex.map(index -> targets.ne(Tensor.full(targets.type(), index)))
        .orElseGet(() -> Tensor.full(targets.type().withDType(DType.BOOL), 1));
  }

  /** The weights of the examples, 0 for targets that do not count: [batch, ..]. */
  private Tensor examples(Tensor logits, Tensor targets, Batch batch) {
    return counts(targets).cast(logits.dtype()).mul(batch.weight(targets.rank()).cast(logits.dtype()));
  }

  /** The class weights: [classes]. */
  private Optional<Tensor> scales(Tensor logits) {
    return classWeights.map(weights -> Targets.weights(weights, logits, "cross_entropy", "class_weights", "class"));
  }

  /** The class weight of each target: [batch, ..]. */
  private Tensor ofTargets(Tensor logits, Tensor targets) {
    return scales(logits).map(scales -> scales.gather(counts(targets).where(targets, Tensor.zeros(targets.type()))))
        .orElseGet(() -> Tensor.full(targets.type().withDType(logits.dtype()), 1));
  }
}
