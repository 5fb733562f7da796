package dev.ashlar.io.tokenizers;

/**
 * A part of a text on its way to the model.
 *
 * @param begins whether it begins where the whole text does
 */
record Piece(String text, boolean begins) {
  Piece part(int from, int to) {
    return new Piece(text.substring(from, to), begins && from == 0);
  }

  Piece with(String other) {
    return new Piece(other, begins);
  }
}
