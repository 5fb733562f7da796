package dev.ashlar.io.tokenizers;

import dev.ashlar.config.FileException;
import java.text.Normalizer.Form;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;

/** What is done to a text before anything looks at it. */
sealed interface Normalizer {

  /** The text as the model sees it. A piece from which the first character goes begins the text no more. */
  Piece apply(Piece piece);

  /**
   * Reads one.
   *
   * @throws FileException if it is of an unknown kind, or has a wrong field
   */
  static Normalizer read(Fields fields) throws FileException {
    return switch (fields.type()) {
      case "Sequence" -> new Sequence(fields.list("normalizers", Normalizer::read));
      case "NFC" -> new Unicode(Form.NFC);
      case "NFD" -> new Unicode(Form.NFD);
      case "NFKC" -> new Unicode(Form.NFKC);
      case "NFKD" -> new Unicode(Form.NFKD);
      case "Lowercase" -> new Lowercase();
      case "StripAccents" -> new StripAccents();
      case "Strip" -> new Strip(fields.flag("strip_left", true), fields.flag("strip_right", true));
      case "Prepend" -> new Prepend(fields.text("prepend"));
      case "Replace" -> new Replace(TextPattern.read(fields), fields.text("content"));
      case "ByteLevel" -> new Bytes();
      case "Nmt" -> new Nmt();
      case "BertNormalizer" -> {
        boolean lowercase = fields.flag("lowercase", true);
        yield new Bert(fields.flag("clean_text", true), fields.flag("handle_chinese_chars", true),
            fields.flag("strip_accents", lowercase), lowercase);
      }
      case "Precompiled" -> throw Fields.problem(fields.get("type"), "the normalizer 'Precompiled'",
          "one that says its rules, such as NFKC or Replace",
          "its table is SentencePiece's own; save the tokenizer with the normalizer NFKC, which is nearly the same");
      default -> throw fields.unknownType("Sequence", "NFC", "NFD", "NFKC", "NFKD", "Lowercase", "StripAccents",
          "Strip", "Prepend", "Replace", "ByteLevel", "Nmt", "BertNormalizer");
    };
  }

  /** One after the other. */
  record Sequence(List<Normalizer> normalizers) implements Normalizer {
    @Override
    public Piece apply(Piece piece) {
      for (var each : normalizers) piece = each.apply(piece);
      return piece;
    }
  }

  /** A normal form of Unicode. */
  record Unicode(Form form) implements Normalizer {
    @Override
    public Piece apply(Piece piece) {
      return piece.with(ReferenceUnicode.normalize(piece.text(), form));
    }
  }

  /** Small letters, each without a look at its neighbours. */
  record Lowercase() implements Normalizer {
    private static final int DOTTED_I = 0x130;

    @Override
    public Piece apply(Piece piece) {
      var text = mapped(piece.text(), ReferenceUnicode::toLowerCase);
      return piece.with(piece.text().indexOf(DOTTED_I) < 0 ? text : lowercase(piece.text()));
    }

    /** The one letter that becomes two. */
    private static String lowercase(String text) {
      var lower = new StringBuilder();
      text.codePoints().forEach(c -> {
        if (c == DOTTED_I) lower.append("i\u0307");
        else lower.appendCodePoint(ReferenceUnicode.toLowerCase(c));
      });
      return lower.toString();
    }
  }

  /** Leaves marks out. */
  record StripAccents() implements Normalizer {
    @Override
    public Piece apply(Piece piece) {
      return without(piece, ReferenceUnicode::isMark);
    }
  }

  /** Leaves white space at the ends out. */
  record Strip(boolean left, boolean right) implements Normalizer {
    @Override
    public Piece apply(Piece piece) {
      var text = piece.text();
      int from = 0;
      int to = text.length();
      // All white space is of the basic plane.
      while (left && from < to && Characters.isWhitespace(text.charAt(from))) from++;
      while (right && to > from && Characters.isWhitespace(text.charAt(to - 1))) to--;
      return piece.part(from, to);
    }
  }

  /** Puts something in front of a text that is not empty. */
  record Prepend(String prefix) implements Normalizer {
    @Override
    public Piece apply(Piece piece) {
      return piece.text().isEmpty() ? piece : piece.with(prefix + piece.text());
    }
  }

  /** Puts something in the place of all matches. */
  record Replace(TextPattern pattern, String content) implements Normalizer {
    @Override
    public Piece apply(Piece piece) {
      return piece.with(pattern.replace(piece.text(), content));
    }
  }

