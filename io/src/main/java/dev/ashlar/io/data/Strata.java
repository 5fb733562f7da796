package dev.ashlar.io.data;

import dev.ashlar.data.Dataset;
import dev.ashlar.model.Batch;
import dev.ashlar.tensor.NDArray;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The classes of a set's examples, to give each part its share of each. */
final class Strata {
  private static final int BATCH = 1024;

  private final long[] classes;

  private Strata(long[] classes) {
    this.classes = classes;
  }

  static Strata of(Dataset all) throws IOException {
    var target = all.columns().get(Batch.TARGET);
    if (target == null || target.shape().size() != 1 || !target.dtype().isInteger()) {
      throw new IllegalArgumentException("'stratify' needs a class for each example; the target is "
          + (target == null ? "none" : target));
    }
    var classes = new long[Math.toIntExact(all.size())];
    var batch = NDArray.zeros(target.withShape(target.shape().insert(0, BATCH)));
    var positions = new long[BATCH];
    for (int from = 0; from < classes.length; from += BATCH) {
      int count = Math.min(BATCH, classes.length - from);
      for (int i = 0; i < count; i++) positions[i] = from + i;
      all.read(positions, count, Map.of(Batch.TARGET, batch));
      for (int i = 0; i < count; i++) classes[from + i] = batch.getLong(i);
    }
    return new Strata(classes);
  }

  /** Shares of what is left over and of the parts. */
  static double[] shares(double... fractions) {
    var shares = new double[fractions.length + 1];
    System.arraycopy(fractions, 0, shares, 1, fractions.length);
    shares[0] = 1 - Arrays.stream(fractions).sum();
    if (!(shares[0] > 0)) {
      throw new IllegalArgumentException("parts that leave nothing over: " + Arrays.toString(fractions));
    }
    return shares;
  }

  /** Shares of as many parts of one size. */
  static double[] even(int count) {
    var shares = new double[count];
    Arrays.fill(shares, 1.0 / count);
    return shares;
  }

  /** A number of a class for each example. */
  long[] classes() {
    return classes.clone();
  }

  /**
   * Class by class, each example goes to the part that is furthest behind its share; of several, to the first. Of equal
   * shares this is one part after the other, as {@code sklearn.model_selection.StratifiedKFold} has it.
   */
  List<long[]> parts(double[] shares, long seed) {
    var order = new long[classes.length];
    new RandomStream(seed, "split").permutation(order);
    var byClass = new long[order.length]; // class, then place in the order: numbers, since there may be millions
    for (int i = 0; i < order.length; i++) {
      byClass[i] = (long) Math.toIntExact(classes[(int) order[i]]) << Integer.SIZE | i;
    }
    Arrays.sort(byClass);
    var taken = new int[shares.length];
    var part = new int[order.length];
    for (int i = 0; i < order.length; i++) {
      // Counted from the start: what is added up differs in its last bit from part to part.
      int most = 0;
      for (int p = 1; p < shares.length; p++) {
        if (shares[p] * (i + 1) - taken[p] > shares[most] * (i + 1) - taken[most]) most = p;
      }
      taken[most]++;
      part[(int) order[(int) byClass[i]]] = most;
    }
    return IntStream.range(0, shares.length).mapToObj(p -> {
      if (taken[p] == 0) {
        throw new IllegalArgumentException(
            classes.length + " examples are too few for parts of " + Arrays.toString(shares));
      }
      return IntStream.range(0, part.length).filter(i -> part[i] == p).asLongStream().toArray();
    }).toList();
  }
}
