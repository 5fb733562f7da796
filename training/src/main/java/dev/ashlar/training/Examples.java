package dev.ashlar.training;

import dev.ashlar.api.Experimental;
import dev.ashlar.data.Dataset;
import dev.ashlar.io.data.Datasets;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * The data of a run, in parts. The data sets belong to the caller, who closes them.
 *
 * @param train to learn from
 * @param validation to compare epochs with
 * @param test to judge the outcome with
 */
@Experimental(since = "0.1")
public record Examples(Dataset train, Optional<Dataset> validation, Optional<Dataset> test) {

  /** Name of the part to learn from, in reports. */
  public static final String TRAIN = "train";

  /** Name of the part to compare epochs with, in reports. */
  public static final String VALIDATION = "validation";

  /** Name of the part to judge the outcome with, in reports. */
  public static final String TEST = "test";

  /** Checks that there is something to learn from. */
  public Examples {
    if (train.size() == 0) {
      throw new IllegalArgumentException("no examples to train on");
    }
  }

  /** All of a set to learn from. */
  public static Examples of(Dataset data) {
    return new Examples(data, Optional.empty(), Optional.empty());
  }

  /**
   * A set in parts. What stands for the columns of a table is learnt from the examples to learn from alone.
   *
   * @throws IllegalArgumentException if the set is too small, or has no classes to stratify by
   * @throws IOException if the set cannot be read, or its columns cannot be encoded
   */
  public static Examples of(Dataset data, Split split) throws IOException {
    double[] shares = DoubleStream.of(split.validation(), split.test()).filter(share -> share > 0).toArray();
    if (shares.length == 0) {
      // A text becomes numbers now, so that mistakes in it are told.
      Optional<List<Dataset>> text = Datasets.textParts(data, split.shuffle(), split.seed());
      return of(text.isPresent() ? Datasets.encoded(text.get()).getFirst() : data);
    }
    List<Dataset> parts = Datasets.encoded(split.stratify() ? Datasets.stratified(data, split.seed(), shares)
        : Datasets.textParts(data, split.shuffle(), split.seed(), shares).orElseGet(() ->
            split.shuffle() ? Datasets.split(data, split.seed(), shares) : inOrder(data, shares)));
    return new Examples(
        parts.getFirst(),
        split.validation() > 0 ? Optional.of(parts.get(1)) : Optional.empty(),
        split.test() > 0 ? Optional.of(parts.getLast()) : Optional.empty());
  }

  /**
   * Each part of a set in turn to judge with, the rest to learn from; what stands for the columns of a table is learnt
   * anew for each. A share for validation is taken from the rest.
   *
   * @param count of parts, at least 2
   * @param split what is drawn how; its share for test does not count
   * @throws IllegalArgumentException if the set is too small, or has no classes to stratify by
   * @throws IOException if the set cannot be read, or its columns cannot be encoded
   */
  public static List<Examples> folds(Dataset data, int count, Split split) throws IOException {
    List<Examples> all = new ArrayList<>();
    Split ofRest = new Split(0, split.validation(), split.shuffle(), split.seed(), split.stratify());
    for (Datasets.Fold fold : Datasets.folds(data, split.seed(), count, split.shuffle(), split.stratify())) {
      Examples rest = of(fold.rest(), ofRest);
      List<Dataset> parts = new ArrayList<>(List.of(rest.train()));
      rest.validation().ifPresent(parts::add);
      parts.add(fold.held());
      List<Dataset> encoded = Datasets.encoded(parts);
      all.add(new Examples(encoded.getFirst(),
          rest.validation().isPresent() ? Optional.of(encoded.get(1)) : Optional.empty(),
          Optional.of(encoded.getLast())));
    }
    return all;
  }

  /** What is left over, then the parts, as they lie in the set. */
  private static List<Dataset> inOrder(Dataset data, double[] shares) {
    if (Datasets.groups(data).isPresent()) {
      throw new IllegalArgumentException(Datasets.inOrderOfGroups());
    }
    long[] ends = new long[shares.length + 1];
    ends[shares.length] = data.size();
    for (int i = shares.length - 1; i >= 0; i--) {
      ends[i] = ends[i + 1] - Math.max(1, Math.round(shares[i] * data.size()));
    }
    if (ends[0] < 1) {
      throw new IllegalArgumentException(data.size() + " examples are too few to set any apart");
    }
    return IntStream.range(0, ends.length)
        .mapToObj(i -> Datasets.subset(data, LongStream.range(i == 0 ? 0 : ends[i - 1], ends[i]).toArray()))
        .toList();
  }

  /** The parts that there are, by name: train, validation, test. */
  public SequencedMap<String, Dataset> parts() {
    SequencedMap<String, Dataset> parts = new LinkedHashMap<>();
    parts.put(TRAIN, train);
    validation.ifPresent(part -> parts.put(VALIDATION, part));
    test.ifPresent(part -> parts.put(TEST, part));
    return parts;
  }
}
