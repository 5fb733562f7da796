package dev.ashlar.io.data;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.ashlar.config.FileException;
import dev.ashlar.io.files.FileProblems;
import dev.ashlar.io.jackson.StrictJson;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Documents in files, read one after the other in pieces, so that none needs to fit into memory. A file is a document;
 * one of JSON Lines (by its name) has one in each line.
 *
 * @param files in order
 * @param field that holds the text of a line of JSON
 */
record TextFiles(List<Path> files, String field) {
  /** Characters of a piece, about. */
  private static final int PIECE = 1 << 20;
  /** Without a good place to cut, one is cut anywhere beyond this. */
  private static final int LONGEST = 1 << 26;

  /** Takes pieces. */
  @FunctionalInterface
  interface Sink {
    /**
     * A piece of a document.
     *
     * @param document its number, from 0; pieces of one follow each other
     * @param line where the piece begins in the file, from 1
     */
    void piece(int document, Path file, long line, String text) throws IOException;
  }

  /**
   * Files, those in folders and those that patterns name.
   *
   * @param given a file, a folder, or a pattern with stars such as {@code docs/*.md}
   * @throws FileException if one of them names no file
   */
  static TextFiles of(List<Path> given, String field) throws FileException {
    var files = new ArrayList<Path>();
    for (var path : given) {
      var found = Files.isDirectory(path) ? below(path, path, null)
          : isPattern(path) && Files.notExists(path) ? matching(path) : List.of(path);
      if (found.isEmpty()) {
        throw FileException.at(path.toString(),
            Files.isDirectory(path) ? "a folder without texts" : "a pattern that no file matches",
            "files that end in .txt, .md or .jsonl, perhaps gzipped", "");
      }
      files.addAll(found);
    }
    return new TextFiles(List.copyOf(files), field);
  }

  private static boolean isPattern(Path path) {
    return path.toString().matches(".*[*?\\[{].*");
  }

  /** The files that a pattern names, below the folder in front of its first star. */
  private static List<Path> matching(Path pattern) throws FileException {
    var folder = pattern.toAbsolutePath();
    while (folder != null && isPattern(folder)) folder = folder.getParent();
    if (folder == null || !Files.isDirectory(folder)) return List.of();
    return below(folder, pattern, pattern.toAbsolutePath().normalize());
  }

  /** Texts by their names, or whatever a pattern names; in the order of their paths. */
  private static List<Path> below(Path folder, Path told, @Nullable Path pattern) throws FileException {
    var matcher = pattern == null ? null : FileSystems.getDefault().getPathMatcher("glob:" + pattern);
    try (var all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile)
          .filter(file -> matcher == null ? isText(file) : matcher.matches(file.toAbsolutePath().normalize()))
          .sorted().toList();
    } catch (IOException e) {
      throw FileProblems.reading(told, e);
    } catch (UncheckedIOException e) {
      throw FileProblems.reading(told, e.getCause());
    }
  }

  private static boolean isText(Path file) {
    return file.getFileName().toString().matches("(?i).*\\.(txt|text|md|jsonl|ndjson)(\\.gz)?");
  }

  /** Reads all documents. */
  void read(Sink sink) throws IOException {
    int document = 0;
    for (var file : files) {
      try (var reader = Streams.reader(file)) {
        document = Texts.isJson(file) ? lines(file, reader, document, sink) : whole(file, reader, document, sink);
      } catch (IOException e) {
        throw Streams.unreadable(file, file.toString(), e);
      }
    }
  }

  private static int whole(Path file, BufferedReader reader, int document, Sink sink) throws IOException {
    var text = new StringBuilder();
    var buffer = new char[PIECE];
    long line = 1;
    for (boolean isLast = false; !isLast; ) {
      int count = reader.read(buffer);
      isLast = count < 0;
      if (!isLast) append(text, buffer, count);
      int cut = isLast ? text.length() : text.length() < PIECE ? 0 : cut(text);
      if (cut > 0) {
        var piece = text.substring(0, cut);
        text.delete(0, cut);
        sink.piece(document, file, line, piece);
        line += piece.chars().filter(c -> c == '\n').count();
      }
    }
    return document + 1;
  }

  /** Lines end as in Unix: the first half of another end waits in the text for what comes. */
  private static void append(StringBuilder text, char[] buffer, int count) {
    for (int i = 0; i < count; i++) {
      if (buffer[i] == '\n' && !text.isEmpty() && text.charAt(text.length() - 1) == '\r') {
        text.setLength(text.length() - 1);
      }
      text.append(buffer[i]);
    }
  }

  /**
   * Where a tokenizer would cut too: behind the end of a line that another follows, not indented. 0 if there is no such
   * place yet.
   */
  private static int cut(StringBuilder text) {
    for (int i = text.length() - 1; i > 0; i--) {
      if (text.charAt(i - 1) == '\n' && !Character.isWhitespace(text.charAt(i))) return i;
    }
    if (text.length() < LONGEST) return 0;
    int end = text.length() - 1;
    return Character.isLowSurrogate(text.charAt(end)) ? end - 1 : end;
  }

  private int lines(Path file, BufferedReader reader, int first, Sink sink) throws IOException {
    int document = first;
    long number = 0;
    for (var line = reader.readLine(); line != null; line = reader.readLine()) {
      number++;
      if (line.isBlank()) continue;
      sink.piece(document, file, number, text(line, file + ":" + number));
      document++;
    }
    return document;
  }

  /** The text of a line: that of its field, or the line itself where it is a text. */
  private String text(String line, String source) throws FileException {
    try (var parser = StrictJson.factory().createParser(line)) {
      var token = parser.nextToken();
      if (token == JsonToken.VALUE_STRING) return parser.getText();
      var found = token == JsonToken.START_OBJECT ? Texts.field(parser, field) : null;
      if (found != null) return found;
      throw FileException.at(source, token == JsonToken.START_OBJECT ? "an object without a text '" + field + "'"
          : "a line that is neither an object nor a text", "an object with a text '" + field + "'",
          "'field' names another");
    } catch (FileException e) {
      throw e;
    } catch (IOException e) {
      throw FileException.at(source, StrictJson.said(e), "an object of JSON with a text '" + field + "'", "");
    }
  }
}
