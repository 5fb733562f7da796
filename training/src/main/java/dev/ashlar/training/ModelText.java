package dev.ashlar.training;

import dev.ashlar.api.Experimental;
import dev.ashlar.config.FileException;
import dev.ashlar.io.text.TextCodec;
import dev.ashlar.io.text.TextEncoding;
import dev.ashlar.io.tokenizers.Tokenizer;
import java.util.List;
import java.util.Optional;

/** How a model reads and writes text. Thread-safe. */
@Experimental(since = "0.1")
public interface ModelText {

  /**
   * The tokens of a text.
   *
   * @param source what messages call it
   * @throws FileException if there are no tokens for a part of it
   */
  int[] encode(String text, String source) throws FileException;

  /** Reads tokens one by one. */
  Decoder decoder();

  /** Text that comes token by token: what is given out never ends within a character. Not thread-safe. */
  interface Decoder {

    /** What this token, behind those before it, adds for certain; empty where that depends on the next one. */
    String next(int token);

    /** What was waiting for a next token, now that there is none. */
    String rest();
  }

  /** As a tokenizer has it: prompts with the special tokens that it puts around a text, answers without any. */
  static ModelText of(Tokenizer tokenizer) {
    return new ModelText() {
      @Override
      public int[] encode(String text, String source) {
        return tokenizer.encode(text);
      }

      @Override
      public Decoder decoder() {
        Tokenizer.Stream stream = tokenizer.stream();
        return new Decoder() {
          @Override
          public String next(int token) {
            return stream.next(token);
          }

          @Override
          public String rest() {
            return stream.rest();
          }
        };
      }
    };
  }

  /**
   * As an encoding has it: prompts as the texts that were learnt from, without special tokens around them.
   *
   * @throws FileException if its tokenizer is damaged
   */
  static ModelText of(TextEncoding encoding) throws FileException {
    TextCodec codec = encoding.codec();
    Optional<ModelText> tokenizer = encoding.tokenizer().isEmpty() ? Optional.empty()
        : Optional.of(of(Tokenizer.parse(encoding.tokenizer().get(), "the model's tokenizer")));
    return new ModelText() {
      @Override
      public int[] encode(String text, String source) throws FileException {
        return codec.encode(text, source, 1);
      }

      @Override
      public Decoder decoder() {
        return tokenizer.isPresent() ? tokenizer.get().decoder()
            : encoding.tokens() == TextEncoding.Tokens.BYTES ? new Utf8Decoder()
            : new Characters(encoding.characters());
      }
    };
  }

  /** Every token a character of its own. */
  record Characters(List<String> all) implements Decoder {
    @Override
    public String next(int token) {
      return token >= 0 && token < all.size() ? all.get(token) : "\ufffd";
    }

    @Override
    public String rest() {
      return "";
    }
  }
}
