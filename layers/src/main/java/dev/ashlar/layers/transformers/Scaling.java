package dev.ashlar.layers.transformers;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import java.util.Optional;

/**
 * How rotary positions are stretched, so that a model serves longer sequences than it was trained on. Frequencies are
 * in radians a position; pair {@code i} of {@code d / 2} turns with {@code base^(-2 i / d)} before.
 */
@Name("scaling of rotary positions")
public sealed interface Scaling {

  /** All frequencies over a factor: Chen et al., 2023 (position interpolation). */
  @Doc("all frequencies over a factor")
  record Linear(@Doc("how many times longer sequences may be") @Range(atLeast = 1) double factor) implements Scaling {}

  /**
   * A base that grows with the sequence, once it is longer than those of training: NTK-aware scaling, as transformers'
   * {@code dynamic} has it. While decoding, keys keep the turn that they had when they were written.
   *
   * @param length the longest sequence of training
   */
  @Doc("a base that grows with the sequence, once it is longer than those of training")
  record Dynamic(
      @Doc("how many times longer sequences may be") @Range(atLeast = 1) double factor,
      @Doc("the longest sequence of training") @Range(atLeast = 1) int length) implements Scaling {}

  /**
   * Slow frequencies over the factor, fast ones as they are, a ramp between; and a temperature for attention: Peng et
   * al., 2023, section 3.4 (YaRN).
   *
   * @param length the longest sequence of training
   * @param fast turns over that length from which on a frequency stays as it is
   * @param slow turns over that length up to which a frequency is divided
   * @param temperature what sines and cosines are multiplied by; 0.1 log(factor) + 1 if absent
   * @param truncate whether the ends of the ramp are rounded outwards to whole pairs
   */
  @Doc("slow frequencies over the factor, fast ones as they are, a ramp between")
  record Yarn(
      @Doc("how many times longer sequences may be") @Range(atLeast = 1) double factor,
      @Doc("the longest sequence of training") @Range(atLeast = 1) int length,
      @Doc("turns over that length from which on a frequency stays") @Default("32") @Range(above = 0) double fast,
      @Doc("turns over that length up to which a frequency is divided") @Default("1") @Range(above = 0) double slow,
      @Doc("what sines and cosines are multiplied by; 0.1 log(factor) + 1 if absent") Optional<Double> temperature,
      @Doc("whether the ends of the ramp are rounded outwards") @Default("true") boolean truncate)
      implements Scaling {}

  /**
   * Frequencies of long waves over the factor, of short ones as they are, and a blend between: Llama 3.1.
   *
   * @param length the longest sequence of training
   * @param low waves longer than {@code length / low} are stretched
   * @param high waves shorter than {@code length / high} stay
   */
  @Doc("long waves are stretched by the factor, short ones stay, a blend between")
  record Llama3(
      @Doc("how many times longer sequences may be") @Range(atLeast = 1) double factor,
      @Doc("the longest sequence of training") @Range(atLeast = 1) int length,
      @Doc("waves longer than length / low are stretched") @Default("1") @Range(above = 0) double low,
      @Doc("waves shorter than length / high stay") @Default("4") @Range(above = 0) double high)
      implements Scaling {

    /** Refuses a blend without an extent. */
    public Llama3 {
      if (high <= low) {
        throw new IllegalArgumentException("'high' above 'low'");
      }
    }
  }

  /**
   * Frequencies of all pairs.
   *
   * @param width how many elements of a head are turned, even
   * @param base of the powers
   * @param lengths of the sequences so far, f32 [sequences]
   * @return in the element type of the lengths, [1, width / 2]; [sequences, width / 2] where they depend on the length
   */
  static Tensor frequencies(Optional<Scaling> scaling, int width, double base, Tensor lengths) {
    double[] plain = new double[width / 2];
    for (int i = 0; i < plain.length; i++) {
      plain[i] = Math.pow(base, -2.0 * i / width);
    }
    if (scaling.isPresent() && scaling.get() instanceof Dynamic dynamic) {
      return dynamic(dynamic, plain, lengths);
    }
    double[] scaled = new double[plain.length];
    for (int i = 0; i < plain.length; i++) {
      int pair = i;
      scaled[i] = scaling.map(s -> s.scaled(plain[pair], pair, width, base)).orElse(plain[pair]);
    }
    return constant(scaled, lengths.dtype());
  }

  /** One frequency. */
  private double scaled(double frequency, int pair, int width, double base) {
    return switch (this) {
      case Linear linear -> frequency / linear.factor;
      case Dynamic _ -> throw new IllegalStateException("depends on the sequence");
      case Yarn yarn -> {
        double low = Math.max(pairOf(yarn, yarn.fast, width, base, false), 0);
        double high = Math.min(pairOf(yarn, yarn.slow, width, base, true), width - 1);
        double ramp = Math.clamp((pair - low) / (high == low ? 1e-3 : high - low), 0, 1);
        yield frequency * (1 - ramp) + frequency / yarn.factor * ramp;
      }
      case Llama3 llama -> {
        double waves = llama.length * frequency / (2 * Math.PI);
        double blend = Math.clamp((waves - llama.low) / (llama.high - llama.low), 0, 1);
        yield frequency / llama.factor * (1 - blend) + frequency * blend;
      }
    };
  }

  /** The pair that turns so often over the length of training. */
  private static double pairOf(Yarn yarn, double turns, int width, double base, boolean upper) {
    double pair = width * Math.log(yarn.length / (turns * 2 * Math.PI)) / (2 * Math.log(base));
    return !yarn.truncate ? pair : upper ? Math.ceil(pair) : Math.floor(pair);
  }

  /** base' = base (factor length / trained - (factor - 1))^(d / (d - 2)), so pair i slows down by that to -2 i / d. */
  private static Tensor dynamic(Dynamic scaling, double[] plain, Tensor lengths) {
    Tensor growth = lengths.maximum(scaling.length).mul(scaling.factor / scaling.length).sub(scaling.factor - 1)
        .log().expandDims(1);
    double[] exponents = new double[plain.length];
    for (int i = 1; i < plain.length; i++) {
      exponents[i] = -(double) i / (plain.length - 1);
    }
    Tensor powers = constant(exponents, lengths.dtype());
    return constant(plain, lengths.dtype()).mul(powers.mul(growth).exp());
  }

  private static Tensor constant(double[] values, DType dtype) {
    NDArray array = NDArray.zeros(TensorType.of(dtype, 1, values.length));
    for (int i = 0; i < values.length; i++) {
      array.set(i, values[i]);
    }
    return Tensor.constant(array);
  }

  /** What sines and cosines are multiplied by. */
  static double temperature(Optional<Scaling> scaling) {
    return scaling.isPresent() && scaling.get() instanceof Yarn yarn
        ? yarn.temperature.orElse(0.1 * Math.log(yarn.factor) + 1) : 1;
  }
}
