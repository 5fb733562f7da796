package dev.ashlar.io.huggingface;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import java.util.List;
import java.util.Optional;

/** Qwen 2 and 2.5: Yang et al., 2024; queries, keys and values have a bias. The defaults are those of transformers. */
@Name("qwen2")
@Doc("Qwen 2 and 2.5")
public record Qwen2(
    @Doc("number of tokens") @Default("151936") @Range(atLeast = 1) int vocabSize,
    @Doc("width of the vectors") @Default("4096") @Range(atLeast = 1) int hiddenSize,
    @Doc("of the feed-forward layers") @Default("22016") @Range(atLeast = 1) int intermediateSize,
    @Doc("number of blocks") @Default("32") @Range(atLeast = 0, atMost = Decoder.MOST_LAYERS) int numHiddenLayers,
    @Doc("heads of queries") @Default("32") @Range(atLeast = 1) int numAttentionHeads,
    @Doc("heads of keys and values") @Range(atLeast = 1) Optional<Integer> numKeyValueHeads,
    @Doc("width of a head") @Range(atLeast = 1) Optional<Integer> headDim,
    @Doc("of the gates") @Default("silu") String hiddenAct,
    @Doc("the longest sequence") @Default("32768") @Range(atLeast = 1) int maxPositionEmbeddings,
    @Doc("deviation of the first weights") @Default("0.02") double initializerRange,
    @Doc("of the normalizations") @Default("1e-6") double rmsNormEps,
    @Doc("rotary positions") @Default("{}") RopeParameters ropeParameters,
    @Doc("whether some layers look back over a window alone") @Default("false") boolean useSlidingWindow,
    @Doc("how far those look back") @Default("4096") @Range(atLeast = 1) int slidingWindow,
    @Doc("the first layer that does, where layer_types does not say") @Default("28") int maxWindowLayers,
    @Doc("of each layer: full_attention or sliding_attention") Optional<List<LayerType>> layerTypes,
    @Doc("whether the output has the weights of the embedding") @Default("false") boolean tieWordEmbeddings)
    implements DecoderFamily {

  /** Refuses kinds of layers that are not as many as layers. */
  public Qwen2 {
    LayerType.check(layerTypes, numHiddenLayers);
  }

  @Override
  public Decoder decoder() {
    return new Decoder(vocabSize, hiddenSize, intermediateSize, numHiddenLayers, numAttentionHeads,
        numKeyValueHeads.orElse(numAttentionHeads), headDim, rmsNormEps, hiddenAct, ropeParameters.whole(),
        maxPositionEmbeddings, true, false, false, false, tieWordEmbeddings,
        LayerType.windows(layerTypes, numHiddenLayers, maxWindowLayers,
            useSlidingWindow ? Optional.of(slidingWindow) : Optional.empty()), initializerRange);
  }
}
