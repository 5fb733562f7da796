package dev.ashlar.io.tokenizers;

import dev.ashlar.config.FileException;
import java.util.List;

/** How tokens become text. It is a stage that tokens run through, so that text can come while tokens still do. */
sealed interface Decoder {

  /**
   * What tokens run through. Text of a token comes in one part or several, then its end; after the last token comes the
   * end of all. A stage passes on what no later token can change.
   */
  interface Stage {
    /** More of the token at hand. */
    void text(String part);

    /** The token at hand is whole. */
    void endToken();

    /** There are no more tokens. */
    void end();
  }

  /** A fresh stage in front of another one. */
  Stage before(Stage next);

  /**
   * Reads one.
   *
   * @throws FileException if it is of an unknown kind, or has a wrong field
   */
  static Decoder read(Fields fields) throws FileException {
    return switch (fields.type()) {
      case "Sequence" -> new Sequence(fields.list("decoders", Decoder::read));
      case "ByteLevel" -> new Bytes();
      case "ByteFallback" -> new ByteFallback();
      case "Fuse" -> new Fuse();
      case "Strip" -> new Strip(fields.character("content"), fields.count("start", 0), fields.count("stop", 0));
      case "Replace" -> new Replace(TextPattern.read(fields), fields.text("content"));
      case "Metaspace" -> new Metaspace(fields.character("replacement"),
          PreTokenizer.Metaspace.prefix(fields) != PreTokenizer.Metaspace.Prefix.NEVER);
      case "WordPiece" -> new WordPiece(fields.text("prefix", "##"), fields.flag("cleanup", true));
      case "BPEDecoder" -> new Suffix(fields.text("suffix", "</w>"));
      case "CTC" -> new Ctc(fields.text("pad_token", "<pad>"), fields.text("word_delimiter_token", "|"),
          fields.flag("cleanup", true));
      default -> throw fields.unknownType("Sequence", "ByteLevel", "ByteFallback", "Fuse", "Strip", "Replace",
          "Metaspace", "WordPiece", "BPEDecoder", "CTC");
    };
  }

  /** One after the other. */
  record Sequence(List<Decoder> decoders) implements Decoder {
    @Override
    public Stage before(Stage next) {
      for (var each : decoders.reversed()) next = each.before(next);
      return next;
    }
  }

  /** Without any decoder: tokens with blanks between them. */
  record Joined() implements Decoder {
    @Override
    public Stage before(Stage next) {
      return new DecoderStages.Whole(next) {
        private boolean began;

        @Override
        void token(String token) {
          pass(began ? " " + token : token);
          began = true;
        }
      };
    }
  }

  /** Letters that stand for bytes of UTF-8. All becomes one token. */
  record Bytes() implements Decoder {
    @Override
    public Stage before(Stage next) {
      return new DecoderStages.Utf8(next);
    }
  }

  /** Tokens such as {@code <0xE2>} that are bytes of UTF-8. */
  record ByteFallback() implements Decoder {
    @Override
    public Stage before(Stage next) {
      return new DecoderStages.ByteTokens(next);
    }
  }

  /** All becomes one token. */
  record Fuse() implements Decoder {
    @Override
    public Stage before(Stage next) {
      return new Stage() {
        @Override
        public void text(String part) {
          next.text(part);
        }

        @Override
        public void endToken() {
          // The next token goes on with it.
        }

        @Override
        public void end() {
          next.endToken();
          next.end();
        }
      };
    }
  }

  /** Leaves out up to so many of a character at the beginning and the end of each token. */
  record Strip(int content, int start, int stop) implements Decoder {
    @Override
    public Stage before(Stage next) {
      return new DecoderStages.Stripped(next, content, start, stop);
    }
  }

  /** Puts something in the place of all matches in each token. */
  record Replace(TextPattern pattern, String content) implements Decoder {
    @Override
    public Stage before(Stage next) {
      return pattern.isLiteral() ? new DecoderStages.Replaced(next, pattern.source(), content)
          : new DecoderStages.Whole(next) {
            @Override
            void token(String token) {
              pass(pattern.replace(token, content));
            }
          };
    }
  }

  /** A visible character becomes a blank; in the first token nothing. */
  record Metaspace(int replacement, boolean prefixed) implements Decoder {
    @Override
    public Stage before(Stage next) {
      var mark = Character.toString(replacement);
      return new Stage() {
        private boolean first = true;

        @Override
        public void text(String part) {
          next.text(part.replace(mark, first && prefixed ? "" : " "));
        }

        @Override
        public void endToken() {
          first = false;
          next.endToken();
        }

        @Override
        public void end() {
          next.end();
        }
      };
    }
  }

  /** Tokens with the prefix go on with the word before, others begin one. */
  record WordPiece(String prefix, boolean cleanup) implements Decoder {
    @Override
    public Stage before(Stage next) {
      return new DecoderStages.Whole(next) {
        private boolean began;

        @Override
        void token(String token) {
          var text = !began ? token : token.startsWith(prefix) ? token.substring(prefix.length()) : " " + token;
          began = true;
          pass(cleanup ? DecoderStages.cleaned(text) : text);
        }
      };
    }
  }

  /** A suffix ends a word. */
  record Suffix(String suffix) implements Decoder {
    @Override
    public Stage before(Stage next) {
      return new DecoderStages.WordEnds(next, suffix);
    }
  }

  /** As speech recognition gives it: what is repeated is one, and padding goes. */
  record Ctc(String padding, String delimiter, boolean cleanup) implements Decoder {
    @Override
    public Stage before(Stage next) {
      return new DecoderStages.Whole(next) {
        private String last = "";
        private boolean began;

        @Override
        void token(String token) {
          if (began && token.equals(last)) return;
          began = true;
          last = token;
          var text = padding.isEmpty() ? token : token.replace(padding, "");
          if (cleanup) text = DecoderStages.cleaned(text).replace(delimiter, " ");
          if (!text.isEmpty()) pass(text);
        }
      };
    }
  }
}
