package dev.ashlar.io.tokenizers;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tokens and their numbers. Built by one thread, then never changed. */
final class Vocabulary {
  /** Numbers are places in arrays, here and in models: a stray one must not take all memory. */
  static final int MOST = 1 << 24;

  private static final int NONE = -1;

  private final Map<String, Integer> ids = new HashMap<>();
  private @Nullable String[] tokens = new @Nullable String[1 << 10];
  private int size;

  /** The token that has this number or text already, or null if the new one was added. */
  @Nullable String add(String token, int id) {
    if (id >= size) {
      if (id >= tokens.length) tokens = Arrays.copyOf(tokens, Math.max(id + 1, tokens.length * 2));
      size = id + 1;
    }
    if (tokens[id] != null) return tokens[id];
    if (ids.putIfAbsent(token, id) != null) return token;
    tokens[id] = token;
    return null;
  }

  /** The number of a token, or -1. */
  int id(String token) {
    return ids.getOrDefault(token, NONE);
  }

  /** The token of a number, or null. */
  @Nullable String token(int id) {
    return id >= 0 && id < size ? tokens[id] : null;
  }

  /** One more than the greatest number. */
  int size() {
    return size;
  }

  /** How many there are. */
  int count() {
    return ids.size();
  }
}
