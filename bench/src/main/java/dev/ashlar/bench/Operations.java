package dev.ashlar.bench;

import dev.ashlar.autodiff.Gradients;
import dev.ashlar.layers.convolution.Conv2d;
import dev.ashlar.layers.pooling.MaxPool2d;
import dev.ashlar.model.Initializer;
import dev.ashlar.model.Optimizer;
import dev.ashlar.model.Precision;
import dev.ashlar.model.Scope;
import dev.ashlar.model.State;
import dev.ashlar.model.Trace;
import dev.ashlar.model.UpdateRule;
import dev.ashlar.optimizers.AdamW;
import dev.ashlar.optimizers.Sgd;
import dev.ashlar.program.Computation;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Functions;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.tensor.Tensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Workloads of one kind of kernel each, for {@link OperationBenchmark} and for {@code ashlar bench NAME}. An activation
 * and an optimizer of a stranger's, in plain tensor maths, stand beside built-in ones.
 */
final class Operations {

  private static final int ROWS = 4096;
  private static final int COLUMNS = 1024;
  private static final double ARRAY = 4.0 * ROWS * COLUMNS;
  private static final int PARAMETERS = 4;

  private Operations() {}

  static List<Workload> all() {
    return List.of(
        function("gelu", "gelu(x), x [4096, 1024]", 2, Functions::geluTanh),
        function("strange-mish", "x tanh(log(1 + e^x)) in plain maths, x [4096, 1024]", 2,
            x -> x.mul(x.exp().add(1).log().tanh())),
        function("softmax", "softmax over rows, x [4096, 1024]", 2, x -> Functions.softmax(x, -1)),
        function("rows-summed", "sums of rows, x [4096, 1024]", 1, x -> x.sum(-1)),
        function("columns-summed", "sums of columns, x [4096, 1024]", 1, x -> x.sum(0)),
        function("transpose", "x [4096, 1024] transposed, plus 1", 2, x -> x.transpose().add(1)),
        function("running-sum", "running sums of rows, x [4096, 1024]", 2, x -> x.cumSum(-1)),
        crossEntropy(),
        update("sgd-momentum", 5, Sgd.of(0.01).withMomentum(0.9)),
        update("adamw", 7, AdamW.of(1e-3)),
        update("strange-lion", 5, new Lion()),
        lookups(),
        convolution(),
        pooling(),
        attention("attention", 256),
        attention("attention-long", 1024));
  }

  /** Chen et al., Symbolic discovery of optimization algorithms, 2023, as a plug-in would write it. */
  private record Lion() implements UpdateRule {
    @Override
    public Tensor update(Tensor parameter, Tensor gradient, Scope scope) {
      State momentum = scope.slot("momentum", parameter.type(), Initializer.ZEROS);
      Tensor direction = momentum.value().mul(0.9).add(gradient.mul(0.1)).sign();
      momentum.set(momentum.value().mul(0.99).add(gradient.mul(0.01)));
      return parameter.sub(direction.add(parameter.mul(0.1)).mul(1e-4));
    }
  }

  private static Workload function(String name, String what, int arrays, Function<Tensor, Tensor> function) {
    Tensor x = Tensor.input("x", TensorType.of(DType.F32, ROWS, COLUMNS));
    return workload(name, what, 0, arrays * ARRAY, Map.of("y", function.apply(x)), Map.of());
  }

  private static Workload crossEntropy() {
    Tensor logits = Tensor.input("logits", TensorType.of(DType.F32, 256, 50257));
    Tensor targets = Tensor.input("targets", TensorType.of(DType.I32, 256));
    Tensor loss = Functions.softmaxCrossEntropy(logits, targets).mean();
    return workload("cross-entropy", "loss and gradient of logits [256, 50257]", 0, 2 * 4.0 * 256 * 50257,
        Map.of("loss", loss, "gradient", Gradients.of(loss, List.of(logits)).getFirst()), Map.of("targets", 50257));
  }

