package dev.ashlar.io.huggingface;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Range;
import java.util.Map;
import java.util.Optional;

/**
 * Rotary positions as {@code config.json} has them: {@code rope_parameters}, or {@code rope_theta} and {@code
 * rope_scaling} in older files. transformers, {@code modeling_rope_utils.py}.
 */
public record RopeParameters(
    @Doc("base of the frequencies") @Default("10000") @Range(above = 1) double ropeTheta,
    @Doc("how they are stretched") @Default("default") Kind ropeType,
    @Doc("how many times longer sequences may be") @Range(atLeast = 1) Optional<Double> factor,
    @Doc("the longest sequence of training") @Range(atLeast = 1) Optional<Integer> originalMaxPositionEmbeddings,
    @Doc("llama3: waves longer than the length over this are stretched") @Range(above = 0) Optional<Double> lowFreqFactor,
    @Doc("llama3: waves shorter than the length over this stay") @Range(above = 0) Optional<Double> highFreqFactor,
    @Doc("yarn: what sines and cosines are multiplied by") Optional<Double> attentionFactor,
    @Doc("yarn: turns from which on a frequency stays") @Range(above = 0) Optional<Double> betaFast,
    @Doc("yarn: turns up to which a frequency is divided") @Range(above = 0) Optional<Double> betaSlow,
    @Doc("yarn: how attention grows with the factor, over what 'mscale_all_dim' gives") Optional<Double> mscale,
    @Doc("yarn: the same of what 'mscale' is divided by") Optional<Double> mscaleAllDim,
    @Doc("yarn: whether the ends of the ramp are rounded") Optional<Boolean> truncate,
    @Doc("Phi-3: part of a head that is turned") Optional<Double> partialRotaryFactor) {

  /** How frequencies are stretched. */
  public enum Kind {
    /** Not at all. */
    DEFAULT,
    /** All over a factor. */
    LINEAR,
    /** By a base that grows with the sequence. */
    DYNAMIC,
    /** As YaRN does. */
    YARN,
    /** As Llama 3.1 does. */
    LLAMA3
  }

  /** Refuses what lacks its factor. */
  public RopeParameters {
    if (ropeType != Kind.DEFAULT && factor.isEmpty()) {
      throw new IllegalArgumentException("a 'factor' beside 'rope_type: " + name(ropeType) + "'");
    }
  }

  /** Frequencies of base 10,000 as they are. */
  public RopeParameters() {
    this(10_000, Kind.DEFAULT, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(),
        Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** The same where heads are turned as a whole, whatever is said of a part. */
  RopeParameters whole() {
    return new RopeParameters(ropeTheta, ropeType, factor, originalMaxPositionEmbeddings, lowFreqFactor, highFreqFactor,
        attentionFactor, betaFast, betaSlow, mscale, mscaleAllDim, truncate, Optional.empty());
  }

  private static String name(Kind kind) {
    return kind.name().toLowerCase(java.util.Locale.ROOT);
  }

  /**
   * The longest sequence that the model serves: {@code max_position_embeddings} counts those of training where the
   * stretch says nothing of them.
   *
   * @param positions {@code max_position_embeddings}
   */
  int context(int positions) {
    return originalMaxPositionEmbeddings.isPresent() && ropeType != Kind.DYNAMIC ? positions
        : (int) Math.min(Integer.MAX_VALUE, positions * factor.orElse(1.0));
  }

  /** What sines and cosines are multiplied by, where it is not as YaRN has it. */
  private Optional<Double> temperature() {
    boolean isScaled = mscale.orElse(0.0) != 0 && mscaleAllDim.orElse(0.0) != 0;
    return attentionFactor.isPresent() || !isScaled ? attentionFactor
        : Optional.of(growth(mscale.get()) / growth(mscaleAllDim.get()));
  }

  private double growth(double scale) {
    return 0.1 * scale * Math.log(factor.orElse(1.0)) + 1;
  }

  /**
   * The same as our attention layer has it.
   *
   * @param context the longest sequence of the model
   */
  Map<String, Object> rotary(int context) {
    int trained = originalMaxPositionEmbeddings.orElse(context);
    Optional<Map<String, Object>> scaling = switch (ropeType) {
      case DEFAULT -> Optional.empty();
      case LINEAR -> Optional.of(Trees.map("factor", factor));
      case DYNAMIC -> Optional.of(Trees.map("factor", factor, "length", context));
      case YARN -> Optional.of(Trees.map("factor", factor, "length", trained, "fast", betaFast, "slow", betaSlow,
          "temperature", temperature(), "truncate", truncate));
      case LLAMA3 -> Optional.of(Trees.map(
          "factor", factor, "length", trained, "low", lowFreqFactor, "high", highFreqFactor));
    };
    return Trees.map("base", ropeTheta, "fraction", partialRotaryFactor,
        "scaling", scaling.map(settings -> Map.of(name(ropeType), settings)));
  }
}
