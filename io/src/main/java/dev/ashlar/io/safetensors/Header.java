package dev.ashlar.io.safetensors;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.ashlar.config.FileException;
import dev.ashlar.io.files.FileProblems;
import dev.ashlar.io.jackson.StrictJson;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * What the header of a file says.
 *
 * @param tensors in the order of the header
 * @param metadata free text by name
 */
record Header(SequencedMap<String, Stored> tensors, SequencedMap<String, String> metadata) {
  static final String METADATA = "__metadata__";

  private static final int MOST_AXES = 64;

  /**
   * A tensor in the file.
   *
   * @param begin of its bytes, counted from the end of the header
   * @param end of its bytes, exclusive
   */
  record Stored(String name, Element element, long[] shape, long begin, long end) {}

  /**
   * Reads and checks a header.
   *
   * @param dataBytes number of bytes behind the header; the tensors must fill them without gaps
   */
  static Header read(String json, String source, long dataBytes) throws FileException {
    var header = new Reading(source).read(json);
    for (var tensor : header.tensors.values()) checkSize(tensor, source, dataBytes);
    checkGaps(header, source, dataBytes);
    return header;
  }

  private static void checkSize(Stored tensor, String source, long dataBytes) throws FileException {
    var place = source + ": tensor " + FileProblems.shown(tensor.name());
    if (tensor.begin() > tensor.end() || tensor.end() > dataBytes) {
      throw FileException.at(place, "bytes " + tensor.begin() + " to " + tensor.end(),
          "a range within the " + dataBytes + " bytes of data",
          tensor.begin() > tensor.end() ? "the file is damaged"
              : "the file was cut off, or is damaged: fetch it again");
    }
    long bits = tensor.element().bits;
    for (long extent : tensor.shape()) {
      bits = Math.multiplyHigh(bits, extent) == 0 ? bits * extent : -1;
      if (bits < 0) {
        throw FileException.at(place, "the shape " + Arrays.toString(tensor.shape()),
            "a shape that a file can hold", "the file is damaged");
      }
    }
    long stored = tensor.end() - tensor.begin();
    if (bits % 8 != 0 || bits / 8 != stored) {
      throw FileException.at(place, stored + " bytes",
          (bits + 7) / 8 + " bytes: " + tensor.element() + " " + Arrays.toString(tensor.shape()),
          "the file is damaged");
    }
  }

  private static void checkGaps(Header header, String source, long dataBytes) throws FileException {
    var inOrder = header.tensors.values().stream()
        .sorted(Comparator.comparingLong(Stored::begin).thenComparingLong(Stored::end))
        .toList();
    long at = 0;
    Stored before = null;
    for (var tensor : inOrder) {
      if (tensor.begin() < at && before != null) {
        throw FileException.at(source + ": tensor " + FileProblems.shown(tensor.name()),
            "bytes " + tensor.begin() + " to " + tensor.end() + ", some of which belong to tensor "
                + FileProblems.shown(before.name()) + " (to " + at + ")",
            "bytes of its own", "the file is damaged");
      }
      if (tensor.begin() > at) throw gap(source, at, tensor.begin());
      at = tensor.end();
      before = tensor;
    }
    if (at < dataBytes) throw gap(source, at, dataBytes);
  }

  private static FileException gap(String source, long from, long to) {
    return FileException.at(source, "bytes " + from + " to " + to + " of the data, which belong to no tensor",
        "tensors that fill the data without gaps", "the file is damaged");
  }

  /** One reading of the JSON. */
  private record Reading(String source) {
    Header read(String json) throws FileException {
      try (var parser = StrictJson.factory().createParser(json)) {
        try {
          return header(parser);
        } catch (FileException e) {
          throw e;
        } catch (IOException | NumberFormatException | ArithmeticException e) {
          throw StrictJson.problem(source + ": header", parser, e);
        }
      } catch (FileException e) {
        throw e;
      } catch (IOException e) {
        throw FileException.at(source + ": header", String.valueOf(e.getMessage()), "JSON", "");
      }
    }

