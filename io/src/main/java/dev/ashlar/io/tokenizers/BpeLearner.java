package dev.ashlar.io.tokenizers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Learns the rules of byte-level BPE: again and again the pair of tokens that is most frequent becomes a token; of those
 * that are as frequent, the one whose tokens have the lowest numbers. Counts follow the changes, so a step looks at
 * nothing but the words that have the pair.
 */
final class BpeLearner {
  private final List<String> tokens = new ArrayList<>();
  private final Map<String, Integer> numbers = new HashMap<>();
  private final List<String[]> merges = new ArrayList<>();
  private int[][] words = {};
  private long[] frequencies = {};
  private final Map<Long, Long> counts = new HashMap<>();
  private final PriorityQueue<Candidate> queue = new PriorityQueue<>(
      Comparator.comparingLong(Candidate::count).reversed().thenComparingLong(Candidate::pair));

  /** A pair, how frequent it was when it came in, and the words that had it then. */
  private record Candidate(long pair, long count, Set<Integer> words) {}

  /**
   * Begins with special tokens and the letters of all bytes.
   *
   * @param special in the order of their numbers
   */
  BpeLearner(List<String> special) {
    special.forEach(this::number);
    IntStream.range(0, 256).map(ByteLetters::letter).sorted().forEach(c -> number(Character.toString(c)));
  }

  /** What was learnt, in the order of their numbers. */
  List<String> tokens() {
    return tokens;
  }

  /** The rules, in their order. */
  List<String[]> merges() {
    return merges;
  }

  /**
   * Learns.
   *
   * @param counted words in letters for bytes, and how often each comes
   * @param vocabulary how many tokens there are to be, at most
   * @param least how often a pair must come
   */
  void learn(Map<String, long[]> counted, int vocabulary, long least) {
    start(counted);
    while (tokens.size() < vocabulary && !queue.isEmpty()) {
      var top = queue.poll();
      long count = counts.get(top.pair);
      if (top.count != count) {
        queue.add(new Candidate(top.pair, count, top.words));
        continue;
      }
      if (count < Math.max(1, least)) break;
      merge(top);
    }
  }

  private int number(String token) {
    return numbers.computeIfAbsent(token, t -> {
      tokens.add(t);
      return tokens.size() - 1;
    });
  }

  private static long pair(int left, int right) {
    return (long) left << 32 | right;
  }

  private void start(Map<String, long[]> counted) {
    words = new int[counted.size()][];
    frequencies = new long[counted.size()];
    Map<Long, Set<Integer>> places = new HashMap<>();
    int index = 0;
    for (var entry : counted.entrySet()) {
      var letters = entry.getKey().chars().map(c -> numbers.get(String.valueOf((char) c))).toArray();
      words[index] = letters;
      frequencies[index] = entry.getValue()[0];
      for (int i = 0; i + 1 < letters.length; i++) {
        change(pair(letters[i], letters[i + 1]), frequencies[index], index, places);
      }
      index++;
    }
    enqueue(places);
  }

  private void change(long pair, long by, int word, Map<Long, Set<Integer>> places) {
    counts.merge(pair, by, Long::sum);
    if (by > 0) places.computeIfAbsent(pair, _ -> new HashSet<>()).add(word);
  }

  private void enqueue(Map<Long, Set<Integer>> places) {
    places.forEach((pair, where) -> {
      long count = counts.get(pair);
      if (count > 0) queue.add(new Candidate(pair, count, where));
    });
  }

  private void merge(Candidate top) {
    int left = (int) (top.pair >>> 32);
    int right = (int) top.pair;
    int merged = number(tokens.get(left) + tokens.get(right));
    merges.add(new String[] {tokens.get(left), tokens.get(right)});
    Map<Long, Set<Integer>> places = new HashMap<>();
    for (int word : top.words) mergeIn(word, left, right, merged, places);
    enqueue(places);
  }

  private void mergeIn(int word, int left, int right, int merged, Map<Long, Set<Integer>> places) {
    var old = words[word];
    long often = frequencies[word];
    var kept = new int[old.length];
    int size = 0;
    for (int i = 0; i < old.length; i++) {
      if (i + 1 == old.length || old[i] != left || old[i + 1] != right) {
        kept[size++] = old[i];
        continue;
      }
      if (size > 0) {
        change(pair(kept[size - 1], left), -often, word, places);
        change(pair(kept[size - 1], merged), often, word, places);
      }
      if (i + 2 < old.length) {
        change(pair(right, old[i + 2]), -often, word, places);
        change(pair(merged, old[i + 2]), often, word, places);
      }
      kept[size++] = merged;
      i++;
    }
    words[word] = Arrays.copyOf(kept, size);
  }
}
