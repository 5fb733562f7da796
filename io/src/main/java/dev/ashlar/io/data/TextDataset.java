package dev.ashlar.io.data;

import dev.ashlar.config.FileException;
import dev.ashlar.data.Dataset;
import dev.ashlar.io.text.TextEncoding;
import dev.ashlar.model.Batch;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.TensorType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Windows of a text. What numbers stand for it is learnt, and the text turned into numbers, when these are asked for
 * first: so of parts of a text the one to learn from teaches the others.
 */
final class TextDataset implements Dataset {
  private static final ValueLayout.OfInt I32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfChar U16 = ValueLayout.JAVA_CHAR_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Characters that become numbers in no time. */
  private static final int SHORT = 1 << 14;

  private final TextTokens text;
  private final TextPart part;
  private final int stride;
  private final SequencedMap<String, TensorType> columns;
  /** What numbers stand for the text, if that is known beforehand. */
  private final @Nullable TextEncoding given;
  private @Nullable Encoded encoded;
  /** Which windows these are; all if it is null. */
  private final long @Nullable [] positions;

  /**
   * A text as numbers.
   *
   * @param tokens two or four bytes each
   * @param starts where windows begin that do not follow each other evenly; none if they do
   * @param count of windows
   * @param limits behind each document's last token, of windows that do not cross these
   */
  private record Encoded(TextEncoding encoding, List<String> names, MemorySegment tokens, boolean isWide, long count,
      long @Nullable [] starts, long @Nullable [] limits) {}

  /**
   * A part of a text.
   *
   * @param given what numbers stand for it; learnt from the part if it is null
   */
  TextDataset(TextTokens text, TextPart part, int stride, @Nullable TextEncoding given) {
    this(text, part, stride, given, null, null);
  }

  private TextDataset(TextTokens text, TextPart part, int stride, @Nullable TextEncoding given,
      @Nullable Encoded encoded, long @Nullable [] positions) {
    this.text = text;
    this.part = part;
    this.stride = stride;
    this.given = given;
    this.encoded = encoded;
    this.positions = positions;
    SequencedMap<String, TensorType> types = new LinkedHashMap<>();
    types.put(Batch.INPUT, TensorType.of(DType.I32, text.length()));
    types.put(Batch.TARGET, TensorType.of(DType.I32, text.length()));
    this.columns = Collections.unmodifiableSequencedMap(types);
  }

  /** What is left over, then parts, of which the windows follow each other without overlap: each token counts once. */
  List<Dataset> parts(boolean shuffle, long seed, double... shares) {
    if (shares.length == 0) return List.of(this);
    var parts = new ArrayList<Dataset>();
    for (var one : TextPart.split(text.glance(), shuffle, seed, shares)) {
      parts.add(new TextDataset(text, one, parts.isEmpty() ? stride : text.length(), given));
    }
    return List.copyOf(parts);
  }

  /** What this part teaches about numbers for text. */
  TextEncoding learnt() throws IOException {
    return given != null ? given : text.learnt(part);
  }

  /** The same with numbers that another part has taught. */
  TextDataset encoded(TextEncoding encoding) throws IOException {
    return new TextDataset(text, part, stride, encoding, encode(encoding), positions);
  }

  /** Some of the windows, in the given order. */
  TextDataset subset(long[] chosen) {
    var whole = encoded();
    var there = new long[chosen.length];
    for (int i = 0; i < there.length; i++) there[i] = position(chosen[i]);
    return new TextDataset(text, part, stride, whole.encoding, whole, there);
  }

  TextEncoding encoding() {
    return encoded().encoding;
  }

