package dev.ashlar.io.data;

import dev.ashlar.config.FileException;
import dev.ashlar.tensor.NDArray;
import java.util.List;
import java.util.stream.IntStream;

/** Labels that count classes from 0. */
final class ClassNumbers {
  /** More classes than any set has; a greater label is a damaged file. */
  private static final int MOST = 1 << 20;

  private ClassNumbers() {}

  /**
   * Names of the classes: those given, else the numbers from 0 to the greatest label.
   *
   * @param source of the labels, as messages call it
   * @throws FileException if a label is no class
   */
  static List<String> names(String source, NDArray labels, List<String> classes) throws FileException {
    return names(source, labels, classes, 0);
  }

  /** The same of several labels for each example, of which those below 0 do not count: padding. */
  static List<String> namesOfPositions(String source, NDArray labels, List<String> classes) throws FileException {
    return names(source, labels, classes, Integer.MIN_VALUE);
  }

  private static List<String> names(String source, NDArray labels, List<String> classes, int least)
      throws FileException {
    int greatest = -1;
    int known = classes.isEmpty() ? MOST : classes.size();
    for (long i = 0; i < labels.size(); i++) {
      long label = labels.getLong(i);
      if (label < least || label >= known) {
        throw FileException.at(source + ": label " + i, "the number " + label, "from 0 to " + (known - 1),
            classes.isEmpty() ? "" : "'classes' names " + classes.size());
      }
      greatest = Math.max(greatest, (int) label);
    }
    return classes.isEmpty() ? IntStream.rangeClosed(0, greatest).mapToObj(Integer::toString).toList() : classes;
  }
}
