package dev.ashlar.training;

import dev.ashlar.api.Stable;

/**
 * How the next token is chosen from a model's logits. In this order: logits of tokens that are there already are
 * weakened, all are divided by the temperature, and those are left out that are not among the {@code topK} largest,
 * not of the most likely ones that together have the probability {@code topP}, or less likely than {@code minP} times
 * the most likely one; of the rest one is drawn by its probability. The same seed, the same tokens: the random number
 * of a token comes from the seed, the number of the prompt and the number of the token alone.
 *
 * @param temperature that logits are divided by, above 0: below 1 likely tokens become likelier
 * @param topK the largest logits that are kept, ties with the last of them too; 0 for all
 * @param topP the probability that kept tokens have together at least, above 0 and at most 1 for all. Holtzman et al.,
 *     2020
 * @param minP the probability that kept tokens have at least, as a part of the largest, from 0 for all to 1
 * @param repetitionPenalty positive logits of tokens of the prompt and of new ones are divided by it, negative ones
 *     multiplied; above 0, 1 for none. Keskar et al., 2019, section 4.1
 * @param seed of the random numbers
 * @param greedy whether the largest logit is taken, of equal ones that of the lowest token; nothing but the penalty
 *     matters then
 */
@Stable
public record Sampling(
    double temperature, int topK, double topP, double minP, double repetitionPenalty, long seed, boolean greedy) {

  /** By the model's own probabilities, seed 0. */
  public static final Sampling PLAIN = new Sampling(1, 0, 1, 0, 1, 0, false);

  /** Always the likeliest token. */
  public static final Sampling GREEDY = new Sampling(1, 0, 1, 0, 1, 0, true);

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a number is out of its range
   */
  public Sampling {
    check(temperature > 0 && temperature < Double.POSITIVE_INFINITY, "temperature", temperature, "a number above 0");
    check(topK >= 0, "top-k", topK, "a whole number of at least 1, or 0 for all");
    check(topP > 0 && topP <= 1, "top-p", topP, "a number above 0 and at most 1");
    check(minP >= 0 && minP <= 1, "min-p", minP, "a number from 0 to 1");
    check(repetitionPenalty > 0 && repetitionPenalty < Double.POSITIVE_INFINITY, "repetition penalty",
        repetitionPenalty, "a number above 0, 1 for none");
  }

  private static void check(boolean isRight, String name, Number found, String expected) {
    if (!isRight) {
      throw new IllegalArgumentException(name + ": found " + found + ", expected " + expected);
    }
  }

  /** The same at another temperature; 0 is greedy. */
  public Sampling withTemperature(double other) {
    return other == 0 ? withGreedy(true)
        : new Sampling(other, topK, topP, minP, repetitionPenalty, seed, greedy);
  }

  /** The same with the largest logits alone. */
  public Sampling withTopK(int count) {
    return new Sampling(temperature, count, topP, minP, repetitionPenalty, seed, greedy);
  }

  /** The same with the most likely tokens alone, which together have this probability. */
  public Sampling withTopP(double probability) {
    return new Sampling(temperature, topK, probability, minP, repetitionPenalty, seed, greedy);
  }

  /** The same without tokens that are less likely than this part of the most likely one. */
  public Sampling withMinP(double part) {
    return new Sampling(temperature, topK, topP, part, repetitionPenalty, seed, greedy);
  }

  /** The same with tokens weakened that are there already. */
  public Sampling withRepetitionPenalty(double penalty) {
    return new Sampling(temperature, topK, topP, minP, penalty, seed, greedy);
  }

  /** The same with other random numbers. */
  public Sampling withSeed(long other) {
    return new Sampling(temperature, topK, topP, minP, repetitionPenalty, other, greedy);
  }

  /** The same, drawing or not. */
  public Sampling withGreedy(boolean isGreedy) {
    return new Sampling(temperature, topK, topP, minP, repetitionPenalty, seed, isGreedy);
  }
}