  private synchronized Encoded encoded() {
    var known = encoded;
    if (known == null) {
      try {
        known = encode(learnt());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      encoded = known;
    }
    return known;
  }

  /** Tells what is wrong with a short text at once; of a long one that is told when it becomes numbers. */
  TextDataset checked() throws IOException {
    try {
      if (text.glance().characters() < SHORT) encoded();
      return this;
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private Encoded encode(TextEncoding encoding) throws IOException {
    var codec = encoding.codec();
    var tokens = text.tokens(part, encoding, codec);
    boolean isWide = TokenWriter.isWide(codec.size());
    long size = tokens.byteSize() / (isWide ? Integer.BYTES : Character.BYTES);
    int length = text.length();
    if (size <= length) {
      throw FileException.at(text.name(), (size == 1 ? "1 token" : size + " tokens") + (part == TextPart.ALL ? "" : " in a part of the text"),
          "more than 'length', " + length, "give a longer text, or a smaller 'length'");
    }
    var names = encoding.names();
    if (text.crosses()) {
      return new Encoded(encoding, names, tokens, isWide, (size - 1 - length) / stride + 1, null, null);
    }
    if (codec.end().isEmpty() && text.glance().documents() > 1) {
      throw FileException.at(text.name(), "a tokenizer without a token for the end of a text",
          "one such as <|endoftext|>", "let examples go on from one document to the next: leave out 'crossing'");
    }
    var ends = ends(tokens, isWide, size, codec.end().orElse(-1));
    var starts = new ArrayList<Long>();
    var limits = new ArrayList<Long>();
    long begin = 0;
    for (long end : ends) {
      for (long at = begin; at == begin || at + 1 < end; at += stride) {
        starts.add(at);
        limits.add(end);
      }
      begin = end;
    }
    return new Encoded(encoding, names, tokens, isWide, starts.size(),
        starts.stream().mapToLong(Long::longValue).toArray(), limits.stream().mapToLong(Long::longValue).toArray());
  }

  /** Behind each document's last token. */
  private static long[] ends(MemorySegment tokens, boolean isWide, long size, int end) {
    var ends = new ArrayList<Long>();
    for (long i = 0; i < size; i++) {
      if (token(tokens, isWide, i) == end || i == size - 1) ends.add(i + 1);
    }
    return ends.stream().mapToLong(Long::longValue).toArray();
  }

  private static int token(MemorySegment tokens, boolean isWide, long at) {
    return isWide ? tokens.get(I32, at * Integer.BYTES) : tokens.get(U16, at * Character.BYTES);
  }

  @Override
  public long size() {
    return positions != null ? positions.length : encoded().count;
  }

  @Override
  public boolean isEmpty() {
    return text.glance().characters() == 0;
  }

  @Override
  public SequencedMap<String, TensorType> columns() {
    return columns;
  }

  @Override
  public List<String> classes() {
    return encoded().names;
  }

  private long position(long position) {
    Objects.checkIndex(position, size());
    return positions == null ? position : positions[(int) position];
  }

  @Override
  public void read(long[] at, int count, Map<String, NDArray> batch) {
    var whole = encoded();
    int read = read(whole, Batch.INPUT, at, count, batch) + read(whole, Batch.TARGET, at, count, batch);
    if (read < batch.size()) {
      throw new IllegalArgumentException("columns " + batch.keySet() + " asked for; there are " + columns.keySet());
    }
  }

  private int read(Encoded whole, String column, long[] at, int count, Map<String, NDArray> batch) {
    var into = batch.get(column);
    if (into == null) return 0;
    ArrayDataset.check(column, Objects.requireNonNull(columns.get(column)), count, into);
    int shift = column.equals(Batch.TARGET) ? 1 : 0;
    for (int i = 0; i < count; i++) copy(whole, position(at[i]), shift, into.data(), i);
    return 1;
  }

  /** A window, or what follows each of its tokens. Behind a document's end nothing counts. */
  private void copy(Encoded whole, long window, int shift, MemorySegment to, int row) {
    int length = text.length();
    long from = (whole.starts == null ? window * stride : whole.starts[(int) window]) + shift;
    long limit = whole.limits == null ? from + length : whole.limits[(int) window];
    int there = Math.clamp(limit - from, 0, length);
    for (int i = 0; i < there; i++) {
      to.setAtIndex(I32, (long) row * length + i, token(whole.tokens, whole.isWide, from + i));
    }
    int filler = shift == 1 ? Text.IGNORED : there == 0 ? 0 : token(whole.tokens, whole.isWide, limit - 1);
    for (int i = there; i < length; i++) to.setAtIndex(I32, (long) row * length + i, filler);
  }
}
