package dev.ashlar.io.tokenizers;

import dev.ashlar.config.FileException;
import dev.ashlar.io.files.AtomicFiles;
import dev.ashlar.io.files.FileProblems;
import dev.ashlar.io.jackson.StrictJson;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Text to numbers of tokens and back, as a {@code tokenizer.json} says: the same numbers and the same text as the
 * Python package {@code tokenizers} gives. Immutable; any number of threads may use one.
 */
public final class Tokenizer {
  /** What the file is called in a folder. */
  public static final String FILE = "tokenizer.json";

  private static final long LARGEST = 1L << 30;

  private final String json;
  private final Model model;
  private final Vocabulary vocabulary;
  private final Map<String, Integer> addedIds = new HashMap<>();
  private final Map<Integer, String> addedTokens = new HashMap<>();
  private final Set<Integer> special = new LinkedHashSet<>();
  private final AddedTokens raw;
  private final AddedTokens normalized;
  private final @Nullable Normalizer normalizer;
  private final @Nullable PreTokenizer preTokenizer;
  private final @Nullable PostProcessor postProcessor;
  private final Decoder decoder;
  private final @Nullable Truncation truncation;
  private final @Nullable Padding padding;
  private final @Nullable Words words;
  private final int size;

  Tokenizer(String json, Model model, Vocabulary vocabulary, List<AddedToken> added, @Nullable Normalizer normalizer,
      @Nullable PreTokenizer preTokenizer, @Nullable PostProcessor postProcessor, Decoder decoder,
      @Nullable Truncation truncation, @Nullable Padding padding) {
    this.json = json;
    this.model = model;
    this.vocabulary = vocabulary;
    this.normalizer = normalizer;
    this.preTokenizer = preTokenizer;
    this.postProcessor = postProcessor;
    this.decoder = decoder;
    this.truncation = truncation;
    this.padding = padding;
    int end = vocabulary.size();
    for (var token : added) {
      addedIds.putIfAbsent(token.content(), token.id());
      addedTokens.putIfAbsent(token.id(), token.normalized() ? normalized(token.content()) : token.content());
      if (token.special()) special.add(token.id());
      end = Math.max(end, token.id() + 1);
    }
    size = end;
    raw = new AddedTokens(added.stream().filter(t -> !t.normalized()).toList(), UnaryOperator.identity());
    normalized = new AddedTokens(added.stream().filter(AddedToken::normalized).toList(), this::normalized);
    words = Words.of(preTokenizer, model);
  }

  /**
   * Reads a file, or the file {@value #FILE} in a folder.
   *
   * @throws FileException if it cannot be read, or is no tokenizer that is known
   */
  public static Tokenizer read(Path path) throws FileException {
    var file = Files.isDirectory(path) ? path.resolve(FILE) : path;
    try {
      long length = Files.size(file);
      if (length > LARGEST) {
        throw FileException.at(file.toString(), length + " bytes", "at most " + LARGEST + " bytes of JSON", "");
      }
      var text = StrictJson.decode(ByteBuffer.wrap(Files.readAllBytes(file)), file.toString());
      return parse(text, file.toString());
    } catch (IOException e) {
      throw FileProblems.reading(file, e);
    }
  }

  /**
   * Reads a text.
   *
   * @param json what a {@code tokenizer.json} holds
   * @param source how messages call it, as if it were a file
   * @throws FileException if it is no tokenizer that is known
   */
  public static Tokenizer parse(String json, String source) throws FileException {
    return TokenizerReader.read(json, source);
  }

  /** The text that it was read from, unchanged. */
  public String toJson() {
    return json;
  }

  /**
   * Writes the text that it was read from, in UTF-8.
   *
   * @throws FileException if it cannot be written; what stood there before is untouched then
   */
  public void write(Path path) throws IOException {
    AtomicFiles.write(path, json);
  }

  /** The tokens of a text, with the special ones that models of this kind want around it. */
  public int[] encode(String text) {
    return encode(text, true);
  }

  /**
   * The tokens of a text. Halves of characters, which Java's strings may have, are read as U+FFFD.
   *
   * @param special whether special tokens are put around it, such as one for its beginning; those that the text names
   *     are found in any case
   */
  public int[] encode(String text, boolean special) {
    var ids = new Ids(text.length() / 3);
    boolean mends = words instanceof ByteLevelWords && normalizer == null;
    var whole = new Piece(mends ? text : Characters.whole(text), true);
    raw.split(whole, part -> encodePart(part, ids), token -> ids.add(token.id()));
    return framed(ids.toArray(), special);
  }

