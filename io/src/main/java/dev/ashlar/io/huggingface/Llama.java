package dev.ashlar.io.huggingface;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import java.util.Map;
import java.util.Optional;

/** Llama 2 and 3: Touvron et al., 2023; Grattafiori et al., 2024. The defaults are those of transformers. */
@Name("llama")
@Doc("Llama 2 and 3")
public record Llama(
    @Doc("number of tokens") @Default("32000") @Range(atLeast = 1) int vocabSize,
    @Doc("width of the vectors") @Default("4096") @Range(atLeast = 1) int hiddenSize,
    @Doc("of the feed-forward layers") @Default("11008") @Range(atLeast = 1) int intermediateSize,
    @Doc("number of blocks") @Default("32") @Range(atLeast = 0, atMost = Decoder.MOST_LAYERS) int numHiddenLayers,
    @Doc("heads of queries") @Default("32") @Range(atLeast = 1) int numAttentionHeads,
    @Doc("heads of keys and values") @Range(atLeast = 1) Optional<Integer> numKeyValueHeads,
    @Doc("width of a head") @Range(atLeast = 1) Optional<Integer> headDim,
    @Doc("of the gates") @Default("silu") String hiddenAct,
    @Doc("the longest sequence") @Default("2048") @Range(atLeast = 1) int maxPositionEmbeddings,
    @Doc("deviation of the first weights") @Default("0.02") double initializerRange,
    @Doc("of the normalizations") @Default("1e-6") double rmsNormEps,
    @Doc("rotary positions") @Default("{}") RopeParameters ropeParameters,
    @Doc("whether attention has biases") @Default("false") boolean attentionBias,
    @Doc("whether feed-forward layers have biases") @Default("false") boolean mlpBias,
    @Doc("whether the output has the weights of the embedding") @Default("false") boolean tieWordEmbeddings)
    implements DecoderFamily {

  @Override
  public Decoder decoder() {
    return new Decoder(vocabSize, hiddenSize, intermediateSize, numHiddenLayers, numAttentionHeads,
        numKeyValueHeads.orElse(numAttentionHeads), headDim, rmsNormEps, hiddenAct, ropeParameters.whole(),
        maxPositionEmbeddings, attentionBias, attentionBias, mlpBias, false, tieWordEmbeddings,
        Decoder.everywhere(Optional.empty(), numHiddenLayers), initializerRange);
  }

  @Override
  public Map<String, String> keys() {
    return Decoder.keysWithout("window");
  }
}
