package dev.ashlar.strangers;

import dev.ashlar.model.Initializer;
import dev.ashlar.model.Layer;
import dev.ashlar.model.Scope;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;

/** Tokens [B, T] to logits [B, T, V]; the output layer is the embedding, stored once. */
record TiedLanguageModel(int vocabulary, int width) implements Layer {
  @Override
  public Tensor forward(Tensor ids, Scope scope) {
    Tensor x = scope.call("embedding", this::embed, ids); // (B, T, C)
    x = scope.call("mix", this::mix, x);
    return x.matmul(scope.shared("embedding.weight").transpose()); // (B, T, V)
  }

  private Tensor embed(Tensor ids, Scope scope) {
    return scope.parameter("weight", Shape.of(vocabulary, width), CrossAttention.Weights.SMALL).gather(ids);
  }

  private Tensor mix(Tensor x, Scope scope) {
    Tensor weight = scope.parameter("weight", Shape.of(width, width), CrossAttention.Weights.SMALL);
    return x.add(x.matmul(weight).add(scope.parameter("bias", Shape.of(width), Initializer.ZEROS)).tanh());
  }
}
