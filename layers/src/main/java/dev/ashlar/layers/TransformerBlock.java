package dev.ashlar.layers;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.layers.activations.Activations;
import dev.ashlar.model.Activation;
import dev.ashlar.model.Layer;
import dev.ashlar.model.Scope;
import dev.ashlar.tensor.Tensor;

/**
 * x + attention(norm(x)), then x + mlp(norm(x)); x [batch, time, width], which stays. Radford et al., 2019,
 * section 2.3 (GPT-2).
 */
@Name("transformer_block")
@Doc("causal attention and two dense layers, each added to its normalized input, as in GPT-2")
public record TransformerBlock(
    @Doc("number of attention heads, which divides the width") @Range(atLeast = 1) int heads,
    @Doc("probability with which elements of both branches are dropped") @Default("0")
        @Range(atLeast = 0, below = 1) double dropout,
    @Doc("width between the dense layers, as a multiple") @Default("4") @Range(atLeast = 1) int expansion,
    @Doc("between the dense layers") @Default("gelu_tanh") Activation activation,
    @Doc("whether dense layers have a bias") @Default("true") boolean bias)
    implements Layer {

  /** As in GPT-2, without dropout. */
  public static TransformerBlock of(int heads) {
    return new TransformerBlock(heads, 0, 4, Activations.GELU_TANH, true);
  }

  @Override
  public Tensor forward(Tensor x, Scope scope) {
    int width = x.dim(-1);
    Tensor a = scope.call("norm_1", new LayerNorm(), x);
    a = scope.call("attention", new CausalSelfAttention(heads, bias), a);
    Tensor y = x.add(scope.call("dropout_1", new Dropout(dropout), a));
    Tensor m = scope.call("norm_2", new LayerNorm(), y);
    m = scope.call("up", dense(expansion * width).withActivation(activation), m); // (B, T, 4 C)
    m = scope.call("down", dense(width), m);
    return y.add(scope.call("dropout_2", new Dropout(dropout), m));
  }

  private Dense dense(int units) {
    return bias ? Dense.of(units) : Dense.of(units).withoutBias();
  }

  /** This with dropout. */
  public TransformerBlock withDropout(double rate) {
    return new TransformerBlock(heads, rate, expansion, activation, bias);
  }
}
