package dev.ashlar.layers.metrics;

import dev.ashlar.config.Doc;

/** How numbers of several classes become one. */
public enum Average {
  /** The mean over the classes that occur. */
  @Doc("the mean over the classes that occur")
  MACRO,
  /** Of all classes together: of their counts, or of their scores sorted as one. */
  @Doc("of all classes together")
  MICRO,
  /** The mean over classes, each as often as it occurs among the targets. */
  @Doc("each class as often as it occurs among the targets")
  WEIGHTED
}
