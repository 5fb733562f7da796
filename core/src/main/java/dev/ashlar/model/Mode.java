package dev.ashlar.model;

import dev.ashlar.api.Stable;

/** What a model is traced for. */
@Stable
public enum Mode {
  /** Noise such as dropout is on; batch statistics are used and recorded. */
  TRAINING,
  /** No noise, recorded statistics. */
  INFERENCE
}
