package dev.ashlar.cli;

/** How many examples a second a run learns from, lately; what is measured in between does not count. */
final class Speed {

  /** Share that a new figure has in the mean. */
  private static final double NEW = 0.3;

  private int examples;
  private long since;
  private long from;
  private double mean;

  /**
   * A run begins.
   *
   * @param examplesPerStep at most
   */
  void begin(int examplesPerStep) {
    examples = examplesPerStep;
    mean = 0;
    pause();
  }

  /** Something else goes on than training. */
  void pause() {
    since = 0;
  }

  /** Examples a second, now that so many steps are made; 0 if that is not known yet. */
  double at(long step) {
    long now = System.nanoTime();
    if (since != 0 && now > since) {
      double rate = (step - from) * (double) examples * 1e9 / (now - since);
      mean = mean == 0 ? rate : mean + NEW * (rate - mean);
    }
    since = now;
    from = step;
    return mean;
  }
}
