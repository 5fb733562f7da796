package dev.ashlar.layers.resampling;

import dev.ashlar.config.Alias;
import dev.ashlar.config.Doc;

/** What padding consists of. */
public enum PadMode {
  /** One number. */
  @Doc("one number, 0 unless given")
  CONSTANT,
  /** What lies inside, mirrored at the first and last element, which are not repeated. */
  @Doc("what lies inside, mirrored at the first and last element")
  REFLECT,
  /** The first and the last element. */
  @Doc("the first and the last element again")
  @Alias("edge")
  REPLICATE,
  /** What lies at the other end. */
  @Doc("what lies at the other end, as on a ring")
  CIRCULAR
}