  private int[] framed(int[] ids, boolean special) {
    var framed = ids;
    if (truncation != null) {
      framed = truncation.apply(framed, special && postProcessor != null ? postProcessor.added() : 0);
    }
    if (postProcessor != null) framed = postProcessor.apply(framed, special);
    return padding == null ? framed : padding.apply(framed);
  }

  private void encodePart(Piece part, Ids ids) {
    var form = normalizer == null ? part : normalizer.apply(part);
    normalized.split(form, piece -> encodePiece(piece, ids), token -> ids.add(token.id()));
  }

  private void encodePiece(Piece piece, Ids ids) {
    if (piece.text().isEmpty()) return;
    if (words != null) {
      words.encode(piece.text(), ids);
      return;
    }
    for (var word : preTokenizer == null ? List.of(piece) : preTokenizer.split(piece)) {
      if (!word.text().isEmpty()) model.encode(word.text(), ids);
    }
  }

  private String normalized(String text) {
    return normalizer == null ? text : normalizer.apply(new Piece(text, true)).text();
  }

  /** The text of tokens, without special ones. Numbers of no token are left out. */
  public String decode(int... ids) {
    return decode(ids, false);
  }

  /**
   * The text of tokens. Numbers of no token are left out.
   *
   * @param special whether special tokens are shown
   */
  public String decode(int[] ids, boolean special) {
    var stream = stream(special);
    var text = new StringBuilder();
    for (int id : ids) text.append(stream.next(id));
    return text.append(stream.rest()).toString();
  }

  /** A decoder that gives text as tokens come, without special ones. */
  public Stream stream() {
    return stream(false);
  }

  /**
   * A decoder that gives text as tokens come.
   *
   * @param special whether special tokens are shown
   */
  public Stream stream(boolean special) {
    return new Stream(this, special);
  }

  /** One more than the greatest number of a token: how many rows an embedding needs. */
  public int size() {
    return size;
  }

  /** The number of a token, if there is one. */
  public OptionalInt id(String token) {
    var added = addedIds.get(token);
    int id = added != null ? added : vocabulary.id(token);
    return id < 0 ? OptionalInt.empty() : OptionalInt.of(id);
  }

  /** The token of a number as the vocabulary writes it, or as a normalized text would; null if there is none. */
  public @Nullable String token(int id) {
    var added = addedTokens.get(id);
    return added != null ? added : vocabulary.token(id);
  }

  /** Whether it is the number of a special token, which stands for no text. */
  public boolean isSpecial(int id) {
    return special.contains(id);
  }

  /** The special tokens, in the order of the file. */
  public List<String> specialTokens() {
    return special.stream().map(this::token).toList();
  }

  /**
   * Gives text as tokens come, and no sooner than it is certain: never a part of a character, never a blank that a
   * later token takes away. All that it gives, joined, is what {@link Tokenizer#decode} gives of all tokens. It begins
   * as the beginning of a text does; whoever continues a text hands it those tokens first. For one thread.
   */
  public static final class Stream {
    private final Tokenizer tokenizer;
    private final boolean special;
    private final StringBuilder text = new StringBuilder();
    private final Decoder.Stage first;
    private boolean ended;

    private Stream(Tokenizer tokenizer, boolean special) {
      this.tokenizer = tokenizer;
      this.special = special;
      first = tokenizer.decoder.before(new Decoder.Stage() {
        @Override
        public void text(String part) {
          text.append(part);
        }

        @Override
        public void endToken() {
          // Tokens have no borders in the text.
        }

        @Override
        public void end() {
          // Nothing waits here.
        }
      });
    }

    /**
     * The text that this token completes; often empty.
     *
     * @throws IllegalStateException after {@link #rest}
     */
    public String next(int id) {
      if (ended) throw new IllegalStateException("the stream has ended: begin another one");
      var token = tokenizer.token(id);
      if (token != null && (special || !tokenizer.isSpecial(id))) {
        first.text(token);
        first.endToken();
      }
      return taken();
    }

    /** The text that waited for another token; ends the stream. */
    public String rest() {
      if (!ended) first.end();
      ended = true;
      return taken();
    }

    private String taken() {
      if (text.isEmpty()) return "";
      var taken = text.toString();
      text.setLength(0);
      return taken;
    }
  }
}
