package dev.ashlar.io.huggingface;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.MisplacedException;
import dev.ashlar.config.MisplacedException.Mistake;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.config.Value;
import dev.ashlar.model.ModelFamily;
import dev.ashlar.model.Placement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** GPT-2: Radford et al., 2019. The defaults are those of transformers: the smallest one, of 124 million. */
@Name("gpt2")
@Doc("GPT-2")
public record Gpt2(
    @Doc("number of tokens") @Default("50257") @Range(atLeast = 1) int vocabSize,
    @Doc("the longest sequence") @Default("1024") @Range(atLeast = 1) int nPositions,
    @Doc("width of the vectors") @Default("768") @Range(atLeast = 1) int nEmbd,
    @Doc("number of blocks") @Default("12") @Range(atLeast = 0, atMost = Decoder.MOST_LAYERS) int nLayer,
    @Doc("number of heads") @Default("12") @Range(atLeast = 1) int nHead,
    @Doc("of the feed-forward layers; four times the width if absent") @Range(atLeast = 1) Optional<Integer> nInner,
    @Doc("of the feed-forward layers") @Default("gelu_new") String activationFunction,
    @Doc("of the normalizations") @Default("1e-5") double layerNormEpsilon,
    @Doc("deviation of the first weights") @Default("0.02") double initializerRange,
    @Doc("whether scores are over the root of a head's width") @Default("true") boolean scaleAttnWeights,
    @Doc("whether they are also over the number of the layer") @Default("false") boolean scaleAttnByInverseLayerIdx,
    @Doc("whether it looks at another sequence too") @Default("false") boolean addCrossAttention,
    @Doc("whether the output has the weights of the embedding") @Default("true") boolean tieWordEmbeddings)
    implements ModelFamily {

  /** Refuses variants that attention has no name for. */
  public Gpt2 {
    List<Mistake> refused = new ArrayList<>();
    require("scale_attn_weights", scaleAttnWeights, true, "attention is over the root of a head's width", refused);
    require("scale_attn_by_inverse_layer_idx", scaleAttnByInverseLayerIdx, false,
        "attention is the same in every layer", refused);
    require("add_cross_attention", addCrossAttention, false, "a single sequence", refused);
    if (!refused.isEmpty()) {
      throw new MisplacedException(refused);
    }
  }

  private static void require(String key, boolean found, boolean expected, String why, List<Mistake> refused) {
    if (found != expected) {
      refused.add(new Mistake(List.of(key), String.valueOf(found), expected + ": " + why,
          "this variant of GPT-2 is not supported"));
    }
  }

  @Override
  public Value architecture() {
    Map<String, Object> start = Map.of("normal", initializerRange);
    Map<String, Object> norm = Trees.component("layer_norm", "epsilon", layerNormEpsilon);
    List<Object> block = List.of(
        Trees.residual(List.of(norm,
            Trees.component("attention", "heads", nHead, "initializer", start))),
        Trees.residual(List.of(norm,
            Trees.component("dense", "units", nInner.orElse(4 * nEmbd),
                "activation", Trees.activation(activationFunction), "initializer", start),
            Trees.component("dense", "units", nEmbd, "initializer", start))));
    return Trees.tree(List.of(
        Trees.component("embedding", "vocabulary", vocabSize, "width", nEmbd, "initializer", start),
        Trees.component("position_embedding", "length", nPositions, "initializer", start),
        Trees.component("repeat", "times", nLayer, "block", block),
        norm,
        tieWordEmbeddings ? Trees.component("unembedding", "of", "embedding")
            : Trees.component("dense", "units", vocabSize, "bias", false)));
  }

  @Override
  public List<Placement> placements() {
    List<Placement> all = new ArrayList<>();
    all.add(Placement.of("embedding.weight", "transformer.wte.weight"));
    all.add(Placement.of("position_embedding.weight", "transformer.wpe.weight"));
    for (int i = 0; i < nLayer; i++) {
      block("repeat." + i, "transformer.h." + i, all);
    }
    norm("layer_norm", "transformer.ln_f", all);
    if (!tieWordEmbeddings) {
      all.add(Placement.of("dense.weight", "lm_head.weight").asTransposed());
    }
    return all;
  }

  /** Its linear layers are called Conv1D and keep [in, out], as ours do. */
  private void block(String ours, String theirs, List<Placement> all) {
    norm(ours + ".residual.layer_norm", theirs + ".ln_1", all);
    List<String> parts = List.of("query", "key", "value");
    for (int i = 0; i < parts.size(); i++) {
      String part = ours + ".residual.attention." + parts.get(i);
      all.add(Placement.of(part + ".weight", theirs + ".attn.c_attn.weight").partly(1, i * nEmbd, (i + 1) * nEmbd));
      all.add(Placement.of(part + ".bias", theirs + ".attn.c_attn.bias").partly(0, i * nEmbd, (i + 1) * nEmbd));
    }
    linear(ours + ".residual.attention.output", theirs + ".attn.c_proj", all);
    norm(ours + ".residual_1.layer_norm", theirs + ".ln_2", all);
    linear(ours + ".residual_1.dense", theirs + ".mlp.c_fc", all);
    linear(ours + ".residual_1.dense_1", theirs + ".mlp.c_proj", all);
  }

  private static void norm(String ours, String theirs, List<Placement> all) {
    all.add(Placement.of(ours + ".scale", theirs + ".weight"));
    all.add(Placement.of(ours + ".shift", theirs + ".bias"));
  }

  private static void linear(String ours, String theirs, List<Placement> all) {
    all.add(Placement.of(ours + ".weight", theirs + ".weight"));
    all.add(Placement.of(ours + ".bias", theirs + ".bias"));
  }

  @Override
  public Map<String, String> keys() {
    return Map.of("vocabulary", "vocab_size", "width", "n_embd", "length", "n_positions", "units", "n_inner",
        "times", "n_layer", "heads", "n_head", "epsilon", "layer_norm_epsilon", "activation", "activation_function");
  }

  @Override
  public int context() {
    return nPositions;
  }

  @Override
  public List<String> unused() {
    return tieWordEmbeddings ? List.of("*.attn.bias", "*.attn.masked_bias", "lm_head.weight")
        : List.of("*.attn.bias", "*.attn.masked_bias");
  }
}
