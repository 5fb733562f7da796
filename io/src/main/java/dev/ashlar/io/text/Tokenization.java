package dev.ashlar.io.text;

import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import java.nio.file.Path;

/** How a text becomes tokens: {@code bytes}, {@code characters}, {@code file} or {@code bpe}. */
@Name("tokenizer")
public sealed interface Tokenization permits TextEncoding.Tokens, Tokenization.FromFile, Tokenization.BytePairs {

  /**
   * A tokenizer that is there.
   *
   * @param path a {@code tokenizer.json}, or a folder with one
   */
  @Name("file")
  @Doc("a tokenizer.json, as Hugging Face's models have it")
  record FromFile(@Doc("the file, or a folder with one") Path path) implements Tokenization {}

  /**
   * A byte-level BPE that is learnt from the text to learn from (Sennrich et al., 2016; Radford et al., 2019).
   *
   * @param vocabulary number of tokens, that of the end of a text among them
   */
  @Name("bpe")
  @Doc("byte-level BPE, learnt from the text to learn from")
  record BytePairs(@Doc("number of tokens, 257 or more") @Range(atLeast = 257) int vocabulary)
      implements Tokenization {}
}
