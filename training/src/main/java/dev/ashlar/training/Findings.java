package dev.ashlar.training;

import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.tensor.Tensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a program says of its loss and gradients as it goes: whether they are finite, and how large they are. */
final class Findings {

  private final List<Tensor> finite = new ArrayList<>();
  /** The largest element of each gradient, where it was first asked for. */
  private final Map<String, Tensor> sizes = new LinkedHashMap<>();
  private final Map<String, Tensor> sizesOfMatrices = new LinkedHashMap<>();

  void add(Tensor loss) {
    finite.add(loss.isFinite());
  }

  /** NaN and infinity survive both the magnitude and the maximum: one pass over a gradient, one scalar. */
  void add(Tensors gradients) {
    gradients.asMap().forEach((path, gradient) -> {
      Tensor size = gradient.abs().max();
      finite.add(size.isFinite());
      sizes.putIfAbsent(path, size.cast(DType.F32));
      if (gradient.rank() > 1) {
        sizesOfMatrices.putIfAbsent(path, size.cast(DType.F32));
      }
    });
  }

  /**
   * Whether all is finite. The last first: so gradients come up in the order of the backward pass, each where its
   * operands are at hand, and what it is made of need not be kept until those of the first layers are known.
   */
  Tensor finite() {
    return finite.reversed().stream().reduce(Tensor::and).orElseGet(() -> Tensor.full(TensorType.of(DType.BOOL), 1));
  }

  /**
   * The largest element of all gradients, and the largest of that matrix whose largest is least: biases in front of a
   * normalization have none to speak of. Nothing where there are no gradients.
   */
  Tensors gradients() {
    List<Tensor> all = List.copyOf(sizes.values()).reversed();
    List<Tensor> matrices = sizesOfMatrices.isEmpty() ? all : List.copyOf(sizesOfMatrices.values()).reversed();
    return all.isEmpty() ? Tensors.empty() : Tensors.of(
        Programs.GRADIENT, all.stream().reduce(Tensor::maximum).orElseThrow(),
        Programs.LEAST_GRADIENT, matrices.stream().reduce(Tensor::minimum).orElseThrow());
  }
}
