package dev.ashlar.layers.resampling;

import dev.ashlar.config.Alias;
import dev.ashlar.config.Doc;

/** How a resized sequence or image is filled. */
public enum Interpolation {
  /** Each result is the element that it lies on. */
  @Doc("each result is the element that it lies on")
  NEAREST,
  /** Between the two nearest elements along each axis, weighted; for images also called bilinear. */
  @Doc("between the nearest elements along each axis, for images also called bilinear")
  @Alias("bilinear")
  LINEAR
}
