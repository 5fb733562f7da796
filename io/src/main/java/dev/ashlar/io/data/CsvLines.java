package dev.ashlar.io.data;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import dev.ashlar.config.FileException;
import dev.ashlar.io.files.FileProblems;
import dev.ashlar.io.tables.Numbers;
import dev.ashlar.io.tables.Rows;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a CSV file below its header, one after the other; every row has as many fields as the first.
 */
final class CsvLines implements Rows {
  private static final int FIRST_LINE = 1 << 16;

  private final Path path;
  private final CsvWording wording;
  private final CsvReader<CsvRecord> reader;
  private final Iterator<CsvRecord> records;
  /** Lines read ahead to find out about the header. */
  private final List<CsvRecord> ahead = new ArrayList<>();
  private final List<String> names;
  private final boolean hasHeader;
  private @Nullable CsvRecord current;

  private CsvLines(Path path, CsvReader<CsvRecord> reader, Optional<Boolean> header, CsvWording wording)
      throws FileException {
    this.path = path;
    this.wording = wording;
    this.reader = reader;
    this.records = reader.iterator();
    var first = readRecord();
    if (first == null) {
      throw FileException.at(source(), "an empty file", "a table with at least one row", "");
    }
    var second = readRecord();
    hasHeader = header.orElseGet(() -> looksLikeHeader(first, second));
    if (!hasHeader) ahead.add(first);
    if (second != null) ahead.add(second);
    names = new ArrayList<>();
    for (var field : first.getFields()) {
      var name = hasHeader ? field.strip() : "";
      names.add(name.isEmpty() ? "column_" + (names.size() + 1) : name);
    }
  }

  static CsvLines open(Path path, Optional<String> delimiter, Optional<Boolean> header, CsvWording wording)
      throws FileException {
    try {
      var text = Streams.reader(path);
      try {
        char separator = delimiter.isPresent() ? character(delimiter.get()) : guessed(text);
        var reader = CsvReader.builder()
            .fieldSeparator(separator)
            .skipEmptyLines(true)
            .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
            .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
            .allowUnclosedQuote(false)
            .ofCsvRecord(text);
        return new CsvLines(path, reader, header, wording);
      } catch (Throwable e) {
        text.close();
        throw e;
      }
    } catch (IOException e) {
      throw Streams.unreadable(path, wording.source(), e);
    }
  }

  @Override
  public List<String> names() {
    return names;
  }

  @Override
  public boolean areNamed() {
    return hasHeader;
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
  public boolean next() throws FileException {
    current = ahead.isEmpty() ? readRecord() : ahead.removeFirst();
    if (current == null) return false;
    int fields = current.getFieldCount();
    if (fields == names.size()) return true;
    throw FileException.at(source() + ":" + line(), count(fields, "field"),
        names.size() + " as in the first line",
        fields > names.size() ? "put text that holds the delimiter in double quotes"
            : "fill the row up, or remove it");
  }

  @Override
  public long line() {
    return row().getStartingLineNumber();
  }

  @Override
  public String text(int column) {
    return row().getField(column).strip();
  }

  @Override
  public FileException noRows() {
    return FileException.at(source(), "a header and no rows", "a table with at least one row",
        "if the first line is data, say " + option("header", "false"));
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }

  private CsvRecord row() {
    if (current == null) throw new IllegalStateException("no row");
    return current;
  }

  private @Nullable CsvRecord readRecord() throws FileException {
    try {
      return records.hasNext() ? records.next() : null;
    } catch (UncheckedIOException e) {
      throw Streams.unreadable(path, source(), e.getCause());
    } catch (CsvParseException e) {
      throw e.getCause() instanceof IOException io ? Streams.unreadable(path, source(), io) : unparsable(e);
    }
  }

  private FileException unparsable(CsvParseException e) {
    Throwable reason = e;
    while (reason.getCause() instanceof CsvParseException inner) reason = inner;
    long line = current == null ? 1 : line();
    return FileException.at(source() + ", after line " + line, String.valueOf(reason.getMessage()),
        "rows of fields", source().matches("(?i).*\\.(jsonl?|ndjson)(\\.gz)?")
            ? "a file of JSON Lines is a source 'jsonl'"
            : "close every double quote; inside of quotes write it twice");
  }

  /**
   * The first line holds names if a column has text there and a number below, or if nothing in it is a
   * number.
   */
  private static boolean looksLikeHeader(CsvRecord first, @Nullable CsvRecord second) {
    var names = first.getFields();
    if (second != null) {
      for (int i = 0; i < Math.min(names.size(), second.getFieldCount()); i++) {
        if (!Numbers.isNumber(names.get(i).strip()) && Numbers.isNumber(second.getField(i).strip())) {
          return true;
        }
      }
    }
    return names.stream().noneMatch(name -> Numbers.isNumber(name.strip()));
  }

  private static char character(String delimiter) {
    return delimiter.equals("tab") ? '\t' : delimiter.charAt(0);
  }

  /** What stands most often outside of quotes in the first line that is not empty. */
  private static char guessed(BufferedReader text) throws IOException {
    var candidates = ",;\t|";
    var counts = new int[candidates.length()];
    text.mark(FIRST_LINE);
    boolean quoted = false;
    boolean isEmpty = true;
    for (int i = 1; i < FIRST_LINE; i++) {
      int c = text.read();
      boolean isEnd = !quoted && (c == '\n' || c == '\r');
      if (c < 0 || isEnd && !isEmpty) break;
      isEmpty &= isEnd;
      if (c == '"') quoted = !quoted;
      int candidate = candidates.indexOf(c);
      if (!quoted && candidate >= 0) counts[candidate]++;
    }
    text.reset();
    int best = 0;
    for (int i = 1; i < counts.length; i++) if (counts[i] > counts[best]) best = i;
    return candidates.charAt(best);
  }

  private static String count(int number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }
}
