package dev.ashlar.io.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.config.FileException;
import dev.ashlar.data.Dataset;
import dev.ashlar.io.text.TextEncoding.Tokens;
import dev.ashlar.tensor.NDArray;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Text in several documents, its parts, and the files that keep its tokens. */
class DocumentsTest {
  private static final int END = 256;
  /** Of a hundred characters of one byte each, none the end of a line. */
  private static final int FIRST = 20;
  @TempDir Path folder;

  @BeforeEach
  void write() throws IOException {
    Files.createDirectories(folder.resolve("texts/more"));
    Files.writeString(folder.resolve("texts/a.txt"), "abc");
    Files.writeString(folder.resolve("texts/more/b.md"), "de\r\nf");
    Files.writeString(folder.resolve("texts/c.jsonl"), "{\"text\": \"gh\"}\n\n{\"id\": [1, {\"x\": 2}], \"text\": \"ij\"}\n\"kl\"\n");
    Files.writeString(folder.resolve("texts/d.bin"), "no");
  }

  private Text text(String path) {
    return Text.of(folder.resolve(path), Tokens.BYTES, 2);
  }

  private static int[] read(Dataset data, String column) throws IOException {
    var type = data.columns().get(column);
    int size = (int) data.size();
    var array = NDArray.zeros(type.withShape(type.shape().insert(0, size)));
    data.read(LongStream.range(0, size).toArray(), size, Map.of(column, array));
    return array.toInts();
  }

  private static String shown(int... tokens) {
    return IntStream.of(tokens).mapToObj(t -> t == END ? "#" : t == Text.IGNORED ? "?" : Character.toString(t))
        .collect(Collectors.joining());
  }

  @Test
  void foldersPatternsAndLinesOfJsonAreDocuments() throws IOException {
    var all = text("texts").open();
    assertThat(shown(read(all, "input"))).isEqualTo("abc#gh#ij#kl#de\n");
    assertThat(shown(read(all, "target"))).isEqualTo("bc#gh#ij#kl#de\nf");
    assertThat(all.classes()).hasSize(257).endsWith("<|endoftext|>");
    assertThat(Datasets.text(all).orElseThrow().codec().end()).hasValue(END);

    assertThat(shown(read(text("texts/*.txt").open(), "input"))).isEqualTo("ab");
    assertThat(shown(read(text("texts/**.md").open(), "input"))).isEqualTo("de");
    assertThat(shown(read(text("texts/{a,d}.*").open(), "input"))).isEqualTo("abc#no");
    var two = new Text(folder.resolve("texts/d.bin"), List.of(folder.resolve("texts/a.txt")), Tokens.CHARACTERS, 3,
        Optional.empty(), true, "text", Optional.empty()).open();
    // Characters in the order of Unicode, those of all files of it; behind them the end.
    assertThat(two.classes()).containsExactly("a", "b", "c", "n", "o", "<|endoftext|>");
    assertThat(read(two, "input")).containsExactly(3, 4, 5, 0, 1, 2);
  }

  @Test
  void whatIsNoTextIsTold() {
    assertThatThrownBy(() -> text("texts/*.pdf").open()).isInstanceOf(FileException.class)
        .hasMessageContaining("a pattern that no file matches");
    assertThatThrownBy(() -> text("texts/x.txt").open()).isInstanceOf(FileException.class)
        .hasMessageContaining("no such file");
    assertThatThrownBy(() -> {
      Files.createDirectory(folder.resolve("empty"));
      text("empty").open();
    }).isInstanceOf(FileException.class).hasMessageContaining("a folder without texts");
    assertThatThrownBy(() -> {
      Files.writeString(folder.resolve("texts/c.jsonl"), "{\"text\": \"gh\"}\n{\"body\": \"ij\"}\n");
      text("texts/c.jsonl").open();
    }).isInstanceOf(FileException.class).hasMessageContaining("c.jsonl:2")
        .hasMessageContaining("an object without a text 'text'").hasMessageContaining("'field' names another");
    assertThatThrownBy(() -> {
      Files.writeString(folder.resolve("texts/c.jsonl"), "{\"text\": \"gh\"\n");
      text("texts/c.jsonl").open();
    }).isInstanceOf(FileException.class).hasMessageContaining("c.jsonl:1");
  }

  @Test
  void examplesStayInTheirDocument() throws IOException {
    var apart = new Text(folder.resolve("texts"), List.of(), Tokens.BYTES, 3, Optional.empty(), false, "text",
        Optional.empty()).open();
    assertThat(shown(read(apart, "input"))).isEqualTo("abc" + "gh#" + "ij#" + "kl#" + "de\n" + "f##");
    assertThat(shown(read(apart, "target"))).isEqualTo("bc#" + "h#?" + "j#?" + "l#?" + "e\nf" + "#??");
  }

