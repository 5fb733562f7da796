package dev.ashlar.training;

import java.util.Optional;
import java.util.Set;

/**
 * What a model needs to go on with a text, beside its weights.
 *
 * @param endOfText tokens that end a text
 * @param text how it reads and writes text; none where it knows tokens alone
 */
public record Generation(Set<Integer> endOfText, Optional<ModelText> text) {

  /** Copies the set. */
  public Generation {
    endOfText = Set.copyOf(endOfText);
  }
}
