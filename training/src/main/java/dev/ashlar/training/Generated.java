package dev.ashlar.training;

import dev.ashlar.api.Stable;
import java.util.List;
import java.util.Optional;

/**
 * What a model went on with, behind a prompt.
 *
 * @param ids new tokens, with the one that ended the text if one did
 * @param text of them, without special tokens and without the text that stopped it; absent where the model knows
 *     tokens alone
 * @param ending why there are no more
 * @param speed of the batch that it was in
 */
@Stable
public record Generated(List<Integer> ids, Optional<String> text, Ending ending, Speed speed) {

  /** Why a text ends. */
  public enum Ending {
    /** With a token that ends texts, or a text to stop at. */
    STOPPED,
    /** As many new tokens as were asked for. */
    LENGTH,
    /** The model knows no more positions. */
    POSITIONS
  }

  /**
   * Without the time that programs take to be compiled.
   *
   * @param promptTokens of all prompts
   * @param promptSeconds until the first new tokens could be chosen
   * @param newTokens of all prompts, but the first ones, which are the prompts'
   * @param newSeconds they took
   */
  public record Speed(long promptTokens, double promptSeconds, long newTokens, double newSeconds) {

    /** New tokens a second; where there is only one of each prompt, with the time of the prompts. */
    public double tokensPerSecond(long all) {
      return newTokens > 0 ? newTokens / newSeconds : all / promptSeconds;
    }

    /** Tokens of the prompts a second. */
    public double promptTokensPerSecond() {
      return promptTokens / promptSeconds;
    }
  }

  /** Copies the list. */
  public Generated {
    ids = List.copyOf(ids);
  }

  /** New tokens a second, of all that were in the batch. */
  public double tokensPerSecond() {
    return speed.tokensPerSecond(ids.size());
  }
}
