package dev.ashlar.io.tokenizers;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * How the rules of BPE make each token of its letters, and which tokens stay as they are side by side. For rules of
 * which each comes after those that make its parts: merging is one pass over the text for each rule then, in their
 * order, and what happens between two borders that nothing crosses depends on what stands between them alone.
 */
final class MergeTree {
  /** Later than all rules. */
  private static final int END = Integer.MAX_VALUE;

  private static final int NOT_MADE = -2;
  private static final int LETTER = -1;

  private static final int SLOT_BITS = 16;

  private final Merges merges;
  /** By token: the rank of the last rule on its way from letters, and what that rule joins. */
  private final int[] made;
  private final int[] lefts;
  private final int[] rights;

  /** Pairs seen lately, and whether they fit: left, right, 1, fit, of 24, 24, 1 and 1 bits. */
  private final AtomicLongArray pairs = new AtomicLongArray(1 << SLOT_BITS);

  private MergeTree(Merges merges, int tokens) {
    this.merges = merges;
    made = new int[tokens];
    lefts = new int[tokens];
    rights = new int[tokens];
  }

  /**
   * Of these rules, or null if they have no such order. Rules that come before those of their parts do no harm where
   * the others never bring these parts together, and are left out.
   */
  static @Nullable MergeTree of(Vocabulary vocabulary, Merges merges) {
    var last = new int[vocabulary.size()];
    var rules = merges.rules();
    for (var rule : rules) last[rule.merged()] = rule.rank() + 1;
    var orderly = new ArrayList<Merges.Rule>();
    var early = new ArrayList<Merges.Rule>();
    for (var rule : rules) {
      (rule.rank() >= Math.max(last[rule.left()], last[rule.right()]) ? orderly : early).add(rule);
    }
    var tree = new MergeTree(early.isEmpty() ? merges : new Merges(orderly), vocabulary.size());
    tree.grow(vocabulary, orderly);
    return early.stream().anyMatch(rule -> tree.meet(rule, END)) ? null : tree;
  }

  private void grow(Vocabulary vocabulary, List<Merges.Rule> rules) {
    for (int id = 0; id < made.length; id++) {
      var token = vocabulary.token(id);
      boolean isLetter = token != null && !token.isEmpty() && token.codePointCount(0, token.length()) == 1;
      made[id] = isLetter ? LETTER : NOT_MADE;
    }
    for (var rule : rules) {
      if (isMade(rule.merged()) || !meet(rule, rule.rank())) continue;
      made[rule.merged()] = rule.rank();
      lefts[rule.merged()] = rule.left();
      rights[rule.merged()] = rule.right();
    }
  }

  /** Whether the letters of both parts become these before a rule, and nothing joins across before. */
  private boolean meet(Merges.Rule rule, int before) {
    return isMade(rule.left()) && isMade(rule.right()) && stay(rule.left(), rule.right(), before);
  }

  /** Whether the rules make this token of its letters: then its text alone is this token. */
  boolean isMade(int token) {
    return made[token] != NOT_MADE;
  }

  /** Whether the letters of two tokens that are made become these two and nothing else. */
  boolean fit(int left, int right) {
    long pair = ((long) left << 24 | right) << 2 | 2;
    int slot = (int) (pair * 0x9e3779b97f4a7c15L >>> Long.SIZE - SLOT_BITS);
    long known = pairs.getOpaque(slot);
    if ((known & ~1) == pair) return known != pair;
    boolean fit = stay(left, right, END);
    pairs.setOpaque(slot, fit ? pair | 1 : pair);
    return fit;
  }

  /**
   * Goes back in time along what stood left and right of the border, and looks whether a rule joined them while both
   * were there. Of two equal pairs that share a token the left one is joined: a rule that made the left token went
   * first, one that made the right token would have gone second.
   */
  private boolean stay(int left, int right, int before) {
    int end = before;
    while (true) {
      int rank = merges.rank(left, right);
      if (rank < end) return false;
      if (made[right] >= made[left]) {
        if (made[right] == LETTER) return true;
        // One more, for at this very rank the pair that is further left would win.
        end = made[right] + 1;
        right = lefts[right];
      } else {
        end = made[left];
        left = rights[left];
      }
    }
  }
}
