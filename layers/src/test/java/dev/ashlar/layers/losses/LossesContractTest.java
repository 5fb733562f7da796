package dev.ashlar.layers.losses;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.model.Batch;
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
        new Example(new CrossEntropy(), y, Values.integers(TensorType.of(DType.I32, 4), 5, 4)),
        new Example(new CrossEntropy(), sequence, Values.integers(TensorType.of(DType.I32, 3, 4), 5, 4)));
  }

  @Test
  void a_target_that_is_no_class_makes_the_loss_nan() {
    Tensor y = Tensor.zeros(TensorType.of(DType.F32, 2, 3));
    Batch batch = Batch.of(y, Tensor.constant(NDArray.of(Shape.of(2), 1, 3)));
    assertThat(Reference.evaluate(new CrossEntropy().of(Tensors.of(y), batch)).item()).isNaN();
  }
}
