package dev.ashlar.layers.losses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.ashlar.model.Batch;
import dev.ashlar.model.Loss;
import dev.ashlar.reference.Reference;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Functions;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.tensor.Tensors;
import dev.ashlar.testkit.LossContract;
import dev.ashlar.testkit.Values;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Every loss of ours keeps the contract. */
class LossesContractTest extends LossContract {

  @Override
  protected List<Example> examples() {
    NDArray y = Values.normal(TensorType.of(DType.F64, 4, 5), 1);
    NDArray sequence = Values.normal(TensorType.of(DType.F64, 3, 4, 5), 2);
    NDArray other = Values.normal(y.type(), 3);
    return List.of(
        new Example(new MeanSquaredError(), y, other),
        new Example(new MeanAbsoluteError(), y, other),
        new Example(new Huber(0.7), y, other),
        new Example(new KlDivergence(), y, Reference.evaluate(Functions.softmax(Tensor.constant(other), -1))),
        new Example(new CosineDistance(), y, other),
        new Example(new Hinge(), y, Values.integers(TensorType.of(DType.I32, 4), 5, 4)),
        new Example(new Focal(1.5), sequence, Values.integers(TensorType.of(DType.I32, 3, 4), 5, 4)),
        new Example(new BinaryCrossEntropy(), y, Values.integers(y.type(), 2, 4)),
        new Example(new BinaryCrossEntropy().withPositiveWeights(List.of(2.0, 0.5, 1.0, 3.0, 1.0)), sequence,
            Values.integers(sequence.type(), 2, 4)),
        new Example(new Huber(0.7), sequence, Values.normal(sequence.type(), 4)),
        new Example(new MeanAbsoluteError(), sequence, Values.normal(sequence.type(), 4)),
        new Example(new CosineDistance(), sequence, Values.normal(sequence.type(), 4)),
        new Example(new KlDivergence(), sequence,
            Reference.evaluate(Functions.softmax(Tensor.constant(Values.normal(sequence.type(), 4)), -1))),
        new Example(new Hinge(), sequence, Values.integers(TensorType.of(DType.I32, 3, 4), 5, 4)),
        new Example(new Hinge(), y, Values.integers(TensorType.of(DType.I32, 4, 5), 2, 4)),
        new Example(new Focal(2), y, Values.integers(y.type(), 2, 4)),
        new Example(new CrossEntropy().withLabelSmoothing(0.2), sequence,
            Values.integers(TensorType.of(DType.I32, 3, 4), 5, 4)),
        new Example(new Triplet(0.5, Triplet.Mining.GIVEN), Values.normal(TensorType.of(DType.F64, 4, 3, 5), 6), y),
        new Example(new Ctc(), Values.normal(TensorType.of(DType.F64, 3, 6, 4), 7),
            NDArray.of(Shape.of(3, 2), 1, 2, 3, 3, 2, -1)),
        new Example(new Ctc(3, true), Values.normal(TensorType.of(DType.F64, 3, 4, 4), 7),
            NDArray.of(Shape.of(3, 2), 1, 2, 0, 0, 2, -1)),
        new Example(new PoissonNll(), y, Values.integers(y.type(), 6, 4)),
        new Example(new PoissonNll(true, true), sequence, Values.integers(sequence.type(), 6, 4)),
        new Example(new GaussianNll(), sequence.reshape(3, 2, 10), Values.normal(TensorType.of(DType.F64, 3, 2, 5), 4)),
        new Example(new LogCosh(), y, other),
        new Example(new Quantile(0.2), y, other),
        new Example(new Hinge(0.7, true), y, Values.integers(TensorType.of(DType.I32, 4), 5, 4)),
        new Example(new Focal(2).withAlpha(0.25), y, Values.integers(y.type(), 2, 4)),
        new Example(new Focal(2).withClassWeights(List.of(1.0, 2.0, 0.5, 1.0, 3.0)), y,
            Values.integers(TensorType.of(DType.I32, 4), 5, 4)),
        new Example(new BinaryCrossEntropy().withLabelSmoothing(0.2), y, Values.integers(y.type(), 2, 4)),
        new Example(new CrossEntropy(), y, Values.integers(TensorType.of(DType.I32, 4), 5, 4)),
        new Example(new CrossEntropy(), sequence, Values.integers(TensorType.of(DType.I32, 3, 4), 5, 4)),
        new Example(new CrossEntropy(Optional.of(-100)), y, NDArray.of(Shape.of(4), 3, -100, 0, 4)),
        new Example(new CrossEntropy(Optional.of(2)).withLabelSmoothing(0.1), sequence,
            NDArray.of(Shape.of(3, 4), 2, 2, 2, 2, 0, 2, 2, 4, 3, 1, 2, 2)),
        new Example(new CrossEntropy().withClassWeights(List.of(0.3, 2.0, 0.5, 1.0, 3.0)), y,
            NDArray.of(Shape.of(4), 3, 1, 0, 4)),
        new Example(new CrossEntropy(Optional.of(-1)).withClassWeights(List.of(0.3, 2.0, 0.0, 1.0, 3.0))
            .withLabelSmoothing(0.2), sequence, NDArray.of(Shape.of(3, 4), 3, -1, 2, 2, -1, -1, -1, 4, 1, 1, 0, 3)));
  }

