package dev.ashlar.io.tokenizers;

import dev.ashlar.io.tokenizers.PreTokenizer.Bytes;
import dev.ashlar.io.tokenizers.PreTokenizer.Sequence;
import dev.ashlar.io.tokenizers.PreTokenizer.Split;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The fast way of byte-level BPE whose words one of the well-known patterns finds: no letters for bytes, and no regular
 * expression. Halves of characters, which are in no whole text, are read as U+FFFD.
 */
final class ByteLevelWords implements Words, WordCache.Coder {
  private final WordScanner scanner;
  private final Bpe model;
  private final WordCache cache = new WordCache();
  private final int[] letters;

  private ByteLevelWords(WordScanner scanner, Bpe model, int[] letters) {
    this.scanner = scanner;
    this.model = model;
    this.letters = letters;
  }

  /** For these, or null if they are of another kind. */
  static @Nullable ByteLevelWords of(@Nullable PreTokenizer preTokenizer, Model model) {
    var scanner = switch (preTokenizer) {
      case Bytes bytes when bytes.words() && !bytes.prefix() -> WordScanner.of(Bytes.PATTERN);
      case Sequence(List<PreTokenizer> parts) when parts.size() == 2
          && parts.get(0) instanceof Split(var pattern, var separation, var invert)
          && separation == Separation.ISOLATED && !invert && !pattern.isLiteral()
          && parts.get(1) instanceof Bytes bytes && !bytes.words() && !bytes.prefix() ->
          WordScanner.of(pattern.source());
      case null, default -> null;
    };
    if (scanner == null || !(model instanceof Bpe bpe)) return null;
    if (!bpe.prefix().isEmpty() || !bpe.suffix().isEmpty()) return null;
    var letters = new int[256];
    for (int b = 0; b < letters.length; b++) {
      letters[b] = bpe.vocabulary().id(String.valueOf(ByteLetters.letter(b)));
      if (letters[b] < 0) return null;
    }
    return new ByteLevelWords(scanner, bpe, letters);
  }

  @Override
  public void encode(String text, Ids ids) {
    var characters = text.toCharArray();
    for (int from = 0; from < characters.length;) {
      int to = scanner.end(characters, from);
      ids.addAll(cache.tokens(characters, from, to, this));
      from = to;
    }
  }

  @Override
  public int[] tokens(char[] text, int from, int to) {
    var word = Characters.whole(new String(text, from, to - from));
    var bytes = word.getBytes(StandardCharsets.UTF_8);
    if (model.wholeWords()) {
      int whole = model.vocabulary().id(ByteLetters.of(word));
      if (whole >= 0) return new int[] {whole};
    }
    var tokens = new int[bytes.length];
    for (int i = 0; i < tokens.length; i++) tokens[i] = letters[bytes[i] & 0xff];
    return Arrays.copyOf(tokens, model.merges().apply(tokens, tokens.length));
  }
}
