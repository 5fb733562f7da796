package dev.ashlar.layers;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.MisplacedException;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.layers.initializers.Initializers;
import dev.ashlar.layers.shapes.Inputs;
import dev.ashlar.layers.transformers.Cache;
import dev.ashlar.layers.transformers.Rotary;
import dev.ashlar.layers.transformers.Sees;
import dev.ashlar.model.Initializer;
import dev.ashlar.model.Layer;
import dev.ashlar.model.Scope;
import dev.ashlar.tensor.AttentionMask;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Functions;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.ShapeException;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.Tensors;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Attention with several heads: Vaswani et al., 2017, section 3.2. With fewer heads of keys and values than of queries
 * it is grouped-query attention (Ainslie et al., 2023), with one multi-query attention (Shazeer, 2019).
 *
 * <p>In: x [batch, time, width]; where {@code over} names another input, keys and values are made of that, [batch,
 * keys, any width]; optionally {@code mask} [batch, keys], not 0 for what is there. Out: x's place has [batch, time,
 * width]. Parts {@code query}, {@code key}, {@code value} and {@code output} are dense layers, {@code query_norm} and
 * {@code key_norm} the normalizers. While a sequence is decoded piece by piece the session keeps keys, after their
 * turn, and values, [batch, key_value_heads, capacity, head_width].
 */
