package dev.ashlar.layers.transformers;

import dev.ashlar.config.Doc;

/** Which positions a position looks at. */
public enum Sees {
  /** Itself and those before it. */
  @Doc("itself and those before it")
  CAUSAL,
  /** All. */
  @Doc("all of the sequence")
  ALL
}