  /** The last share of a text; windows of it do not overlap, and none is also learnt from. */
  @Test
  void theEndOfATextIsSetApart() throws IOException {
    var letters = IntStream.range(0, 100).mapToObj(i -> Character.toString(FIRST + i)).collect(Collectors.joining());
    Files.writeString(folder.resolve("one.txt"), letters);
    var source = Text.of(folder.resolve("one.txt"), Tokens.BYTES, 4).withStride(1);
    for (boolean shuffled : new boolean[] {true, false}) {
      var parts = Datasets.encoded(Datasets.textParts(source.open(), shuffled, 5, 0.2, 0.1).orElseThrow());
      assertThat(parts).extracting(Dataset::size).containsExactly(66L, 4L, 2L);
      assertThat(read(parts.get(0), "target")[66 * 4 - 1]).isEqualTo(FIRST + 69);
      assertThat(read(parts.get(1), "input")[0]).isEqualTo(FIRST + 70);
      assertThat(shown(read(parts.get(2), "input"))).isEqualTo(letters.substring(90, 98));
    }
    assertThatThrownBy(() -> Datasets.encoded(
        Datasets.textParts(source.open(), true, 5, 0.01).orElseThrow())).hasMessageContaining("1 token in a part");
  }

  @Test
  void documentsAreDrawnWhole() throws IOException {
    var lines = IntStream.range(0, 40).mapToObj(i -> "\"" + "x".repeat(i % 7 + 3) + (char) ('A' + i) + "\"").toList();
    Files.write(folder.resolve("many.jsonl"), lines.stream().map(l -> l.replace("\\", "\\\\")).toList());
    var parts = Datasets.encoded(Datasets.textParts(text("many.jsonl").open(), true, 5, 0.25).orElseThrow());
    var each = new ArrayList<HashSet<Integer>>();
    for (var part : parts) {
      var found = new HashSet<Integer>();
      for (int token : read(part, "input")) if (token != 'x' && token != END) found.add(token);
      each.add(found);
    }
    assertThat(each.get(1)).hasSizeBetween(9, 10).doesNotContainAnyElementsOf(each.get(0));
    assertThat(each.get(0)).hasSizeBetween(29, 30);
    var last = Datasets.encoded(Datasets.textParts(text("many.jsonl").open(), false, 5, 0.25).orElseThrow());
    assertThat(shown(read(last.get(1), "input"))).doesNotContain("A").contains("h");
  }

  /** Pieces are cut where lines begin, and line ends across pieces become those of Unix. */
  @Test
  void longTextIsReadInPieces() throws IOException {
    var text = IntStream.range(0, 60_000).mapToObj(i -> "line " + i + (i % 5 == 0 ? "\r\n  " : "\r\n"))
        .collect(Collectors.joining()) + "\u00e9".repeat(3_000_000);
    Files.writeString(folder.resolve("long.txt"), text);
    var pieces = new ArrayList<String>();
    TextFiles.of(List.of(folder.resolve("long.txt")), "text").read((document, _, line, piece) -> {
      assertThat(document).isZero();
      assertThat(line).isEqualTo(1 + String.join("", pieces).chars().filter(c -> c == '\n').count());
      pieces.add(piece);
    });
    assertThat(String.join("", pieces).equals(text.replace("\r\n", "\n"))).isTrue();
    assertThat(pieces).hasSizeGreaterThan(1).first().asString().endsWith("\n");
  }

  @Test
  void tokensAreKeptAndUsedAgainWhileTheTextStays() throws Exception {
    var cache = folder.resolve("cache");
    var source = text("texts").withCache(cache);
    var first = read(source.open(), "input");
    assertThat(first).isEqualTo(read(text("texts").open(), "input"));
    var kept = files(cache);
    assertThat(kept).hasSize(1).first().asString().endsWith(".u16");
    var file = cache.resolve(kept.getFirst());
    assertThat(Files.size(file)).isEqualTo(2 * 18);
    assertThat(Files.readAllBytes(file)).startsWith('a', 0, 'b', 0, 'c', 0, 0, 1, 'g', 0);
    Files.setLastModifiedTime(file, FileTime.fromMillis(1000));
    assertThat(read(source.open(), "input")).isEqualTo(first);
    assertThat(Files.getLastModifiedTime(file).toMillis()).as("not written again").isEqualTo(1000);
    Files.writeString(folder.resolve("texts/a.txt"), "abd", StandardCharsets.UTF_8);
    assertThat(shown(read(source.open(), "input"))).startsWith("abd#");
    assertThat(files(cache)).hasSize(2).contains(kept.getFirst());
  }

  private static List<String> files(Path folder) throws IOException {
    try (var all = Files.list(folder)) {
      return all.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