@Name("attention")
@Doc("positions of a sequence look at one another, or at another sequence")
public record Attention(
    @Doc("number of heads") @Range(atLeast = 1) int heads,
    @Doc("heads of keys and values, which divides the heads; 1 is multi-query; as many as heads if absent")
        @Range(atLeast = 1) Optional<Integer> keyValueHeads,
    @Doc("width of a head; the width over the heads if absent") @Range(atLeast = 1) Optional<Integer> headWidth,
    @Doc("which positions a position looks at") @Default("causal") Sees sees,
    @Doc("a position looks at those less than so many away; at all if absent") @Range(atLeast = 1)
        Optional<Integer> window,
    @Doc("turns queries and keys by their positions") Optional<Rotary> rotary,
    @Doc("normalizes queries and keys, head by head, before they are turned") Optional<Layer> normalizer,
    @Doc("the input that is looked at; the same sequence if absent") Optional<String> over,
    @Doc("whether queries, keys and values have a bias") @Default("true") boolean bias,
    @Doc("whether the output has a bias; as the others if absent") Optional<Boolean> outputBias,
    @Doc("how the weights start") @Default("glorot_uniform") Initializer initializer)
    implements Layer {

  /** What marks the keys that are there. */
  public static final String MASK = "mask";

  /** Refuses groups that are not alike, and what makes no sense over another sequence. */
  public Attention {
    if (keyValueHeads.filter(groups -> heads % groups != 0).isPresent()) {
      throw mistake("key_value_heads", keyValueHeads.get().toString(), "a number that divides the " + heads + " heads");
    }
    if (over.isPresent() && (rotary.isPresent() || window.isPresent())) {
      throw mistake("over", over.get(), "no 'rotary' and no 'window' beside it: positions of two sequences have no"
          + " distance");
    }
  }

  private static MisplacedException mistake(String component, String found, String expected) {
    return new MisplacedException(
        List.of(new MisplacedException.Mistake(List.of(component), found, expected, "")));
  }

  /** Causal, with biases, positions not heeded. */
  public static Attention of(int heads) {
    return new Attention(heads, Optional.empty(), Optional.empty(), Sees.CAUSAL, Optional.empty(), Optional.empty(),
        Optional.empty(), Optional.empty(), true, Optional.empty(), Initializers.GLOROT_UNIFORM);
  }

  @Override
  public Tensor forward(Tensor x, Scope scope) {
    return forward(Tensors.of(x), scope).first();
  }

  @Override
  public Tensors forward(Tensors in, Scope scope) {
    Tensor x = in.first();
    sequence("sequences", x);
    Inputs.real("attention", x);
    if (sees == Sees.ALL && over.isEmpty()) {
      Inputs.whole("attention", scope);
    }
    Tensor y = scope.call("output", dense(x.dim(-1), outputBias.orElse(bias)), mixed(x, in, scope));
    return in.with(in.names().iterator().next(), y);
  }

  /** What each query gets of the values, heads side by side: [batch, time, heads head_width]. */
  private Tensor mixed(Tensor x, Tensors in, Scope scope) {
    int groups = keyValueHeads.orElse(heads);
    int width = headWidth(x);
    Tensor source = over.map(name -> source(name, in)).orElse(x);
    Tensor q = scope.call("query", dense(heads * width, bias), x);
    Tensor k = scope.call("key", dense(groups * width, bias), source);
    Tensor v = scope.call("value", dense(groups * width, bias), source);
    q = turned(normalized("query_norm", byHead(q, heads), scope), scope); // (B, H, T, D)
    k = turned(normalized("key_norm", byHead(k, groups), scope), scope); // (B, G, S, D)
    v = byHead(v, groups);
    boolean remembers = over.isEmpty() && scope.decodingCapacity().isPresent();
    if (remembers) { // S is the session's capacity
      k = Cache.remember("keys", k, scope);
      v = Cache.remember("values", v, scope);
    }
    int batch = q.dim(0);
    Shape grouped = Shape.of(batch, groups, heads / groups, k.dim(2), width);
    Tensor all = Functions.attention(
        q.reshape(batch, groups, heads / groups, q.dim(2), width),
        k.expandDims(2).broadcastTo(grouped),
        v.expandDims(2).broadcastTo(grouped), mask(in, k.dim(2), scope));
    return all.reshape(batch, heads, q.dim(2), width).transpose(1, 2).reshape(batch, q.dim(2), heads * width);
  }

  private AttentionMask mask(Tensors in, int keys, Scope scope) {
    Optional<Tensor> there = over.isPresent() || scope.decodingCapacity().isEmpty()
        ? in.find(MASK).map(mask -> present(mask, keys))
        : Cache.present(keys, scope);
    AttentionMask all = sees == Sees.CAUSAL && over.isEmpty() ? AttentionMask.causal(scope.position())
        : AttentionMask.all();
    return all.withWindow(window.map(OptionalInt::of).orElse(OptionalInt.empty()))
        .withKeys(there.map(keysThere -> keysThere.reshape(keysThere.dim(0), 1, 1, 1, keys)));
  }

  private static Tensor present(Tensor mask, int keys) {
    if (mask.rank() != 2 || mask.dim(1) != keys) {
      throw new ShapeException("mask of attention", "[batch, " + keys + "], one number for each key",
          mask.shape().toString());
    }
    return mask.dtype() == DType.BOOL ? mask : mask.ne(0);
  }

  private int headWidth(Tensor x) {
    if (headWidth.isPresent()) {
      return headWidth.get();
    }
    if (x.dim(-1) % heads != 0) {
      throw new ShapeException("attention", "a width that " + heads + " heads divide", "width " + x.dim(-1),
          "change 'heads', the width of the layer before, or say 'head_width'");
    }
    return x.dim(-1) / heads;
  }

  private static Tensor source(String name, Tensors in) {
    Tensor source = in.find(name).orElseThrow(() -> new ShapeException("attention", "an input '" + name + "' to look at",
        "inputs " + String.join(", ", in.names()), "change 'over', or give the layer that input"));
    sequence("sequences '" + name + "'", source);
    return source;
  }

  private static void sequence(String what, Tensor x) {
    if (x.rank() != 3) {
      throw new ShapeException("attention", what + " [batch, time, width]", x.shape().toString(),
          "insert 'embedding' or 'reshape: [time, width]' before it");
    }
  }

  private Dense dense(int units, boolean withBias) {
    Dense dense = Dense.of(units).withInitializer(initializer);
    return withBias ? dense : dense.withoutBias();
  }

  private static Tensor byHead(Tensor x, int count) {
    return x.reshape(x.dim(0), x.dim(1), count, -1).transpose(1, 2);
  }

  private Tensor normalized(String name, Tensor x, Scope scope) {
    return normalizer.map(layer -> scope.call(name, layer, x)).orElse(x);
  }

  private Tensor turned(Tensor x, Scope scope) {
    return rotary.map(positions -> positions.turned(x, scope)).orElse(x);
  }
}
