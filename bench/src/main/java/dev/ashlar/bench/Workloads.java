package dev.ashlar.bench;

import dev.ashlar.autodiff.Gradients;
import dev.ashlar.layers.LayerNorm;
import dev.ashlar.layers.losses.CrossEntropy;
import dev.ashlar.layers.losses.MeanSquaredError;
import dev.ashlar.model.Batch;
import dev.ashlar.model.Block;
import dev.ashlar.model.Loss;
import dev.ashlar.model.Optimizer;
import dev.ashlar.model.Precision;
import dev.ashlar.model.Trace;
import dev.ashlar.optimizers.Adam;
import dev.ashlar.optimizers.AdamW;
import dev.ashlar.optimizers.Chain;
import dev.ashlar.optimizers.ClipByGlobalNorm;
import dev.ashlar.optimizers.Sgd;
import dev.ashlar.program.Computation;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Functions;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.tensor.Tensors;
import dev.ashlar.training.Programs;
import dev.ashlar.training.Task;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** All workloads, with the names, shapes and settings of the peer's benchmark. */
final class Workloads {

  private static final long STEPS = 1_000_000;

  private Workloads() {}

  static List<Workload> all() {
    Models.Gpt nano = new Models.Gpt(65, 64, 4, 4, 128);
    Models.Gpt chars = new Models.Gpt(65, 256, 6, 6, 384);
    return List.of(
        gemm("gemm-1024", 1024, 1024, 1024),
        gemm("gemm-mlp", 256, 768, 3072),
        pointwise(),
        layerNorm(),
        training("seed", "10-5-1, sigmoid, mean squared error, SGD, batch 100: a training step", 3 * 2.0 * 100 * 55,
            Models.seed(), new MeanSquaredError(), Sgd.of(0.01), TensorType.of(DType.F32, 10),
            TensorType.of(DType.F32, 1), 100, 0),
        training("mlp", "784-512-512-10, relu, cross-entropy, Adam, batch 128: a training step",
            3 * 2.0 * 128 * (784 * 512 + 512 * 512 + 5120) - 2.0 * 128 * 784 * 512, Models.mlp(), new CrossEntropy(),
            Adam.of(1e-3), TensorType.of(DType.F32, 784), TensorType.of(DType.I32), 128, 10),
        new Workload("mlp-infer-1", "784-512-512-10, batch 1: forward", 0, 4.0 * (784 * 512 + 512 * 512 + 5120),
            backend -> new Runs(backend, Forward.of(Models.mlp(), TensorType.of(DType.F32, 1, 784)), Map.of())),
        training("cnn", "two 3x3 convolutions with pooling, two dense layers, Adam, batch 64: a training step",
            64 * 2.0 * (784 * 9 * 32 * 2 + 196 * 288 * 64 * 3 + 3 * (3136 * 128 + 1280)), Models.cnn(),
            new CrossEntropy(), Adam.of(1e-3), TensorType.of(DType.F32, 1, 28, 28), TensorType.of(DType.I32), 64, 10),
        training("lstm", "LSTM: 2 layers, 256 wide, batch 32 of 64 steps, Adam: a training step",
            32 * 64 * 11 * 2.0 * 256 * 1024, Models.lstm(), new CrossEntropy(), Adam.of(1e-3),
            TensorType.of(DType.F32, 64, 256), TensorType.of(DType.I32), 32, 10),
        gpt("gpt-cpu", nano, 64, 12),
        gpt("gpt-char", chars, 256, 8),
        gpt("gpt2", Models.Gpt.SMALL, 64, 4),
        new Workload("gpt2-prefill", "GPT-2 124M, forward over 512 tokens, logits of the last",
            512 * Models.Gpt.SMALL.flopsPerToken(512) - 511 * 2.0 * 768 * 50257, 0,
            backend -> new Runs(backend, Forward.prefill(Models.Gpt.SMALL, 512), Map.of("ids", 50257))),
        decode("gpt2-decode", DType.F32),
        decode("gpt2-decode-bf16", DType.BF16),
        decode("gpt2-decode-f16", DType.F16));
  }

