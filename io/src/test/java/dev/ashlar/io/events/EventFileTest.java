package dev.ashlar.io.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.config.FileException;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalLong;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventFileTest {

  private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochSecond(1_500_000_000, 250_000_000));
  private static final byte[] PNG = Base64.getDecoder().decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlE"
      + "QVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

  @TempDir Path folder;

  /** The file that event_files.py wrote with TensorBoard's own classes, to the byte. */
  @Test
  void isWhatTensorBoardWrites() throws IOException {
    double[] numbers = new double[72];
    for (int i = 0; i < 64; i++) {
      numbers[i] = i / 8.0 - 3;
    }
    System.arraycopy(new double[] {1e-13, -1e-13, 1e19}, 0, numbers, 69, 3);
    SequencedMap<String, Object> settings = new LinkedHashMap<>();
    settings.put("a.rate", 0.003);
    settings.put("b.units", 0);
    settings.put("c.bias", false);
    settings.put("d.activation", "relu");
    Path path;
    try (EventFile file = EventFile.create(folder, CLOCK, OptionalLong.of(7))) {
      path = file.path();
      file.begun(settings);
      file.write(7, List.of(
          new EventValue.Scalar("loss/train", 0), new EventValue.Scalar("loss/validation", Double.NaN),
          new EventValue.Scalar("größe", Double.NEGATIVE_INFINITY), new EventValue.Scalar("large", 1.1)));
      file.write(300, List.of(new EventValue.Distribution("parameters/dense.weight",
          Histogram.of(NDArray.of(Shape.of(numbers.length), numbers)))));
      file.write(1L << 40, List.of(new EventValue.Picture("inputs/0", 1, 1, PNG)));
      file.write(1L << 40, List.of(new EventValue.Text("sample", "**naïve**")));
      file.write(1L << 41, List.of());
      file.ended(1L << 40, EventFile.Outcome.SUCCESS);
    }
    byte[] expected;
    try (InputStream in = EventFileTest.class.getResourceAsStream("expected.tfevents")) {
      expected = in.readAllBytes();
    }
    byte[] written = Files.readAllBytes(path);
    int same = Arrays.mismatch(written, expected);
    assertThat(same).as("first byte that differs").isEqualTo(-1);
  }

  /** What a reader does first: file names are in the order of time, whatever the clock says. */
  @Test
  void laterFilesComeBehindEarlierOnes() throws IOException {
    for (int i = 0; i < 3; i++) {
      EventFile.create(folder, CLOCK, OptionalLong.empty()).close();
    }
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString().split("\\.")[3]).sorted())
          .containsExactly("1500000000", "1500000001", "1500000002");
    }
  }

  @Test
  void isReadableAfterEachWrite() throws IOException {
    try (EventFile file = EventFile.create(folder)) {
      for (int i = 1; i < 20; i++) {
        file.write(i, List.of(new EventValue.Text("text", "x".repeat(1 << i))));
        assertThat(records(file.path())).isEqualTo(i + 1);
      }
    }
  }

  @Test
  void saysWhereItCannotBeWritten() {
    assertThatThrownBy(() -> EventFile.create(folder.resolve("missing"))).isInstanceOf(FileException.class)
        .hasMessageContaining("missing").hasMessageContaining("takes no new files");
  }

  /** Whole records, by an own reading of the frames: a file that is cut, or has another checksum, fails. */
  private static int records(Path path) throws IOException {
    ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.LITTLE_ENDIAN);
    int count = 0;
    for (; file.hasRemaining(); count++) {
      int size = Math.toIntExact(file.getLong());
      assertThat(file.getInt()).isEqualTo(masked(file.array(), file.position() - 12, 8));
      file.position(file.position() + size);
      assertThat(file.getInt()).isEqualTo(masked(file.array(), file.position() - size - 4, size));
    }
    return count;
  }

  /** Bit by bit, from the polynomial. */
  private static int masked(byte[] bytes, int from, int size) {
    int crc = IntStream.range(from, from + size).map(i -> bytes[i]).reduce(-1, (sum, next) -> {
      int rest = sum ^ next & 0xff;
      for (int bit = 0; bit < 8; bit++) {
        rest = rest >>> 1 ^ (rest & 1) * 0x82f63b78;
      }
      return rest;
    });
    return (~crc >>> 15 | ~crc << 17) + 0xa282ead8;
  }
}
