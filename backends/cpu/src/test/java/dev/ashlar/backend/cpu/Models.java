package dev.ashlar.backend.cpu;

import dev.ashlar.autodiff.Gradients;
import dev.ashlar.program.Computation;
import dev.ashlar.program.Variable;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Functions;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.tensor.Tensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Training steps in plain tensor maths. */
final class Models {

  private final Map<String, Tensor> parameters = new LinkedHashMap<>();

  private Models() {}

  private Tensor parameter(String name, int... dims) {
    TensorType type = TensorType.of(DType.F32, dims);
    return parameters.computeIfAbsent(name, n -> Tensor.apply(new Op.Input(Op.Role.VARIABLE, n, type)));
  }

  private static Tensor input(String name, DType dtype, int... dims) {
    return Tensor.input(name, TensorType.of(dtype, dims));
  }

  /** Two hidden layers with dropout, softmax cross-entropy, Adam. */
  static Computation mlp(int batch, int in, int hidden, int classes) {
    Models m = new Models();
    Tensor x = input("x", DType.F32, batch, in);
    Tensor labels = input("labels", DType.I32, batch);
    Tensor seed = input("seed", DType.I32, 2);
    Tensor h = Functions.relu(x.matmul(m.parameter("w1", in, hidden)).add(m.parameter("b1", hidden)));
    Tensor kept = dev.ashlar.tensor.Key.of(seed).uniform(h.type()).lt(0.9)
        .where(h.div(0.9), Tensor.zeros(h.type()));
    Tensor g = Functions.geluTanh(kept.matmul(m.parameter("w2", hidden, hidden))
        .add(m.parameter("b2", hidden)));
    Tensor logits = g.matmul(m.parameter("w3", hidden, classes)).add(m.parameter("b3", classes));
    Tensor loss = crossEntropy(logits, labels);
    return m.train("mlp", loss, Models::adam, Map.of("loss", loss, "logits", logits, "best",
        logits.argMax(1)));
  }

  /** Mean negative log-likelihood of the labels. */
  static Tensor crossEntropy(Tensor logits, Tensor labels) {
    Tensor classes = Tensor.iota(logits.type().withDType(DType.I32), 1);
    Tensor hit = labels.expandDims(1).eq(classes.broadcastTo(logits.shape()));
    Tensor log = Functions.logSoftmax(logits, 1);
    return hit.where(log, Tensor.zeros(log.type())).sum().neg().div(logits.dim(0));
  }

  /** One transformer block over embeddings, with layer norm, causal attention and tied output weights. */
  static Computation attention(int batch, int time, int width, int heads, int vocabulary) {
    Models m = new Models();
    Tensor tokens = input("tokens", DType.I32, batch, time);
    Tensor labels = input("labels", DType.I32, batch, time);
    Tensor table = m.parameter("embedding", vocabulary, width);
    Tensor x = table.gather(tokens).add(m.parameter("position", time, width));
    Tensor n = norm(m, "norm1", x, width);
    List<Tensor> qkv = n.matmul(m.parameter("qkv", width, 3 * width)).add(m.parameter("qkv_bias", 3 * width))
        .split(3, -1);
    List<Tensor> h = qkv.stream().map(t -> t.reshape(batch, time, heads, width / heads).transpose(1, 2))
        .toList();
    Tensor scores = h.get(0).matmul(h.get(1).transpose()).mul(1 / Math.sqrt(width / (double) heads));
    TensorType square = TensorType.of(DType.I32, time, time);
    Tensor mask = Tensor.iota(square, 0).ge(Tensor.iota(square, 1));
    Tensor masked = mask.where(scores, Tensor.scalar(DType.F32, -1e9));
    Tensor mixed = Functions.softmax(masked, -1).matmul(h.get(2)).transpose(1, 2).reshape(batch, time, width);
    x = x.add(mixed.matmul(m.parameter("out", width, width)));
    Tensor f = norm(m, "norm2", x, width).matmul(m.parameter("up", width, 4 * width))
        .add(m.parameter("up_bias", 4 * width));
    x = x.add(Functions.gelu(f).matmul(m.parameter("down", 4 * width, width)));
    Tensor logits = x.matmul(table.transpose());
    Tensor loss = crossEntropy(logits.reshape(batch * time, vocabulary), labels.reshape(batch * time));
    return m.train("attention", loss, Models::sgd, Map.of("loss", loss));
  }

  private static Tensor norm(Models m, String name, Tensor x, int width) {
    return Functions.normalize(x, 1e-5).mul(m.parameter(name + ".scale", width))
        .add(m.parameter(name + ".shift", width));
  }

  /** Convolution, batch norm, max pool, convolution, dense. */
  static Computation cnn(int batch, int side, int channels, int classes) {
    Models m = new Models();
    Tensor x = input("x", DType.F32, batch, 1, side, side);
    Tensor labels = input("labels", DType.I32, batch);
    Tensor c = x.conv(m.parameter("k1", channels, 1, 3, 3), Op.Window.of(2, 1, 1), 1);
    Tensor mean = c.mean(0, 2, 3);
    Tensor centered = c.sub(mean);
    Tensor variance = centered.square().mean(0, 2, 3);
    Tensor n = centered.mul(variance.add(1e-5).rsqrt()).mul(m.parameter("scale", 1, channels, 1, 1));
    Tensor p = Functions.relu(n).maxPool(List.of(2, 2), Op.Window.of(2, 2, 0));
    Tensor d = Functions.relu(p.conv(m.parameter("k2", 2 * channels, channels, 3, 3), Op.Window.of(2, 2, 1),
        1));
    Tensor flat = d.reshape(batch, -1);
    Tensor logits = flat.matmul(m.parameter("w", flat.dim(1), classes));
    Tensor loss = crossEntropy(logits, labels);
    return m.train("cnn", loss, Models::sgd, Map.of("loss", loss));
  }

  private Computation train(
      String name, Tensor loss, Function<Update, Tensor> rule, Map<String, Tensor> results) {
    List<Tensor> all = new ArrayList<>(parameters.values());
    List<Tensor> gradients = Gradients.of(loss, all);
    List<Variable> variables = new ArrayList<>();
    int[] next = {0};
    List.copyOf(parameters.keySet()).forEach(parameter -> {
      Tensor before = parameters.get(parameter);
      Update update = new Update(parameter, before, gradients.get(next[0]++), variables);
      Tensor after = rule.apply(update);
      variables.add(new Variable(parameter, Variable.Kind.PARAMETER, before, after,
          Tensor.zeros(before.type())));
    });
    return new Computation(name, Tensors.of(results), variables);
  }

  private record Update(String name, Tensor parameter, Tensor gradient, List<Variable> variables) {
    Tensor slot(String suffix, Function<Tensor, Tensor> next) {
      Tensor before = Tensor.apply(new Op.Input(Op.Role.VARIABLE, name + suffix, parameter.type()));
      Tensor after = next.apply(before);
      variables.add(new Variable(name + suffix, Variable.Kind.SLOT, before, after,
          Tensor.zeros(before.type())));
      return after;
    }
  }

  private static Tensor sgd(Update u) {
    return u.parameter.sub(u.gradient.mul(0.1));
  }

  private static Tensor adam(Update u) {
    Tensor m = u.slot(".m", old -> old.mul(0.9).add(u.gradient.mul(0.1)));
    Tensor v = u.slot(".v", old -> old.mul(0.999).add(u.gradient.square().mul(0.001)));
    return u.parameter.sub(m.div(v.abs().sqrt().add(1e-2)).mul(0.01));
  }
}
