package dev.ashlar.io.tokenizers;

import dev.ashlar.config.FileException;
import dev.ashlar.config.Value;
import java.util.Arrays;

/**
 * What texts are filled up with.
 *
 * @param length tokens that a text has at least
 * @param multiple that the number of tokens is one of
 * @param left whether it is put in front, not behind
 */
record Padding(int length, int multiple, int id, boolean left) {
  private enum Side { LEFT, RIGHT }

  static Padding read(Fields fields) throws FileException {
    // Of a batch, which one text is by itself, the longest has its own length.
    int length = fields.find("strategy") instanceof Value.Mapping m ? new Fields(m).count("Fixed") : 0;
    return new Padding(length, Math.max(1, fields.count("pad_to_multiple_of", 1)), fields.count("pad_id", 0),
        fields.choice("direction", Side.class, Side.RIGHT) == Side.LEFT);
  }

  int[] apply(int[] ids) {
    long wanted = Math.ceilDiv((long) Math.max(length, ids.length), multiple) * multiple;
    if (wanted == ids.length) return ids;
    var padded = new int[Math.toIntExact(wanted)];
    Arrays.fill(padded, id);
    System.arraycopy(ids, 0, padded, left ? padded.length - ids.length : 0, ids.length);
    return padded;
  }
}