  /** Letters for the bytes. */
  record Bytes() implements Normalizer {
    @Override
    public Piece apply(Piece piece) {
      return piece.with(ByteLetters.of(piece.text()));
    }
  }

  /** As NMT's: control characters go, and what separates becomes a blank. */
  record Nmt() implements Normalizer {
    @Override
    public Piece apply(Piece piece) {
      var kept = without(piece, Nmt::isControl);
      return kept.with(mapped(kept.text(), c -> separates(c) ? ' ' : c));
    }

    private static boolean isControl(int c) {
      return c >= 1 && c <= 8 || c == 0xb || c >= 0xe && c <= 0x1f || c == 0x7f || c == 0x8f || c == 0x9f;
    }

    private static boolean separates(int c) {
      return switch (c) {
        case 0x9, 0xa, 0xc, 0xd, 0x1680, 0x2028, 0x2029, 0x2581, 0xfeff, 0xfffd -> true;
        default -> c >= 0x200b && c <= 0x200f;
      };
    }
  }

  /** As BERT's. Characters of ASCII, of which no rule looks at neighbours, go a short way. */
  record Bert(boolean clean, boolean chinese, boolean stripAccents, boolean lowercase) implements Normalizer {
    private static final int ASCII = 0x80;

    @Override
    public Piece apply(Piece piece) {
      var text = piece.text();
      var done = new StringBuilder(text.length());
      boolean begins = piece.begins();
      for (int from = 0; from < text.length();) {
        int to = from;
        if (text.charAt(from) < ASCII) {
          for (; to < text.length() && text.charAt(to) < ASCII; to++) {
            int kept = ascii(text.charAt(to));
            if (kept >= 0) done.append((char) kept);
          }
          begins &= from > 0 || ascii(text.charAt(0)) >= 0;
        } else {
          while (to < text.length() && text.charAt(to) >= ASCII) to++;
          var part = other(new Piece(text.substring(from, to), from == 0 && begins));
          done.append(part.text());
          begins &= from > 0 || part.begins();
        }
        from = to;
      }
      return new Piece(done.toString(), begins);
    }

    /** What a character becomes, or -1 if it goes. */
    private int ascii(char c) {
      if (clean && c <= ' ') return c == ' ' || c == '\t' || c == '\n' || c == '\r' ? ' ' : -1;
      if (clean && c == 0x7f) return -1;
      return lowercase && c >= 'A' && c <= 'Z' ? c | ' ' : c;
    }

    private Piece other(Piece piece) {
      var done = piece;
      if (clean) {
        done = without(done, c -> c == 0xfffd || ReferenceUnicode.isControl(c));
        done = done.with(mapped(done.text(), c -> Characters.isWhitespace(c) ? ' ' : c));
      }
      if (chinese) done = done.with(apart(done.text()));
      if (stripAccents) {
        done = done.with(ReferenceUnicode.normalize(done.text(), Form.NFD));
        done = without(done, ReferenceUnicode::isAccent);
      }
      return lowercase ? new Lowercase().apply(done) : done;
    }

    /** With blanks around ideographs, which are words each. */
    private static String apart(String text) {
      if (text.codePoints().noneMatch(Characters::isIdeograph)) return text;
      var apart = new StringBuilder();
      text.codePoints().forEach(c -> {
        if (Characters.isIdeograph(c)) apart.append(' ').appendCodePoint(c).append(' ');
        else apart.appendCodePoint(c);
      });
      return apart.toString();
    }
  }

  private static Piece without(Piece piece, IntPredicate unwanted) {
    var text = piece.text();
    StringBuilder kept = null;
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      int c = text.codePointAt(i);
      if (unwanted.test(c)) {
        if (kept == null) kept = new StringBuilder(text.length()).append(text, 0, i);
      } else if (kept != null) {
        kept.appendCodePoint(c);
      }
    }
    return kept == null ? piece
        : new Piece(kept.toString(), piece.begins() && !unwanted.test(text.codePointAt(0)));
  }

  private static String mapped(String text, IntUnaryOperator change) {
    StringBuilder mapped = null;
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      int c = text.codePointAt(i);
      int other = change.applyAsInt(c);
      if (mapped == null && other != c) mapped = new StringBuilder(text.length()).append(text, 0, i);
      if (mapped != null) mapped.appendCodePoint(other);
    }
    return mapped == null ? text : mapped.toString();
  }
}
