package dev.ashlar.io.data;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of some documents: certain ones, or a stretch of all of them.
 *
 * @param documents by number; none: the stretch
 * @param from the first character of the stretch
 * @param to behind its last
 */
record TextPart(@Nullable BitSet documents, long from, long to) {

  static final TextPart ALL = new TextPart(null, 0, Long.MAX_VALUE);

  /**
   * What is left over, then the parts: documents drawn by chance where there are enough, else the ends of the text.
   *
   * @param shares of the parts
   * @throws IllegalArgumentException if there is too little text
   */
  static List<TextPart> split(TextGlance glance, boolean shuffle, long seed, double[] shares) {
    return shuffle && glance.documents() > shares.length && glance.documents() > 1
        ? drawn(glance.documents(), seed, shares) : ends(glance.characters(), shares);
  }

  private static List<TextPart> drawn(int documents, long seed, double[] shares) {
    var order = new long[documents];
    new RandomStream(seed, "split").permutation(order);
    var counts = new int[shares.length];
    for (int i = 0; i < counts.length; i++) counts[i] = Math.max(1, (int) Math.round(shares[i] * documents));
    int from = documents - Arrays.stream(counts).sum();
    if (from < 1) {
      throw new IllegalArgumentException(documents + " documents are too few to set any apart");
    }
    var parts = new ArrayList<>(List.of(documents(order, 0, from)));
    for (int count : counts) {
      parts.add(documents(order, from, from + count));
      from += count;
    }
    return List.copyOf(parts);
  }

  private static TextPart documents(long[] order, int from, int to) {
    var chosen = new BitSet();
    for (int i = from; i < to; i++) chosen.set((int) order[i]);
    return new TextPart(chosen, 0, Long.MAX_VALUE);
  }

  private static List<TextPart> ends(long characters, double[] shares) {
    var parts = new ArrayList<TextPart>();
    long end = characters;
    for (int i = shares.length - 1; i >= 0; i--) {
      long begin = end - Math.max(1, Math.round(shares[i] * characters));
      if (begin < 1) throw new IllegalArgumentException(characters + " characters are too few to set any apart");
      parts.addFirst(new TextPart(null, begin, end));
      end = begin;
    }
    parts.addFirst(new TextPart(null, 0, end));
    return List.copyOf(parts);
  }

  /** Reads what belongs to this part. */
  void read(TextFiles files, TextFiles.Sink sink) throws IOException {
    long[] at = {0};
    files.read((document, file, line, text) -> {
      long begin = at[0];
      at[0] += text.length();
      if (documents != null && !documents.get(document)) return;
      int first = Math.clamp(from - begin, 0, text.length());
      int last = Math.clamp(to - begin, 0, text.length());
      if (first < last || text.isEmpty()) {
        sink.piece(document, file, line + text.substring(0, first).chars().filter(c -> c == '\n').count(),
            text.substring(first, last));
      }
    });
  }

  /** What tells this part from others, for names of files. */
  String key() {
    return (documents == null ? "" : documents.toString()) + from + "-" + to;
  }
}