  @Test
  void weights_are_one_for_each_label() {
    Tensor y = Tensor.zeros(TensorType.of(DType.F32, 2, 3));
    assertThatThrownBy(() ->
        new BinaryCrossEntropy().withPositiveWeights(List.of(1.0, 2.0)).of(Tensors.of(y), Batch.of(y, y)))
        .hasMessage("binary_cross_entropy: expected a weight for each label: 3, found 2 positive_weights;"
            + " give one number for each label, in their order");
  }

  private static double loss(Loss loss, Tensor y, NDArray target) {
    return Reference.evaluate(loss.of(Tensors.of(y), Batch.of(y, Tensor.constant(target)))).item();
  }

  @Test
  void labels_that_do_not_fit_into_their_time() {
    Tensor y = Tensor.constant(Values.normal(TensorType.of(DType.F32, 2, 2, 4), 1));
    NDArray target = NDArray.of(Shape.of(2, 2), 1, 1, 1, 2); // a repetition needs a blank between
    assertThat(loss(new Ctc(), y, target)).isInfinite();
    double one = loss(new Ctc(), y.slice(0, 1, 2), target.rows(1, 2));
    assertThat(loss(new Ctc(0, true), y, target)).isCloseTo(one / 2, within(1e-6));
    assertThat(loss(new Ctc(), y, NDArray.of(Shape.of(2, 1), 1, 4))).as("no class").isNaN();
    assertThat(loss(new Ctc(), y, NDArray.of(Shape.of(2, 1), 1, 0))).as("the blank").isNaN();
  }

  @Test
  void triplets_may_be_three_outputs_and_need_partners() {
    NDArray values = Values.normal(TensorType.of(DType.F32, 4, 3, 5), 1);
    Tensor y = Tensor.constant(values);
    Triplet given = new Triplet(1, Triplet.Mining.GIVEN);
    Tensors three = Tensors.of("positive", y.slice(1, 1, 2), "negative", y.slice(1, 2, 3), "anchor", y.slice(1, 0, 1));
    assertThat(Reference.evaluate(given.of(three, Batch.of(y, y))).item())
        .isEqualTo(Reference.evaluate(given.of(Tensors.of(y), Batch.of(y, y))).item());
    Triplet hard = new Triplet(1, Triplet.Mining.BATCH_HARD);
    assertThat(loss(hard, y, NDArray.of(Shape.of(4), 0, 1, 2, 3))).isZero();
    assertThat(loss(hard, y, NDArray.of(Shape.of(4), 1, 1, 1, 1))).isZero();
    assertThatThrownBy(() -> given.of(Tensors.of(y.slice(1, 0, 2)), Batch.of(y, y)))
        .hasMessageStartingWith("triplet: expected an output [batch, 3, ..]");
    assertThatThrownBy(() -> hard.of(Tensors.of(y), Batch.of(y, y)))
        .hasMessageStartingWith("triplet: expected a class for each example");
  }

  @Test
  void means_and_variances_may_be_two_outputs() {
    Tensor y = Tensor.constant(Values.normal(TensorType.of(DType.F32, 4, 6), 1));
    NDArray target = Values.normal(TensorType.of(DType.F32, 4, 3), 2);
    Tensors two = Tensors.of("mean", y.slice(1, 0, 3), "log_variance", y.slice(1, 3, 6));
    assertThat(Reference.evaluate(new GaussianNll().of(two, Batch.of(y, Tensor.constant(target)))).item())
        .isEqualTo(loss(new GaussianNll(), y, target));
    assertThatThrownBy(() -> loss(new GaussianNll(), y.slice(1, 0, 3), target))
        .hasMessageStartingWith("gaussian_nll: expected an output [batch, .., 2 n]");
  }

  @Test
  void what_weighs_focal_losses_is_said_as_the_targets_are() {
    Tensor y = Tensor.zeros(TensorType.of(DType.F32, 2, 3));
    assertThatThrownBy(() -> loss(new Focal(2).withAlpha(0.5), y, NDArray.of(Shape.of(2), 1, 2)))
        .hasMessage("focal: expected 'class_weights', for targets that are classes, found alpha; give one number for"
            + " each class");
    assertThatThrownBy(() -> loss(new Focal(2).withClassWeights(List.of(1.0, 2.0, 1.0)), y, NDArray.zeros(y.type())))
        .hasMessageStartingWith("focal: expected 'alpha', for targets that say yes or no, found class_weights");
  }

  @Test
  void labels_are_no_classes() {
    Tensor y = Tensor.zeros(TensorType.of(DType.F32, 2, 3));
    assertThatThrownBy(() -> new CrossEntropy().of(Tensors.of(y), Batch.of(y, y)))
        .hasMessageEndingWith("a yes or no for each output wants 'binary_cross_entropy', probabilities want"
            + " 'kl_divergence', numbers want 'mean_squared_error'");
  }

  @Test
  void a_target_that_is_no_class_makes_the_loss_nan() {
    Tensor y = Tensor.zeros(TensorType.of(DType.F32, 2, 3));
    Batch batch = Batch.of(y, Tensor.constant(NDArray.of(Shape.of(2), 1, 3)));
    assertThat(Reference.evaluate(new CrossEntropy().of(Tensors.of(y), batch)).item()).isNaN();
  }
}
