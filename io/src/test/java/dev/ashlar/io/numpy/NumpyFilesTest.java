package dev.ashlar.io.numpy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.ashlar.config.FileException;
import dev.ashlar.io.Golden;
import dev.ashlar.io.data.Npy;
import dev.ashlar.io.data.Npz;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.TensorType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Fixtures are NumPy's own; the script is {@code numpy_files.py}. */
class NumpyFilesTest {
  private static final Path FIXTURES = Path.of("src/test/resources/dev/ashlar/io/numpy");

  @TempDir Path folder;

  private final Map<String, String> messages = new LinkedHashMap<>();

  @ParameterizedTest
  @CsvSource({"f4,F32,0.25,0", "f8,F64,0.25,0", "f2,F16,0.25,0", "big_f4,F32,0.25,0", "big_i2,I32,1,0", "i1,I8,1,0",
      "u1,U8,1,5", "i4,I32,1,0", "i8,I64,1,0", "u2,I32,1,65000", "u4,I64,1,4000000000", "fortran,F32,1,0",
      "fortran_i8,I64,1,0"})
  void numbersOfAnyType(String name, DType dtype, double scale, long plus) throws Exception {
    var array = NumpyFiles.read(FIXTURES.resolve("arrays.npz"), name, "features");
    assertThat(array.type()).isEqualTo(TensorType.of(dtype, 2, 3, 4));
    assertThat(array.toDoubles()).containsExactly(
        IntStream.range(0, 24).mapToDouble(i -> (i - 5 + plus) * scale).toArray());
  }

  @Test
  void truthValues() throws Exception {
    var array = NumpyFiles.read(FIXTURES.resolve("arrays.npz"), "b1", "features");
    assertThat(array.dtype()).isEqualTo(DType.BOOL);
    assertThat(array.toInts()).startsWith(0, 1, 0, 1);
  }

  @Test
  void filesAreMappedWhereTheyLieAsInMemory() throws Exception {
    var plain = NumpyFiles.read(FIXTURES.resolve("plain.npy"));
    assertThat(plain.data().isMapped()).isTrue();
    assertThat(plain.toDoubles()).startsWith(-1.25, -1);
    var fortran = NumpyFiles.read(FIXTURES.resolve("fortran.npy"));
    assertThat(fortran.data().isMapped()).isFalse();
    assertThat(fortran.toDoubles()).startsWith(-5, -4, -3);
  }

  @Test
  void whatIsWrittenIsWhatNumpyWrites() throws Exception {
    for (var name : List.of("plain.npy", "vector.npy")) {
      var there = folder.resolve(name);
      NumpyFiles.write(there, NumpyFiles.read(FIXTURES.resolve(name)));
      assertThat(there).hasSameBinaryContentAs(FIXTURES.resolve(name));
    }
  }

  @Test
  void arraysAreExamples() throws Exception {
    var x = folder.resolve("x.npy");
    var y = folder.resolve("y.npy");
    NumpyFiles.write(x, NDArray.of(Shape.of(3, 2), 1f, 2, 3, 4, 5, 6));
    NumpyFiles.write(y, NDArray.of(Shape.of(3), 2, 0, 1));
    var data = new Npy(x, Optional.of(y), List.of()).open();
    assertThat(data.columns()).isEqualTo(
        Map.of("input", TensorType.of(DType.F32, 2), "target", TensorType.of(DType.I32)));
    assertThat(data.classes()).containsExactly("0", "1", "2");

    NumpyFiles.write(y, NDArray.of(Shape.of(3, 2), 2, 0, 1, -1, 3, 3));
    var tagged = new Npy(x, Optional.of(y), List.of()).open();
    assertThat(tagged.columns()).containsEntry("target", TensorType.of(DType.I32, 2));
    assertThat(tagged.classes()).containsExactly("0", "1", "2", "3");
    assertThat(catchThrowable(new Npy(x, Optional.of(y), List.of("a", "b", "c"))::open))
        .isInstanceOf(FileException.class).hasMessageContaining("label 4").hasMessageContaining("from 0 to 2");

    NumpyFiles.write(y, NDArray.of(Shape.of(3), 0.5, 1, 2));
    assertThat(new Npy(x, Optional.of(y), List.of()).open().columns().get("target"))
        .isEqualTo(TensorType.of(DType.F32, 1));
    var archive = new Npz(FIXTURES.resolve("arrays.npz"), "f4", Optional.of("b1"), List.of());
    assertThat(catchThrowable(archive::open)).isInstanceOf(FileException.class).hasMessageContaining("argmax");
    assertThat(new Npz(FIXTURES.resolve("arrays.npz"), "u1", Optional.empty(), List.of()).open().columns())
        .containsExactly(Map.entry("input", TensorType.of(DType.F32, 3, 4)));
  }

