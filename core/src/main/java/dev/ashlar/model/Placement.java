package dev.ashlar.model;

import dev.ashlar.api.Stable;
import java.util.Optional;

/**
 * Where a parameter's values lie in a file of others: in a tensor of another name, perhaps in a part of it, perhaps with
 * its axes the other way round. Works both ways: the tensor can be put together again from the parameters.
 *
 * @param parameter its path in the model
 * @param tensor its name in the file
 * @param part what of the tensor belongs to the parameter; all of it if absent
 * @param transposed whether the tensor's two axes are the parameter's in the other order; means nothing for others
 */
@Stable
public record Placement(String parameter, String tensor, Optional<Part> part, boolean transposed) {

  /**
   * A part of a tensor.
   *
   * @param axis of the tensor, counted from the first
   * @param from the first entry along the axis
   * @param to behind the last one
   */
  public record Part(int axis, int from, int to) {}

  /** All of a tensor, as it is. */
  public static Placement of(String parameter, String tensor) {
    return new Placement(parameter, tensor, Optional.empty(), false);
  }

  /** This, the axes the other way round. */
  public Placement asTransposed() {
    return new Placement(parameter, tensor, part, true);
  }

  /** This, of a part of the tensor. */
  public Placement partly(int axis, int from, int to) {
    return new Placement(parameter, tensor, Optional.of(new Part(axis, from, to)), transposed);
  }

  /** This, where the tensor is called otherwise. */
  public Placement inTensor(String name) {
    return new Placement(parameter, name, part, transposed);
  }
}