  private static Workload decode(String name, DType weights) {
    return new Workload(name, "GPT-2 124M, weights in " + weights + ", one greedy token with a key/value cache", 0,
        weights.bytes() * Models.Gpt.SMALL.parameters(), backend -> new Decoding(backend, Models.Gpt.SMALL, weights));
  }

  /** A workload, or an operation. */
  static Optional<Workload> find(String name) {
    return Stream.concat(all().stream(), Operations.all().stream()).filter(w -> w.name().equals(name)).findFirst();
  }

  private static Workload gemm(String name, int m, int k, int n) {
    return new Workload(name, "[" + m + ", " + k + "] x [" + k + ", " + n + "]", 2.0 * m * k * n, 0, backend -> {
      Tensor a = Tensor.input("a", TensorType.of(DType.F32, m, k));
      Tensor b = Tensor.input("b", TensorType.of(DType.F32, k, n));
      return new Runs(backend, new Computation(name, Tensors.of("c", a.matmul(b)), List.of()), Map.of());
    });
  }

  private static Workload pointwise() {
    return new Workload("pointwise", "gelu(x + b) / 2 + x, x [4096, 1024]", 0, 2 * 4.0 * 4096 * 1024, backend -> {
      Tensor x = Tensor.input("x", TensorType.of(DType.F32, 4096, 1024));
      Tensor b = Tensor.input("b", TensorType.of(DType.F32, 1024));
      Tensor y = Functions.geluTanh(x.add(b)).mul(0.5).add(x);
      return new Runs(backend, new Computation("pointwise", Tensors.of("y", y), List.of()), Map.of());
    });
  }

  private static Workload layerNorm() {
    return new Workload("layernorm", "x [4096, 768], forward and backward", 0, 4 * 4.0 * 4096 * 768, backend -> {
      Trace trace = Trace.training(Precision.F32, 1);
      TensorType type = TensorType.of(DType.F32, 4096, 768);
      Tensor x = Tensor.input("x", type);
      Tensor g = Tensor.input("g", type);
      Tensor y = trace.root().call(new LayerNorm(), x);
      List<Tensor> wrt = new ArrayList<>(List.of(x));
      wrt.addAll(trace.parameters().values());
      List<Tensor> gradients = Gradients.vjp(List.of(y), List.of(g), wrt);
      Map<String, Tensor> results = new LinkedHashMap<>();
      results.put("y", y);
      for (int i = 0; i < gradients.size(); i++) {
        results.put("gradient_" + i, gradients.get(i));
      }
      return new Runs(backend, new Computation("layernorm", Tensors.of(results), trace.variables()), Map.of());
    });
  }

  private static Workload gpt(String name, Models.Gpt gpt, int time, int batch) {
    Optimizer optimizer = new Chain(List.of(new ClipByGlobalNorm(1)), AdamW.of(1e-3));
    String what = "GPT: " + gpt.layers() + " layers, " + gpt.heads() + " heads, " + gpt.width() + " wide, batch "
        + batch + " of " + time + " tokens, AdamW, clip 1: a training step";
    TensorType tokens = TensorType.of(DType.I32, time);
    return training(name, what, 3 * batch * time * gpt.flopsPerToken(time), gpt.model(), new CrossEntropy(), optimizer,
        tokens, tokens, batch, gpt.vocabulary());
  }

  private static Workload training(String name, String what, double flops, Block model, Loss loss, Optimizer optimizer,
      TensorType input, TensorType target, int batch, int classes) {
    Map<String, TensorType> columns = new LinkedHashMap<>();
    columns.put(Batch.INPUT, input);
    columns.put(Batch.TARGET, target);
    // Every example counts: weights of 1.
    Map<String, Integer> limits = Map.of(Batch.INPUT, classes, Batch.TARGET, classes, Batch.WEIGHT, -1);
    return new Workload(name, what, flops, 0, backend ->
        new Runs(backend, Programs.step(Task.of(model, loss, optimizer), columns, batch, STEPS), limits));
  }
}
