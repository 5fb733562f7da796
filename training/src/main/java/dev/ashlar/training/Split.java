package dev.ashlar.training;

import dev.ashlar.api.Stable;
import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Range;

/**
 * Which shares of the examples are set apart from training.
 *
 * @param test share on which the finished model is judged
 * @param validation share on which epochs are compared
 * @param shuffle whether the examples set apart are drawn by chance; if not they are the last ones
 * @param seed of the draw; it is apart from the seed of training so that runs can be compared
 * @param stratify whether each part has its share of each class
 */
@Stable
public record Split(
    @Range(atLeast = 0, below = 1) @Default("0") @Doc("share on which the finished model is judged") double test,
    @Range(atLeast = 0, below = 1) @Default("0") @Doc("share on which epochs are compared") double validation,
    @Default("true") @Doc("draw by chance; if not, the last examples are set apart") boolean shuffle,
    @Default("0") @Doc("of the draw") long seed,
    @Default("false") @Doc("give each part its share of each class") boolean stratify) {

  /** Everything for training. */
  public static final Split NONE = new Split(0, 0, true, 0, false);

  /** Checks the shares. */
  public Split {
    if (!(test >= 0 && validation >= 0 && test + validation < 1)) {
      throw new IllegalArgumentException(
          "shares for test and validation of 0 or more that leave examples for training: their sum must be below 1");
    }
    if (stratify && !shuffle) {
      throw new IllegalArgumentException("'stratify' only with 'shuffle': the last examples are what they are");
    }
  }

  /** Without regard to classes. */
  public Split(double test, double validation, boolean shuffle, long seed) {
    this(test, validation, shuffle, seed, false);
  }

  /** The same with a share of each class in each part. */
  public Split stratified() {
    return new Split(test, validation, shuffle, seed, true);
  }

  /** A share for test, all else for training. */
  public static Split test(double share) {
    return new Split(share, 0, true, 0);
  }
}
