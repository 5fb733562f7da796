package dev.ashlar.io.data;

import dev.ashlar.data.Dataset;
import dev.ashlar.io.tables.TableDataset;
import dev.ashlar.io.tables.TableEncoding;
import dev.ashlar.io.text.TextEncoding;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.TensorType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.IntStream;

/** Makes sets of examples from arrays and from other sets. */
public final class Datasets {
  private Datasets() {}

  /**
   * The examples that arrays hold. They are not copied.
   *
   * @param columns by name, each [examples, ..]; names as in {@link dev.ashlar.model.Batch}
   * @throws dev.ashlar.tensor.ShapeException if they differ in the number of examples
   */
  public static Dataset of(Map<String, NDArray> columns) {
    return of(columns, List.of(), List.of());
  }

  /**
   * The same with names.
   *
   * @param classes that an integer target counts; may be empty
   * @param features of the input; may be empty
   */
  public static Dataset of(Map<String, NDArray> columns, List<String> classes, List<String> features) {
    var kept = new ArrayList<ArrayDataset.Column>();
    columns.forEach((name, array) -> kept.add(ArrayDataset.Column.of(name, array, array.dtype())));
    return new ArrayDataset(kept, classes, features);
  }

  /** The same of numbers that stand for text. */
  public static Dataset ofText(Map<String, NDArray> columns, List<String> classes, TextEncoding encoding) {
    var kept = new ArrayList<ArrayDataset.Column>();
    columns.forEach((name, array) -> kept.add(ArrayDataset.Column.of(name, array, array.dtype())));
    return new ArrayDataset(kept, classes, List.of(), Optional.of(encoding));
  }

  /** What numbers stand for the text of examples, if they are text. */
  public static Optional<TextEncoding> text(Dataset data) {
    return switch (data) {
      case ArrayDataset arrays -> arrays.text();
      case TextDataset text -> Optional.of(text.encoding());
      default -> Optional.empty();
    };
  }

  /**
   * Some examples of a set, in the given order. The set is not closed with it.
   *
   * @param positions of the examples in the set
   */
  public static Dataset subset(Dataset all, long... positions) {
    for (long position : positions) Objects.checkIndex(position, all.size());
    return switch (all) {
      case ArrayDataset arrays -> arrays.subset(positions);
      case TableDataset table -> table.subset(positions);
      case TextDataset text -> text.subset(positions);
      default -> new Subset(all, positions.clone());
    };
  }

  /**
   * Parts of a text, before it is turned into examples: so examples of different parts have nothing in common, however
   * much those of one part overlap. Whole documents where these are drawn by chance and there are enough of them; else
   * the ends of the text.
   *
   * @param shuffled whether documents are drawn by chance
   * @param fractions of the parts, each above 0, together below 1
   * @return what is left over, then the parts; nothing of a set that is no text
   * @throws IllegalArgumentException if there is too little text
   */
  public static Optional<List<Dataset>> textParts(Dataset all, boolean shuffled, long seed, double... fractions) {
    return all instanceof TextDataset text ? Optional.of(text.parts(shuffled, seed, fractions)) : Optional.empty();
  }

  /**
   * Splits a set at random: the same seed gives the same parts, whatever else is done. Each keeps the order
   * of the set. Rows of a table that belong together go into one part. The set is not closed with its parts.
   *
   * @param fractions of the parts, each above 0, together below 1; each part gets at least one example
   * @return what is left over, then the parts
   * @throws IllegalArgumentException if the set is too small
   */
  public static List<Dataset> split(Dataset all, long seed, double... fractions) {
    var groups = groups(all);
    if (groups.isPresent()) {
      return new GroupedParts(groups.get(), new long[0]).parts(Strata.shares(fractions), seed).stream()
          .map(part -> subset(all, part)).toList();
    }
    int size = Math.toIntExact(all.size());
    var counts = new int[fractions.length];
    double sum = 0;
    for (int i = 0; i < counts.length; i++) {
      if (!(fractions[i] > 0)) {
        throw new IllegalArgumentException("a part of " + fractions[i] + "; it must be above 0");
      }
      sum += fractions[i];
      counts[i] = Math.max(1, (int) Math.round(fractions[i] * size));
    }
    if (sum >= 1) {
      throw new IllegalArgumentException("parts add up to " + sum + "; nothing would be left over");
    }
    int rest = size - Arrays.stream(counts).sum();
    if (rest < 1) {
      throw new IllegalArgumentException(
          size + " examples are too few for " + (counts.length + 1) + " parts, " + Arrays.toString(fractions)
              + " split off");
    }
    var order = new long[size];
    new RandomStream(seed, "split").permutation(order);
    var parts = new ArrayList<Dataset>();
    parts.add(sorted(all, order, 0, rest));
    int from = rest;
    for (int count : counts) {
      parts.add(sorted(all, order, from, from + count));
      from += count;
    }
    return List.copyOf(parts);
  }

