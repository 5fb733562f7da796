package dev.ashlar.strangers;

import dev.ashlar.model.Layer;
import dev.ashlar.model.Objectives;
import dev.ashlar.model.Optimizer;
import dev.ashlar.model.Precision;
import dev.ashlar.model.Trace;
import dev.ashlar.program.Computation;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.tensor.Tensors;

/**
 * A generative adversarial network (Goodfellow et al., 2014): two steps with two optimizers over one
 * store. Each step is a program; variables of both are shared by name.
 */
record Gan(Layer generator, Layer discriminator, Optimizer forGenerator, Optimizer forDiscriminator) {

  /** Real examples in; the discriminator learns to tell them from generated ones. */
  Computation discriminatorStep(TensorType real, TensorType noise) {
    Trace trace = Trace.training(Precision.F32, 1);
    Tensor fake = generate(noise, trace).detach();
    Tensor onReal = trace.root().call("discriminator", discriminator, Tensor.input("real", real));
    Tensor onFake = trace.root().again("discriminator").apply(discriminator, fake);
    Tensor loss = softplus(onReal.neg()).mean().add(softplus(onFake).mean());
    return step("discriminator", loss, forDiscriminator, trace);
  }

  /** The generator learns to pass for real. */
  Computation generatorStep(TensorType noise) {
    Trace trace = Trace.training(Precision.F32, 1);
    Tensor onFake = trace.root().call("discriminator", discriminator, generate(noise, trace));
    return step("generator", softplus(onFake.neg()).mean(), forGenerator, trace);
  }

  private Tensor generate(TensorType noise, Trace trace) {
    Tensor z = trace.root().key("noise").normal(noise);
    return trace.root().call("generator", generator, z);
  }

  private static Computation step(String part, Tensor loss, Optimizer optimizer, Trace trace) {
    Tensors parameters = trace.parameters().filter((path, value) -> path.startsWith(part + "."));
    trace.update(optimizer.step(
        parameters, Objectives.of(loss, parameters), trace.root().child("optimizer." + part)));
    trace.step().set(trace.step().value().add(1));
    return new Computation(part, Tensors.of("loss", loss), trace.variables());
  }

  private static Tensor softplus(Tensor x) {
    return x.maximum(0).add(x.abs().neg().exp().log1p());
  }
}