  @Test
  void mistakes() throws Exception {
    var good = Files.readAllBytes(FIXTURES.resolve("plain.npy"));
    note("no such file", () -> NumpyFiles.read(folder.resolve("none.npy")));
    bytes("empty", new byte[0]);
    bytes("no array", "x,y\n1,2\n".getBytes(StandardCharsets.UTF_8));
    bytes("cut in the header", Arrays.copyOf(good, 40));
    bytes("cut in the elements", Arrays.copyOf(good, good.length - 3));
    bytes("bytes behind the end", Arrays.copyOf(good, good.length + 1));
    var version = good.clone();
    version[6] = 9;
    bytes("a version to come", version);
    bytes("absurd shape", replaced(good, "(2, 3, 4), }        ", "(2000000000, 99999999999), }".substring(0, 28)));
    bytes("a shape that no memory holds", replaced(good, "(2, 3, 4), }                      ",
        "(2000000000, 2000000000, 9000), } "));
    note("text", () -> NumpyFiles.read(FIXTURES.resolve("text.npy")));
    note("records", () -> NumpyFiles.read(FIXTURES.resolve("records.npy")));
    note("no archive", () -> NumpyFiles.read(FIXTURES.resolve("plain.npy"), "x", "features"));
    note("no such array", () -> new Npz(FIXTURES.resolve("arrays.npz"), "f5", Optional.empty(), List.of()).open());
    var zip = Files.readAllBytes(FIXTURES.resolve("arrays.npz"));
    var cut = Files.write(folder.resolve("cut.npz"), Arrays.copyOf(zip, zip.length / 2));
    note("cut archive", () -> new Npz(cut, "f4", Optional.empty(), List.of()).open());
    note("a changed bit", () -> NumpyFiles.read(Files.write(folder.resolve("bit.npz"), changed(zip)), "f4", "x"));
    note("labels of text",
        () -> new Npy(FIXTURES.resolve("plain.npy"), Optional.of(FIXTURES.resolve("text.npy")), List.of()).open());
    var three = folder.resolve("three.npy");
    NumpyFiles.write(three, NDArray.of(Shape.of(3), 1, 2, 3));
    note("another number of labels",
        () -> new Npy(FIXTURES.resolve("plain.npy"), Optional.of(three), List.of()).open());
    var two = folder.resolve("two.npy");
    NumpyFiles.write(two, NDArray.of(Shape.of(2), 1, -2));
    note("negative label", () -> new Npy(FIXTURES.resolve("plain.npy"), Optional.of(two), List.of()).open());
    note("fractions with classes",
        () -> new Npy(FIXTURES.resolve("plain.npy"), Optional.of(FIXTURES.resolve("vector.npy")), List.of("a")).open());
    var wide = NDArray.zeros(TensorType.of(DType.I64, 2, 1));
    wide.setLong(1, 5_000_000_000L);
    NumpyFiles.write(two, wide);
    note("input beyond 32 bits", () -> new Npy(two, Optional.empty(), List.of()).open());
    NumpyFiles.write(two, NDArray.of(Shape.of(3, 1), new double[] {Double.NaN, Double.POSITIVE_INFINITY, -1e39}));
    note("input beyond f32", () -> new Npy(two, Optional.empty(), List.of()).open());
    note("label beyond f32", () -> new Npy(three, Optional.of(two), List.of()).open());
    Golden.check("dev/ashlar/io/numpy/bad.txt", messages);
  }

  @Test
  void damageNeverGivesAnythingButAProblem() throws Exception {
    var random = new Random(3);
    for (var name : List.of("plain.npy", "arrays.npz")) {
      var good = Files.readAllBytes(FIXTURES.resolve(name));
      for (int i = 0; i < 300; i++) {
        var bad = Arrays.copyOf(good, i % 2 == 0 ? good.length : random.nextInt(good.length));
        for (int k = random.nextInt(4); k >= 0 && bad.length > 0; k--) {
          bad[random.nextInt(Math.min(bad.length, 400))] = (byte) random.nextInt(256);
        }
        var path = Files.write(folder.resolve("bad-" + i + name), bad);
        var thrown = catchThrowable(() -> {
          if (name.endsWith("npy")) NumpyFiles.read(path);
          else NumpyFiles.read(path, "f4", "features");
        });
        if (thrown != null) assertThat(thrown).isInstanceOf(FileException.class);
      }
    }
  }

  /** The last element of an array called f4, as it lies in an archive. */
  private static byte[] changed(byte[] zip) {
    var bytes = new String(zip, StandardCharsets.ISO_8859_1);
    var result = zip.clone();
    int next = bytes.indexOf("PK\u0003\u0004", bytes.indexOf("f4.npy"));
    result[next - 3] ^= 1;
    return result;
  }

  private void bytes(String what, byte[] content) throws Exception {
    var path = Files.write(folder.resolve("bad.npy"), content);
    note(what, () -> NumpyFiles.read(path));
  }

  private void note(String what, ThrowingCallable read) {
    var thrown = catchThrowable(read);
    if (!(thrown instanceof FileException e)) throw new AssertionError(what + ": " + thrown, thrown);
    messages.put(what, e.getMessage().replace(folder.toString(), "DIR")
        .replace(FIXTURES.toAbsolutePath().toString(), "FIXTURES").replace(FIXTURES.toString(), "FIXTURES"));
  }

  private static byte[] replaced(byte[] file, String text, String by) {
    var whole = new String(file, StandardCharsets.ISO_8859_1);
    assertThat(whole).contains(text);
    return whole.replace(text, by.length() < text.length() ? by + " ".repeat(text.length() - by.length())
        : by).getBytes(StandardCharsets.ISO_8859_1);
  }
}
