package dev.ashlar.layers;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.layers.transformers.Cache;
import dev.ashlar.model.Layer;
import dev.ashlar.model.Scope;
import dev.ashlar.tensor.AttentionMask;
import dev.ashlar.tensor.Functions;
import dev.ashlar.tensor.ShapeException;
import dev.ashlar.tensor.Tensor;
import java.util.List;

/**
 * Every position looks at itself and those before it, with several heads; x [batch, time, width], which
 * stays. Decoding keeps keys and values of earlier calls, [batch, heads, capacity, width / heads]. Vaswani et
 * al., 2017.
 */
@Name("causal_self_attention")
@Doc("every position of a sequence looks at itself and those before it")
public record CausalSelfAttention(
    @Doc("number of heads, which divides the width") @Range(atLeast = 1) int heads,
    @Doc("whether the projections have a bias") @Default("true") boolean bias)
    implements Layer {

  /** With biases. */
  public static CausalSelfAttention of(int heads) {
    return new CausalSelfAttention(heads, true);
  }

  @Override
  public Tensor forward(Tensor x, Scope scope) {
    int width = x.dim(-1);
    if (x.rank() != 3) {
      throw new ShapeException("causal_self_attention", "sequences [batch, time, width]", x.shape().toString(),
          "insert 'embedding' or 'reshape: [time, width]' before it");
    }
    if (width % heads != 0) {
      throw new ShapeException("causal_self_attention", "a width that " + heads + " heads divide",
          "width " + width, "change 'heads', or the width of the layer before");
    }
    List<Tensor> parts = scope.call("qkv", dense(3 * width), x).split(3, -1); // 3 of (B, T, C)
    Tensor q = byHead(parts.get(0)); // (B, H, T, D)
    Tensor k = byHead(parts.get(1));
    Tensor v = byHead(parts.get(2));
    AttentionMask mask = AttentionMask.causal(scope.position());
    if (scope.decodingCapacity().isPresent()) { // (B, H, S, D); S is the session's capacity
      k = Cache.remember("keys", k, scope);
      v = Cache.remember("values", v, scope);
      int keys = k.dim(2);
      mask = mask.withKeys(Cache.present(keys, scope).map(there -> there.reshape(there.dim(0), 1, 1, keys)));
    }
    Tensor mixed = Functions.attention(q, k, v, mask); // (B, H, T, D)
    return scope.call("output", dense(width), mixed.transpose(1, 2).reshape(x.shape()));
  }

  private Dense dense(int units) {
    return bias ? Dense.of(units) : Dense.of(units).withoutBias();
  }

  private Tensor byHead(Tensor x) {
    return x.reshape(x.dim(0), x.dim(1), heads, -1).transpose(1, 2);
  }
}
