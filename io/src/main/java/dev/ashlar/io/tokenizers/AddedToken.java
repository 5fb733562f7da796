package dev.ashlar.io.tokenizers;

import dev.ashlar.config.FileException;

/**
 * A token that is found in a text before anything else is done.
 *
 * @param special whether decoding leaves it out
 * @param singleWord whether it counts only between characters that are of no word
 * @param leftStrip whether it takes the white space before it
 * @param rightStrip whether it takes the white space behind it
 * @param normalized whether it is looked for in the normalized text
 */
record AddedToken(int id, String content, boolean special, boolean singleWord, boolean leftStrip, boolean rightStrip,
    boolean normalized) {

  static AddedToken read(Fields fields) throws FileException {
    return new AddedToken(fields.count("id"), fields.text("content"), fields.flag("special", false),
        fields.flag("single_word", false), fields.flag("lstrip", false), fields.flag("rstrip", false),
        fields.flag("normalized", true));
  }

  /** The same with another number. */
  AddedToken numbered(int number) {
    return new AddedToken(number, content, special, singleWord, leftStrip, rightStrip, normalized);
  }
}
