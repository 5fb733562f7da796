package dev.ashlar.training;

import dev.ashlar.api.Stable;
import dev.ashlar.config.FileException;
import dev.ashlar.io.text.TextEncoding;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What a model needs to go on with a text, beside its weights.
 *
 * @param sampling how tokens are chosen unless said otherwise
 * @param endOfText tokens that end a text
 * @param text how it reads and writes text; none where it knows tokens alone
 */
@Stable
public record Generation(Sampling sampling, Set<Integer> endOfText, Optional<ModelText> text) {

  /** As an encoding has it; what it puts at the end of documents ends a text. */
  static Generation of(TextEncoding encoding) throws FileException {
    OptionalInt end = encoding.codec().end();
    return new Generation(Sampling.PLAIN, end.isPresent() ? Set.of(end.getAsInt()) : Set.of(), Optional.of(ModelText.of(encoding)));
  }

  /** Copies the set. */
  public Generation {
    endOfText = Set.copyOf(endOfText);
  }
}
