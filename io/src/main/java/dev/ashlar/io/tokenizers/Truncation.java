package dev.ashlar.io.tokenizers;

import dev.ashlar.config.FileException;
import java.util.Arrays;

/**
 * How many tokens of a text stay.
 *
 * @param longest with those that are put around it
 * @param left whether those at the beginning go, not those at the end
 */
record Truncation(int longest, boolean left) {
  private enum Side { LEFT, RIGHT }

  static Truncation read(Fields fields) throws FileException {
    return new Truncation(fields.count("max_length"), fields.choice("direction", Side.class, Side.RIGHT) == Side.LEFT);
  }

  int[] apply(int[] ids, int around) {
    int most = Math.max(0, longest - around);
    if (ids.length <= most) return ids;
    return left ? Arrays.copyOfRange(ids, ids.length - most, ids.length) : Arrays.copyOf(ids, most);
  }
}