  /**
   * Splits a set as {@link #split} does, so that each part has its share of each class: where a share is no whole
   * number of examples, what is left over goes on to the next class.
   *
   * @throws IllegalArgumentException if the set is too small, or its target is no single class
   */
  public static List<Dataset> stratified(Dataset all, long seed, double... fractions) throws IOException {
    var classes = Strata.of(all);
    var groups = groups(all);
    var shares = Strata.shares(fractions);
    var parts = groups.isPresent() ? new GroupedParts(groups.get(), classes.classes()).parts(shares, seed)
        : classes.parts(shares, seed);
    return parts.stream().map(part -> subset(all, part)).toList();
  }

  /**
   * One of several ways to hold out a part.
   *
   * @param rest to learn from
   * @param held out, to judge with
   */
  public record Fold(Dataset rest, Dataset held) {}

  /**
   * Holds out each part in turn of as many parts of one size: each example is held out once.
   *
   * @param shuffled whether parts are drawn at random; else they follow each other
   * @param stratified whether each part has its share of each class
   * @throws IllegalArgumentException if there are fewer examples than parts
   */
  public static List<Fold> folds(Dataset all, long seed, int count, boolean shuffled, boolean stratified)
      throws IOException {
    if (count < 2 || count > all.size()) {
      throw new IllegalArgumentException(
          "from 2 parts to as many as there are examples, " + all.size() + "; not " + count);
    }
    var groups = groups(all);
    if (groups.isPresent() && !shuffled) throw new IllegalArgumentException(inOrderOfGroups());
    var parts = groups.isPresent()
        ? new GroupedParts(groups.get(), stratified ? Strata.of(all).classes() : new long[0])
            .parts(Strata.even(count), seed)
        : stratified ? Strata.of(all).parts(Strata.even(count), seed)
            : evenly(Math.toIntExact(all.size()), seed, count, shuffled);
    var folds = new ArrayList<Fold>();
    for (int held = 0; held < count; held++) {
      int without = held;
      var rest = IntStream.range(0, count).filter(part -> part != without)
          .mapToObj(parts::get).flatMapToLong(Arrays::stream).sorted().toArray();
      folds.add(new Fold(subset(all, rest), subset(all, parts.get(held))));
    }
    return List.copyOf(folds);
  }

  /** Which examples belong together, if any do: those of a table whose source names a group. */
  public static Optional<int[]> groups(Dataset data) {
    return data instanceof TableDataset table ? table.groups() : Optional.empty();
  }

  /** What is said of groups where parts follow each other. */
  public static String inOrderOfGroups() {
    return "a 'group' only with 'shuffle': parts that follow each other would tear groups";
  }

  private static List<long[]> evenly(int size, long seed, int count, boolean shuffled) {
    var order = new long[size];
    Arrays.setAll(order, i -> i);
    if (shuffled) new RandomStream(seed, "split").permutation(order);
    return IntStream.range(0, count).mapToObj(part -> {
      var positions = Arrays.copyOfRange(order, (int) ((long) part * size / count), (int) ((part + 1L) * size / count));
      Arrays.sort(positions);
      return positions;
    }).toList();
  }

  /**
   * What stands for the columns of a table, if that is more than the numbers in them.
   *
   * @param data of a table, or anything else
   */
  public static Optional<TableEncoding> encoding(Dataset data) {
    return data instanceof TableDataset table ? table.encoding() : Optional.empty();
  }

  /**
   * Parts of one set with their columns encoded as the first of them teaches: so nothing is learnt from the others.
   * So are parts of a text turned into numbers. Other sets stay as they are.
   *
   * @param parts of which the first is to learn from
   * @throws IOException if there is nothing to learn from in a column, or a category is unknown and that is an error
   */
  public static List<Dataset> encoded(List<Dataset> parts) throws IOException {
    if (parts.getFirst() instanceof TextDataset first) {
      var learnt = first.learnt();
      var texts = new ArrayList<Dataset>();
      for (var part : parts) texts.add(part instanceof TextDataset text ? text.encoded(learnt) : part);
      return List.copyOf(texts);
    }
    if (!(parts.getFirst() instanceof TableDataset training)) return parts;
    var learnt = training.learnt();
    var encoded = new ArrayList<Dataset>();
    for (var part : parts) encoded.add(part instanceof TableDataset table ? table.encoded(learnt) : part);
    return List.copyOf(encoded);
  }

  private static Dataset sorted(Dataset all, long[] order, int from, int to) {
    var positions = Arrays.copyOfRange(order, from, to);
    Arrays.sort(positions);
    return subset(all, positions);
  }

  private record Subset(Dataset all, long[] positions) implements Dataset {
    @Override
    public long size() {
      return positions.length;
    }

    @Override
    public SequencedMap<String, TensorType> columns() {
      return all.columns();
    }

    @Override
    public void read(long[] at, int count, Map<String, NDArray> batch) throws IOException {
      var there = new long[count];
      for (int i = 0; i < count; i++) there[i] = positions[Math.toIntExact(at[i])];
      all.read(there, count, batch);
    }

    @Override
    public long origin(long position) {
      return all.origin(positions[Math.toIntExact(position)]);
    }

    @Override
    public List<String> classes() {
      return all.classes();
    }

    @Override
    public List<String> features() {
      return all.features();
    }

    @Override
    public List<String> targets() {
      return all.targets();
    }
  }
}
