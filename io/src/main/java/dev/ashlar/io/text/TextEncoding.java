package dev.ashlar.io.text;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.FileException;
import dev.ashlar.io.tokenizers.Tokenizer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * What numbers stand for text. Saved with a model, so that what it is asked about is read as what it was trained on.
 *
 * @param tokens what is numbered, unless there is a tokenizer
 * @param characters in the order of their numbers; none for bytes, which are their own numbers
 * @param tokenizer a {@code tokenizer.json}, whole; then tokens and characters say nothing
 * @param ended whether the number behind the last character or byte stands for the end of a document
 */
public record TextEncoding(
    @Default("bytes") Tokens tokens, @Default("[]") List<String> characters, Optional<String> tokenizer,
    @Default("false") boolean ended) {
  private static final int BYTES = 256;
  private static final String END = "<|endoftext|>";

  /** What is numbered. */
  public enum Tokens implements Tokenization {
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

  /** Of bytes, or of characters in the order of their numbers. */
  public TextEncoding(Tokens tokens, List<String> characters) {
    this(tokens, characters, Optional.empty(), false);
  }

  /** Of a text: of characters, those in it. */
  public static TextEncoding of(Tokens tokens, String text) {
    if (tokens == Tokens.BYTES) return new TextEncoding(tokens, List.of());
    var found = new TreeSet<Integer>();
    text.codePoints().forEach(found::add);
    return new TextEncoding(tokens, found.stream().map(Character::toString).toList());
  }

  /** Of bytes, or of the characters with certain code points. */
  public static TextEncoding of(Tokens tokens, BitSet characters) {
    return new TextEncoding(tokens,
        tokens == Tokens.BYTES ? List.of() : characters.stream().mapToObj(Character::toString).toList());
  }

  /** Of a tokenizer. */
  public static TextEncoding of(Tokenizer tokenizer) {
    return new TextEncoding(Tokens.BYTES, List.of(), Optional.of(tokenizer.toJson()), false);
  }

  /** The same with a number for the end of a document, unless a tokenizer says what stands for it. */
  public TextEncoding withEnd() {
    return tokenizer.isPresent() ? this : new TextEncoding(tokens, characters, tokenizer, true);
  }

  /** Readies it for work. */
  public TextCodec codec() throws FileException {
    return new TextCodec(this);
  }

  /** How many different bytes or characters there are. */
  int plain() {
    return tokens == Tokens.BYTES ? BYTES : characters.size();
  }

  /**
   * How many different tokens there are.
   *
   * @throws IllegalStateException if the tokenizer is damaged
   */
  public int size() {
    return tokenizer.isPresent() ? names().size() : plain() + (ended ? 1 : 0);
  }

  /**
   * What the tokens are called.
   *
   * @throws IllegalStateException if the tokenizer is damaged
   */
  public List<String> names() {
    if (tokenizer.isPresent()) {
      try {
        return codec().names();
      } catch (FileException e) {
        throw new IllegalStateException(e.getMessage(), e);
      }
    }
    var names = new ArrayList<>(tokens == Tokens.CHARACTERS ? characters.stream().map(TextEncoding::visible).toList()
        : IntStream.range(0, BYTES).mapToObj(b -> String.format(Locale.ROOT, "0x%02x", b)).toList());
    if (ended) names.add(END);
    return List.copyOf(names);
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
    return codec().encode(text, source, line);
  }
}
