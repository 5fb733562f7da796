package dev.ashlar.layers.metrics;

/** How numbers of several classes become one. */
public enum Average {
  /** The mean over the classes that occur. */
  MACRO,
  /** Of all classes' counts together. */
  MICRO,
  /** The mean over classes, each as often as it occurs among the targets. */
  WEIGHTED
}
