package dev.ashlar.io.huggingface;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import java.util.Optional;

/** Mistral: Jiang et al., 2023; a layer may look back over a window alone. The defaults are those of transformers. */
@Name("mistral")
@Doc("Mistral")
public record Mistral(
    @Doc("number of tokens") @Default("32000") @Range(atLeast = 1) int vocabSize,
    @Doc("width of the vectors") @Default("4096") @Range(atLeast = 1) int hiddenSize,
    @Doc("of the feed-forward layers") @Default("14336") @Range(atLeast = 1) int intermediateSize,
    @Doc("number of blocks") @Default("32") @Range(atLeast = 0, atMost = Decoder.MOST_LAYERS) int numHiddenLayers,
    @Doc("heads of queries") @Default("32") @Range(atLeast = 1) int numAttentionHeads,
    @Doc("heads of keys and values") @Default("8") @Range(atLeast = 1) int numKeyValueHeads,
    @Doc("width of a head") @Range(atLeast = 1) Optional<Integer> headDim,
    @Doc("of the gates") @Default("silu") String hiddenAct,
    @Doc("the longest sequence") @Default("131072") @Range(atLeast = 1) int maxPositionEmbeddings,
    @Doc("deviation of the first weights") @Default("0.02") double initializerRange,
    @Doc("of the normalizations") @Default("1e-6") double rmsNormEps,
    @Doc("rotary positions") @Default("{}") RopeParameters ropeParameters,
    @Doc("how far a position looks back; all the way if absent") @Range(atLeast = 1) Optional<Integer> slidingWindow,
    @Doc("whether the output has the weights of the embedding") @Default("false") boolean tieWordEmbeddings)
    implements DecoderFamily {

  @Override
  public Decoder decoder() {
    return new Decoder(vocabSize, hiddenSize, intermediateSize, numHiddenLayers, numAttentionHeads,
        numKeyValueHeads, headDim, rmsNormEps, hiddenAct, ropeParameters.whole(),
        maxPositionEmbeddings, false, false, false, false, tieWordEmbeddings,
        Decoder.everywhere(slidingWindow, numHiddenLayers), initializerRange);
  }
}
