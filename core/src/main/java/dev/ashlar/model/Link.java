package dev.ashlar.model;

/** How a model's scores become probabilities, as the loss that it was trained with understands them. */
public enum Link {
  /** They are what is asked for. */
  IDENTITY,
  /** Softmax over the last axis, which counts classes. */
  SOFTMAX,
  /** The logistic function of each; one score for two classes is that of the second. */
  SIGMOID
}
