package dev.ashlar.testkit;

import dev.ashlar.api.Stable;
import dev.ashlar.model.Block;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.TensorType;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A layer with an input, and what is claimed of it: what {@link LayerContract} checks.
 *
 * @param block the layer
 * @param inputs by name, the batch (2 examples or more, not all alike) their first axis; floating-point ones in any
 *     element type
 * @param output the shape of the first output, if claimed
 * @param parameters the number of trained numbers, if claimed
 * @param traits what is particular about it; what is not claimed is proved absent
 */
@Stable
public record LayerExample(
    Block block, SequencedMap<String, NDArray> inputs, Optional<Shape> output, OptionalLong parameters,
    Set<Trait> traits) {

  /** What the one input of a layer is called: as no parameter is, for both are looked up by name. */
  private static final String INPUT = "(input)";

  /** What a layer may do that most do not. */
  public enum Trait {
    /** In training, the result for an example depends on the others: batch statistics. */
    MIXES_EXAMPLES,
    /** In training, it draws random numbers. */
    RANDOM,
    /** Inputs are [batch, time, ..], and a sequence can be fed piece by piece. */
    SEQUENTIAL
  }

  /** A layer on one input. */
  public static LayerExample of(Block block, NDArray input) {
    SequencedMap<String, NDArray> inputs = new LinkedHashMap<>();
    inputs.put(INPUT, input);
    return new LayerExample(block, inputs, Optional.empty(), OptionalLong.empty(), Set.of());
  }

  /** A layer on one input of normally distributed numbers. */
  public static LayerExample of(Block block, int... input) {
    return of(block, Values.normal(TensorType.of(DType.F64, input), 3));
  }

  /** This with one more input. */
  public LayerExample with(String name, NDArray input) {
    SequencedMap<String, NDArray> more = new LinkedHashMap<>(inputs);
    more.put(name, input);
    return new LayerExample(block, more, output, parameters, traits);
  }

  /** This with the shape of the first output. */
  public LayerExample gives(int... shape) {
    return new LayerExample(block, inputs, Optional.of(Shape.of(shape)), parameters, traits);
  }

  /** This with the number of trained numbers. */
  public LayerExample parameters(long count) {
    return new LayerExample(block, inputs, output, OptionalLong.of(count), traits);
  }

  /** This with particular behaviour. */
  public LayerExample traits(Trait first, Trait... rest) {
    return new LayerExample(block, inputs, output, parameters, EnumSet.of(first, rest));
  }

  String label() {
    return block + " on " + inputs.values().stream().map(input -> input.type().toString())
        .collect(Collectors.joining(", "));
  }

  boolean has(Trait trait) {
    return traits.contains(trait);
  }

  /** Rows of every input. */
  SequencedMap<String, NDArray> rows(int from, int to) {
    SequencedMap<String, NDArray> some = new LinkedHashMap<>();
    inputs.forEach((name, array) -> some.put(name, array.rows(from, to)));
    return some;
  }

  int batch() {
    return inputs.firstEntry().getValue().shape().dim(0);
  }
}
