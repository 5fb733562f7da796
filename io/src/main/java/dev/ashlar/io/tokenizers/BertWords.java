package dev.ashlar.io.tokenizers;

/** The fast way of WordPiece whose words BERT's pre-tokenizer finds. */
record BertWords(WordPiece model) implements Words {
  private static final byte LETTER = 0;
  private static final byte MARK = 1;
  private static final byte BLANK = 2;
  private static final byte[] ASCII = new byte[0x80];

  static {
    for (int c = 0; c < ASCII.length; c++) ASCII[c] = kind(c);
  }

  private static byte kind(int c) {
    if (Characters.isWhitespace(c)) return BLANK;
    return ReferenceUnicode.isPunctuation(c) ? MARK : LETTER;
  }

  @Override
  public void encode(String text, Ids ids) {
    var letters = text.toCharArray();
    int begun = 0;
    for (int i = 0; i < letters.length;) {
      char first = letters[i];
      byte kind;
      int end = i + 1;
      if (first < ASCII.length) {
        kind = ASCII[first];
      } else {
        int c = Character.codePointAt(letters, i);
        end = i + Character.charCount(c);
        kind = kind(c);
      }
      if (kind != LETTER) {
        if (begun < i) model.encode(letters, begun, i, ids);
        if (kind == MARK) model.encode(letters, i, end, ids);
        begun = end;
      }
      i = end;
    }
    if (begun < letters.length) model.encode(letters, begun, letters.length, ids);
  }
}
