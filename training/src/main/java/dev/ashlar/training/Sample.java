package dev.ashlar.training;

import dev.ashlar.api.Stable;
import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.FileException;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.io.text.TextCodec;
import dev.ashlar.io.text.TextEncoding;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Optional;

/**
 * A text that a model of text writes.
 *
 * @param prompt what it goes on with, at least one token
 * @param tokens written behind that
 * @param temperature by which logits are divided before the softmax; with 0 the likeliest token is taken each time
 * @param topK how many of the likeliest tokens there is a choice of; all if absent
 * @param seed of the choices
 */
@Stable
@Name("sample")
public record Sample(
    @Doc("what the model goes on with") @Default("\"\\n\"") String prompt,
    @Doc("tokens to write") @Default("200") @Range(atLeast = 1) int tokens,
    @Doc("below 1 likelier tokens are preferred, 0 takes the likeliest each time") @Default("0.8") @Range(atLeast = 0)
        double temperature,
    @Doc("how many of the likeliest tokens there is a choice of; by default all") @Range(atLeast = 1)
        Optional<Integer> topK,
    @Doc("another seed, another text") @Default("0") long seed) {

  private static final BitSet NONE = new BitSet();

  /** Refuses no prompt. */
  public Sample {
    if (prompt.isEmpty()) {
      throw new IllegalArgumentException("a 'prompt' of at least one character");
    }
  }

  /** What the model goes on with when asked for nothing else, by the likeliest tokens. */
  public static Sample greedy(String prompt, int tokens) {
    return new Sample(prompt, tokens, 0, Optional.empty(), 0);
  }

  /**
   * Checks that the prompt is of characters that the model knows.
   *
   * @throws FileException if it is not
   */
  public void check(TextEncoding encoding) throws FileException {
    encoding.encode(prompt, "prompt", 1);
  }

  /**
   * The prompt and what the model writes behind it. Where the text is longer than the sequences that the model was
   * trained on, it sees their last half and what follows.
   *
   * @throws FileException if the prompt has characters that the model does not know
   * @throws IllegalArgumentException if the model is none of text, or cannot go on with a sequence
   */
  public String of(Model model) throws FileException {
    TextCodec codec = model.signature().text().orElseThrow(() -> new IllegalArgumentException(
        "a model of text writes; this one was not trained on any")).codec();
    int length = model.signature().inputTypes().firstEntry().getValue().shape().dim(0);
    int[] given = codec.encode(prompt, "prompt", 1);
    int[] all = Arrays.copyOf(given, given.length + tokens);
    Sampler sampler = new Sampler(
        Sampling.PLAIN.withTemperature(temperature).withTopK(topK.orElse(0)).withSeed(seed), codec.size());
    int written = given.length;
    while (written < all.length) {
      try (Session session = model.session(length)) {
        int seen = Math.min(written, Math.max(1, length / 2));
        float[] logits = session.next(Arrays.copyOfRange(all, written - seen, written));
        while (written < all.length) {
          NDArray known = NDArray.of(Shape.of(1, 1, codec.size()), Arrays.copyOf(logits, codec.size()));
          all[written] = sampler.next(known, 0, NONE, NONE, 0, written - given.length);
          written++;
          if (written == all.length || session.position() == length) {
            break;
          }
          logits = session.next(all[written - 1]);
        }
      }
    }
    return codec.decode(all);
  }
}
