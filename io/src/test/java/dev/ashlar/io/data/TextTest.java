package dev.ashlar.io.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.config.Binder;
import dev.ashlar.config.FileException;
import dev.ashlar.config.Value;
import dev.ashlar.data.DataSource;
import dev.ashlar.data.Dataset;
import dev.ashlar.io.IoPlugin;
import dev.ashlar.io.text.TextEncoding;
import dev.ashlar.io.text.TextEncoding.Tokens;
import dev.ashlar.io.text.TextSource;
import dev.ashlar.plugin.Registry;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.TensorType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextTest {
  @TempDir Path folder;

  private TextSource source(String options, String text) throws IOException {
    Files.writeString(folder.resolve("t.txt"), text);
    return (TextSource) new Binder(Registry.of(new IoPlugin()), folder)
        .bind(Value.parse(options, "test"), DataSource.class).orThrow();
  }

  private static int[] read(Dataset data, String column) throws IOException {
    var type = data.columns().get(column);
    int size = (int) data.size();
    var array = NDArray.zeros(type.withShape(type.shape().insert(0, size)));
    data.read(LongStream.range(0, size).toArray(), size, Map.of(column, array));
    return array.toInts();
  }

  @Test
  void piecesOfATextAndTheTokensThatFollow() throws IOException {
    var data = source("{text: {path: t.txt, tokens: characters, length: 3}}", "abac\u00e9\na\ud83d\ude00b").open();
    assertThat(data.classes()).containsExactly("\\n", "a", "b", "c", "\u00e9", "\ud83d\ude00");
    assertThat(data.columns().get("input")).isEqualTo(TensorType.of(DType.I32, 3));
    assertThat(read(data, "input")).containsExactly(1, 2, 1, 3, 4, 0);
    assertThat(read(data, "target")).containsExactly(2, 1, 3, 4, 0, 1);
    assertThat(read(Datasets.subset(data, 1), "target")).containsExactly(4, 0, 1);
    assertThat(Datasets.text(Datasets.subset(data, 1))).contains(
        new TextEncoding(Tokens.CHARACTERS, List.of("\n", "a", "b", "c", "\u00e9", "\ud83d\ude00")));

    var bytes = source("{text: {path: t.txt, length: 4, stride: 1}}", "\uFEFF\u00e9x\r\ny").open();
    assertThat(bytes.classes()).hasSize(256).startsWith("0x00").endsWith("0xff");
    assertThat(read(bytes, "input")).containsExactly(0xc3, 0xa9, 'x', '\n');
    assertThat(read(bytes, "target")).containsExactly(0xa9, 'x', '\n', 'y');
    // As many pieces as have all of their tokens and one that follows.
    assertThat(source("{text: {path: t.txt, length: 2, stride: 1}}", "12345").open().size()).isEqualTo(3);
    assertThat(source("{text: {path: t.txt, length: 2}}", "12345").open().size()).isEqualTo(2);
    assertThat(source("{text: {path: t.txt, length: 2}}", "1234").open().size()).isEqualTo(1);
  }

  @Test
  void otherTextIsReadAsAModelLearntTo() throws IOException {
    var encoding = Datasets.text(source("{text: {path: t.txt, tokens: characters, length: 1}}", "abc").open())
        .orElseThrow();
    var other = source("{text: {path: t.txt, tokens: characters, length: 1}}", "cb");
    assertThat(read(other.open(encoding, List.of()), "input")).containsExactly(2);
    assertThatThrownBy(() -> source("{text: {path: t.txt, length: 1}}", "ab\na d").open(encoding, List.of()))
        .isInstanceOf(FileException.class).hasMessageContaining("t.txt:1").hasMessageContaining("the character '\\n'");
    assertThatThrownBy(() -> TextLines.asked(folder.resolve("t.txt"), "standard input", encoding, 4))
        .hasMessageContaining("standard input:2").hasMessageContaining("the character ' '")
        .hasMessageContaining("one of the 3");
  }

  @Test
  void linesBehindTheirClasses() throws IOException {
    var lines = source("{text_lines: {path: t.txt, length: 3}}", "no\tab\n\nyes \tabcd\nno\t\n");
    var data = lines.open();
    assertThat(data.classes()).containsExactly("no", "yes");
    assertThat(read(data, "input")).containsExactly('a', 'b', 256, 'a', 'b', 'c', 256, 256, 256);
    assertThat(read(data, "target")).containsExactly(0, 1, 0);
    assertThat(read(lines.open(Datasets.text(data).orElseThrow(), List.of("yes", "no")), "target"))
        .containsExactly(1, 0, 1);
    Files.writeString(folder.resolve("t.txt"), "ba\n\nabcd");
    assertThat(read(TextLines.asked(folder.resolve("t.txt"), "t", Datasets.text(data).orElseThrow(), 3), "input"))
        .containsExactly('b', 'a', 256, 256, 256, 256, 'a', 'b', 'c');
  }

  @Test
  void aFileMayBePacked() throws IOException {
    var lines = source("{text_lines: {path: t.txt, tokens: characters, length: 2}}", "");
    var out = new ByteArrayOutputStream();
    try (var packed = new GZIPOutputStream(out)) {
      packed.write("b\tyx\na\tx".getBytes(StandardCharsets.UTF_8));
    }
    Files.write(folder.resolve("t.txt"), out.toByteArray());
    assertThat(read(lines.open(), "input")).containsExactly(1, 0, 0, 2);
  }
}
