package dev.ashlar.io.tokenizers;

/** Splits a word into tokens of a vocabulary. */
interface Model {
  /** The tokens of a word that is not empty. */
  void encode(String word, Ids ids);
}
