package dev.ashlar.io.tokenizers;

import org.jspecify.annotations.Nullable;

/**
 * The fast way from a text to tokens for pre-tokenizers and models that are often seen together: words are found in an
 * array of characters, without pieces. What it gives is what {@link PreTokenizer} and {@link Model} give in turn.
 */
interface Words {
  /** Adds the tokens of a text. */
  void encode(String text, Ids ids);

  /** For these, or null if they are of another kind. */
  static @Nullable Words of(@Nullable PreTokenizer preTokenizer, Model model) {
    if (preTokenizer instanceof PreTokenizer.Bert && model instanceof WordPiece pieces) return new BertWords(pieces);
    return ByteLevelWords.of(preTokenizer, model);
  }
}
