package dev.ashlar.io.text;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.FileException;
import dev.ashlar.io.files.FileProblems;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * What numbers stand for text. Saved with a model, so that what it is asked about is read as what it was trained on.
 *
 * @param tokens what is numbered
 * @param characters in the order of their numbers; none for bytes, which are their own numbers
 */
public record TextEncoding(Tokens tokens, @Default("[]") List<String> characters) {
  private static final int BYTES = 256;

  /** What is numbered. */
  public enum Tokens {
    /** Those of UTF-8: 256 numbers for any text. */
    @Doc("those of UTF-8: 256 numbers for any text")
    BYTES,
    /** Those that the examples have, in the order of Unicode; others cannot be read. */
    @Doc("those that the examples have, in the order of Unicode")
    CHARACTERS
  }

  /** Copies the list. */
  public TextEncoding {
    characters = List.copyOf(characters);
  }

  /** Of a text: of characters, those in it. */
  public static TextEncoding of(Tokens tokens, String text) {
    if (tokens == Tokens.BYTES) return new TextEncoding(tokens, List.of());
    var found = new TreeSet<Integer>();
    text.codePoints().forEach(found::add);
    return new TextEncoding(tokens, found.stream().map(Character::toString).toList());
  }

  /** How many different tokens there are. */
  public int size() {
    return tokens == Tokens.BYTES ? BYTES : characters.size();
  }

  /** What the tokens are called. */
  public List<String> names() {
    return tokens == Tokens.CHARACTERS ? characters.stream().map(TextEncoding::visible).toList()
        : IntStream.range(0, BYTES).mapToObj(b -> String.format(Locale.ROOT, "0x%02x", b)).toList();
  }

  /** The end of a line and the like as Java writes them. */
  private static String visible(String character) {
    return switch (character) {
      case "\n" -> "\\n";
      case "\t" -> "\\t";
      case "\r" -> "\\r";
      default -> Character.isISOControl(character.codePointAt(0))
          ? String.format(Locale.ROOT, "\\u%04x", character.codePointAt(0)) : character;
    };
  }

  /**
   * Numbers of the tokens of a text.
   *
   * @param line where the text begins, from 1
   * @throws FileException if a character has no number
   */
  public int[] encode(String text, String source, long line) throws FileException {
    if (tokens == Tokens.BYTES) {
      var bytes = text.getBytes(StandardCharsets.UTF_8);
      return IntStream.range(0, bytes.length).map(i -> bytes[i] & 0xff).toArray();
    }
    Map<Integer, Integer> numbers = new HashMap<>();
    for (var character : characters) numbers.put(character.codePointAt(0), numbers.size());
    var points = text.codePoints().toArray();
    long at = line;
    for (int i = 0; i < points.length; i++) {
      var number = numbers.get(points[i]);
      if (number == null) {
        throw FileException.at(source + ":" + at, "the character " + FileProblems.shown(Character.toString(points[i])),
            "one of the " + characters.size() + " that the examples to learn from have",
            "leave it out; or train with 'tokens: bytes', which read any text");
      }
      if (points[i] == '\n') at++;
      points[i] = number;
    }
    return points;
  }
}
