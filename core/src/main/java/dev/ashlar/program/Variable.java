package dev.ashlar.program;

import dev.ashlar.api.Stable;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;

/**
 * A value that lasts between runs: a weight, an optimizer's slot, a running statistic, a step
 * count, a key/value cache.
 *
 * @param name path, unique in a store; programs over one store share variables by name
 * @param kind what it is for
 * @param before its value when a run begins: a leaf with role VARIABLE and this name
 * @param after its value when the run ends; {@code before} itself if the program only reads it
 * @param start its first value, from the argument {@code seed} and nothing else
 */
@Stable
public record Variable(String name, Kind kind, Tensor before, Tensor after, Tensor start) {

  /** What a variable is for. */
  public enum Kind {
    /** Trained, and part of the model. */
    PARAMETER,
    /** Part of the model, not trained: running statistics. */
    STATE,
    /** Part of a training run: an optimizer's memory, step counts. */
    SLOT,
    /** Part of one caller's session, never saved: key/value caches, recurrent state. */
    SESSION
  }

  /** Checks that all three tensors have one type. */
  public Variable {
    if (!before.type().equals(after.type()) || !before.type().equals(start.type())) {
      throw new IllegalArgumentException(
          "variable '" + name + "' is " + before.type() + ", starts as " + start.type() + " and becomes " + after.type());
    }
  }

  /** Element type and shape. */
  public TensorType type() {
    return before.type();
  }

  /** Whether a program that holds this variable changes it. */
  public boolean isUpdated() {
    return after != before;
  }

  /** Whether it belongs to the model, and is saved with it. */
  public boolean isOfModel() {
    return kind == Kind.PARAMETER || kind == Kind.STATE;
  }

  /** The same variable with another value after the run. */
  public Variable withAfter(Tensor next) {
    return new Variable(name, kind, before, next, start);
  }
}
