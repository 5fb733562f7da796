package dev.ashlar.io.tokenizers;

import dev.ashlar.config.FileException;
import dev.ashlar.io.tokenizers.Separation.Span;
import java.util.ArrayList;
import java.util.List;

/** How a text is split into the words that the model sees, each for itself. */
sealed interface PreTokenizer {

  /** The pieces, none of them empty. */
  List<Piece> split(Piece piece);

  /**
   * Reads one.
   *
   * @throws FileException if it is of an unknown kind, or has a wrong field
   */
  static PreTokenizer read(Fields fields) throws FileException {
    return switch (fields.type()) {
      case "Sequence" -> new Sequence(fields.list("pretokenizers", PreTokenizer::read));
      case "ByteLevel" -> new Bytes(fields.flag("add_prefix_space", true), fields.flag("use_regex", true));
      case "Split" -> new Split(TextPattern.read(fields), fields.choice("behavior", Separation.class, null),
          fields.flag("invert", false));
      case "Whitespace" -> new Words();
      case "WhitespaceSplit" -> new Blanks();
      case "Punctuation" ->
          new Punctuation(fields.choice("behavior", Separation.class, Separation.ISOLATED));
      case "Digits" -> new Digits(fields.flag("individual_digits", false));
      case "CharDelimiterSplit" -> new Delimiter(fields.character("delimiter"));
      case "BertPreTokenizer" -> new Bert();
      case "Metaspace" -> Metaspace.read(fields);
      case "UnicodeScripts" -> new Scripts();
      case "FixedLength" -> new FixedLength(Math.max(1, fields.count("length", 5)));
      default -> throw fields.unknownType("Sequence", "ByteLevel", "Split", "Whitespace", "WhitespaceSplit",
          "Punctuation", "Digits", "CharDelimiterSplit", "BertPreTokenizer", "Metaspace", "UnicodeScripts",
          "FixedLength");
    };
  }

  /** Each splits what the one before has left. */
  record Sequence(List<PreTokenizer> preTokenizers) implements PreTokenizer {
    @Override
    public List<Piece> split(Piece piece) {
      var pieces = List.of(piece);
      for (var each : preTokenizers) {
        var next = new ArrayList<Piece>();
        for (var part : pieces) next.addAll(each.split(part));
        pieces = next;
      }
      return pieces;
    }
  }

  /** Letters for the bytes, of words as GPT-2 finds them or of the whole piece. */
  record Bytes(boolean prefix, boolean words) implements PreTokenizer {
    /** GPT-2's words. */
    static final String PATTERN =
        "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";
    private static final TextPattern COMPILED = TextPattern.compile(PATTERN);

    @Override
    public List<Piece> split(Piece piece) {
      var whole = prefix && !piece.text().startsWith(" ") ? piece.with(" " + piece.text()) : piece;
      var pieces = words ? Separation.ISOLATED.split(whole, COMPILED.spans(whole.text())) : List.of(whole);
      return pieces.stream().map(p -> p.with(ByteLetters.of(p.text()))).toList();
    }
  }

  /** By a pattern. */
  record Split(TextPattern pattern, Separation separation, boolean invert) implements PreTokenizer {
    @Override
    public List<Piece> split(Piece piece) {
      var spans = pattern.spans(piece.text());
      return separation.split(piece, invert ? spans.stream().map(Span::inverted).toList() : spans);
    }
  }

  /** Words and runs of other characters; white space goes. */
  record Words() implements PreTokenizer {
    @Override
    public List<Piece> split(Piece piece) {
      var pieces = new ArrayList<Piece>();
      var text = piece.text();
      for (int from = 0; from < text.length();) {
        int c = text.codePointAt(from);
        int to = from + Character.charCount(c);
        if (!Characters.isWhitespace(c)) {
          boolean word = Characters.isWord(c);
          while (to < text.length() && isLike(word, text.codePointAt(to))) {
            to += Character.charCount(text.codePointAt(to));
          }
          pieces.add(piece.part(from, to));
        }
        from = to;
      }
      return pieces;
    }

    private static boolean isLike(boolean word, int c) {
      return Characters.isWord(c) == word && !Characters.isWhitespace(c);
    }
  }

  /** What stands between white space. */
  record Blanks() implements PreTokenizer {
    @Override
    public List<Piece> split(Piece piece) {
      return Separation.REMOVED.split(piece, Separation.spans(piece.text(), Characters::isWhitespace));
    }
  }

