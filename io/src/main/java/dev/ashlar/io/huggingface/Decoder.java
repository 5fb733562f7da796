package dev.ashlar.io.huggingface;

import dev.ashlar.config.Value;
import dev.ashlar.model.Placement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What Llama and its relatives have in common: rotary positions, RMSNorm before each part, grouped queries, a gated
 * feed-forward layer. Touvron et al., 2023.
 *
 * @param vocabulary number of tokens
 * @param width of the vectors between layers
 * @param units of the feed-forward layers
 * @param layers number of blocks
 * @param heads of queries
 * @param groups heads of keys and values
 * @param headWidth width of a head; the width over the heads if absent
 * @param epsilon of the normalizations
 * @param activation of the gates, as the family calls it
 * @param rope rotary positions
 * @param context the longest sequence
 * @param bias whether queries, keys and values have a bias
 * @param outputBias whether the output of attention has one
 * @param feedForwardBias whether the feed-forward layers have one
 * @param headNorm whether queries and keys are normalized head by head
 * @param tied whether the output has the weights of the embedding
 * @param windows how far each layer looks back; all the way where absent
 * @param deviation of the first weights
 */
public record Decoder(
    int vocabulary, int width, int units, int layers, int heads, int groups, Optional<Integer> headWidth,
    double epsilon, String activation, RopeParameters rope, int context, boolean bias, boolean outputBias,
    boolean feedForwardBias, boolean headNorm, boolean tied, List<Optional<Integer>> windows, double deviation) {

  /** What these are called in config.json, in all families. */
  static final Map<String, String> KEYS = Map.ofEntries(
      Map.entry("vocabulary", "vocab_size"), Map.entry("width", "hidden_size"),
      Map.entry("units", "intermediate_size"), Map.entry("times", "num_hidden_layers"),
      Map.entry("heads", "num_attention_heads"), Map.entry("key_value_heads", "num_key_value_heads"),
      Map.entry("head_width", "head_dim"), Map.entry("epsilon", "rms_norm_eps"),
      Map.entry("activation", "hidden_act"), Map.entry("window", "sliding_window"));

  /** The same of a family that has no such setting. */
  static Map<String, String> keysWithout(String setting) {
    Map<String, String> keys = new HashMap<>(KEYS);
    keys.remove(setting);
    return Map.copyOf(keys);
  }

  /** More than any model has, and few enough to be listed before the weights are looked at. */
  static final int MOST_LAYERS = 2000;

  /** Blocks of one kind, one after the other, and what they are called. */
  private record Run(String name, int from, int to) {}

  /** The same for every layer. */
  static List<Optional<Integer>> everywhere(Optional<Integer> window, int layers) {
    return java.util.Collections.nCopies(layers, window);
  }

  private List<Run> runs() {
    List<Run> runs = new ArrayList<>();
    for (int from = 0, to; from < layers; from = to) {
      to = from + 1;
      while (to < layers && windows.get(to).equals(windows.get(from))) {
        to++;
      }
      runs.add(new Run(runs.isEmpty() ? "repeat" : "repeat_" + runs.size(), from, to));
    }
    return runs;
  }

  Value architecture() {
    List<Object> model = new ArrayList<>();
    Map<String, Object> start = Map.of("normal", deviation);
    model.add(Trees.component("embedding", "vocabulary", vocabulary, "width", width, "initializer", start));
    for (Run run : runs()) {
      model.add(Trees.component("repeat", "times", run.to - run.from, "block", block(windows.get(run.from))));
    }
    model.add(norm());
    model.add(tied ? Trees.component("unembedding", "of", "embedding")
        : Trees.component("dense", "units", vocabulary, "bias", false, "initializer", start));
    return Trees.tree(model);
  }

  private Map<String, Object> norm() {
    return Trees.component("rms_norm", "epsilon", epsilon);
  }

  private List<Object> block(Optional<Integer> window) {
    Map<String, Object> start = Map.of("normal", deviation);
    return List.of(
        Trees.residual(List.of(norm(), Trees.component("attention", "heads", heads,
            "key_value_heads", groups == heads ? Optional.empty() : Optional.of(groups), "head_width", headWidth,
            "window", window, "rotary", rope.rotary(context),
            "normalizer", headNorm ? Optional.of(norm()) : Optional.empty(), "bias", bias,
            "output_bias", outputBias == bias ? Optional.empty() : Optional.of(outputBias), "initializer", start))),
        Trees.residual(List.of(norm(), Trees.component("gated_feed_forward", "units", units,
            "activation", Trees.activation(activation), "bias", feedForwardBias, "initializer", start))));
  }

  List<Placement> placements() {
    List<Placement> all = new ArrayList<>();
    all.add(Placement.of("embedding.weight", "model.embed_tokens.weight"));
    for (Run run : runs()) {
      for (int i = run.from; i < run.to; i++) {
        block(run.name + "." + (i - run.from), "model.layers." + i, all);
      }
    }
    all.add(Placement.of("rms_norm.scale", "model.norm.weight"));
    if (!tied) {
      all.add(Placement.of("dense.weight", "lm_head.weight").asTransposed());
    }
    return all;
  }

  private void block(String ours, String theirs, List<Placement> all) {
    String attention = ours + ".residual.attention.";
    String forward = ours + ".residual_1.gated_feed_forward.";
    all.add(Placement.of(ours + ".residual.rms_norm.scale", theirs + ".input_layernorm.weight"));
    linear(attention + "query", theirs + ".self_attn.q_proj", bias, all);
    linear(attention + "key", theirs + ".self_attn.k_proj", bias, all);
    linear(attention + "value", theirs + ".self_attn.v_proj", bias, all);
    if (headNorm) {
      all.add(Placement.of(attention + "query_norm.scale", theirs + ".self_attn.q_norm.weight"));
      all.add(Placement.of(attention + "key_norm.scale", theirs + ".self_attn.k_norm.weight"));
    }
    linear(attention + "output", theirs + ".self_attn.o_proj", outputBias, all);
    all.add(Placement.of(ours + ".residual_1.rms_norm.scale", theirs + ".post_attention_layernorm.weight"));
    linear(forward + "gate", theirs + ".mlp.gate_proj", feedForwardBias, all);
    linear(forward + "up", theirs + ".mlp.up_proj", feedForwardBias, all);
    linear(forward + "down", theirs + ".mlp.down_proj", feedForwardBias, all);
  }

  /** PyTorch keeps the weights of a linear layer as [out, in]. */
  private static void linear(String ours, String theirs, boolean bias, List<Placement> all) {
    all.add(Placement.of(ours + ".weight", theirs + ".weight").asTransposed());
    if (bias) {
      all.add(Placement.of(ours + ".bias", theirs + ".bias"));
    }
  }

  List<String> unused() {
    return tied ? List.of("*.rotary_emb.inv_freq", "lm_head.weight") : List.of("*.rotary_emb.inv_freq");
  }
}
