package dev.ashlar.io.data;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.FileException;
import dev.ashlar.config.Name;
import dev.ashlar.config.Nearest;
import dev.ashlar.config.Range;
import dev.ashlar.data.Dataset;
import dev.ashlar.io.files.FileProblems;
import dev.ashlar.io.text.TextEncoding;
import dev.ashlar.io.text.TextSource;
import dev.ashlar.model.Batch;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Lines of text to be told apart: {@code class TAB text} in each. Input: i32[length], the numbers of a line's tokens;
 * behind its end a number of its own, one more than the last token's, so that an embedding has one entry more than
 * there are tokens: 257 for bytes. What is longer is cut. Target: the index of the class, i32[]. Lines that are blank
 * do not count. The file is read into memory.
 *
 * @param path UTF-8 text, perhaps gzipped
 * @param tokens what is numbered
 * @param length tokens that are read of a line
 * @param classes in order; by default those found, in the order of the alphabet
 */
@Name("text_lines")
@Doc("lines of text, each behind its class and a tab")
public record TextLines(
    @Doc("the file, in UTF-8; may be gzipped") Path path,
    @Doc("what is numbered: bytes or characters") @Default("bytes") TextEncoding.Tokens tokens,
    @Doc("tokens that are read of a line; what is longer is cut") @Default("128") @Range(atLeast = 1) int length,
    @Doc("names of the classes in order; by default those found") @Default("[]") List<String> classes)
    implements TextSource {

  /** Copies the list. */
  public TextLines {
    classes = List.copyOf(classes);
  }

  /** A line and where it stands. */
  private record Line(long number, String label, String text) {}

  @Override
  public Dataset open() throws IOException {
    var lines = lines();
    var all = new StringBuilder();
    lines.forEach(line -> all.append(line.text));
    var found = new TreeSet<String>();
    lines.forEach(line -> found.add(line.label));
    return open(lines, TextEncoding.of(tokens, all.toString()), classes.isEmpty() ? List.copyOf(found) : classes);
  }

  @Override
  public Dataset open(TextEncoding encoding, List<String> known) throws IOException {
    return open(lines(), encoding, known);
  }

  private List<Line> lines() throws IOException {
    var lines = new ArrayList<Line>();
    long number = 0;
    for (var line : Streams.text(path).split("\n", -1)) {
      number++;
      if (line.isBlank()) continue;
      int tab = line.indexOf('\t');
      if (tab <= 0) {
        throw FileException.at(path + ":" + number, tab < 0 ? "a line without a tab" : "a line that begins with a tab",
            "a class, a tab, and the text", "one text without classes is a source 'text'");
      }
      lines.add(new Line(number, line.substring(0, tab).strip(), line.substring(tab + 1)));
    }
    if (lines.isEmpty()) throw FileException.at(path.toString(), "no lines", "a class, a tab, and text in each", "");
    return lines;
  }

  private Dataset open(List<Line> lines, TextEncoding encoding, List<String> names) throws IOException {
    var inputs = new int[Math.multiplyExact(lines.size(), length)];
    var targets = new int[lines.size()];
    for (int i = 0; i < targets.length; i++) {
      var line = lines.get(i);
      write(encoding, line.text, path.toString(), line.number, inputs, i * length, length);
      targets[i] = names.indexOf(line.label);
      if (targets[i] < 0) {
        throw FileException.at(path + ":" + line.number, "the unknown class " + FileProblems.shown(line.label),
            "one of " + String.join(", ", names), Nearest.advice(line.label, names));
      }
    }
    Map<String, NDArray> columns = new LinkedHashMap<>();
    columns.put(Batch.INPUT, NDArray.of(Shape.of(targets.length, length), inputs));
    columns.put(Batch.TARGET, NDArray.of(Shape.of(targets.length), targets));
    return Datasets.ofText(columns, names, encoding);
  }

  /**
   * Lines without classes, as a model is asked about them: each, be it blank, is an example.
   *
   * @param source what messages call the file
   * @param length tokens that are read of a line
   */
  public static Dataset asked(Path path, String source, TextEncoding encoding, int length) throws IOException {
    var text = Streams.text(path);
    if (text.isEmpty()) throw FileException.at(source, "an empty file", "a text in each line", "");
    var lines = (text.endsWith("\n") ? text.substring(0, text.length() - 1) : text).split("\n", -1);
    var inputs = new int[Math.multiplyExact(lines.length, length)];
    for (int i = 0; i < lines.length; i++) write(encoding, lines[i], source, i + 1L, inputs, i * length, length);
    var array = NDArray.of(Shape.of(lines.length, length), inputs);
    return Datasets.ofText(Map.of(Batch.INPUT, array), List.of(), encoding);
  }

  private static void write(
      TextEncoding encoding, String text, String source, long line, int[] into, int from, int length)
      throws FileException {
    var numbers = encoding.encode(text, source, line);
    int count = Math.min(length, numbers.length);
    System.arraycopy(numbers, 0, into, from, count);
    Arrays.fill(into, from + count, from + length, encoding.size());
  }

  @Override
  public List<Path> files() {
    return List.of(path);
  }
}
