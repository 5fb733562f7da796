package dev.ashlar.strangers;

import dev.ashlar.model.Block;
import dev.ashlar.model.Initializer;
import dev.ashlar.model.Scope;
import dev.ashlar.tensor.Functions;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.Tensors;

/**
 * Attention from one sequence to another, some of whose positions are padding. In: query [B, T, C],
 * memory [B, S, M], padding [B, S] (true: look away). Out: value [B, T, C].
 */
record CrossAttention(int heads) implements Block {
  @Override
  public Tensors forward(Tensors in, Scope scope) {
    Tensor query = in.get("query");
    Tensor memory = in.get("memory");
    int width = query.dim(-1);
    Tensor q = heads(project("query", query, width, scope)); // (B, H, T, D)
    Tensor k = heads(project("key", memory, width, scope)); // (B, H, S, D)
    Tensor v = heads(project("value", memory, width, scope)); // (B, H, S, D)
    Tensor scores = q.matmul(k.transpose()).mul(1 / Math.sqrt(q.dim(-1))); // (B, H, T, S)
    Tensor padding = in.get("padding").expandDims(1).expandDims(1); // (B, 1, 1, S)
    Tensor masked = padding.where(Tensor.scalar(scores.dtype(), -1e9), scores);
    Tensor mixed = Functions.softmax(masked, -1).matmul(v); // (B, H, T, D)
    Tensor joined = mixed.transpose(1, 2).reshape(query.shape());
    return Tensors.of("value", project("output", joined, width, scope));
  }

  private static Tensor project(String name, Tensor x, int width, Scope scope) {
    return x.matmul(scope.parameter(name, Shape.of(x.dim(-1), width), Weights.SMALL));
  }

  private Tensor heads(Tensor x) {
    return x.reshape(x.dim(0), x.dim(1), heads, -1).transpose(1, 2);
  }

  /** A stranger's initializer. */
  enum Weights implements Initializer {
    SMALL;

    @Override
    public Tensor initialize(dev.ashlar.tensor.TensorType type, Fans fans, dev.ashlar.tensor.Key key) {
      return key.normal(type).mul(1 / Math.sqrt(fans.in()));
    }
  }
}
