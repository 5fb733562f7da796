package dev.ashlar.training;

import dev.ashlar.tensor.NDArray;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What comes behind one prompt. */
final class Continuation {

  private final Generator generator;
  private final long number;
  private final int most;
  private final BitSet seen = new BitSet();
  private final BitSet ends = new BitSet();
  private final BitSet none = new BitSet();
  private final List<Integer> ids = new ArrayList<>();
  private final @Nullable StoppingText text;
  private String piece = "";
  private Generated.@Nullable Ending ending;

  /**
   * @param number of the prompt
   * @param most tokens that the model has positions for, and that were asked for
   */
  Continuation(Generator generator, int[] prompt, long number, int most) {
    this.generator = generator;
    this.number = number;
    this.most = most;
    for (int id : prompt) {
      seen.set(id);
    }
    generator.endOfText().stream().filter(id -> id >= 0).forEach(ends::set);
    this.text = generator.text().map(how -> new StoppingText(how.decoder(), generator.stops())).orElse(null);
  }

  boolean hasEnded() {
    return ending != null;
  }

  /** Chooses the next token. */
  int next(Sampler sampler, NDArray logits, int row) {
    BitSet banned = ids.size() < generator.minNewTokens() ? ends : none;
    int id = sampler.next(logits, row, seen, banned, number, ids.size());
    ids.add(id);
    seen.set(id);
    piece = text == null ? "" : text.next(id);
    boolean stopsHere = ids.size() >= generator.minNewTokens() && text != null && text.isStopped();
    if (ends.get(id) || stopsHere) {
      ending = Generated.Ending.STOPPED;
    } else if (ids.size() == most) {
      ending = most < generator.maxNewTokens() ? Generated.Ending.POSITIONS : Generated.Ending.LENGTH;
    }
    return id;
  }

  /** Text that can be told of the last token. */
  String piece() {
    return piece;
  }

  /** Text that waited for another token. */
  String rest() {
    return text == null ? "" : text.rest();
  }

  Generated generated(Generated.Speed speed) {
    return new Generated(ids, Optional.ofNullable(text).map(StoppingText::text),
        ending == null ? Generated.Ending.LENGTH : ending, speed);
  }
}
