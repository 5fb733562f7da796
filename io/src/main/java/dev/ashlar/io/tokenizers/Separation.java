package dev.ashlar.io.tokenizers;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/** What becomes of the matches by which a text is split. */
enum Separation {
  /** Left out. */
  REMOVED,
  /** Pieces of their own. */
  ISOLATED,
  /** At the end of what stands before. */
  MERGED_WITH_PREVIOUS,
  /** At the beginning of what follows. */
  MERGED_WITH_NEXT,
  /** Neighbouring ones are one piece. */
  CONTIGUOUS;

  /** A part of a text, and whether it is a match. */
  record Span(int from, int to, boolean matches) {
    Span inverted() {
      return new Span(from, to, !matches);
    }
  }

  /** All of a text as characters that match, each for itself, and what lies between them. */
  static List<Span> spans(String text, IntPredicate matches) {
    var spans = new ArrayList<Span>();
    int done = 0;
    for (int i = 0; i < text.length();) {
      int c = text.codePointAt(i);
      int end = i + Character.charCount(c);
      if (matches.test(c)) {
        if (done < i) spans.add(new Span(done, i, false));
        spans.add(new Span(i, end, true));
        done = end;
      }
      i = end;
    }
    if (done < text.length()) spans.add(new Span(done, text.length(), false));
    return spans;
  }

  /** The pieces, without empty ones. */
  List<Piece> split(Piece piece, List<Span> spans) {
    var pieces = new ArrayList<Piece>();
    for (var span : joined(spans)) {
      if (span.from < span.to && !(this == REMOVED && span.matches)) pieces.add(piece.part(span.from, span.to));
    }
    return pieces;
  }

  private List<Span> joined(List<Span> spans) {
    return switch (this) {
      case REMOVED, ISOLATED -> spans;
      case MERGED_WITH_PREVIOUS -> {
        var joined = new ArrayList<Span>();
        boolean matched = false;
        for (var span : spans) {
          if (span.matches && !matched) extend(joined, span);
          else joined.add(span);
          matched = span.matches;
        }
        yield joined;
      }
      case MERGED_WITH_NEXT -> {
        var joined = new ArrayList<Span>();
        boolean matched = false;
        for (var span : spans.reversed()) {
          if (span.matches && !matched && !joined.isEmpty()) {
            joined.set(joined.size() - 1, new Span(span.from, joined.getLast().to, false));
          } else {
            joined.add(span);
          }
          matched = span.matches;
        }
        yield joined.reversed();
      }
      case CONTIGUOUS -> {
        var joined = new ArrayList<Span>();
        boolean matched = false;
        for (var span : spans) {
          if (span.matches == matched) extend(joined, span);
          else joined.add(span);
          matched = span.matches;
        }
        yield joined;
      }
    };
  }

  private static void extend(List<Span> joined, Span span) {
    if (joined.isEmpty()) joined.add(span);
    else joined.set(joined.size() - 1, new Span(joined.getLast().from, span.to, false));
  }
}
