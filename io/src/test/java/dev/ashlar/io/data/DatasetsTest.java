package dev.ashlar.io.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.data.DataSource;
import dev.ashlar.data.Dataset;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.ShapeException;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.testkit.ExpectedNumbers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class DatasetsTest {
  /** Examples numbered from 0. */
  private static Dataset numbered(int size) {
    var numbers = new int[size];
    Arrays.setAll(numbers, i -> i);
    return Datasets.of(Map.of("input", NDArray.of(Shape.of(size), numbers)), List.of("a", "b"), List.of("f"));
  }

  /** The same set, but no arrays to look into. */
  private static Dataset opaque(Dataset inner) {
    return new Dataset() {
      @Override
      public long size() {
        return inner.size();
      }

      @Override
      public SequencedMap<String, TensorType> columns() {
        return inner.columns();
      }

      @Override
      public void read(long[] positions, int count, Map<String, NDArray> batch) throws IOException {
        inner.read(positions, count, batch);
      }

      @Override
      public List<String> classes() {
        return inner.classes();
      }
    };
  }

  private static int[] all(Dataset data) throws IOException {
    int size = (int) data.size();
    var array = NDArray.zeros(TensorType.of(DType.I32, size));
    data.read(LongStream.range(0, size).toArray(), size, Map.of("input", array));
    return array.toInts();
  }

  @Test
  void rowsBehindTheCountAreLeftAlone() throws IOException {
    var into = NDArray.of(Shape.of(3), 7, 7, 7);
    numbered(5).read(new long[] {4, 1, 0}, 2, Map.of("input", into));
    assertThat(into.toInts()).containsExactly(4, 1, 7);
  }

  @Test
  void wrongBatchesAreRefused() {
    var data = numbered(5);
    assertThatThrownBy(() -> data.read(new long[1], 1,
        Map.of("input", NDArray.zeros(TensorType.of(DType.F32, 1)))))
        .isInstanceOf(ShapeException.class)
        .hasMessage("column 'input': expected i32[1] or more rows, found f32[1]");
    assertThatThrownBy(() -> data.read(new long[2], 2,
        Map.of("input", NDArray.zeros(TensorType.of(DType.I32, 1)))))
        .isInstanceOf(ShapeException.class);
    assertThatThrownBy(() -> data.read(new long[1], 1,
        Map.of("inputs", NDArray.zeros(TensorType.of(DType.I32, 1)))))
        .hasMessage("columns [inputs] asked for; there are [input]");
    assertThatThrownBy(() -> data.read(new long[] {5}, 1,
        Map.of("input", NDArray.zeros(TensorType.of(DType.I32, 1)))))
        .isInstanceOf(IndexOutOfBoundsException.class);
    var columns = new LinkedHashMap<String, NDArray>();
    columns.put("a", NDArray.zeros(TensorType.of(DType.F32, 2)));
    columns.put("b", NDArray.zeros(TensorType.of(DType.F32, 3)));
    assertThatThrownBy(() -> Datasets.of(columns))
        .hasMessage("column 'b': expected 2 examples as in column 'a', found 3 examples");
  }

  @Test
  void subsetsOfSubsets() throws IOException {
    for (var data : List.of(numbered(10), opaque(numbered(10)))) {
      var odd = Datasets.subset(data, 9, 7, 5, 3, 1);
      assertThat(all(odd)).containsExactly(9, 7, 5, 3, 1);
      assertThat(all(Datasets.subset(odd, 4, 0))).containsExactly(1, 9);
      assertThat(Datasets.subset(odd, 4, 0).origin(1)).isEqualTo(9);
      assertThat(odd.classes()).containsExactly("a", "b");
      assertThatThrownBy(() -> Datasets.subset(odd, 5)).isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void splitFollowsFromTheSeedAlone() throws IOException {
    var parts = Datasets.split(numbered(100), 42, 0.2, 0.1);
    assertThat(parts).extracting(Dataset::size).containsExactly(70L, 20L, 10L);
    var union = Arrays.stream(new int[][] {all(parts.get(0)), all(parts.get(1)), all(parts.get(2))})
        .flatMapToInt(Arrays::stream).sorted().toArray();
    assertThat(union).isEqualTo(all(numbered(100)));
    assertThat(all(parts.get(1))).isSorted().isNotEqualTo(all(Datasets.split(numbered(100), 43, 0.2).get(1)));

    new BatchOrder(100, 7, OptionalLong.of(42)).read(0, 3, new long[7]);
    assertThat(all(Datasets.split(opaque(numbered(100)), 42, 0.2, 0.1).get(1))).isEqualTo(all(parts.get(1)));
    // Fixed for ever: a run of an earlier release must find its test set again.
    assertThat(all(Datasets.split(numbered(10), 1, 0.3).get(1))).containsExactly(3, 6, 8);
  }

  @Test
  void splitRefusesWhatCannotBe() {
    assertThatThrownBy(() -> Datasets.split(numbered(1), 0, 0.5))
        .hasMessage("1 examples are too few for 2 parts, [0.5] split off");
    assertThatThrownBy(() -> Datasets.split(numbered(9), 0, 0.5, 0.5))
        .hasMessage("parts add up to 1.0; nothing would be left over");
    assertThatThrownBy(() -> Datasets.split(numbered(9), 0, 0)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void everyEpochHasEveryExampleOnceInAnotherOrder() {
    var order = new BatchOrder(10, 4, OptionalLong.of(5));
    assertThat(order.batches()).isEqualTo(3);
    var first = epoch(order, 0);
    var second = epoch(order, 1);
    assertThat(first.clone()).containsExactlyInAnyOrder(LongStream.range(0, 10).toArray())
        .isNotEqualTo(second);
    assertThat(second).containsExactlyInAnyOrder(LongStream.range(0, 10).toArray());
    assertThat(epoch(order, 0)).isEqualTo(first);
    assertThat(epoch(new BatchOrder(10, 4, OptionalLong.of(6)), 0)).isNotEqualTo(first);
    assertThat(epoch(new BatchOrder(10, 3, OptionalLong.of(5)), 0)).isEqualTo(first);
    assertThat(epoch(new BatchOrder(10, 4, OptionalLong.empty()), 3)).isSorted();
  }

  @Test
  void allOrdersAreAboutAsLikely() {
    var counts = new int[24];
    for (long epoch = 0; epoch < 24_000; epoch++) {
      var order = epoch(new BatchOrder(4, 4, OptionalLong.of(1)), epoch);
      int code = 0;
      for (int i = 0; i < 4; i++) {
        int smaller = 0;
        for (int j = i + 1; j < 4; j++) if (order[j] < order[i]) smaller++;
        code = code * (4 - i) + smaller;
      }
      counts[code]++;
    }
    // Standard deviation is 31: five of them.
    assertThat(Arrays.stream(counts).boxed()).allMatch(count -> count > 845 && count < 1155);
  }

  private static long[] epoch(BatchOrder order, long epoch) {
    var positions = new long[10];
    var result = LongStream.builder();
    for (int i = 0; i < order.batches(); i++) {
      int count = order.read(epoch, i, positions);
      for (int k = 0; k < count; k++) result.add(positions[k]);
    }
    return result.build().toArray();
  }

  @Test
  void madeSetsFollowFromTheirSeed() throws IOException {
    List<DataSource> sources = List.of(new RandomNumbers(100, 10, 1, 3), new Regression(100, 10, 2, 0.1, 3),
        new Sequences(Sequences.Task.COPY, 3, 5, 100, -1, 3));
    for (var source : sources) {
      try (var once = source.open(); var twice = source.open()) {
        assertThat(once.size()).isEqualTo(100);
        once.columns().forEach((name, type) -> {
          var a = read(once, name, type);
          assertThat(a.toDoubles()).isEqualTo(read(twice, name, type).toDoubles());
          if (type.dtype() == DType.F32) {
            assertThat(Arrays.stream(a.toDoubles()).boxed()).allMatch(x -> x >= 0 && x <= 1);
          }
        });
      }
    }
    var input = read(new RandomNumbers(100, 10, 1, 3).open(), "input", TensorType.of(DType.F32, 10))
        .toDoubles();
    assertThat(Arrays.stream(input).average().orElseThrow()).isBetween(0.45, 0.55);
    assertThat(Arrays.stream(input).distinct().count()).isGreaterThan(990);
  }

  private static NDArray read(Dataset data, String name, TensorType type) {
    try {
      var array = NDArray.zeros(type.withShape(type.shape().insert(0, (int) data.size())));
      data.read(LongStream.range(0, data.size()).toArray(), (int) data.size(), Map.of(name, array));
      return array;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void sequencesAskAndAnswer() throws IOException {
    var source = new Sequences(Sequences.Task.REVERSE, 3, 5, 20, -100, 0);
    var data = source.open();
    assertThat(data.classes()).containsExactly("0", "1", "2", "3", "4", "BOS", "SEP", "EOS");
    var input = read(data, "input", data.columns().get("input"));
    var target = read(data, "target", data.columns().get("target"));
    assertThat(input.shape()).isEqualTo(Shape.of(20, 8));
    for (int row = 0; row < 20; row++) {
      var in = input.rows(row, row + 1).toInts();
      var out = target.rows(row, row + 1).toInts();
      assertThat(in).containsExactly(5, in[1], in[2], in[3], 6, in[3], in[2], in[1]);
      assertThat(out).containsExactly(-100, -100, -100, -100, in[3], in[2], in[1], 7);
    }
  }

  @Test
  void stratifiedPartsHaveTheirShareOfEachClass() throws IOException {
    int size = 1000;
    var labels = new int[size];
    for (int i = 0; i < size; i++) labels[i] = i % 100 == 0 ? 2 : i % 10 == 0 ? 1 : 0; // 10, 90 and 900
    var all = Datasets.of(Map.of("input", NDArray.of(Shape.of(size, 1), new float[size]),
        "target", NDArray.of(Shape.of(size), labels)));
    var parts = Datasets.stratified(all, 7, 0.2, 0.1);

    assertThat(parts).extracting(part -> part.size()).containsExactly(700L, 200L, 100L);
    assertThat(classes(parts.get(1))).containsExactly(180, 18, 2);
    assertThat(classes(parts.get(2))).containsExactly(90, 9, 1);
    var again = Datasets.stratified(all, 7, 0.2, 0.1);
    assertThat(targets(again.get(1))).containsExactly(targets(parts.get(1)));
    var without = Datasets.of(Map.of("input", NDArray.of(Shape.of(2, 1), 1f, 2f)));
    assertThatThrownBy(() -> Datasets.stratified(without, 0, 0.5))
        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("needs a class for each example");
  }

  /** As many examples of each class as scikit-learn holds out; the script is {@code folds.py}. */
  @Test
  void stratifiedFoldsAreOfTheSizesOfScikitLearn() throws IOException {
    for (var expected : ExpectedNumbers.read(DatasetsTest.class, "folds.txt").values()) {
      var labels = expected.get("labels");
      var held = expected.get("held");
      int count = held.shape().dim(0);
      var all = Datasets.of(Map.of("input", NDArray.zeros(TensorType.of(DType.F32, (int) labels.size(), 1)),
          "target", labels));
      var found = new ArrayList<Integer>();
      for (var fold : Datasets.folds(all, 5, count, true, true)) {
        var counts = new int[held.shape().dim(1)];
        for (int label : targets(fold.held())) counts[label]++;
        for (int one : counts) found.add(one);
      }
      assertThat(found).as(expected.name()).containsExactlyElementsOf(Arrays.stream(held.toInts()).boxed().toList());
    }
  }

  @Test
  void eachExampleIsHeldOutOnce() throws IOException {
    var labels = IntStream.range(0, 23).toArray();
    var all = Datasets.of(Map.of("input", NDArray.of(Shape.of(23, 1), new float[23]), "target",
        NDArray.of(Shape.of(23), labels)));
    for (boolean stratified : new boolean[] {false, true}) {
      var folds = Datasets.folds(all, 3, 5, true, stratified);
      var held = new ArrayList<Integer>();
      for (var fold : folds) {
        assertThat(fold.held().size()).isBetween(4L, 5L);
        var both = IntStream.concat(Arrays.stream(targets(fold.rest())), Arrays.stream(targets(fold.held())));
        assertThat(both.sorted().toArray()).containsExactly(labels);
        for (int one : targets(fold.held())) held.add(one);
      }
      assertThat(held).hasSize(23).doesNotHaveDuplicates();
    }
    assertThat(targets(Datasets.folds(all, 3, 5, false, false).get(1).held())).containsExactly(4, 5, 6, 7, 8);
    assertThatThrownBy(() -> Datasets.folds(all, 0, 1, true, false)).hasMessageContaining("from 2 parts");
  }

  private static int[] classes(Dataset part) throws IOException {
    var counts = new int[3];
    for (int label : targets(part)) counts[label]++;
    return counts;
  }

  private static int[] targets(Dataset part) throws IOException {
    int size = (int) part.size();
    var target = NDArray.of(Shape.of(size), new int[size]);
    part.read(java.util.stream.LongStream.range(0, size).toArray(), size, Map.of("target", target));
    return target.toInts();
  }
}