    private Header header(JsonParser parser) throws IOException {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw FileException.at(source + ": header", "no map", "a map of tensors", "");
      }
      var tensors = new LinkedHashMap<String, Stored>();
      var metadata = new LinkedHashMap<String, String>();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        var name = parser.currentName();
        parser.nextToken();
        if (name.equals(METADATA)) metadata(parser, metadata);
        else tensors.put(name, tensor(name, parser));
      }
      if (parser.nextToken() != null) {
        throw FileException.at(source + ": header", "more after the end of the map", "one map", "");
      }
      return new Header(tensors, metadata);
    }

    private void metadata(JsonParser parser, SequencedMap<String, String> into) throws IOException {
      expect(JsonToken.START_OBJECT, parser, METADATA, "a map of text");
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        var key = parser.currentName();
        parser.nextToken();
        expect(JsonToken.VALUE_STRING, parser, METADATA + "." + key, "text");
        into.put(key, parser.getText());
      }
    }

    private Stored tensor(String name, JsonParser parser) throws IOException {
      expect(JsonToken.START_OBJECT, parser, name, "a map of dtype, shape and data_offsets");
      Element element = null;
      long[] shape = null;
      long[] offsets = null;
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        var key = parser.currentName();
        parser.nextToken();
        switch (key) {
          case "dtype" -> element = element(name, parser);
          case "shape" -> shape = numbers(name, key, parser);
          case "data_offsets" -> offsets = numbers(name, key, parser);
          default -> parser.skipChildren();
        }
      }
      given(element, name, "dtype");
      given(shape, name, "shape");
      given(offsets, name, "data_offsets");
      if (offsets.length != 2) {
        throw FileException.at(place(name, "data_offsets"), "a list of " + offsets.length,
            "two numbers: begin and end", "");
      }
      return new Stored(name, element, shape, offsets[0], offsets[1]);
    }

    private Element element(String name, JsonParser parser) throws IOException {
      expect(JsonToken.VALUE_STRING, parser, name + ".dtype", "the name of an element type");
      var found = Element.of(parser.getText());
      if (found.isPresent()) return found.get();
      throw FileException.at(place(name, "dtype"), "the unknown element type "
          + FileProblems.shown(parser.getText()),
          "one of " + String.join(", ", Arrays.stream(Element.values()).map(Enum::name).toList()),
          "a newer program may have written it, or the file is damaged");
    }

    private long[] numbers(String name, String key, JsonParser parser) throws IOException {
      expect(JsonToken.START_ARRAY, parser, name + "." + key, "a list of whole numbers");
      List<Long> numbers = new ArrayList<>();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        boolean whole = parser.currentToken() == JsonToken.VALUE_NUMBER_INT
            && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER
            && parser.getLongValue() >= 0;
        if (!whole || numbers.size() == MOST_AXES) {
          throw FileException.at(place(name, key), whole ? "more than " + MOST_AXES + " numbers"
              : found(parser), "whole numbers from 0 to " + Long.MAX_VALUE, "the file is damaged");
        }
        numbers.add(parser.getLongValue());
      }
      return numbers.stream().mapToLong(Long::longValue).toArray();
    }

    private void given(@Nullable Object part, String name, String key) throws FileException {
      if (part == null) {
        throw FileException.at(place(name, key), "nothing", "a " + key, "the file is damaged");
      }
    }

    private void expect(
        JsonToken token, JsonParser parser, String where, String expected) throws IOException {
      if (parser.currentToken() == token) return;
      throw FileException.at(source + ": header: " + FileProblems.shown(where), found(parser), expected, "");
    }

    private static String found(JsonParser parser) throws IOException {
      return switch (parser.currentToken()) {
        case START_OBJECT -> "a map";
        case START_ARRAY -> "a list";
        case null -> "the end";
        default -> FileProblems.shown(String.valueOf(parser.getText()));
      };
    }

    private String place(String name, String key) {
      return source + ": tensor " + FileProblems.shown(name) + ": " + key;
    }
  }
}
