package dev.ashlar.layers.shapes;

import dev.ashlar.config.Doc;
import dev.ashlar.config.Range;
import dev.ashlar.config.Shorthand;
import dev.ashlar.tensor.ShapeException;
import java.util.List;

/**
 * What is put around a sequence or an image: {@code same}, {@code valid}, a number of zeros on every side, or a list
 * of numbers for the sides.
 */
@Shorthand(number = "amount", list = "sides")
public sealed interface Padding {

  /** Padding that depends on the sizes at hand. */
  enum Automatic implements Padding {
    /** As many windows as elements, over the stride and rounded up; an odd zero goes after. */
    @Doc("as many results as elements, over the stride")
    SAME,
    /** None: windows lie inside. */
    @Doc("none")
    VALID
  }

  /** So many on every side. */
  @Doc("so many zeros on every side")
  record Amount(@Doc("zeros on every side") @Range(atLeast = 0) int each) implements Padding {}

  /** So many for each spatial axis, or before and after each. */
  @Doc("zeros for each axis, or before and after each: [height, width] or [top, bottom, left, right] of an image,"
      + " [before, after] of a sequence")
  record Sides(@Doc("zeros for each axis, or before and after each") @Range(atLeast = 0) List<Integer> amounts)
      implements Padding {

    /** Copies the list. */
    public Sides {
      amounts = List.copyOf(amounts);
    }
  }

  /**
   * How much lies before and after along one axis.
   *
   * @param low before
   * @param high after
   */
  record Around(int low, int high) {}

  /**
   * Padding along a spatial axis.
   *
   * @param layer its name in messages
   * @param axis counted from the first spatial one
   * @param axes number of spatial axes
   * @param same what {@code same} puts there altogether
   * @throws ShapeException if sides are given, and neither one nor two for each axis
   */
  default Around along(String layer, int axis, int axes, int same) {
    return switch (this) {
      case Automatic.VALID -> new Around(0, 0);
      case Automatic.SAME -> new Around(same / 2, same - same / 2);
      case Amount(int each) -> new Around(each, each);
      case Sides(List<Integer> amounts) when amounts.size() == axes ->
          new Around(amounts.get(axis), amounts.get(axis));
      case Sides(List<Integer> amounts) when amounts.size() == 2 * axes ->
          new Around(amounts.get(2 * axis), amounts.get(2 * axis + 1));
      case Sides(List<Integer> amounts) -> throw new ShapeException(layer, axes == 1 ? "a padding of 1 or 2 numbers"
          : "a padding of 2 or 4 numbers", amounts.size() + " numbers " + amounts, axes == 1
          ? "give one number, or [before, after]" : "give one number, [height, width], or [top, bottom, left, right]");
    };
  }
}
