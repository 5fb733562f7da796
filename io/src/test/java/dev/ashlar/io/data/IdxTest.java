package dev.ashlar.io.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.config.FileException;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.TensorType;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
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

class IdxTest {
  @TempDir Path folder;

  private interface Elements {
    void write(DataOutputStream out) throws IOException;
  }

  @Test
  void imagesHaveOneChannelAndLabelsAreClasses() throws IOException {
    var data = Idx.of(write("images", 0x803, images(), 3, 2, 2), write("labels", 0x801, labels(), 3)).open();

    assertThat(data.columns()).containsExactly(
        Map.entry("input", TensorType.of(DType.F32, 1, 2, 2)), Map.entry("target", TensorType.of(DType.I32)));
    assertThat(data.classes()).containsExactly("0", "1", "2");
    var batch = Map.of("input", NDArray.zeros(TensorType.of(DType.F32, 2, 1, 2, 2)),
        "target", NDArray.zeros(TensorType.of(DType.I32, 2)));
    data.read(new long[] {2, 0}, 2, batch);
    assertThat(batch.get("input").toDoubles()).containsExactly(208, 209, 210, 211, 200, 201, 202, 203);
    assertThat(batch.get("target").toInts()).containsExactly(1, 2);
  }

  @Test
  void imagesMayStayBytesAndBePacked() throws IOException {
    var path = write("images", 0x803, images(), 3, 2, 2);
    var packed = folder.resolve("images.gz");
    try (var out = new GZIPOutputStream(Files.newOutputStream(packed))) {
      Files.copy(path, out);
    }
    var data = new Idx(packed, Optional.empty(), DType.U8, List.of()).open();

    assertThat(data.columns()).containsOnly(Map.entry("input", TensorType.of(DType.U8, 1, 2, 2)));
    var input = NDArray.zeros(TensorType.of(DType.U8, 1, 1, 2, 2));
    data.read(new long[] {1}, 1, Map.of("input", input));
    assertThat(input.toInts()).containsExactly(204, 205, 206, 207);
  }

  @Test
  void everyElementType() throws IOException {
    check(0x08, out -> out.write(new byte[] {(byte) 200, 1}), 200, 1);
    check(0x09, out -> out.write(new byte[] {(byte) 200, 1}), -56, 1);
    check(0x0B, out -> { out.writeShort(-300); out.writeShort(7); }, -300, 7);
    check(0x0C, out -> { out.writeInt(-70000); out.writeInt(7); }, -70000, 7);
    check(0x0D, out -> { out.writeFloat(0.1f); out.writeFloat(-3); }, 0.1f, -3);
    check(0x0E, out -> { out.writeDouble(0.1); out.writeDouble(-3); }, 0.1f, -3);
  }

  private void check(int code, Elements elements, double... expected) throws IOException {
    var data = new Idx(write("any", code << 8 | 2, elements, 1, 2), Optional.empty(), DType.F32, List.of())
        .open();
    var input = NDArray.zeros(TensorType.of(DType.F32, 1, 2));
    data.read(new long[] {0}, 1, Map.of("input", input));
    assertThat(input.toDoubles()).containsExactly(expected);
  }

  @Test
  void damageNeverGivesAnythingButAProblem() throws IOException {
    var images = Files.readAllBytes(write("images", 0x803, images(), 3, 2, 2));
    var labels = write("labels", 0x801, labels(), 3);
    var random = new Random(3);
    int refused = 0;
    for (int i = 0; i < 1000; i++) {
      var bad = Arrays.copyOf(images, i % 3 == 0 ? random.nextInt(images.length) : images.length);
      if (bad.length > 0) bad[random.nextInt(Math.min(16, bad.length))] ^= (byte) (1 << random.nextInt(8));
      try (var data = Idx.of(Files.write(folder.resolve("bad"), bad), labels).open()) {
        assertThat(data.size()).isEqualTo(3);
      } catch (FileException e) {
        refused++;
      }
    }
    assertThat(refused).isBetween(800, 999);
  }

  private static Elements images() {
    return out -> {
      for (int i = 0; i < 12; i++) out.write(200 + i);
    };
  }

  private static Elements labels() {
    return out -> out.write(new byte[] {2, 0, 1});
  }

  private Path write(String name, int magic, Elements elements, int... dims) throws IOException {
    var bytes = new ByteArrayOutputStream();
    var out = new DataOutputStream(bytes);
    out.writeInt(magic);
    for (int dim : dims) out.writeInt(dim);
    elements.write(out);
    return Files.write(folder.resolve(name), bytes.toByteArray());
  }
}
