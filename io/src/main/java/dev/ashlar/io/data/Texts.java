package dev.ashlar.io.data;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.ashlar.config.FileException;
import dev.ashlar.io.jackson.StrictJson;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Texts in files, one after the other, so that they may be larger than memory: of JSON Lines (by the name) the text of
 * each line, which is {@code {"text": ".."}} or a text by itself; of other files each line as it stands. UTF-8, perhaps
 * gzipped.
 */
public final class Texts {
  private static final String FIELD = "text";
  private static final String EXAMPLE = "an object such as {\"text\": \"..\"}, or a text in quotes";
  /** Longer lines come in parts. */
  private static final int LONGEST = 1 << 24;

  private Texts() {}

  /** Takes texts. */
  @FunctionalInterface
  public interface Sink {
    /** The next text. */
    void text(String text) throws IOException;
  }

  /**
   * Hands over all texts.
   *
   * @param paths files, folders and patterns, as {@link TextFiles#of} takes them
   * @param ends whether lines keep their ends; those of JSON have none
   * @throws FileException if a file cannot be read, or has a line that is no text
   */
  public static void read(List<Path> paths, boolean ends, Sink sink) throws IOException {
    for (var file : TextFiles.of(paths, FIELD).files()) {
      if (isJson(file)) jsonLines(file, (parser, source) -> sink.text(text(parser, source)));
      else lines(file, ends, sink);
    }
  }

  /** Whether it is a file of JSON Lines, by its name. */
  static boolean isJson(Path file) {
    return file.toString().matches("(?i).*\\.(jsonl|ndjson)(\\.gz)?");
  }

  /**
   * Hands over the texts of a stream, such as standard input.
   *
   * @param name what messages call it
   * @param json whether it is JSON Lines, else each line is a text, without its end
   * @throws FileException if it cannot be read, or has a line that is no text
   */
  public static void read(InputStream stream, String name, boolean json, Sink sink) throws IOException {
    try (var reader = Streams.reader(stream)) {
      if (json) jsonLines(reader, name, (parser, source) -> sink.text(text(parser, source)));
      else lines(reader, false, sink);
    } catch (IOException e) {
      throw Streams.unreadable(Path.of(name), name, e);
    }
  }

  private static void lines(Path file, boolean ends, Sink sink) throws IOException {
    try (var reader = Streams.reader(file)) {
      lines(reader, ends, sink);
    } catch (IOException e) {
      throw Streams.unreadable(file, file.toString(), e);
    }
  }

  private static void lines(BufferedReader reader, boolean ends, Sink sink) throws IOException {
    var line = new StringBuilder();
    for (int c = reader.read(); c >= 0; c = reader.read()) {
      line.append((char) c);
      if (c == '\n' || line.length() >= LONGEST && !Character.isHighSurrogate((char) c)) {
        sink.text(taken(line, ends));
      }
    }
    if (!line.isEmpty()) sink.text(taken(line, ends));
  }

  private static String taken(StringBuilder line, boolean ends) {
    int length = line.length();
    if (!ends && line.charAt(length - 1) == '\n') length--;
    if (!ends && length > 0 && line.length() > length && line.charAt(length - 1) == '\r') length--;
    var text = line.substring(0, length);
    line.setLength(0);
    return text;
  }

  /** Takes lines of JSON. */
  @FunctionalInterface
  private interface JsonSink {
    /** A parser that has read the first token of a line, and how messages call the line. */
    void line(JsonParser parser, String source) throws IOException;
  }

  /**
   * Hands over each line of a file that is not blank, as JSON.
   *
   * @throws FileException if the file cannot be read, or a line is not one value of JSON
   */
  private static void jsonLines(Path file, JsonSink sink) throws IOException {
    try (var reader = Streams.reader(file)) {
      jsonLines(reader, file.toString(), sink);
    } catch (IOException e) {
      throw Streams.unreadable(file, file.toString(), e);
    }
  }

  private static void jsonLines(BufferedReader reader, String name, JsonSink sink) throws IOException {
    long number = 0;
    for (var line = reader.readLine(); line != null; line = reader.readLine()) {
      number++;
      if (line.isBlank()) continue;
      var source = name + ":" + number;
      try (var parser = StrictJson.factory().createParser(line)) {
        parser.nextToken();
        sink.line(parser, source);
        if (parser.nextToken() != null) {
          throw FileException.at(source, "more behind the end of the value", "one value in each line", "");
        }
      } catch (JsonProcessingException e) {
        throw FileException.at(source, StrictJson.said(e), "a line of JSON", "each line is a value of its own, whole");
      }
    }
  }

  private static String text(JsonParser parser, String source) throws IOException {
    var text = parser.currentToken() == JsonToken.START_OBJECT ? field(parser, FIELD)
        : parser.currentToken() == JsonToken.VALUE_STRING ? parser.getText() : null;
    if (text == null) throw FileException.at(source, "a line without a text", EXAMPLE, "");
    return text;
  }

  /** The text of a field of the object that the parser stands in; null if it has none. */
  static @Nullable String field(JsonParser parser, String name) throws IOException {
    String found = null;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      boolean wanted = parser.currentName().equals(name);
      if (parser.nextToken() == JsonToken.VALUE_STRING && wanted) found = parser.getText();
      parser.skipChildren();
    }
    return found;
  }

  /**
   * Hands over the numbers of each line of a file: {@code {"ids": [1, 2]}} or {@code [1, 2]}.
   *
   * @throws FileException if the file cannot be read, or a line has no list of numbers
   */
  public static void readIds(Path file, IdSink sink) throws IOException {
    jsonLines(file, (parser, source) -> sink.ids(ids(parser, source)));
  }

  /** The same of a stream, such as standard input; {@code name} is what messages call it. */
  public static void readIds(InputStream stream, String name, IdSink sink) throws IOException {
    try (var reader = Streams.reader(stream)) {
      jsonLines(reader, name, (parser, source) -> sink.ids(ids(parser, source)));
    } catch (IOException e) {
      throw Streams.unreadable(Path.of(name), name, e);
    }
  }

  /** Takes lists of numbers. */
  @FunctionalInterface
  public interface IdSink {
    /** The next list. */
    void ids(int[] ids) throws IOException;
  }

  private static int[] ids(JsonParser parser, String source) throws IOException {
    var found = new ArrayList<Integer>();
    boolean any = false;
    if (parser.currentToken() == JsonToken.START_OBJECT) {
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean wanted = parser.currentName().equals("ids");
        if (parser.nextToken() == JsonToken.START_ARRAY && wanted) any = numbers(parser, source, found);
        else parser.skipChildren();
      }
    } else if (parser.currentToken() == JsonToken.START_ARRAY) {
      any = numbers(parser, source, found);
    }
    if (!any) {
      throw FileException.at(source, "a line without a list of numbers", "such as {\"ids\": [1, 2]} or [1, 2]", "");
    }
    return found.stream().mapToInt(Integer::intValue).toArray();
  }

  private static boolean numbers(JsonParser parser, String source, List<Integer> found) throws IOException {
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT) {
        throw FileException.at(source, "'" + parser.getText() + "' in a list of numbers", "numbers of tokens", "");
      }
      found.add(parser.getIntValue());
    }
    return true;
  }
}
