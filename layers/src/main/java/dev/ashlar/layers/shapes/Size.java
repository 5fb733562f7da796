package dev.ashlar.layers.shapes;

import dev.ashlar.config.Doc;
import dev.ashlar.config.Range;
import dev.ashlar.config.Tuple;
import java.util.List;

/** Two extents of an image or window. In a configuration {@code [height, width]}, or one number for both. */
@Tuple
public record Size(
    @Doc("rows") @Range(atLeast = 1) int height,
    @Doc("columns") @Range(atLeast = 1) int width) {

  /** 1 both ways. */
  public static final Size ONE = square(1);

  /** The same both ways. */
  public static Size square(int extent) {
    return new Size(extent, extent);
  }

  /** Height and width. */
  public List<Integer> list() {
    return List.of(height, width);
  }
}
