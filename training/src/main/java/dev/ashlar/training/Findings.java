package dev.ashlar.training;

import dev.ashlar.model.Optimizer;
import dev.ashlar.model.Schedule;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.tensor.Tensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a program says as it goes: whether loss and gradients are finite, how large gradients are, and the learning rate.
 */
final class Findings {

  private final List<Tensor> losses = new ArrayList<>();
  /** The largest element of each gradient, by type, so that none is made infinite by a narrower one. */
  private final Map<DType, List<Tensor>> sizes = new LinkedHashMap<>();
  private final List<Tensor> sizesOfMatrices = new ArrayList<>();
  private @Nullable Tensor rate;

  /** The optimizer's learning rate in this program, if it says one. */
  void add(Optimizer optimizer, Schedule.Progress progress) {
    Schedule schedule = optimizer.learningRate();
    rate = schedule == null ? null : schedule.at(progress).cast(DType.F32);
  }

  void add(Tensor loss) {
    losses.add(loss);
  }

  /** NaN and infinity survive both the magnitude and the maximum: one pass over a gradient, one scalar. */
  void add(Tensors gradients) {
    gradients.asMap().values().forEach(gradient -> {
      Tensor size = gradient.abs().max();
      sizes.computeIfAbsent(gradient.dtype(), type -> new ArrayList<>()).add(size);
      if (gradient.rank() > 1) {
        sizesOfMatrices.add(size.cast(DType.F32));
      }
    });
  }

  /** Whether all is finite. */
  Tensor finite() {
    return Stream.concat(losses.stream(), greatest()).map(Tensor::isFinite).reduce(Tensor::and)
        .orElseGet(() -> Tensor.full(TensorType.of(DType.BOOL), 1));
  }

  /** All but whether it is finite. */
  Tensors results() {
    return gradients().with(rate());
  }

  /** The learning rate, if there is one. */
  Tensors rate() {
    return rate == null ? Tensors.empty() : Tensors.of(Programs.LEARNING_RATE, rate);
  }

  /**
   * The largest element of all gradients, and the largest of that matrix whose largest is least: biases in front of a
   * normalization have none to speak of. Nothing where there are no gradients.
   */
  private Tensors gradients() {
    if (sizes.isEmpty()) {
      return Tensors.empty();
    }
    Tensor largest = greatest().map(size -> size.cast(DType.F32)).reduce(Tensor::maximum).orElseThrow();
    return Tensors.of(Programs.GRADIENT, largest,
        Programs.LEAST_GRADIENT, sizesOfMatrices.reversed().stream().reduce(Tensor::minimum).orElse(largest));
  }

  /**
   * The largest element of all gradients of each type. The last first: so gradients come up in the order of the backward
   * pass, each where its operands are at hand, and what it is made of need not be kept until those of the first layers
   * are known.
   */
  private Stream<Tensor> greatest() {
    return sizes.values().stream().map(some -> some.reversed().stream().reduce(Tensor::maximum).orElseThrow());
  }
}
