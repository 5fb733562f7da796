package dev.ashlar.io.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.config.Binder;
import dev.ashlar.config.FileException;
import dev.ashlar.config.Value;
import dev.ashlar.data.DataSource;
import dev.ashlar.data.Dataset;
import dev.ashlar.io.IoPlugin;
import dev.ashlar.io.tables.LabelTask;
import dev.ashlar.io.tables.Missing;
import dev.ashlar.io.tables.Numbers;
import dev.ashlar.plugin.Registry;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.TensorType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvTest {
  private static final String IRIS = "length,width,kind\n5.1,3.5,setosa\n4.9,3,virginica\n6,-2e-1,setosa\n";

  @TempDir Path folder;

  @Test
  void textLabelsAreClassesInTheOrderOfTheAlphabet() throws IOException {
    var data = csv("x,kind\n1,b\n2,a\n3,c\n4,a\n").withLabel("kind").open();

    assertThat(data.classes()).containsExactly("a", "b", "c");
    assertThat(data.features()).containsExactly("x");
    assertThat(data.columns()).containsExactly(
        Map.entry("input", TensorType.of(DType.F32, 1)), Map.entry("target", TensorType.of(DType.I32)));
    assertThat(column(data, "target").toInts()).containsExactly(1, 0, 2, 0);
    assertThat(column(data, "input").toDoubles()).containsExactly(1, 2, 3, 4);
  }

  @Test
  void wholeNumbersFromZeroOrOneAreClasses() throws IOException {
    var zero = csv("x,y\n5,2\n6,0\n7,1.0\n").withLabel("y").open();
    assertThat(zero.classes()).containsExactly("0", "1", "2");
    assertThat(column(zero, "target").toInts()).containsExactly(2, 0, 1);

    var ten = new StringBuilder("x,y\n");
    for (int i = 10; i >= 1; i--) ten.append("0,").append(i).append('\n');
    var one = csv(ten.toString()).withLabel("y").open();
    assertThat(one.classes()).containsExactly("1", "2", "3", "4", "5", "6", "7", "8", "9", "10");
    assertThat(column(one, "target").toInts()).startsWith(9, 8).endsWith(1, 0);
  }

  @Test
  void numbersAreNumbersWhereFractionsOrTheTaskSaySo() throws IOException {
    assertThat(column(csv("x,y\n5,2.5\n6,0\n").withLabel("y").open(), "target").toDoubles())
        .containsExactly(2.5, 0);

    var ages = csv("x,age\n5,23\n6,57\n7,23\n").withLabel("age");
    var regression = ages.withTask(LabelTask.REGRESSION).open();
    assertThat(regression.columns().get("target")).isEqualTo(TensorType.of(DType.F32, 1));
    assertThat(column(regression, "target").toDoubles()).containsExactly(23, 57, 23);
    assertThat(regression.classes()).isEmpty();

    var classification = ages.withTask(LabelTask.CLASSIFICATION).open();
    assertThat(classification.classes()).containsExactly("23", "57");
  }

  @Test
  void severalTargets() throws IOException {
    var data = csv("a,b,c,d\n1,2,3,4\n5,6,7,8\n").withTargets("d", "b").open();

    assertThat(data.features()).containsExactly("a", "c");
    assertThat(column(data, "target").shape().dims()).containsExactly(2, 2);
    assertThat(column(data, "target").toDoubles()).containsExactly(4, 2, 8, 6);
    assertThat(column(data, "input").toDoubles()).containsExactly(1, 3, 5, 7);
  }

  @Test
  void knownClassesKeepTheirNumbersWhereTheFileLacksSome() throws IOException {
    var data = csv("x,kind\n1,c\n").withLabel("kind").withClasses(List.of("c", "b", "a")).open();

    assertThat(data.classes()).containsExactly("c", "b", "a");
    assertThat(column(data, "target").toInts()).containsExactly(0);
  }

  @Test
  void featuresInTheOrderAskedForAndOthersIgnored() throws IOException {
    assertThat(column(csv("id,a,b\nx1,1,2\n").withFeatures(List.of("b", "a")).open(), "input").toDoubles())
        .containsExactly(2, 1);
    assertThat(csv("id,a,b\nx1,1,2\n").withIgnored("id").open().features()).containsExactly("a", "b");
  }

  @Test
  void headerIsFoundOut() throws IOException {
    assertThat(csv("1,2\n3,4\n").open().size()).isEqualTo(2);
    assertThat(csv("1,2\n3,4\n").open().features()).containsExactly("column_1", "column_2");
    // A column whose name is a number is told by its neighbour.
    assertThat(csv("0,kind\n3,4\n").open().features()).containsExactly("0", "kind");
    assertThat(csv("1.5,a\n2.5,b\n").withLabel("column_2").open().size()).isEqualTo(2);
    var said = new Csv(csv("1,2\n3,4\n").path(), Optional.empty(), List.of(), LabelTask.AUTO, List.of(),
        List.of(), List.of(), Map.of(), Missing.ERROR, Optional.of(true), Optional.empty(),
        Optional.empty());
    assertThat(said.open().features()).containsExactly("1", "2");
  }

  @ParameterizedTest
  @ValueSource(strings = {",", ";", "\t", "|"})
  void delimiterIsFoundOut(String delimiter) throws IOException {
    var text = "\"a,;b\",c,kind\n1.5,2,x\n".replace("c,kind", "c" + delimiter + "kind")
        .replace("b\",", "b\"" + delimiter).replace("1.5,2,x", "1.5" + delimiter + "2" + delimiter + "x");
    var data = csv(text).withLabel("kind").open();

    assertThat(data.features()).containsExactly("a,;b", "c");
    assertThat(column(data, "input").toDoubles()).containsExactly(1.5, 2);
  }

  @Test
  void marksBlanksLineEndsAndGzipDoNotMatter() throws IOException {
    var plain = csv(IRIS).withLabel("kind").open();
    var path = folder.resolve("other.gz");
    var text = "\uFEFF" + IRIS.replace("\n", " \r\n\r\n").replace(",", " , ");
    try (var out = new GZIPOutputStream(Files.newOutputStream(path))) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    var other = Csv.of(path).withLabel("kind").open();

    assertThat(other.features()).isEqualTo(plain.features());
    assertThat(other.classes()).isEqualTo(plain.classes());
    assertThat(column(other, "input").toDoubles()).isEqualTo(column(plain, "input").toDoubles());
    assertThat(column(other, "target").toInts()).isEqualTo(column(plain, "target").toInts());
  }

  @Test
  void quotesHoldAnything() throws IOException {
    var text = "\uFEFF\"x\";\"the kind\"\r\n1;\"a;\r\nb\"\r\n\"2\";\"say \"\"c\"\"\"\r\n3;\"a;\r\nb\"";
    for (var before : List.of("", "\n", "\r\n", "\r\n\r\n")) {
      var data = csv(text.charAt(0) + before + text.substring(1)).withLabel("the kind").open();
      assertThat(data.features()).containsExactly("x");
      assertThat(data.classes()).containsExactly("a;\r\nb", "say \"c\"");
      assertThat(column(data, "input").toDoubles()).containsExactly(1, 2, 3);
    }
  }

  @Test
  void numbersOfAnyMagnitude() throws IOException {
    var data = csv("x,y\n-0.0,1e-46\n1e-45,16777217\n3.4028235e38,-.5\n").open();
    assertThat(column(data, "input").toFloats())
        .containsExactly(-0f, 0f, Float.MIN_VALUE, 16777216f, Float.MAX_VALUE, -0.5f);
    var classes = csv("x,y\n1,16777216\n2,16777217\n3,-0.0\n4,0\n").withLabel("y")
        .withTask(LabelTask.CLASSIFICATION).open();
    assertThat(classes.classes()).containsExactly("0", "16777216", "16777217");
    assertThat(column(classes, "target").toInts()).containsExactly(1, 2, 0, 0);
  }

  @Test
  void manyRows() throws IOException {
    var text = new StringBuilder("a,b,y\n");
    for (int i = 0; i < 50_000; i++) {
      text.append(i).append(',').append(-i).append(',').append(i % 7).append('\n');
    }
    var data = csv(text.toString()).withLabel("y").open();

    assertThat(data.size()).isEqualTo(50_000);
    var input = column(data, "input");
    var target = column(data, "target");
    for (int i = 0; i < 50_000; i++) {
      assertThat(input.get(2 * i)).isEqualTo(i);
      assertThat(input.get(2 * i + 1)).isEqualTo(-i);
      assertThat(target.getLong(i)).isEqualTo(i % 7);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-0", "12", "1234567", "12345678", "+3", "1.", ".5", "-1.25e-3", "1E5",
      "16777217", "1e-50"})
  void numbersAreReadAsJavaReadsThem(String text) {
    assertThat(Numbers.parse(text)).isEqualTo(Float.parseFloat(text));
  }

  @Test
  void anyNumberIsReadAsJavaReadsIt() {
    var random = new Random(5);
    for (int i = 0; i < 200_000; i++) {
      var digits = Long.toString(random.nextLong(1L << 1 + random.nextInt(34)));
      int point = random.nextInt(digits.length() + 1);
      var text = (i % 2 == 0 ? "-" : "") + digits.substring(0, point) + "." + "0".repeat(random.nextInt(6))
          + digits.substring(point);
      assertThat(Float.floatToRawIntBits(Numbers.parse(text))).as(text)
          .isEqualTo(Float.floatToRawIntBits(Float.parseFloat(text)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-", ".", "e5", "1e", "1d", "0x10", "NaN", "Infinity", "1 2", "1_000", "1,5",
      "٣", "--1"})
  void whatIsNoNumber(String text) {
    assertThat(Numbers.parse(text)).isNaN();
  }

  @Test
  void damageNeverGivesAnythingButAProblem() throws IOException {
    var random = new Random(7);
    var good = IRIS.getBytes(StandardCharsets.UTF_8);
    int refused = 0;
    for (int i = 0; i < 2000; i++) {
      var bad = Arrays.copyOf(good, i % 2 == 0 ? good.length : random.nextInt(good.length));
      for (int k = random.nextInt(4); k >= 0 && bad.length > 0; k--) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
      }
      var path = Files.write(folder.resolve("bad.csv"), bad);
      try (var data = Csv.of(path).withLabel("kind").open()) {
        assertThat(data.size()).isPositive();
      } catch (FileException e) {
        refused++;
      }
    }
    assertThat(refused).isBetween(1000, 1999);
  }

  @Test
  void isBoundByName() throws IOException {
    var path = Files.writeString(folder.resolve("iris.csv"), IRIS);
    var binder = new Binder(Registry.of(new IoPlugin()), folder);
    var source = binder.bind(Value.parse("{csv: {path: iris.csv, label: kind, header: true}}", "test"),
        DataSource.class)
        .orThrow();

    try (var data = source.open()) {
      assertThat(source).isInstanceOfSatisfying(Csv.class, csv -> assertThat(csv.path()).isEqualTo(path));
      assertThat(data.size()).isEqualTo(3);
    }
  }

  @Test
  void contradictionsAreRefused() {
    assertThatThrownBy(() -> new Csv(Path.of("a"), Optional.of("x"), List.of("y"), LabelTask.AUTO, List.of(),
        List.of(), List.of(), Map.of(), Missing.ERROR, Optional.empty(), Optional.empty(), Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class).hasMessage("either 'label' or 'targets', not both");
    assertThatThrownBy(() -> Csv.of(Path.of("a")).withClasses(List.of("x")))
        .hasMessage("'classes' only with a 'label'");
  }

  private Csv csv(String content) throws IOException {
    return Csv.of(Files.writeString(folder.resolve("data.csv"), content));
  }

  private static NDArray column(Dataset data, String name) throws IOException {
    int rows = (int) data.size();
    var type = data.columns().get(name);
    var array = NDArray.zeros(type.withShape(type.shape().insert(0, rows)));
    var positions = new long[rows];
    for (int i = 0; i < rows; i++) positions[i] = i;
    data.read(positions, rows, Map.of(name, array));
    return array;
  }
}
