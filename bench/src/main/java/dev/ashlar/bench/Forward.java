package dev.ashlar.bench;

import dev.ashlar.layers.Unembedding;
import dev.ashlar.model.Block;
import dev.ashlar.model.Precision;
import dev.ashlar.model.Trace;
import dev.ashlar.program.Computation;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.tensor.Tensors;

/** Forward passes without training. */
final class Forward {

  private Forward() {}

  /** A model's main output for one input. */
  static Computation of(Block model, TensorType input) {
    Trace trace = Trace.inference(Precision.F32);
    Tensor out = trace.root().apply(model, Tensors.of("input", Tensor.input("input", input))).first();
    return new Computation("predict", Tensors.of("output", out), trace.variables());
  }

  /** Logits [1, vocabulary] after the last of some tokens [1, time]. */
  static Tensor lastLogits(Models.Gpt gpt, Tensor ids, Trace trace) {
    Tensor stream = trace.root().apply(gpt.trunk(), Tensors.of(ids)).first(); // (1, T, C)
    Tensor last = stream.slice(1, stream.dim(1) - 1, stream.dim(1)).squeeze(1); // (1, C)
    return trace.root().call("head", new Unembedding("embedding"), last);
  }

  /** Logits after the last of {@code time} tokens. */
  static Computation prefill(Models.Gpt gpt, int time) {
    Trace trace = Trace.inference(Precision.F32);
    Tensor ids = Tensor.input("ids", TensorType.of(dev.ashlar.tensor.DType.I32, 1, time));
    Tensor logits = lastLogits(gpt, ids, trace);
    return new Computation("prefill", Tensors.of("logits", logits), trace.variables());
  }
}
