package dev.ashlar.io.tokenizers;

/** The well-known ways to find the words that byte-level BPE never merges across. */
public enum WordPattern {
  /** GPT-2's: letters, digits and other characters apart, with a blank before them; {@code 's} and the like. */
  GPT2(PreTokenizer.Bytes.PATTERN),
  /** Llama 3's: digits in groups of up to three, and ends of lines apart. */
  LLAMA3(WordScanner.LLAMA3),
  /** Qwen's: as Llama 3's, but each digit by itself. */
  QWEN2(WordScanner.QWEN2);

  private final String regex;

  WordPattern(String regex) {
    this.regex = regex;
  }

  /** The regular expression, as Oniguruma understands it. */
  public String regex() {
    return regex;
  }
}
