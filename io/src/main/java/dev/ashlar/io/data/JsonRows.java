package dev.ashlar.io.data;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import dev.ashlar.config.FileException;
import dev.ashlar.io.jackson.StrictJson;
import dev.ashlar.io.tables.Rows;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Lines of JSON as rows of a table. */
final class JsonRows implements Rows {
  private static final String LIST = "column";
  private static final String EXAMPLE = "{\"age\": 31, \"city\": \"Oslo\"}";

  private final Path path;
  private final CsvWording wording;
  private final BufferedReader lines;
  /** Programs of Python write NaN where nothing is. */
  private final JsonFactory factory = StrictJson.factory()
      .configure(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS.mappedFeature(), true);
  private final List<String> names;
  private final Map<String, Integer> columns = new HashMap<>();
  private final String[] row;
  private long line;
  /** Whether a line was a list, so that names are not the file's own. */
  private boolean isList;

  JsonRows(Path path, CsvWording wording, List<String> names) throws FileException {
    this.path = path;
    this.wording = wording;
    this.names = names;
    this.row = new String[names.size()];
    for (var name : names) columns.put(name, columns.size());
    try {
      this.lines = Streams.reader(path);
    } catch (IOException e) {
      throw Streams.unreadable(path, wording.source(), e);
    }
  }

  /** All names that lines have, in the order in which they come up. */
  static List<String> names(Path path, CsvWording wording) throws IOException {
    Set<String> names = new LinkedHashSet<>();
    try (var rows = new JsonRows(path, wording, List.of())) {
      while (rows.parse((name, _) -> names.add(name))) { }
      if (rows.line == 0 || names.isEmpty()) {
        throw FileException.at(wording.source(), rows.line == 0 ? "an empty file" : "lines without any value",
            "an object of JSON in each line", "such as " + EXAMPLE);
      }
    }
    return List.copyOf(names);
  }

  /** What is done with a value. */
  @FunctionalInterface
  private interface Taker {
    void take(String name, String text);
  }

  /** Reads the next line that is not blank, if there is one. */
  private boolean parse(Taker taker) throws IOException {
    var text = nextLine();
    if (text == null) return false;
    try (var parser = factory.createParser(text)) {
      var first = parser.nextToken();
      if (first == JsonToken.START_ARRAY) {
        isList = true;
        list(parser, LIST, 1, taker);
      } else if (first == JsonToken.START_OBJECT) {
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          var name = parser.currentName();
          if (parser.nextToken() == JsonToken.START_ARRAY) list(parser, name, 0, taker);
          else taker.take(name, value(parser, name));
        }
      } else {
        throw at("a value that is no object", "an object such as " + EXAMPLE + ", or a list", "");
      }
      if (parser.nextToken() != null) throw at("more behind the end of the value", "one value in each line", "");
    } catch (JsonProcessingException e) {
      throw at(StrictJson.said(e), "a line of JSON", "each line is an object or a list of its own, whole");
    }
    return true;
  }

  private void list(JsonParser parser, String name, int from, Taker taker) throws IOException {
    for (int i = from; parser.nextToken() != JsonToken.END_ARRAY; i++) {
      taker.take(name + "_" + i, value(parser, name + "_" + i));
    }
  }

  private String value(JsonParser parser, String name) throws IOException {
    return switch (parser.currentToken()) {
      case VALUE_NULL -> "";
      case VALUE_TRUE, VALUE_FALSE, VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getText();
      case VALUE_STRING -> parser.getText().strip();
      case null -> throw at("the end of the line", "a value for '" + name + "'", "");
      default -> throw at("a value within a value, at '" + name + "'",
          "a number, text, a truth value, null, or a list of them",
          isList ? "write each object on a line of its own, without brackets around them" : "");
    };
  }

  private @Nullable String nextLine() throws FileException {
    try {
      @Nullable String text;
      do {
        text = lines.readLine();
        line++;
      } while (text != null && text.isBlank());
      if (text == null && line == 1) line = 0;
      return text;
    } catch (IOException e) {
      throw Streams.unreadable(path, wording.source(), e);
    }
  }

  private FileException at(String found, String expected, String help) {
    return FileException.at(wording.source() + ":" + line, found, expected, help);
  }

  @Override
  public List<String> names() {
    return names;
  }

  @Override
  public boolean areNamed() {
    return !isList;
  }

  @Override
  public boolean next() throws IOException {
    Arrays.fill(row, "");
    return parse((name, text) -> {
      var column = columns.get(name);
      if (column != null) row[column] = text;
    });
  }

  @Override
  public String text(int column) {
    return row[column];
  }

  @Override
  public long line() {
    return line;
  }

  @Override
  public String source() {
    return wording.source();
  }

  @Override
  public String option(String key, String value) {
    return wording.option(key, value);
  }

  @Override
  public FileException noRows() {
    return FileException.at(source(), "no rows", "an object of JSON in each line", "");
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
