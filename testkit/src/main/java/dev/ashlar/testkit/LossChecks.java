package dev.ashlar.testkit;

import dev.ashlar.autodiff.Gradients;
import dev.ashlar.model.Batch;
import dev.ashlar.model.Link;
import dev.ashlar.reference.Reference;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The promises of {@link LossContract}, for one example. */
record LossChecks(LossContract.Example example) {

  private static final double ROUNDING = 1e-11;
  /** Where what the loss counts by is in single precision. */
  private static final double ROUNDING_OF_COUNTS = 1e-6;

  /** The loss as a graph over arguments {@code y}, {@code t} and {@code w}, and what it counts by. */
  private record Graph(Tensor y, Tensor loss, Tensor gradient, Tensor count, Map<String, NDArray> values) {
    NDArray value() {
      return Reference.evaluate(loss, values);
    }

    NDArray slope() {
      return Reference.evaluate(gradient, values);
    }

    /** What means of several batches count by: 0 or more. */
    double counted() {
      double counted = Reference.evaluate(count, values).item();
      if (!(counted >= 0 && Double.isFinite(counted))) {
        throw new AssertionError("weight() is " + counted + " for " + y.dim(0) + " examples, expected 0 or more: give"
            + " the sum of what the mean is taken over, such as how many targets count");
      }
      return counted;
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
    return new Graph(y, loss, Gradients.of(loss, List.of(y)).getFirst(), count(Tensors.of(y), batch),
        Map.of("y", output, "t", target, "w", weights));
  }

  private Tensor count(Tensors outputs, Batch batch) {
    Tensor count = given("weight()", "Optional.empty() for a mean over examples", () ->
        example.loss().weight(outputs, batch)).orElseGet(() -> batch.weight().cast(DType.F64).sum());
    if (!count.shape().equals(Shape.SCALAR) || !count.dtype().isFloating()) {
      throw new AssertionError("weight() is " + count.type() + ", expected a floating-point scalar: give the sum of"
          + " what the mean is taken over");
    }
    return count;
  }

  /** What a method gives; a failure that names it where it throws or gives null. */
  private static <T> T given(String method, String otherwise, Supplier<T> call) {
    try {
      return Optional.ofNullable(call.get()).orElseThrow(() ->
          new AssertionError(method + " gives null: give " + otherwise));
    } catch (RuntimeException e) {
      throw new AssertionError(method + " fails where of() does not: " + e + "; give " + otherwise, e);
    }
  }

  void link() {
    for (DType dtype : List.of(DType.F64, DType.F32)) {
      TensorType output = example.output().type().withDType(dtype);
      TensorType target = floating(example.target(), dtype).type();
      given("link(" + output + ", " + target + ")", Link.class.getSimpleName() + "." + Link.IDENTITY
          + " where outputs are what is asked for", () -> example.loss().link(output, target));
    }
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
    Graph few = graph(example.output().rows(0, real), example.target().rows(0, real), weights(real, 0));
    Graph padded = graph(example.output(), example.target(), weights(real, 1));
    ExpectedNumbers.assertClose("the loss with one example of weight 0 (use batch.mean)", padded.value(), few.value(),
        ROUNDING);
    ExpectedNumbers.assertClose("weight() with one example of weight 0 (multiply by batch.weight() before the sum)",
        NDArray.scalar(DType.F64, padded.counted()), NDArray.scalar(DType.F64, few.counted()), ROUNDING_OF_COUNTS);
    NDArray ignored = padded.slope().rows(real, batch());
    for (long i = 0; i < ignored.size(); i++) {
      if (ignored.get(i) != 0) {
        throw new AssertionError("the gradient of an example of weight 0 is " + ignored + ": use batch.mean");
      }
    }
  }

  private Graph rows(int from, int to) {
    return graph(example.output().rows(from, to), example.target().rows(from, to), weights(to - from, 0));
  }

  /** Batches however they are cut make the mean of all, each by what it counts. */
  void mean() {
    Graph whole = rows(0, batch());
    if (whole.counted() == 0) {
      throw new AssertionError("weight() is 0 for all examples, so that nothing is shown: give some that count");
    }
    List<Graph> single = new ArrayList<>();
    for (int i = 0; i < batch(); i++) {
      single.add(rows(i, i + 1));
    }
    mean(whole, single, "the mean of their losses");
    for (int cut = 1; cut < batch(); cut++) {
      mean(whole, List.of(rows(0, cut), rows(cut, batch())), "the mean of the losses of " + cut + " and "
          + (batch() - cut) + " of them");
    }
  }

  private void mean(Graph whole, List<Graph> parts, String against) {
    double sum = 0;
    double count = 0;
    for (Graph part : parts) {
      double counted = part.counted();
      sum += part.value().item() * counted;
      count += counted;
    }
    ExpectedNumbers.assertClose("the loss of all examples, against " + against + ", each times its weight() (use"
        + " batch.mean; if it is a mean over something else, give in weight() how much there is of that)",
        whole.value(), NDArray.scalar(DType.F64, sum / count),
        whole.count().dtype() == DType.F64 ? ROUNDING : ROUNDING_OF_COUNTS);
  }

  void large() {
    NDArray large = example.output().cast(DType.F32).copy();
    for (long i = 0; i < large.size(); i++) {
      large.set(i, large.get(i) * 1e4);
    }
    Graph graph = graph(large, floating(example.target(), DType.F32), weights(batch(), 0));
    graph.counted();
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
