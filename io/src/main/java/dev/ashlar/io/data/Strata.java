package dev.ashlar.io.data;

import dev.ashlar.data.Dataset;
import dev.ashlar.model.Batch;
import dev.ashlar.tensor.NDArray;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
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

  List<Dataset> split(Dataset all, long seed, double... fractions) {
    var shares = new double[fractions.length + 1];
    System.arraycopy(fractions, 0, shares, 1, fractions.length);
    shares[0] = 1 - Arrays.stream(fractions).sum();
    if (!(shares[0] > 0)) {
      throw new IllegalArgumentException("parts that leave nothing over: " + Arrays.toString(fractions));
    }
    return parts(shares, seed).stream().map(part -> Datasets.subset(all, part)).toList();
  }

  /** Positions in as many parts of one size. */
  List<long[]> folds(long seed, int count) {
    var shares = new double[count];
    Arrays.fill(shares, 1.0 / count);
    return parts(shares, seed);
  }

  /** Class by class, each example goes to the part that is furthest behind its share. */
  private List<long[]> parts(double[] shares, long seed) {
    var order = new long[classes.length];
    new RandomStream(seed, "split").permutation(order);
    var byClass = Arrays.stream(order).boxed()
        .sorted(Comparator.comparingLong((Long position) -> classes[(int) (long) position])).toList();
    var owed = new double[shares.length];
    var parts = IntStream.range(0, shares.length).mapToObj(_ -> new ArrayList<Long>()).toList();
    for (long position : byClass) {
      int most = 0;
      for (int part = 0; part < shares.length; part++) {
        owed[part] += shares[part];
        if (owed[part] > owed[most]) most = part;
      }
      owed[most]--;
      parts.get(most).add(position);
    }
    return parts.stream().map(part -> {
      if (part.isEmpty()) {
        throw new IllegalArgumentException(
            classes.length + " examples are too few for parts of " + Arrays.toString(shares));
      }
      return part.stream().mapToLong(p -> p).sorted().toArray();
    }).toList();
  }
}
