package dev.ashlar.io.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.ashlar.config.Binder;
import dev.ashlar.config.FileException;
import dev.ashlar.config.Value;
import dev.ashlar.data.DataSource;
import dev.ashlar.data.Dataset;
import dev.ashlar.io.IoPlugin;
import dev.ashlar.io.data.Csv;
import dev.ashlar.io.data.Datasets;
import dev.ashlar.io.data.JsonLines;
import dev.ashlar.io.json.Json;
import dev.ashlar.plugin.Registry;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TablesTest {
  private static final String PEOPLE = """
      age,sex,joined,size,paid
      31,f,2026-01-01,S,yes
      ,m,2026-04-02,L,no
      47,,2025-07-03T12:00,M,no
      25,m,2024-02-29 06:00:00Z,M,yes
      """;

  @TempDir Path folder;

  @Test
  void numbersDatesAndCategoriesAreFoundOut() throws IOException {
    var data = (TableDataset) source("{path: people.csv, label: paid, missing: most_frequent}", PEOPLE).open();

    assertThat(data.features()).containsExactly("age", "sex=f", "sex=m", "joined.years", "joined.season_sin",
        "joined.season_cos", "joined.weekday_sin", "joined.weekday_cos", "joined.hour_sin", "joined.hour_cos",
        "size=L", "size=M", "size=S");
    assertThat(data.classes()).containsExactly("no", "yes");
    var rows = rows(data);
    assertThat(rows[0]).startsWith(31, 1, 0).endsWith(0, 0, 1);
    assertThat(rows[1]).startsWith(25, 0, 1).endsWith(1, 0, 0); // of 25, 31, 47, once each, the least
    assertThat(rows[2]).startsWith(47, 0, 1).endsWith(0, 1, 0);
    // 2025-07-03 is a Thursday; at noon.
    assertThat(rows[2][6]).isCloseTo((float) Math.sin(2 * Math.PI * 3 / 7), within(1e-6f));
    assertThat(rows[2][9]).isEqualTo(-1);
    double days = LocalDate.of(2026, 1, 1).toEpochDay() - LocalDate.of(2000, 1, 1).toEpochDay();
    assertThat(rows[0][3]).isCloseTo((float) (days / 365.2425), within(1e-5f));
    assertThat(rows[3][8]).isEqualTo(1); // six o'clock: a quarter of a turn
  }

  @Test
  void columnsAreReadAsIsSaid() throws IOException {
    var data = source("""
        {path: people.csv, targets: [age], columns: {sex: {category: index}, joined: {date: {parts: [days]}},
         size: {category: {encode: index, values: [S, M, L]}}, paid: ignore},
         missing: {columns: {sex: category, joined: {constant: 2026-01-01}}}}""",
        PEOPLE.replace("\n,m", "\n20,m")).open();

    assertThat(data.features()).containsExactly("sex", "joined.days", "size");
    assertThat(data.targets()).containsExactly("age");
    var rows = rows(data);
    assertThat(rows[0]).containsExactly(0, 20454, 0);
    assertThat(rows[1]).containsExactly(1, 20545, 2);
    assertThat(rows[2]).containsExactly(2, 20272.5f, 1);
  }

  @Test
  void whatIsLearntComesFromTheTrainingPartAlone() throws IOException {
    var text = "x,kind,y\n1,a,1.5\n,b,2.5\n3,a,0.5\n8,,1.5\n100,c,0.5\n,,0.5\n";
    var all = source("{path: t.csv, label: y, missing: {all: median, columns: {kind: category}}}", text, "t.csv")
        .open();
    var parts = Datasets.encoded(List.of(Datasets.subset(all, 0, 1, 2, 3), Datasets.subset(all, 4, 5)));
    assertThat(parts.getLast().origin(1)).isEqualTo(5);

    assertThat(parts.get(0).features()).containsExactly("x", "kind=a", "kind=b", "kind=missing");
    assertThat(rows(parts.get(0))).isDeepEqualTo(
        new float[][] {{1, 1, 0, 0}, {3, 0, 1, 0}, {3, 1, 0, 0}, {8, 0, 0, 1}}); // median of 1, 3, 8
    // c is in no training example: none of the known ones.
    assertThat(rows(parts.get(1))).isDeepEqualTo(new float[][] {{100, 0, 0, 0}, {3, 0, 0, 1}});
  }

  @Test
  void anUnknownCategoryMayBeAMistake() throws IOException {
    var all = source("{path: t.csv, columns: {kind: {category: {unknown: error}}}}", "x,kind\n1,a\n2,b\n", "t.csv")
        .open();

    assertThatThrownBy(() -> Datasets.encoded(List.of(Datasets.subset(all, 0), Datasets.subset(all, 1))))
        .isInstanceOf(FileException.class).hasMessage(folder + """
            /t.csv:3: column 'kind'
              found:    the unknown category 'b'
              expected: one of a""");
  }

  @Test
  void aFractionOfZerosMakesNoOtherCategory() throws IOException {
    var data = (TableDataset) source("{path: t.csv, columns: {rooms: category, code: category}}",
        "rooms,code\n1,01\n2.0,1\n+3,1.50\n", "t.csv").open();
    assertThat(data.features()).containsExactly("rooms=1", "rooms=2", "rooms=+3", "code=01", "code=1", "code=1.50");
    var asked = new Csv(Files.writeString(folder.resolve("asked.csv"), "rooms,code\n1.0,01.000\n2,1.5\n"),
        Optional.empty(), List.of(), LabelTask.AUTO, List.of(), List.of(), List.of(), Map.of(), Missing.ERROR,
        Optional.empty(), Optional.empty(), Optional.empty()).open(data.inUse(), List.of());
    assertThat(rows(asked)).isDeepEqualTo(new float[][] {{1, 0, 0, 1, 0, 0}, {0, 1, 0, 0, 0, 0}});

    // Models of earlier releases may hold values as they stood.
    var before = new TableEncoding(List.of(new ColumnEncoding.Category("rooms", List.of("1.0", "2.0"),
        ColumnType.Encoding.INDEX, ColumnType.Unknown.ERROR, Optional.of("2.0"))), List.of());
    var read = Csv.of(Files.writeString(folder.resolve("asked.csv"), "rooms,x\n1,0\n1.0,0\n,0\n"))
        .open(before, List.of());
    assertThat(rows(read)).isDeepEqualTo(new float[][] {{0}, {0}, {1}});
  }

  @Test
  void theLastMomentOfADayIsNotTheNextDay() throws IOException {
    var data = source("{path: t.csv, columns: {at: {date: {parts: [days, weekday]}}}}",
        "at\n2026-01-04T23:59:59.9999\n2026-01-04T23:59:59.999999999\n", "t.csv").open();
    for (var row : rows(data)) {
      assertThat(row[1]).isCloseTo((float) Math.sin(2 * Math.PI * 6 / 7), within(1e-6f)); // a Sunday
    }
  }

  @Test
  void rowsOfAGroupStayTogether() throws IOException {
    var text = new StringBuilder("x,patient,y\n");
    for (int i = 0; i < 400; i++) {
      int patient = i * 7 % 61;
      text.append(i).append(",p").append(patient).append(patient % 4 == 0 ? ",ill\n" : ",well\n");
    }
    var all = (TableDataset) source("{path: t.csv, label: y, group: patient}", text.toString(), "t.csv").open();
    assertThat(all.features()).containsExactly("x");
    for (var parts : List.of(Datasets.split(all, 3, 0.2, 0.1), Datasets.stratified(all, 3, 0.2, 0.1))) {
      assertApart(parts);
      assertThat((double) parts.get(0).size()).isCloseTo(280, within(14.0)); // give or take two patients
      assertThat((double) parts.get(1).size()).isCloseTo(80, within(14.0));
    }
    assertThat(Datasets.split(all, 3, 0.2).get(1).size()).isEqualTo(Datasets.split(all, 3, 0.2).get(1).size());
    for (var part : Datasets.stratified(all, 5, 0.2, 0.2)) {
      assertThat((double) ill(part) / part.size()).isCloseTo((double) ill(all) / 400, within(0.06));
    }
    for (boolean stratified : new boolean[] {false, true}) {
      for (var fold : Datasets.folds(all, 1, 5, true, stratified)) {
        assertApart(List.of(fold.rest(), fold.held()));
        assertThat((double) fold.held().size()).isCloseTo(80, within(14.0));
      }
    }
    assertThatThrownBy(() -> Datasets.folds(all, 1, 62, true, false))
        .hasMessageContaining("61 groups are too few for 62");
    assertThatThrownBy(() -> Datasets.folds(all, 1, 5, false, false)).hasMessageContaining("only with 'shuffle'");
    assertThat(Datasets.folds(all, 1, 61, true, false)).allSatisfy(fold -> assertThat(
        Datasets.groups(fold.held()).orElseThrow()).containsOnly(Datasets.groups(fold.held()).orElseThrow()[0]));
  }

  private static void assertApart(List<Dataset> parts) {
    var seen = new HashSet<Integer>();
    for (var part : parts) {
      var groups = Arrays.stream(Datasets.groups(part).orElseThrow()).boxed().collect(Collectors.toSet());
      assertThat(groups).isNotEmpty();
      assertThat(seen).doesNotContainAnyElementsOf(groups);
      seen.addAll(groups);
    }
  }

  private static int ill(Dataset part) throws IOException {
    var target = NDArray.of(Shape.of((int) part.size()), new int[(int) part.size()]);
    part.read(LongStream.range(0, part.size()).toArray(), (int) part.size(), Map.of("target", target));
    return (int) part.size() - Arrays.stream(target.toInts()).sum();
  }

  @Test
  void rareCategoriesAreUnknown() throws IOException {
    var data = source("{path: t.csv, columns: {kind: {category: {at_least: 2}}}}",
        "x,kind\n1,a\n2,b\n3,b\n4,10\n5,10\n", "t.csv").open();

    assertThat(data.features()).containsExactly("x", "kind=10", "kind=b");
    assertThat(rows(data)[0]).containsExactly(1, 0, 0);
  }

  @Test
  void anEncodingIsWrittenAndReadBack() throws IOException {
    var options = "{path: people.csv, label: paid, missing: most_frequent}";
    var data = (TableDataset) source(options, PEOPLE).open();
    var binder = new Binder(Registry.of(new IoPlugin()), folder);
    var text = Json.write(binder.write(data.encoding().orElseThrow()));
    var encoding = binder.bind(Json.read(text, "test"), TableEncoding.class).orThrow();
    assertThat(encoding).isEqualTo(data.encoding().orElseThrow());

    // Other rows in another order of columns, with a class missing, are encoded alike.
    var other = ((TableSource) source(options, "size,sex,age,joined,paid\nS,f,,2026-01-01,yes\n", "o.csv"))
        .open(encoding, data.classes());
    assertThat(other.features()).isEqualTo(data.features());
    assertThat(other.classes()).isEqualTo(data.classes());
    assertThat(rows(other)[0]).startsWith(25, 1, 0).endsWith(0, 0, 1);
    assertThat(((TableDataset) other).learnt()).isEqualTo(encoding);
  }

  @Test
  void plainNumbersNeedNoEncoding() throws IOException {
    var data = source("{path: t.csv}", "x,y\n1,2\n", "t.csv").open();
    assertThat(Datasets.encoding(data)).isEmpty();
    assertThat(rows(data)).isDeepEqualTo(new float[][] {{1, 2}});
  }

  @Test
  void linesOfJsonAreRows() throws IOException {
    var path = Files.writeString(folder.resolve("t.jsonl"), """
        {"age": 31, "sex": "f", "x": [1, 2.5], "paid": true}

        {"sex": "m", "paid": false, "x": [3, -4e-1]}
        {"x": [5, 6], "age": null, "paid": true, "sex": null}
        """);
    var data = JsonLines.of(path).withLabel("paid").withMissing(Missing.all(Missing.Fill.Learnt.MOST_FREQUENT)).open();

    assertThat(data.features()).containsExactly("age", "sex=f", "sex=m", "x_0", "x_1");
    assertThat(data.classes()).containsExactly("false", "true");
    assertThat(rows(data)).isDeepEqualTo(
        new float[][] {{31, 1, 0, 1, 2.5f}, {31, 0, 1, 3, -0.4f}, {31, 1, 0, 5, 6}});

    var asked = Files.writeString(folder.resolve("a.jsonl"), "{\"x\": [7, 8]}\n");
    assertThat(rows(JsonLines.of(asked).open(data.encoding().orElseThrow(), data.classes())))
        .isDeepEqualTo(new float[][] {{31, 1, 0, 7, 8}});
    var lists = JsonLines.of(Files.writeString(folder.resolve("l.jsonl"), "[1, 2]\n[3, 4]\n")).open();
    assertThat(lists.features()).containsExactly("column_1", "column_2");
    assertThat(rows(lists)).isDeepEqualTo(new float[][] {{1, 2}, {3, 4}});
  }

  @Test
  void pythonWritesNaNWhereNothingIs() throws IOException {
    var path = Files.writeString(folder.resolve("n.jsonl"), "{\"x\": NaN, \"y\": 1}\n{\"x\": 3, \"y\": 2}\n");
    var data = JsonLines.of(path).withMissing(Missing.all(Missing.Fill.Learnt.MEAN)).open();
    assertThat(rows(data)).isDeepEqualTo(new float[][] {{3, 1}, {3, 2}});
    assertThatThrownBy(() -> JsonLines.of(path).open()).isInstanceOf(FileException.class)
        .hasMessageContaining("n.jsonl:1: column 'x'").hasMessageContaining("'NaN', which stands for nothing");
    Files.writeString(path, "{\"x\": 1}\n{\"x\": -Infinity}\n");
    assertThatThrownBy(() -> JsonLines.of(path).open()).isInstanceOf(FileException.class)
        .hasMessageContaining("'-Infinity'");
  }

  @Test
  void rowsBeyondALimitGoToAFile() throws IOException {
    int rows = 200_000;
    NDArray array;
    Path path;
    try (var store = new RowStore(3, 1 << 20); var small = new RowStore(3)) {
      for (int i = 0; i < 3 * rows; i++) {
        store.add(i);
        small.add(i);
      }
      array = store.finish(rows, Arena.ofAuto());
      path = store.path();
      assertThat(path).exists();
      assertThat(small.path()).isNull();
      assertThat(array.data().isMapped()).isTrue();
      assertThat(array.toFloats()).isEqualTo(small.finish(rows, Arena.ofAuto()).toFloats());
    }
    assertThat(path).doesNotExist();
    assertThat(array.get(3L * rows - 1)).isEqualTo(3 * rows - 1);
  }

  @Test
  void manyDifferentNumbersOfALabelAreNumbers() throws IOException {
    var text = new StringBuilder("x,y\n");
    for (int i = 0; i < 70_000; i++) text.append(i).append(',').append(i).append(".5\n");
    var data = source("{path: t.csv, label: y}", text.toString(), "t.csv").open();
    assertThat(data.classes()).isEmpty();
    var target = NDArray.zeros(data.columns().get("target").withShape(dev.ashlar.tensor.Shape.of(1, 1)));
    data.read(new long[] {69_999}, 1, Map.of("target", target));
    assertThat(target.get(0)).isEqualTo(69_999.5);
  }

  private DataSource source(String options, String text) throws IOException {
    return source(options, text, "people.csv");
  }

  private DataSource source(String options, String text, String file) throws IOException {
    Files.writeString(folder.resolve(file), text);
    var read = new Binder(Registry.of(new IoPlugin()), folder)
        .bind(Value.parse("{csv: " + options + "}", "test"), DataSource.class).orThrow();
    return read instanceof Csv csv ? new Csv(folder.resolve(file), csv.label(), csv.targets(), csv.task(),
        csv.classes(), csv.features(), csv.ignore(), csv.columns(), csv.missing(), csv.header(), csv.delimiter(),
        csv.group())
        : read;
  }

  private static float[][] rows(Dataset data) throws IOException {
    int size = (int) data.size();
    var type = data.columns().get("input");
    int width = type.shape().dim(0);
    var array = NDArray.zeros(type.withShape(type.shape().insert(0, size)));
    data.read(LongStream.range(0, size).toArray(), size, Map.of("input", array));
    var flat = array.toFloats();
    var rows = new float[size][];
    for (int i = 0; i < size; i++) rows[i] = java.util.Arrays.copyOfRange(flat, i * width, (i + 1) * width);
    return rows;
  }
}
