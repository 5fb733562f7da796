package dev.ashlar.training;

import dev.ashlar.io.model.Signature;
import dev.ashlar.layers.Embedding;
import dev.ashlar.layers.PositionEmbedding;
import dev.ashlar.layers.RmsNorm;
import dev.ashlar.layers.Sequential;
import dev.ashlar.layers.TransformerBlock;
import dev.ashlar.layers.Unembedding;
import dev.ashlar.layers.initializers.Initializers;
import dev.ashlar.layers.Attention;
import dev.ashlar.layers.transformers.Rotary;
import dev.ashlar.layers.transformers.Scaling;
import dev.ashlar.layers.transformers.Sees;
import dev.ashlar.model.Block;
import dev.ashlar.model.Layer;
import dev.ashlar.model.Precision;
import dev.ashlar.program.Backend;
import dev.ashlar.program.Computation;
import dev.ashlar.program.Variable;
import dev.ashlar.program.VariableStore;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.TensorType;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Models of sequences with random weights, large enough for one token to be clearly the likeliest. */
final class RandomModels {

  static final int TOKENS = 50;
  private static final int WIDTH = 16;

  private RandomModels() {}

  /** Learned positions and the older attention, as in GPT-2. */
  static Block gpt(int positions) {
    return Sequential.of(Embedding.of(TOKENS, WIDTH), PositionEmbedding.of(positions), TransformerBlock.of(2),
        TransformerBlock.of(2), new RmsNorm(1e-6), new Unembedding("embedding"));
  }

  /** Around any middle. */
  static Block with(Layer... middle) {
    Sequential all = Sequential.of(Embedding.of(TOKENS, WIDTH));
    for (int i = 0; i < middle.length; i++) {
      all = all.then("middle_" + i, middle[i]);
    }
    return all.then("norm", new RmsNorm(1e-6)).then("unembedding", new Unembedding("embedding"));
  }

  /** Grouped queries that are turned by their positions. */
  static Attention attention(Optional<Integer> window, Optional<Scaling> scaling) {
    return new Attention(4, Optional.of(2), Optional.empty(), Sees.CAUSAL, window,
        Optional.of(new Rotary(10_000, 1, scaling)), Optional.of(new RmsNorm(1e-6)), Optional.empty(), true,
        Optional.empty(), Initializers.GLOROT_UNIFORM);
  }

  /** A model of sequences of so many tokens. */
  static Model of(Block block, int length, Backend backend) {
    TensorType tokens = TensorType.of(DType.I32, length);
    Signature signature = Signature.of(Map.of("input", tokens),
        Map.of("output", TensorType.of(DType.F32, length, TOKENS)), List.of(), List.of());
    List<Variable> variables =
        Programs.predict(block, Precision.F32, signature.inputTypes(), 1).variables();
    VariableStore store = backend.newStore();
    Seeds.run(backend.compile(Computation.initialize(variables)), store, 1);
    for (Variable variable : variables) {
      NDArray value = store.read(variable.name());
      for (long i = 0; i < value.size(); i++) {
        value.set(i, variable.name().endsWith("embedding.weight") ? 8 * value.get(i) : 2 * value.get(i));
      }
      store.write(variable.name(), value);
    }
    return new Model(Architecture.of(block), Precision.F32, Optional.empty(), Map.of(), signature,
        store, backend, false);
  }
}
