package dev.ashlar.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A small platform: enough kinds of types for every rule of the grammar. */
final class Fixtures {
  static final Path BASE = Path.of("/data/run");

  private Fixtures() {}

  interface Layer {}

  interface Activation {}

  @Name("learning rate schedule")
  @Shorthand(number = "constant")
  interface Schedule {}

  @Shorthand(list = "chain")
  interface Optimizer {}

  @Name("tokenizer")
  interface Tokenizer {}

  enum Activations implements Activation {
    LINEAR,
    @Doc("zero where x is negative")
    RELU,
    @Name("gelu_tanh") @Alias("gelu_new") GELU
  }

  @Name("leaky_relu")
  record LeakyRelu(@Default("0.01") double slope) implements Activation {}

  @Name("dense")
  @Doc("every output sees every input")
  record Dense(
      @Doc("width of the output") @Range(atLeast = 1) int units,
      @Default("linear") Activation activation,
      @Default("true") boolean bias) implements Layer {}

  @Name("dropout")
  record Dropout(@Range(atLeast = 0, below = 1) double rate) implements Layer {}

  @Name("flatten")
  record Flatten() implements Layer {}

  enum Padding { VALID, SAME }

  @Tuple
  record Size(@Range(atLeast = 1) int height, @Range(atLeast = 1) int width) {}

  @Name("conv")
  @Version(3)
  record Conv(
      @Alias("channels") int filters,
      @Default("3") Size kernel,
      @Default("valid") Padding padding,
      @Default("1") int stride) implements Layer {
    Conv {
      if (stride > kernel.height()) {
        throw new IllegalArgumentException(
            "a stride (" + stride + ") within the kernel (" + kernel.height() + ")");
      }
    }

    /** Version 1 had "same: true"; version 2 an undefined padding that cannot be kept. */
    public static Value migrate(int from, Value tree) {
      if (!(tree instanceof Value.Mapping map)) return tree;
      if (map.get("padding") instanceof Value.Text(var text, _) && text.equals("causal")) {
        throw new IllegalArgumentException("a padding that version 3 still has");
      }
      boolean same = map.get("same") instanceof Value.Bool(boolean b, _) && b;
      return from > 1 ? map : map.without("same").with("padding", Value.of(same ? "same" : "valid"));
    }
  }

  @Name("residual")
  record Residual(List<Layer> layers) implements Layer {}

  @Name("lambda_like")
  record NeedsAbsent(@Default("absent") Activation activation) implements Layer {}

  @Name("constant")
  record Constant(@Range(above = 0) double rate) implements Schedule {}

  @Name("cosine")
  record Cosine(@Range(above = 0) double peak, @Default("0") long warmup) implements Schedule {}

  @Name("adamw")
  record AdamW(
      Schedule learningRate,
      @Default("0.01") @Range(atLeast = 0) float weightDecay,
      @Default("[0.9, 0.999]") @Range(atLeast = 0, below = 1) List<Double> betas) implements Optimizer {}

  @Name("clip")
  record Clip(@Default("inf") @Range(above = 0) double norm) implements Optimizer {}

  @Name("chain")
  record Chain(List<Optimizer> steps) implements Optimizer {}

  sealed interface Split permits Share, ByColumn, NoSplit {}

  @Name("share")
  record Share(@Range(above = 0, below = 1) double test) implements Split {}

  record ByColumn(String column, Map<String, String> values) implements Split {}

  enum NoSplit implements Split { NONE }

  record Data(Path path, @Default("none") Split split, Optional<String> label) {}

  record Train(
      @Default("10") @Range(atLeast = 1) int epochs,
      @Default("32") @Alias("batch_size") int batch,
      @Default("1") long seed) {}

  record Run(
      List<Named<Layer>> model,
      Optional<Data> data,
      Optional<Optimizer> optimizer,
      @Default("{}") Train train,
      Optional<Tokenizer> tokenizer,
      @Default("{}") Map<String, Double> weights,
      @Default("''") String notes,
      Optional<Path> resume,
      @Default("{}") Value extra) {}

  static NameResolver names() {
    return NameResolver.of(Map.of(
        Layer.class, all("layers", Dense.class, Dropout.class, Flatten.class, Conv.class, Residual.class,
            NeedsAbsent.class, Twice.class).plus("acme", OtherTwice.class).list(),
        Activation.class, all("layers", Activations.class, LeakyRelu.class).list(),
        Schedule.class, all("optimizers", Constant.class, Cosine.class).list(),
        Optimizer.class, all("optimizers", AdamW.class, Clip.class, Chain.class).list(),
        Tokenizer.class, List.of()));
  }

  @Name("twice")
  record Twice() implements Layer {}

  @Name("twice")
  record OtherTwice() implements Layer {}

  static Binder binder() {
    return new Binder(names(), BASE);
  }

  private record Listing(List<Implementation> list) {
    Listing plus(String plugin, Class<?>... types) {
      var longer = new ArrayList<>(list);
      for (var type : types) longer.addAll(Implementation.of(plugin, type));
      return new Listing(longer);
    }
  }

  private static Listing all(String plugin, Class<?>... types) {
    return new Listing(List.of()).plus(plugin, types);
  }
}
