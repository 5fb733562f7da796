package dev.ashlar.io.tokenizers;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The rules of BPE: which two neighbours become which token, and in which order. A table with open addressing from
 * pairs to (rank, token), without objects.
 */
final class Merges {
  private static final long FREE = -1;
  private static final long NONE = Long.MAX_VALUE;
  /** Up to here looking at all pairs anew costs less than keeping a heap. */
  private static final int FEW = 48;

  private final long[] pairs;
  private final long[] results;
  private final int shift;

  /**
   * @param left tokens of pairs, in the order of their ranks
   * @param right as many
   * @param merged what they become
   */
  Merges(int[] left, int[] right, int[] merged) {
    this(left.length);
    for (int i = 0; i < left.length; i++) put(new Rule(i, left[i], right[i], merged[i]));
  }

  /** Some of the rules of another one. */
  Merges(List<Rule> rules) {
    this(rules.size());
    rules.forEach(this::put);
  }

  private Merges(int rules) {
    int bits = 64 - Long.numberOfLeadingZeros(Math.max(8L, rules * 2L));
    pairs = new long[1 << bits];
    results = new long[1 << bits];
    shift = 64 - bits;
    Arrays.fill(pairs, FREE);
  }

  private void put(Rule rule) {
    long pair = pair(rule.left, rule.right);
    int at = slot(pair);
    while (pairs[at] != FREE && pairs[at] != pair) at = at + 1 & pairs.length - 1;
    pairs[at] = pair;
    results[at] = pair(rule.rank, rule.merged);
  }

  /** Which two tokens become which one, and when: the lowest rank comes first. */
  record Rule(int rank, int left, int right, int merged) {}

  /** The rules in their order; of two for the same pair the later one. */
  List<Rule> rules() {
    return IntStream.range(0, pairs.length).filter(i -> pairs[i] != FREE)
        .mapToObj(i -> new Rule((int) (results[i] >>> 32), (int) (pairs[i] >>> 32), (int) pairs[i], (int) results[i]))
        .sorted(Comparator.comparingInt(Rule::rank)).toList();
  }

  /** The rank of the rule for a pair; the greatest number if there is none. */
  int rank(int left, int right) {
    return (int) (find(left, right) >>> 32);
  }

  private static long pair(int high, int low) {
    return (long) high << 32 | low;
  }

  private int slot(long pair) {
    return (int) (pair * 0x9e3779b97f4a7c15L >>> shift);
  }

  /** Rank and token of a pair, in that order of bits; {@link #NONE} if it does not merge. */
  private long find(int left, int right) {
    long pair = pair(left, right);
    for (int at = slot(pair); pairs[at] != FREE; at = at + 1 & pairs.length - 1) {
      if (pairs[at] == pair) return results[at];
    }
    return NONE;
  }

  /**
   * Merges a word in place: again and again the pair of the lowest rank, the leftmost of its kind.
   *
   * @param tokens of the word's letters
   * @return how many tokens there are in the end
   */
  int apply(int[] tokens, int count) {
    return count <= FEW ? applyToFew(tokens, count) : applyWithHeap(tokens, count);
  }

  private int applyToFew(int[] tokens, int count) {
    if (count < 2) return count;
    var found = new long[count];
    for (int i = 0; i + 1 < count; i++) found[i] = find(tokens[i], tokens[i + 1]);
    int left = count;
    while (left > 1) {
      int best = 0;
      for (int i = 1; i + 1 < left; i++) {
        if (found[i] < found[best]) best = i;
      }
      if (found[best] == NONE) break;
      tokens[best] = (int) found[best];
      System.arraycopy(tokens, best + 2, tokens, best + 1, left - best - 2);
      System.arraycopy(found, best + 2, found, best + 1, left - best - 2);
      left--;
      if (best > 0) found[best - 1] = find(tokens[best - 1], tokens[best]);
      if (best + 1 < left) found[best] = find(tokens[best], tokens[best + 1]);
    }
    return left;
  }

  /** For long words, in time n log n: letters as a linked list, and a heap of (rank, position). */
  private int applyWithHeap(int[] tokens, int count) {
    var next = new int[count];
    var previous = new int[count];
    var heap = new LongHeap(count);
    for (int i = 0; i < count; i++) {
      next[i] = i + 1;
      previous[i] = i - 1;
      if (i + 1 < count) push(heap, i, find(tokens[i], tokens[i + 1]));
    }
    while (!heap.isEmpty()) {
      long least = heap.pop();
      int at = (int) least;
      // A token that became part of another, or whose neighbour did, has a newer entry or none.
      if (tokens[at] < 0 || next[at] >= count) continue;
      int right = next[at];
      long found = find(tokens[at], tokens[right]);
      if (found == NONE || found >>> 32 != least >>> 32) continue;
      tokens[at] = (int) found;
      tokens[right] = -1;
      next[at] = next[right];
      if (next[at] < count) {
        previous[next[at]] = at;
        push(heap, at, find(tokens[at], tokens[next[at]]));
      }
      if (previous[at] >= 0) push(heap, previous[at], find(tokens[previous[at]], tokens[at]));
    }
    int left = 0;
    for (int i = 0; i < count; i = next[i]) tokens[left++] = tokens[i];
    return left;
  }

  private static void push(LongHeap heap, int at, long found) {
    if (found != NONE) heap.push(found >>> 32 << 32 | at);
  }
}
