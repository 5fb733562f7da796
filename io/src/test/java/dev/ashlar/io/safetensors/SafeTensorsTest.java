package dev.ashlar.io.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.ashlar.config.FileException;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.TensorType;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafeTensorsTest {
  @TempDir Path folder;

  /** What {@code safetensors_files.py} puts into a tensor. */
  private static NDArray values(TensorType type) {
    var array = NDArray.zeros(type);
    for (int i = 0; i < array.size(); i++) {
      double value = (i - 2) / 2.0;
      if (type.dtype() == DType.U8) value = Math.abs(value);
      array.set(i, type.dtype() == DType.BOOL ? (value != 0 ? 1 : 0) : value);
    }
    return array;
  }

  private static Map<String, NDArray> everyType() {
    var tensors = new LinkedHashMap<String, NDArray>();
    for (var dtype : DType.values()) tensors.put(dtype.toString(), values(TensorType.of(dtype, 2, 3)));
    tensors.put("scalar", NDArray.scalar(DType.F32, 2.5));
    tensors.put("none", NDArray.zeros(TensorType.of(DType.F32, 0, 4)));
    tensors.put("naïve \"name\"", values(TensorType.of(DType.F32, 1)));
    return tensors;
  }

  private Path resource(String name) throws IOException {
    try (var in = getClass().getResourceAsStream(name)) {
      return Files.write(folder.resolve(name), in.readAllBytes());
    }
  }

  @Test
  void readsWhatPythonWrote() throws IOException {
    var file = SafeTensors.open(resource("python.safetensors"));

    assertThat(file.metadata()).isEqualTo(Map.of("format", "pt", "note", "größer"));
    for (var expected : everyType().entrySet()) {
      var array = file.get(expected.getKey());
      assertThat(array.type()).isEqualTo(expected.getValue().type());
      assertThat(array.toDoubles()).as(expected.getKey()).isEqualTo(expected.getValue().toDoubles());
    }
    assertThat(file.type("f16")).contains(TensorType.of(DType.F16, 2, 3));
    assertThat(file.type("short")).isEmpty();
    assertThatThrownBy(() -> file.get("short")).isInstanceOf(FileException.class)
        .hasMessageContaining("elements of type I16");
  }

  @Test
  void readsWhatItWrote() throws IOException {
    var path = folder.resolve("own.safetensors");
    SafeTensors.write(path, everyType(), Map.of("note", "a\u0000\"b"));
    var file = SafeTensors.open(path);

    assertThat(file.metadata()).containsExactly(Map.entry("note", "a\u0000\"b"));
    assertThat(file.names()).containsExactlyInAnyOrderElementsOf(everyType().keySet());
    file.arrays().forEach((name, array) -> {
      assertThat(array.type()).isEqualTo(everyType().get(name).type());
      assertThat(array.toDoubles()).isEqualTo(everyType().get(name).toDoubles());
    });
  }

  @Test
  void sameTensorsMakeTheSameAlignedBytes() throws IOException {
    SafeTensors.write(folder.resolve("a"), everyType(), Map.of());
    SafeTensors.write(folder.resolve("b"), everyType(), Map.of());
    var bytes = Files.readAllBytes(folder.resolve("a"));

    assertThat(bytes).isEqualTo(Files.readAllBytes(folder.resolve("b")));
    long header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    assertThat((header + 8) % 64).isZero();
    for (var array : SafeTensors.open(folder.resolve("a")).arrays().values()) {
      assertThat(array.data().address() % array.dtype().bytes()).isZero();
    }
  }

  @Test
  void unalignedTensorsAreRead() throws IOException {
    var json = "{\"b\":{\"dtype\":\"BOOL\",\"shape\":[1],\"data_offsets\":[0,1]},"
        + "\"f\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[1,9]}}";
    var data = ByteBuffer.allocate(9).order(ByteOrder.LITTLE_ENDIAN).put((byte) 1).putDouble(Math.PI).array();
    var file = SafeTensors.open(Files.write(folder.resolve("odd"), file(json, data)));

    assertThat(file.get("f").toDoubles()).containsExactly(Math.PI);
  }

  @Test
  void writingOverAMappedFileLeavesTheMapping() throws IOException {
    var path = folder.resolve("own");
    SafeTensors.write(path, Map.of("x", NDArray.of(Shape.of(2), 1f, 2f)), Map.of());
    var before = SafeTensors.open(path).get("x");
    SafeTensors.write(path, Map.of("x", NDArray.of(Shape.of(1), 3f)), Map.of());

    assertThat(before.toDoubles()).containsExactly(1, 2);
    assertThat(SafeTensors.open(path).get("x").toDoubles()).containsExactly(3);
    assertThatThrownBy(() -> before.set(0, 5)).hasMessageContaining("read-only");
    try (var names = Files.list(folder)) {
      assertThat(names).containsExactly(path);
    }
  }

  @Test
  void arenaEndsTheMapping() throws IOException {
    var path = folder.resolve("own");
    SafeTensors.write(path, Map.of("x", NDArray.of(Shape.of(1), 1f)), Map.of());
    NDArray array;
    try (var arena = Arena.ofShared()) {
      array = SafeTensors.open(path, arena).get("x");
      assertThat(array.get(0)).isEqualTo(1);
    }
    assertThatThrownBy(() -> array.get(0)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void failedWritingLeavesWhatWasThere() throws IOException {
    var path = folder.resolve("own");
    SafeTensors.write(path, Map.of("x", NDArray.of(Shape.of(1), 1f)), Map.of());
    var types = Map.of("x", TensorType.of(DType.F32, 2));

    assertThatThrownBy(() -> SafeTensors.write(path, types, _ -> { throw new IllegalStateException("lost"); },
        Map.of()))
        .hasMessage("lost");
    assertThatThrownBy(() -> SafeTensors.write(path, types, _ -> NDArray.scalar(DType.F32, 1), Map.of()))
        .hasMessage("tensor 'x': expected f32[2], found f32[]");
    assertThat(SafeTensors.open(path).get("x").get(0)).isEqualTo(1);
    try (var names = Files.list(folder)) {
      assertThat(names).containsExactly(path);
    }
    assertThatThrownBy(() -> SafeTensors.write(path, Map.of("__metadata__", NDArray.scalar(DType.F32, 1)),
        Map.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> SafeTensors.write(path, Map.of("\ud800", NDArray.scalar(DType.F32, 1)),
        Map.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void damageNeverGivesAnythingButAProblem() throws IOException {
    SafeTensors.write(folder.resolve("good"), everyType(), Map.of("note", "x"));
    var good = Files.readAllBytes(folder.resolve("good"));
    int header = (int) ByteBuffer.wrap(good).order(ByteOrder.LITTLE_ENDIAN).getLong() + 8;
    var random = new Random(11);
    int refused = 0;
    for (int i = 0; i < 5000; i++) {
      var bad = Arrays.copyOf(good, i % 4 == 0 ? random.nextInt(good.length) : good.length);
      for (int k = random.nextInt(3); k >= 0 && bad.length > 0; k--) {
        int at = random.nextInt(Math.min(bad.length, header));
        bad[at] = random.nextBoolean() ? (byte) random.nextInt(256)
            : (byte) (bad[at] ^ 1 << random.nextInt(8));
      }
      try {
        var file = SafeTensors.of(MemorySegment.ofArray(bad), "bad");
        for (var name : file.names()) if (file.type(name).isPresent()) file.get(name).toDoubles();
      } catch (FileException e) {
        refused++;
      }
    }
    assertThat(refused).isBetween(3500, 4999);
  }

  /** Runs only where PEER_PYTHON names a Python that has torch and safetensors. */
  @Test
  void pythonReadsWhatItWrote() throws IOException, InterruptedException {
    var python = System.getenv("PEER_PYTHON");
    assumeThat(python).isNotNull();
    var path = folder.resolve("own.safetensors");
    var metadata = new LinkedHashMap<String, String>();
    metadata.put("note", "größer");
    metadata.put("quote", "\"\\\n");
    SafeTensors.write(path, everyType(), metadata);

    var run = new ProcessBuilder(python, "src/test/scripts/safetensors_files.py", "check", path.toString())
        .redirectErrorStream(true)
        .start();
    var said = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(run.waitFor()).as(said).isZero();
    assertThat(said.strip()).isEqualTo("ok");
  }

  static byte[] file(String json, byte[] data) {
    var header = json.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + header.length + data.length).order(ByteOrder.LITTLE_ENDIAN)
        .putLong(header.length).put(header).put(data).array();
  }
}
