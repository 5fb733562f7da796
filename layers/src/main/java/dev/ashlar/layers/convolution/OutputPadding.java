package dev.ashlar.layers.convolution;

import dev.ashlar.config.Doc;
import dev.ashlar.config.Range;
import dev.ashlar.config.Tuple;
import java.util.List;

/**
 * What a transposed convolution adds behind an image. In a configuration {@code [height, width]}, or one number for
 * both.
 */
@Tuple
public record OutputPadding(
    @Doc("rows") @Range(atLeast = 0) int height,
    @Doc("columns") @Range(atLeast = 0) int width) {

  /** Nothing. */
  public static final OutputPadding NONE = new OutputPadding(0, 0);

  List<Integer> list() {
    return List.of(height, width);
  }
}
