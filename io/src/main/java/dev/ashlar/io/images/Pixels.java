package dev.ashlar.io.images;

/**
 * An image as numbers from 0 to 255.
 *
 * @param values [channels, height, width]
 */
record Pixels(float[] values, int channels, int height, int width) {

  /**
   * In another size: each new pixel is a mean of those around its place, weighted by a triangle as wide as the step
   * between new pixels, at least one old one on each side; so nothing is skipped when an image shrinks. As Pillow's
   * BILINEAR has it.
   */
  Pixels resized(int toHeight, int toWidth) {
    if (toHeight == height && toWidth == width) return this;
    var wide = new float[channels * height * toWidth];
    for (int x = 0; x < toWidth; x++) {
      var weights = Weights.of(x, width, toWidth);
      for (int row = 0; row < channels * height; row++) {
        double sum = 0;
        for (int i = 0; i < weights.values.length; i++) {
          sum += weights.values[i] * values[row * width + weights.from + i];
        }
        wide[row * toWidth + x] = rounded(sum);
      }
    }
    var result = new float[channels * toHeight * toWidth];
    for (int y = 0; y < toHeight; y++) {
      var weights = Weights.of(y, height, toHeight);
      for (int c = 0; c < channels; c++) {
        for (int x = 0; x < toWidth; x++) {
          double sum = 0;
          for (int i = 0; i < weights.values.length; i++) {
            sum += weights.values[i] * wide[(c * height + weights.from + i) * toWidth + x];
          }
          result[(c * toHeight + y) * toWidth + x] = rounded(sum);
        }
      }
    }
    return new Pixels(result, channels, toHeight, toWidth);
  }

  private static float rounded(double value) {
    return (float) Math.clamp(Math.floor(value + 0.5), 0, 255);
  }

  /** Of old pixels from one on, for a new one. */
  private record Weights(int from, double[] values) {
    static Weights of(int at, int old, int now) {
      double step = (double) old / now;
      double reach = Math.max(step, 1);
      double center = (at + 0.5) * step;
      int from = Math.max(0, (int) (center - reach + 0.5));
      int to = Math.min(old, (int) (center + reach + 0.5));
      var values = new double[to - from];
      double sum = 0;
      for (int i = 0; i < values.length; i++) {
        values[i] = Math.max(0, 1 - Math.abs((from + i + 0.5 - center) / reach));
        sum += values[i];
      }
      for (int i = 0; i < values.length; i++) values[i] /= sum;
      return new Weights(from, values);
    }
  }
}
