package dev.ashlar.io.tables;

/** How a label is read. */
public enum LabelTask {
  /** By what it looks like. */
  AUTO,
  /** Each text a class. */
  CLASSIFICATION,
  /** A number. */
  REGRESSION
}
