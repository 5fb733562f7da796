package dev.ashlar.io.tokenizers;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of BPE from left to right, without merging: at each place the longest token that fits behind the one
 * before, and where none does, a step back. Two tokens fit if the rules make these two of their letters. Tokens of
 * which all neighbours fit are what the rules make, there is but one such row of them, and a part of the row is the row
 * of its text: see {@link MergeTree}.
 */
final class TokenSearch {
  /** Letters of all tokens together. */
  private static final int MOST = 1 << 26;

  private final MergeTree tree;
  private final TokenTrie tokens;

  private TokenSearch(MergeTree tree, TokenTrie tokens) {
    this.tree = tree;
    this.tokens = tokens;
  }

  /**
   * For these rules, or null if the search could find something else than they make.
   *
   * @param unknown the token of letters that have none, or -1: such letters go
   * @param byteTokens tokens of the bytes of such letters, each -1 where there is none; or null
   */
  static @Nullable TokenSearch of(Vocabulary vocabulary, Merges merges, int unknown, int @Nullable [] byteTokens) {
    // Letters without a token are borders: something must be left of them, and no rule may join it.
    var borders = new BitSet();
    if (unknown >= 0) borders.set(unknown);
    boolean bordered = unknown >= 0 || byteTokens != null;
    for (int i = 0; byteTokens != null && i < byteTokens.length; i++) {
      if (byteTokens[i] >= 0) borders.set(byteTokens[i]);
      else bordered &= unknown >= 0;
    }
    if (!bordered) return null;
    if (merges.rules().stream().anyMatch(rule -> borders.get(rule.left()) || borders.get(rule.right()))) return null;
    var tree = MergeTree.of(vocabulary, merges);
    if (tree == null) return null;
    var tokens = tokens(vocabulary, tree);
    return tokens == null ? null : new TokenSearch(tree, tokens);
  }

  private static @Nullable TokenTrie tokens(Vocabulary vocabulary, MergeTree tree) {
    var all = new ArrayList<String>();
    long letters = 0;
    for (int id = 0; id < vocabulary.size(); id++) {
      var token = vocabulary.token(id);
      // Halves of characters, which a file may name, are in no text.
      if (token == null || !tree.isMade(id) || !Characters.whole(token).equals(token)) continue;
      all.add(token);
      letters += token.length();
    }
    if (letters > MOST) return null;
    all.sort(Comparator.comparingInt(String::length));
    var trie = new TokenTrie(vocabulary.size(), (int) letters);
    for (var token : all) trie.add(token, vocabulary.id(token));
    return trie;
  }

  /**
   * Adds the tokens of a text.
   *
   * @param unknown what is done with a run of letters that have no token
   */
  void encode(char[] text, Ids ids, WordCache.Coder unknown) {
    var dead = new long[(text.length >> 6) + 1];
    for (int at = 0; at < text.length;) {
      int from = search(text, at, ids, dead);
      at = from;
      while (at < text.length && tokens.longest(text, at) < 0) at += Character.charCount(Character.codePointAt(text, at));
      if (from < at) ids.addAll(unknown.tokens(text, from, at));
    }
  }

  /**
   * Adds tokens up to a letter that has none, and tells where that is. One row of tokens alone leads to a place, so a
   * place from which none led on is never looked at again.
   */
  private int search(char[] text, int from, Ids ids, long[] dead) {
    int first = ids.size();
    int at = from;
    int token = tokens.longest(text, at);
    while (token >= 0) {
      int end = at + tokens.length(token);
      if ((dead[end >> 6] >> end & 1) == 0 && (ids.size() == first || tree.fit(ids.last(), token))) {
        ids.add(token);
        at = end;
        token = tokens.longest(text, at);
        continue;
      }
      token = tokens.shorter(token);
      while (token < 0) {
        if (ids.size() == first) throw new IllegalStateException("no tokens fit");
        dead[at >> 6] |= 1L << at;
        int last = ids.removeLast();
        at -= tokens.length(last);
        token = tokens.shorter(last);
      }
    }
    return at;
  }
}
