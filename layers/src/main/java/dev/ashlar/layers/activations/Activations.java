package dev.ashlar.layers.activations;

import dev.ashlar.config.Alias;
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
  /** x sigmoid(1.702 x), an older approximation of GELU: Hendrycks and Gimpel, 2016, section 2. */
  @Doc("x sigmoid(1.702 x), a rougher approximation of gelu")
  QUICK_GELU(x -> x.mul(x.mul(1.702).sigmoid())),
  /** x sigmoid(x), also called swish: Ramachandran et al., 2017. */
  @Doc("x sigmoid(x), also called swish")
  @Alias("swish")
  SILU(x -> x.mul(x.sigmoid())),
  /** 1 / (1 + exp(-x)). */
  @Doc("1 / (1 + exp(-x))")
  SIGMOID(Tensor::sigmoid),
  /** Hyperbolic tangent. */
  @Doc("hyperbolic tangent")
  TANH(Tensor::tanh),
  /** log(1 + exp(x)), without overflow. */
  @Doc("log(1 + exp(x))")
  SOFTPLUS(Activations::softplus),
  /** x tanh(softplus(x)): Misra, 2019. */
  @Doc("x tanh(softplus(x))")
  MISH(x -> x.mul(softplus(x).tanh())),
  /** A scaled elu that keeps mean and variance: Klambauer et al., 2017. */
  @Doc("elu scaled so that mean and variance stay")
  SELU(x -> x.gt(0).where(x, x.minimum(0).expm1().mul(1.6732632423543772)).mul(1.0507009873554805)),
  /** min(max(x, 0), 6). */
  @Doc("x between 0 and 6")
  RELU6(x -> x.maximum(0).minimum(6)),
  /** min(max(x + 3, 0), 6) / 6: sigmoid of straight lines. */
  @Doc("sigmoid of straight lines: (x + 3) / 6 between 0 and 1")
  HARD_SIGMOID(Activations::hardSigmoid),
  /** x hard_sigmoid(x): Howard et al., 2019. */
  @Doc("x hard_sigmoid(x)")
  HARD_SWISH(x -> x.mul(hardSigmoid(x))),
  /** min(max(x, -1), 1). */
  @Doc("x between -1 and 1")
  HARD_TANH(x -> x.maximum(-1).minimum(1)),
  /** x - tanh(x). */
  @Doc("x - tanh(x)")
  TANH_SHRINK(x -> x.sub(x.tanh())),
  /** x / (1 + |x|). */
  @Doc("x / (1 + |x|)")
  SOFTSIGN(x -> x.div(x.abs().add(1))),
  /** The logarithm of sigmoid, without overflow. */
  @Doc("the logarithm of sigmoid")
  LOG_SIGMOID(x -> softplus(x.neg()).neg()),
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

  private static Tensor softplus(Tensor x) {
    return Functions.relu(x).add(x.abs().neg().exp().log1p());
  }

  private static Tensor hardSigmoid(Tensor x) {
    return x.add(3).maximum(0).minimum(6).mul(1 / 6.0);
  }

  @Override
  public Tensor apply(Tensor x) {
    return function.apply(x);
  }
}
