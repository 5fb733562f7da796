package dev.ashlar.layers;

import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.model.Layer;
import dev.ashlar.model.Scope;
import dev.ashlar.tensor.ShapeException;
import dev.ashlar.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The axes of each example in another order. They are counted from 1, the batch being axis 0, which stays: {@code
 * permute: [2, 1]} makes [batch, time, width] sequences [batch, channels, length] for convolutions, and back.
 */
@Name("permute")
@Doc("the axes of each example in another order; the batch, axis 0, stays")
public record Permute(@Doc("axes from 1 on, each once, in their new order") List<Integer> order) implements Layer {

  /** Copies the list. */
  public Permute {
    order = List.copyOf(order);
  }

  /** In this order, counted from 1. */
  public static Permute of(Integer... order) {
    return new Permute(List.of(order));
  }

  @Override
  public Tensor forward(Tensor x, Scope scope) {
    List<Integer> axes = IntStream.range(1, x.rank()).boxed().toList();
    if (!order.stream().sorted().toList().equals(axes)) {
      throw new ShapeException("permute", axes.isEmpty() ? "an axis beside the batch"
          : "each of the axes " + axes + " once, for " + x.shape(), order.toString(),
          "axis 0 is the batch, which stays where it is");
    }
    return x.permute(IntStream.concat(IntStream.of(0), order.stream().mapToInt(i -> i)).toArray());
  }
}
