package dev.ashlar.io.huggingface;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.model.Placement;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Phi-3: Abdin et al., 2024; Llama but for its files, where queries, keys and values are one tensor, and gates and what
 * they gate another. The defaults are those of transformers.
 */
@Name("phi3")
@Doc("Phi-3")
public record Phi3(
    @Doc("number of tokens") @Default("32064") @Range(atLeast = 1) int vocabSize,
    @Doc("width of the vectors") @Default("3072") @Range(atLeast = 1) int hiddenSize,
    @Doc("of the feed-forward layers") @Default("8192") @Range(atLeast = 1) int intermediateSize,
    @Doc("number of blocks") @Default("32") @Range(atLeast = 0, atMost = Decoder.MOST_LAYERS) int numHiddenLayers,
    @Doc("heads of queries") @Default("32") @Range(atLeast = 1) int numAttentionHeads,
    @Doc("heads of keys and values") @Range(atLeast = 1) Optional<Integer> numKeyValueHeads,
    @Doc("of the gates") @Default("silu") String hiddenAct,
    @Doc("the longest sequence") @Default("4096") @Range(atLeast = 1) int maxPositionEmbeddings,
    @Doc("deviation of the first weights") @Default("0.02") double initializerRange,
    @Doc("of the normalizations") @Default("1e-5") double rmsNormEps,
    @Doc("rotary positions") @Default("{}") RopeParameters ropeParameters,
    @Doc("how far a position looks back; all the way if absent") @Range(atLeast = 1) Optional<Integer> slidingWindow,
    @Doc("whether the output has the weights of the embedding") @Default("false") boolean tieWordEmbeddings)
    implements DecoderFamily {

  @Override
  public Decoder decoder() {
    return new Decoder(vocabSize, hiddenSize, intermediateSize, numHiddenLayers, numAttentionHeads,
        groups(), Optional.empty(), rmsNormEps, hiddenAct, ropeParameters,
        maxPositionEmbeddings, false, false, false, false, tieWordEmbeddings,
        Decoder.everywhere(slidingWindow, numHiddenLayers), initializerRange);
  }

  @Override
  public List<Placement> placements() {
    return decoder().placements().stream().map(this::fused).toList();
  }

  @Override
  public Map<String, String> keys() {
    return Decoder.keysWithout("head_width");
  }

  private int groups() {
    return numKeyValueHeads.orElse(numAttentionHeads);
  }

  /** Where Llama's tensor lies, along the first axis of one that holds several. */
  private Placement fused(Placement llama) {
    int queries = hiddenSize;
    int keys = hiddenSize / numAttentionHeads * groups();
    String layer = llama.tensor().replaceFirst("\\.[^.]+_proj\\.weight", "");
    return switch (llama.tensor().replaceFirst(".*\\.([^.]+_proj)\\.weight", "$1")) {
      case "q_proj" -> llama.inTensor(layer + ".qkv_proj.weight").partly(0, 0, queries);
      case "k_proj" -> llama.inTensor(layer + ".qkv_proj.weight").partly(0, queries, queries + keys);
      case "v_proj" -> llama.inTensor(layer + ".qkv_proj.weight").partly(0, queries + keys, queries + 2 * keys);
      case "gate_proj" -> llama.inTensor(layer + ".gate_up_proj.weight").partly(0, 0, intermediateSize);
      case "up_proj" -> llama.inTensor(layer + ".gate_up_proj.weight")
          .partly(0, intermediateSize, 2 * intermediateSize);
      default -> llama;
    };
  }
}