  private static Workload update(String name, int arrays, Optimizer optimizer) {
    Trace trace = Trace.training(Precision.F32, 1);
    TensorType type = TensorType.of(DType.F32, COLUMNS, COLUMNS);
    Map<String, Tensor> gradients = new LinkedHashMap<>();
    for (int i = 0; i < PARAMETERS; i++) {
      trace.root().parameter("p" + i, type.shape(), Initializer.ZEROS);
      gradients.put("p" + i, Tensor.input("g" + i, type));
    }
    Optimizer.Objective given = at -> new Optimizer.Evaluation(Tensor.scalar(DType.F32, 0), Tensors.of(gradients));
    trace.update(optimizer.step(trace.parameters(), given, trace.root().child("optimizer")));
    Tensors step = Tensors.of("step", trace.step().value());
    return new Workload(name, "update of 4 parameters [1024, 1024]", 0, arrays * 4.0 * PARAMETERS * COLUMNS * COLUMNS,
        backend -> new Runs(backend, new Computation(name, step, trace.variables()), Map.of()));
  }

  private static Workload lookups() {
    Tensor table = Tensor.input("table", TensorType.of(DType.F32, 50257, 768));
    Tensor ids = Tensor.input("ids", TensorType.of(DType.I32, 1024));
    Tensor rows = table.gather(ids, 0);
    Tensor g = Tensor.input("g", rows.type());
    return workload("embedding", "1,024 rows of [50257, 768], and the gradient of the table", 0,
        4.0 * 768 * (3 * 1024 + 50257), Map.of("rows", rows, "gradient",
            Gradients.vjp(List.of(rows), List.of(g), List.of(table)).getFirst()), Map.of("ids", 50257));
  }

  private static Workload convolution() {
    Trace trace = Trace.training(Precision.F32, 1);
    Tensor x = Tensor.input("x", TensorType.of(DType.F32, 32, 32, 28, 28));
    Tensor y = trace.root().call(Conv2d.of(64, 3), x);
    return withGradients("convolution", "3 x 3, x [32, 32, 28, 28] to 64 channels, with gradients",
        3 * 2.0 * y.shape().size() * 32 * 9, 0, trace, x, y);
  }

  private static Workload pooling() {
    Trace trace = Trace.training(Precision.F32, 1);
    Tensor x = Tensor.input("x", TensorType.of(DType.F32, 64, 32, 28, 28));
    Tensor y = trace.root().call(MaxPool2d.of(2), x);
    return withGradients("max-pool", "2 x 2, x [64, 32, 28, 28], with gradient", 0,
        4.0 * (2 * x.shape().size() + 2 * y.shape().size()), trace, x, y);
  }

  private static Workload attention(String name, int time) {
    Shape shape = Shape.of(8, 6, time, 64);
    TensorType type = new TensorType(DType.F32, shape);
    List<Tensor> in = Stream.of("q", "k", "v", "g").map(n -> Tensor.input(n, type)).toList();
    Tensor y = Functions.causalAttention(in.get(0), in.get(1), in.get(2), Tensor.scalar(DType.I32, 0));
    List<Tensor> gradients = Gradients.vjp(List.of(y), List.of(in.get(3)), in.subList(0, 3));
    // Six products of which the mask hides half.
    return workload(name, "causal, 8 x 6 heads of " + time + " x 64, with gradients", 6.0 * shape.size() * time, 0,
        Map.of("y", y, "q", gradients.get(0), "k", gradients.get(1), "v", gradients.get(2)), Map.of());
  }

  private static Workload withGradients(String name, String what, double flops, double bytes, Trace trace, Tensor x,
      Tensor y) {
    Tensor g = Tensor.input("g", y.type());
    List<Tensor> wrt = new ArrayList<>(trace.parameters().values());
    wrt.add(x);
    Map<String, Tensor> results = new LinkedHashMap<>(Map.of("y", y));
    List<Tensor> gradients = Gradients.vjp(List.of(y), List.of(g), wrt);
    for (int i = 0; i < gradients.size(); i++) {
      results.put("gradient" + i, gradients.get(i));
    }
    return new Workload(name, what, flops, bytes,
        backend -> new Runs(backend, new Computation(name, Tensors.of(results), trace.variables()), Map.of()));
  }

  private static Workload workload(String name, String what, double flops, double bytes, Map<String, Tensor> results,
      Map<String, Integer> limits) {
    return new Workload(name, what, flops, bytes,
        backend -> new Runs(backend, new Computation(name, Tensors.of(results), List.of()), limits));
  }
}
