package dev.ashlar.runtime;

import dev.ashlar.tensor.NDArray;
import dev.ashlar.training.Answers;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/** Counts which classes a model takes for which. */
final class Confusion {

  /** A matrix of more classes is no picture any more. */
  private static final int MOST = 200;

  private final int classes;
  /** Rows are what was right, columns what was told. */
  private final long[][] counts;
  private long counted;

  /** @param classes that there are; 0 if a model has none */
  Confusion(int classes) {
    this.classes = classes > MOST ? 0 : classes;
    this.counts = new long[this.classes][this.classes];
  }

  /**
   * Counts the examples of a batch.
   *
   * @param told [examples, positions, classes]
   * @param target [batch] or [batch, positions]; other numbers than those of classes are left out
   */
  void add(Answers answers, float[] told, NDArray target, int count) {
    int positions = answers.positions();
    if (classes == 0 || target.size() != (long) target.shape().dim(0) * positions) {
      return;
    }
    for (int i = 0; i < count * positions; i++) {
      double right = target.get(i);
      if (right >= 0 && right < classes && right == Math.rint(right)) {
        counts[(int) right][Answers.greatest(told, i * classes, classes)]++;
        counted++;
      }
    }
  }

  Optional<List<Object>> json() {
    return counted == 0 ? Optional.empty()
        : Optional.of(Arrays.stream(counts).<Object>map(row -> LongStream.of(row).boxed().toList()).toList());
  }
}