  /** By punctuation. */
  record Punctuation(Separation separation) implements PreTokenizer {
    @Override
    public List<Piece> split(Piece piece) {
      return separation.split(piece, Separation.spans(piece.text(), ReferenceUnicode::isPunctuation));
    }
  }

  /** Digits apart from the rest, in groups or each for itself. */
  record Digits(boolean each) implements PreTokenizer {
    @Override
    public List<Piece> split(Piece piece) {
      return (each ? Separation.ISOLATED : Separation.CONTIGUOUS)
          .split(piece, Separation.spans(piece.text(), ReferenceUnicode::isNumber));
    }
  }

  /** What stands between delimiters. */
  record Delimiter(int delimiter) implements PreTokenizer {
    @Override
    public List<Piece> split(Piece piece) {
      return Separation.REMOVED.split(piece, Separation.spans(piece.text(), c -> c == delimiter));
    }
  }

  /** As BERT's: by white space, which goes, and by punctuation. */
  record Bert() implements PreTokenizer {
    @Override
    public List<Piece> split(Piece piece) {
      var pieces = new ArrayList<Piece>();
      var text = piece.text();
      int begun = 0;
      for (int i = 0; i < text.length();) {
        int c = text.codePointAt(i);
        int end = i + Character.charCount(c);
        boolean blank = Characters.isWhitespace(c);
        if (blank || ReferenceUnicode.isPunctuation(c)) {
          if (begun < i) pieces.add(piece.part(begun, i));
          if (!blank) pieces.add(piece.part(i, end));
          begun = end;
        }
        i = end;
      }
      if (begun < text.length()) pieces.add(piece.part(begun, text.length()));
      return pieces;
    }
  }

  /** As SentencePiece: a blank becomes a visible character, and words begin with it. */
  record Metaspace(String replacement, Prefix prefix, boolean words) implements PreTokenizer {
    /** Which pieces get a blank in front, if there is none. */
    enum Prefix { FIRST, NEVER, ALWAYS }

    static Metaspace read(Fields fields) throws FileException {
      return new Metaspace(Character.toString(fields.character("replacement")), prefix(fields),
          fields.flag("split", true));
    }

    /** What newer files call {@code prepend_scheme}, and older ones {@code add_prefix_space}. */
    static Prefix prefix(Fields fields) throws FileException {
      var prefix = fields.choice("prepend_scheme", Prefix.class, Prefix.ALWAYS);
      return fields.flag("add_prefix_space", true) ? prefix : Prefix.NEVER;
    }

    @Override
    public List<Piece> split(Piece piece) {
      var text = piece.text().replace(" ", replacement);
      boolean prefixed = prefix == Prefix.ALWAYS || prefix == Prefix.FIRST && piece.begins();
      var whole = piece.with(prefixed && !text.startsWith(replacement) ? replacement + text : text);
      if (!words) return List.of(whole);
      int mark = replacement.codePointAt(0);
      return Separation.MERGED_WITH_NEXT.split(whole, Separation.spans(whole.text(), c -> c == mark));
    }
  }

  /** Where the script changes. */
  record Scripts() implements PreTokenizer {
    private static final int LONG_VOWEL = 0x30fc;

    @Override
    public List<Piece> split(Piece piece) {
      var pieces = new ArrayList<Piece>();
      var text = piece.text();
      // What stands before the first character of a script is in no piece.
      int from = text.length();
      Character.UnicodeScript last = null;
      for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
        int c = text.codePointAt(i);
        var script = script(c);
        if (c == ' ' || script == Character.UnicodeScript.UNKNOWN) continue;
        if (last != script) {
          if (last != null) pieces.add(piece.part(from, i));
          from = i;
        }
        last = script;
      }
      if (last != null) pieces.add(piece.part(from, text.length()));
      return pieces;
    }

    /** Japanese is one script. */
    private static Character.UnicodeScript script(int c) {
      var script = Character.UnicodeScript.of(c);
      return c == LONG_VOWEL || script == Character.UnicodeScript.HIRAGANA
          || script == Character.UnicodeScript.KATAKANA ? Character.UnicodeScript.HAN : script;
    }
  }

  /** So many characters each. */
  record FixedLength(int length) implements PreTokenizer {
    @Override
    public List<Piece> split(Piece piece) {
      var pieces = new ArrayList<Piece>();
      var text = piece.text();
      for (int from = 0; from < text.length();) {
        int characters = Math.min(length, text.codePointCount(from, text.length()));
        int to = text.offsetByCodePoints(from, characters);
        pieces.add(piece.part(from, to));
        from = to;
      }
      return pieces;
    }
  }
}
