package dev.ashlar.model;

import dev.ashlar.api.Stable;

/** How what a model gives becomes what was asked for, as the loss that it was trained with understands it. */
@Stable
public enum Link {
  /** They are what is asked for. */
  IDENTITY,
  /** Softmax over the last axis, which counts classes. */
  SOFTMAX,
  /** The logistic function of each; one score for two classes is that of the second. */
  SIGMOID,
  /** The exponential of each, where the model gives logarithms. */
  EXP,
  /** They are what is asked for, and no scores of classes even where there are as many. */
  EMBEDDING
}
