package dev.ashlar.bench;

import dev.ashlar.layers.Dense;
import dev.ashlar.layers.Embedding;
import dev.ashlar.layers.Flatten;
import dev.ashlar.layers.LayerNorm;
import dev.ashlar.layers.Lstm;
import dev.ashlar.layers.PositionEmbedding;
import dev.ashlar.layers.Repeat;
import dev.ashlar.layers.Sequential;
import dev.ashlar.layers.TransformerBlock;
import dev.ashlar.layers.Unembedding;
import dev.ashlar.layers.activations.Activations;
import dev.ashlar.layers.convolution.Conv2d;
import dev.ashlar.layers.pooling.MaxPool2d;
import dev.ashlar.layers.shapes.Padding;
import dev.ashlar.model.Block;

/** The networks of the workloads. */
final class Models {

  private Models() {}

  /** 10-5-1 with sigmoids. */
  static Block seed() {
    return Sequential.of(
        Dense.of(5).withActivation(Activations.SIGMOID), Dense.of(1).withActivation(Activations.SIGMOID));
  }

  /** 784-512-512-10 with relu. */
  static Block mlp() {
    Dense hidden = Dense.of(512).withActivation(Activations.RELU);
    return Sequential.of(hidden, hidden, Dense.of(10));
  }

  /** Two convolutions with pooling, two dense layers. */
  static Block cnn() {
    return Sequential.of(
        convolution(32), MaxPool2d.of(2), convolution(64), MaxPool2d.of(2), new Flatten(),
        Dense.of(128).withActivation(Activations.RELU), Dense.of(10));
  }

  /** Two layers of LSTM, 256 wide, and a dense layer on the last output. */
  static Block lstm() {
    return Sequential.of(Lstm.of(256).withLayers(2).last(), Dense.of(10));
  }

  private static Conv2d convolution(int filters) {
    return Conv2d.of(filters, 3).withPadding(new Padding.Amount(1)).withActivation(Activations.RELU);
  }

  /**
   * A GPT as in the peer's benchmark.
   *
   * @param vocabulary number of tokens
   * @param positions longest sequence
   * @param layers number of blocks
   * @param heads of attention
   * @param width of the residual stream
   */
  record Gpt(int vocabulary, int positions, int layers, int heads, int width) {

    /** GPT-2 with 124 million parameters. */
    static final Gpt SMALL = new Gpt(50257, 1024, 12, 12, 768);

    /** Tokens [batch, time] to the normalized residual stream [batch, time, width]. */
    Sequential trunk() {
      return Sequential.of(
          Embedding.of(vocabulary, width),
          PositionEmbedding.of(positions),
          new Repeat(layers, TransformerBlock.of(heads)),
          new LayerNorm());
    }

    /** Tokens [batch, time] to logits [batch, time, vocabulary]. */
    Block model() {
      return trunk().then("head", new Unembedding("embedding"));
    }

    /** Multiplications and additions in the matrices of one block and of the head, for one token, forward. */
    double flopsPerToken(int time) {
      double block = 2.0 * 12 * width * width + 2.0 * 2 * time * width;
      return layers * block + 2.0 * width * vocabulary;
    }

    /** Number of weights. */
    double parameters() {
      return (double) vocabulary * width + (double) positions * width + layers * 12.0 * width * width;
    }
  }
}
