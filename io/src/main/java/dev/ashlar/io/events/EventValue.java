package dev.ashlar.io.events;

/** A value of a step, under a tag. Tags with a slash are shown together by what stands before the first. */
public sealed interface EventValue {

  /** What it is called, the same in all steps. */
  String tag();

  /** A number, kept as {@code float}; it need not be finite. */
  record Scalar(String tag, double value) implements EventValue {}

  /** How numbers are distributed. */
  record Distribution(String tag, Histogram histogram) implements EventValue {}

  /**
   * A picture.
   *
   * @param width of it
   * @param height of it
   * @param encoded as a file, such as PNG
   */
  record Picture(String tag, int width, int height, byte[] encoded) implements EventValue {}

  /** A text in Markdown. */
  record Text(String tag, String markdown) implements EventValue {}
}
