package dev.ashlar.io.text;

import dev.ashlar.config.FileException;
import dev.ashlar.io.files.FileProblems;
import dev.ashlar.io.tokenizers.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Text to numbers and back, as an encoding says. Thread-safe. */
public final class TextCodec {

  /** What tokenizers call the end of a document, the most usual first. */
  private static final List<String> ENDS =
      List.of("<|endoftext|>", "<|end_of_text|>", "</s>", "<eos>", "<|im_end|>", "[SEP]");

  private final TextEncoding encoding;
  private final @Nullable Tokenizer tokenizer;
  private final Map<Integer, Integer> numbers = new HashMap<>();

  TextCodec(TextEncoding encoding) throws FileException {
    this.encoding = encoding;
    this.tokenizer = encoding.tokenizer().isEmpty() ? null
        : Tokenizer.parse(encoding.tokenizer().get(), "the model's tokenizer");
    for (var character : encoding.characters()) numbers.put(character.codePointAt(0), numbers.size());
  }

  /** How many different tokens there are. */
  public int size() {
    return tokenizer != null ? tokenizer.size() : encoding.size();
  }

  /** What stands for the end of a document, if anything does. */
  public OptionalInt end() {
    if (tokenizer == null) return encoding.ended() ? OptionalInt.of(encoding.plain()) : OptionalInt.empty();
    return ENDS.stream().map(tokenizer::id).filter(OptionalInt::isPresent).findFirst().orElse(OptionalInt.empty());
  }

  /** What the tokens are called; those that a tokenizer has no name for are empty. */
  List<String> names() {
    var known = Objects.requireNonNull(tokenizer);
    return IntStream.range(0, known.size()).mapToObj(id -> Objects.requireNonNullElse(known.token(id), "")).toList();
  }

  /**
   * Numbers of the tokens of a text, without those that stand for its beginning or end.
   *
   * @param line where the text begins, from 1
   * @throws FileException if a character has no number
   */
  public int[] encode(String text, String source, long line) throws FileException {
    if (tokenizer != null) return tokenizer.encode(text, false);
    if (encoding.tokens() == TextEncoding.Tokens.BYTES) {
      var bytes = text.getBytes(StandardCharsets.UTF_8);
      return IntStream.range(0, bytes.length).map(i -> bytes[i] & 0xff).toArray();
    }
    var points = text.codePoints().toArray();
    long at = line;
    for (int i = 0; i < points.length; i++) {
      var number = numbers.get(points[i]);
      if (number == null) {
        throw FileException.at(source + ":" + at, "the character " + FileProblems.shown(Character.toString(points[i])),
            "one of the " + encoding.characters().size() + " that the examples to learn from have",
            "leave it out; or train with 'tokenizer: bytes', which reads any text");
      }
      if (points[i] == '\n') at++;
      points[i] = number;
    }
    return points;
  }

  /** The text that tokens stand for; bytes that are no UTF-8 become the replacement character. */
  public String decode(int... tokens) {
    if (tokenizer != null) return tokenizer.decode(tokens);
    var known = IntStream.of(tokens).filter(token -> token >= 0 && token < encoding.plain());
    if (encoding.tokens() == TextEncoding.Tokens.CHARACTERS) {
      return known.mapToObj(encoding.characters()::get).collect(Collectors.joining());
    }
    var plain = known.toArray();
    var bytes = new byte[plain.length];
    for (int i = 0; i < bytes.length; i++) bytes[i] = (byte) plain[i];
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
