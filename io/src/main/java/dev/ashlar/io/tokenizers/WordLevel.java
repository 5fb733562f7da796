package dev.ashlar.io.tokenizers;

/**
 * A token for each word.
 *
 * @param unknown the token of unknown words, or -1: such words go
 */
record WordLevel(Vocabulary vocabulary, int unknown) implements Model {
  @Override
  public void encode(String word, Ids ids) {
    int id = vocabulary.id(word);
    if (id >= 0) ids.add(id);
    else if (unknown >= 0) ids.add(unknown);
  }
}
