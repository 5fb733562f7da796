package dev.ashlar.testkit;

import dev.ashlar.autodiff.Gradients;
import dev.ashlar.model.Batch;
import dev.ashlar.reference.Reference;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.tensor.Tensors;
import java.util.List;
import java.util.Map;

/** The promises of {@link LossContract}, for one example. */
record LossChecks(LossContract.Example example) {

  private static final double ROUNDING = 1e-11;

  /** The loss as a graph over arguments {@code y}, {@code t} and {@code w}. */
  private record Graph(Tensor y, Tensor loss, Tensor gradient, Map<String, NDArray> values) {
    NDArray value() {
      return Reference.evaluate(loss, values);
    }

    NDArray slope() {
      return Reference.evaluate(gradient, values);
    }
  }

  private Graph graph(NDArray output, NDArray target, NDArray weights) {
    Tensor y = Tensor.input("y", output.type());
    Tensor t = Tensor.input("t", target.type());
    Tensor w = Tensor.input("w", weights.type());
    Batch batch = new Batch(Tensors.of(Batch.INPUT, y, Batch.TARGET, t, Batch.WEIGHT, w));
    Tensor loss = example.loss().of(Tensors.of(y), batch);
    if (!loss.shape().equals(Shape.SCALAR) || loss.dtype() != output.dtype()) {
      throw new AssertionError("the loss is " + loss.type() + ", expected a scalar " + output.dtype()
          + ": average with batch.mean, and cast targets to the output's element type");
    }
    return new Graph(y, loss, Gradients.of(loss, List.of(y)).getFirst(),
        Map.of("y", output, "t", target, "w", weights));
  }

  private int batch() {
    return example.output().shape().dim(0);
  }

  void enough() {
    Values.requireVaried(3, Map.of("output", example.output(), "target", example.target()));
  }

  private static NDArray weights(int ones, int zeros) {
    NDArray weights = NDArray.zeros(TensorType.of(DType.F32, ones + zeros));
    for (int i = 0; i < ones; i++) {
      weights.set(i, 1);
    }
    return weights;
  }

  void scalar() {
    graph(example.output(), example.target(), weights(batch(), 0));
    graph(example.output().cast(DType.F32), floating(example.target(), DType.F32), weights(batch(), 0));
  }

  void gradients() {
    Graph whole = graph(example.output(), example.target(), weights(batch(), 0));
    GradientCheck.check(whole.loss(), Tensors.of("y", whole.y()), whole.values());
  }

  void padding() {
    int real = batch() - 1;
    NDArray few = graph(example.output().rows(0, real), example.target().rows(0, real), weights(real, 0))
        .value();
    Graph padded = graph(example.output(), example.target(), weights(real, 1));
    ExpectedNumbers.assertClose("the loss with one example of weight 0 (use batch.mean)", padded.value(), few,
        ROUNDING);
    NDArray ignored = padded.slope().rows(real, batch());
    for (long i = 0; i < ignored.size(); i++) {
      if (ignored.get(i) != 0) {
        throw new AssertionError("the gradient of an example of weight 0 is " + ignored + ": use batch.mean");
      }
    }
  }

  void mean() {
    double sum = 0;
    for (int i = 0; i < batch(); i++) {
      sum += graph(example.output().rows(i, i + 1), example.target().rows(i, i + 1), weights(1, 0)).value()
          .item();
    }
    NDArray whole = graph(example.output(), example.target(), weights(batch(), 0)).value();
    ExpectedNumbers.assertClose("the loss of all examples, against the mean of their losses (use batch.mean)",
        whole, NDArray.scalar(DType.F64, sum / batch()), ROUNDING);
  }

  void large() {
    NDArray large = example.output().cast(DType.F32).copy();
    for (long i = 0; i < large.size(); i++) {
      large.set(i, large.get(i) * 1e4);
    }
    Graph graph = graph(large, floating(example.target(), DType.F32), weights(batch(), 0));
    for (NDArray array : List.of(graph.value(), graph.slope())) {
      for (long i = 0; i < array.size(); i++) {
        if (!Double.isFinite(array.get(i))) {
          throw new AssertionError("for outputs of about 10000 there is " + array.get(i)
              + ": take the largest off before exp, and do not take the log of a rounded probability");
        }
      }
    }
  }

  private static NDArray floating(NDArray array, DType dtype) {
    return array.dtype().isFloating() ? array.cast(dtype) : array;
  }
}
