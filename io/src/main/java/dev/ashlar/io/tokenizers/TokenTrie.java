package dev.ashlar.io.tokenizers;

import java.util.Arrays;

/**
 * Tokens by their letters: the longest one that begins at a place of a text, and what shorter ones there are. Steps are
 * in a table with open addressing, without objects; a node is the slot of the step that leads to it. Built by one
 * thread, then never changed.
 */
final class TokenTrie {
  /** No token. */
  static final int NONE = -1;

  /** A step from a node by a letter, never 0, which is free. */
  private final long[] steps;
  private final int[] tokenOfNode;
  private final int shift;
  private final int root;
  /** By token: how many letters it has, and the longest token that it begins with. */
  private final int[] lengths;
  private final int[] shorter;

  /**
   * An empty one.
   *
   * @param tokens more than the greatest number of a token
   * @param letters of all tokens together, at most
   */
  TokenTrie(int tokens, int letters) {
    int bits = 64 - Long.numberOfLeadingZeros(Math.max(8L, letters * 2L));
    steps = new long[1 << bits];
    shift = 64 - bits;
    root = 1 << bits;
    tokenOfNode = new int[1 << bits];
    Arrays.fill(tokenOfNode, NONE);
    lengths = new int[tokens];
    shorter = new int[tokens];
    Arrays.fill(shorter, NONE);
  }

  /** Adds a token. Shorter ones come first. */
  void add(String token, int id) {
    int node = root;
    for (int i = 0; i < token.length(); i++) {
      if (node != root && tokenOfNode[node] >= 0) shorter[id] = tokenOfNode[node];
      long step = step(node, token.charAt(i));
      node = slot(step);
      steps[node] = step;
    }
    tokenOfNode[node] = id;
    lengths[id] = token.length();
  }

  private static long step(int node, char letter) {
    return (node + 1L) << Character.SIZE | letter;
  }

  /** Where this step is, or may be put. */
  private int slot(long step) {
    int slot = (int) (step * 0x9e3779b97f4a7c15L >>> shift);
    while (steps[slot] != step && steps[slot] != 0) slot = slot + 1 & root - 1;
    return slot;
  }

  /** The longest token that begins here, or {@link #NONE}. */
  int longest(char[] text, int from) {
    int found = NONE;
    int node = root;
    for (int i = from; i < text.length; i++) {
      node = slot(step(node, text[i]));
      if (steps[node] == 0) break;
      int token = tokenOfNode[node];
      if (token >= 0) found = token;
    }
    return found;
  }

  /** The longest token that this one begins with and that is not it, or {@link #NONE}. */
  int shorter(int token) {
    return shorter[token];
  }

  /** How many letters a token has. */
  int length(int token) {
    return lengths[token];
  }
}
