package dev.ashlar.model;

/** What a model is traced for. */
public enum Mode {
  /** Noise such as dropout is on; batch statistics are used and recorded. */
  TRAINING,
  /** No noise, recorded statistics. */
  INFERENCE
}
