package dev.ashlar.io.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import dev.ashlar.config.FileException;
import dev.ashlar.config.Place;
import dev.ashlar.config.Value;
import dev.ashlar.io.files.FileProblems;
import dev.ashlar.io.jackson.JsonValues;
import dev.ashlar.io.jackson.StrictJson;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * JSON to value trees and back. Strict: no comments, no trailing commas, each name once in a map, at most
 * {@value StrictJson#DEEPEST} levels. Values know where they stand.
 */
public final class Json {
  /** Larger files are no configuration; what they hold wants a reader of its own. */
  private static final long LARGEST = 256L << 20;

  private Json() {}

  /**
   * The tree of a file.
   *
   * @throws FileException if it cannot be read, is larger than 256 MiB, or is no JSON
   */
  public static Value read(Path path) throws FileException {
    try {
      long size = Files.size(path);
      if (size > LARGEST) {
        throw FileException.at(path.toString(), size + " bytes", "at most " + LARGEST + " bytes of JSON", "");
      }
      var text = StrictJson.decode(ByteBuffer.wrap(Files.readAllBytes(path)), path.toString());
      return read(text, path.toString());
    } catch (IOException e) {
      throw FileProblems.reading(path, e);
    }
  }

  /**
   * The tree of a text.
   *
   * @param source how messages call it, as if it were a file
   * @throws FileException if it is no JSON
   */
  public static Value read(String text, String source) throws FileException {
    try (var parser = StrictJson.factory().createParser(text)) {
      try {
        parser.nextToken();
        var value = JsonValues.read(parser, source);
        if (parser.nextToken() == null) return value.placed(Place.ROOT);
        throw FileException.at(JsonValues.location(parser, source).toString(), "more after the end of the value",
            "one value of JSON", "");
      } catch (JsonProcessingException | NumberFormatException | ArithmeticException e) {
        throw StrictJson.problem(source, parser, e);
      }
    } catch (FileException e) {
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException("text cannot fail to be read", e);
    }
  }

  /** A number for a tree that is written; where JSON has no word for it, the text {@code NaN} or {@code Infinity}. */
  public static Object number(double value) {
    return Double.isFinite(value) ? (Object) (value + 0.0) : Double.toString(value); // no negative zero either
  }

  /** The tree as JSON, in one line. */
  public static String write(Value value) {
    return write(value, false);
  }

  /** The tree as JSON, an entry a line. */
  public static String writeIndented(Value value) {
    return write(value, true) + "\n";
  }

  private static String write(Value value, boolean indented) {
    var text = new StringWriter();
    try (var generator = StrictJson.factory().createGenerator(text)) {
      if (indented) {
        var lines = new DefaultIndenter("  ", "\n");
        generator.setPrettyPrinter(new DefaultPrettyPrinter().withObjectIndenter(lines)
            .withArrayIndenter(lines));
      }
      write(value, generator);
    } catch (IOException e) {
      throw new UncheckedIOException("text cannot fail to be written", e);
    }
    return text.toString();
  }

  private static void write(Value value, JsonGenerator generator) throws IOException {
    switch (value) {
      case Value.Null _ -> generator.writeNull();
      case Value.Bool b -> generator.writeBoolean(b.value());
      case Value.Num n -> generator.writeNumber(n.toString());
      case Value.Text t -> generator.writeString(t.value());
      case Value.Sequence s -> {
        generator.writeStartArray();
        for (var item : s.items()) write(item, generator);
        generator.writeEndArray();
      }
      case Value.Mapping m -> {
        generator.writeStartObject();
        for (var entry : m.entries()) {
          generator.writeFieldName(entry.key());
          write(entry.value(), generator);
        }
        generator.writeEndObject();
      }
    }
  }
}
