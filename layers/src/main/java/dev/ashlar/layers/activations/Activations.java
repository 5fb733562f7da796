package dev.ashlar.layers.activations;

import dev.ashlar.config.Doc;
import dev.ashlar.model.Activation;
import dev.ashlar.tensor.Functions;
import dev.ashlar.tensor.Tensor;
import java.util.function.UnaryOperator;

/** Activations without settings. The shape stays; softmax and log_softmax go along the last axis. */
public enum Activations implements Activation {
  /** x. */
  @Doc("x")
  LINEAR(x -> x),
  /** max(x, 0). */
  @Doc("max(x, 0)")
  RELU(Functions::relu),
  /** x Phi(x): Hendrycks and Gimpel, 2016. */
  @Doc("x times the normal distribution function of x")
  GELU(Functions::gelu),
  /** GELU through tanh, as GPT-2 has it: Hendrycks and Gimpel, 2016. */
  @Doc("gelu approximated through tanh, as in GPT-2")
  GELU_TANH(Functions::geluTanh),
  /** x sigmoid(x), also called swish: Ramachandran et al., 2017. */
  @Doc("x sigmoid(x), also called swish")
  SILU(x -> x.mul(x.sigmoid())),
  /** 1 / (1 + exp(-x)). */
  @Doc("1 / (1 + exp(-x))")
  SIGMOID(Tensor::sigmoid),
  /** Hyperbolic tangent. */
  @Doc("hyperbolic tangent")
  TANH(Tensor::tanh),
  /** log(1 + exp(x)), without overflow. */
  @Doc("log(1 + exp(x))")
  SOFTPLUS(x -> Functions.relu(x).add(x.abs().neg().exp().log1p())),
  /** exp(x) over its sum along the last axis. */
  @Doc("exp(x) over its sum along the last axis")
  SOFTMAX(x -> Functions.softmax(x, -1)),
  /** The logarithm of softmax. */
  @Doc("the logarithm of softmax")
  LOG_SOFTMAX(x -> Functions.logSoftmax(x, -1));

  private final UnaryOperator<Tensor> function;

  Activations(UnaryOperator<Tensor> function) {
    this.function = function;
  }

  @Override
  public Tensor apply(Tensor x) {
    return function.apply(x);
  }
}
