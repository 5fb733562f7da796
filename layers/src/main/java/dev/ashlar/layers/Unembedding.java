package dev.ashlar.layers;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.model.Layer;
import dev.ashlar.model.Scope;
import dev.ashlar.tensor.Tensor;

/**
 * Logits by the transposed weights of an {@link Embedding}, stored once: Press and Wolf, 2017. Shapes: x [..,
 * width] -> [.., vocabulary].
 */
@Name("unembedding")
@Doc("logits by the transposed weights of an embedding, which are stored once")
public record Unembedding(
    @Doc("path of the embedding from the root of the model") @Default("embedding") String of)
    implements Layer {

  @Override
  public Tensor forward(Tensor x, Scope scope) {
    return x.matmul(scope.shared(of + ".weight").transpose());
  }
}
