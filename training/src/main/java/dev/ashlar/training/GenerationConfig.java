package dev.ashlar.training;

import dev.ashlar.config.FileException;
import dev.ashlar.config.Value;
import dev.ashlar.io.json.Json;
import java.util.function.DoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * How tokens are chosen unless said otherwise, as the generation_config.json of a Hugging Face folder has it: {@code
 * do_sample}, {@code temperature}, {@code top_k}, {@code top_p}, {@code min_p} and {@code repetition_penalty}. What it
 * does not say is as everywhere here: drawn, by the model's own probabilities.
 */
final class GenerationConfig {

  private final Value.Mapping said;
  private final String source;

  private GenerationConfig(Value.Mapping said, String source) {
    this.said = said;
    this.source = source;
  }

  /**
   * What a file says.
   *
   * @param text of the file; null if there is none
   * @param source what messages call it
   * @throws FileException if it is no map of JSON, or a value is none that sampling knows
   */
  static Sampling sampling(@Nullable String text, String source) throws FileException {
    if (text == null) {
      return Sampling.PLAIN;
    }
    if (!(Json.read(text, source) instanceof Value.Mapping said)) {
      throw FileException.at(source, "no map", "a map of settings", "");
    }
    return new GenerationConfig(said, source).sampling();
  }

  private Sampling sampling() throws FileException {
    Sampling drawn = Sampling.PLAIN;
    drawn = with("temperature", drawn, drawn::withTemperature);
    drawn = with("top_k", drawn, new Whole(drawn));
    drawn = with("top_p", drawn, drawn::withTopP);
    drawn = with("min_p", drawn, drawn::withMinP);
    drawn = with("repetition_penalty", drawn, drawn::withRepetitionPenalty);
    return switch (said.get("do_sample")) {
      case Value.Bool draws -> drawn.withGreedy(!draws.value() || drawn.greedy());
      case null, default -> drawn;
    };
  }

  private record Whole(Sampling before) implements DoubleFunction<Sampling> {
    @Override
    public Sampling apply(double count) {
      if (count != (int) count) {
        throw new IllegalArgumentException("top-k: found " + count + ", expected a whole number");
      }
      return before.withTopK((int) count);
    }
  }

  private Sampling with(String key, Sampling before, DoubleFunction<Sampling> set) throws FileException {
    Value value = said.get(key);
    if (value == null || value instanceof Value.Null) {
      return before;
    }
    if (!(value instanceof Value.Num number)) {
      throw problem(key, value, "a number");
    }
    try {
      return set.apply(number.value().doubleValue());
    } catch (IllegalArgumentException e) {
      String message = String.valueOf(e.getMessage());
      throw problem(key, value, message.substring(message.indexOf("expected ") + "expected ".length()));
    }
  }

  private FileException problem(String key, Value found, String expected) {
    return FileException.at(
        (found.place().location() == null ? source : found.place().location()) + ": " + key,
        found.toString(), expected, "mend it, or remove the line");
  }
}
