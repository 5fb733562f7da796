package dev.ashlar.layers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.autodiff.Gradients;
import dev.ashlar.layers.activations.Activations;
import dev.ashlar.layers.activations.Celu;
import dev.ashlar.layers.activations.Elu;
import dev.ashlar.layers.activations.HardShrink;
import dev.ashlar.layers.activations.LeakyRelu;
import dev.ashlar.layers.activations.SoftShrink;
import dev.ashlar.layers.convolution.Conv2d;
import dev.ashlar.layers.pooling.AvgPool2d;
import dev.ashlar.layers.pooling.GlobalAvgPool2d;
import dev.ashlar.layers.pooling.MaxPool2d;
import dev.ashlar.layers.shapes.Padding;
import dev.ashlar.layers.initializers.Initializers;
import dev.ashlar.layers.joining.Add;
import dev.ashlar.layers.joining.Concatenate;
import dev.ashlar.layers.joining.Multiply;
import dev.ashlar.layers.joining.NamedGraph;
import dev.ashlar.layers.joining.Node;
import dev.ashlar.layers.losses.BinaryCrossEntropy;
import dev.ashlar.layers.losses.CrossEntropy;
import dev.ashlar.layers.losses.Ctc;
import dev.ashlar.layers.losses.KlDivergence;
import dev.ashlar.layers.losses.Huber;
import dev.ashlar.layers.losses.GaussianNll;
import dev.ashlar.layers.losses.Hinge;
import dev.ashlar.layers.losses.Focal;
import dev.ashlar.layers.losses.CosineDistance;
import dev.ashlar.layers.losses.LogCosh;
import dev.ashlar.layers.losses.MeanAbsoluteError;
import dev.ashlar.layers.losses.MeanSquaredError;
import dev.ashlar.layers.losses.PoissonNll;
import dev.ashlar.layers.losses.Quantile;
import dev.ashlar.layers.losses.Triplet;
import dev.ashlar.layers.transformers.Sees;
import dev.ashlar.layers.transformers.SinusoidalPositions;
import dev.ashlar.model.Batch;
import dev.ashlar.model.Block;
import dev.ashlar.model.Layer;
import dev.ashlar.model.Loss;
import dev.ashlar.model.Mode;
import dev.ashlar.model.Precision;
import dev.ashlar.model.Trace;
import dev.ashlar.program.Variable;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.tensor.Tensors;
import dev.ashlar.testkit.ExpectedNumbers;
import dev.ashlar.testkit.Trial;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Outputs, gradients and state of layers and losses are those of PyTorch; torch_numbers.py wrote the numbers.
 */
class PyTorchTest {

  private static final Map<String, ExpectedNumbers> CASES =
      ExpectedNumbers.read(PyTorchTest.class, "torch_numbers.txt");

  private static Map<String, Block> layers() {
    Map<String, Block> layers = new LinkedHashMap<>();
    for (Activations activation : Activations.values()) {
      layers.put(activation.name().toLowerCase(Locale.ROOT), activation);
    }
    layers.remove("linear");
    layers.put("leaky_relu", new LeakyRelu(0.01));
    layers.put("elu", new Elu(0.7));
    layers.put("celu", new Celu(0.7));
    layers.put("hard_shrink", new HardShrink(0.6));
    layers.put("soft_shrink", new SoftShrink(0.6));
    layers.put("dense", Dense.of(5));
    layers.put("dense_rows", Dense.of(5).withActivation(Activations.TANH).withoutBias());
    layers.put("conv2d", Conv2d.of(4, 3));
    layers.put("conv2d_same",
        Conv2d.of(3, 3).withPadding(Padding.Automatic.SAME).withActivation(Activations.RELU));
    layers.put("conv2d_same_even", Conv2d.of(3, 4).withPadding(Padding.Automatic.SAME).withoutBias());
    layers.put("conv2d_strided", Conv2d.of(3, 3).withStride(2).withPadding(1));
    layers.put("conv2d_grouped", Conv2d.of(6, 3).withPadding(2).withDilation(2).withGroups(2));
    layers.put("max_pool2d", MaxPool2d.of(2));
    layers.put("max_pool2d_padded", MaxPool2d.of(3).withStride(2).withPadding(1));
    layers.put("avg_pool2d", AvgPool2d.of(2));
    layers.put("avg_pool2d_padded", AvgPool2d.of(3).withStride(2).withPadding(1));
    layers.put("global_avg_pool2d", new GlobalAvgPool2d());
    layers.putAll(SpatialLayers.pyTorch());
    layers.put("layer_norm", new LayerNorm());
    layers.put("rms_norm", new RmsNorm(1e-6));
    layers.put("batch_norm", new BatchNorm());
    layers.put("batch_norm_rows", new BatchNorm());
    layers.put("batch_norm_padded", new BatchNorm());
    layers.put("batch_norm_inference", new BatchNorm());
    layers.put("flatten", new Flatten());
    layers.put("reshape", Reshape.to(2, -1));
    layers.put("residual", Residual.of(Dense.of(4), Activations.TANH));
    layers.put("unembedding", Sequential.of(Embedding.of(5, 4), new Unembedding("embedding")));
    layers.put("batch_norm_plain_inference", new BatchNorm().withoutAffine());
    layers.put("layer_norm_plain", new LayerNorm().withoutAffine());
    layers.put("layer_norm_scaled", new LayerNorm().withoutBias());
    layers.put("embedding_padding", Embedding.of(7, 3).withPadding(2));
    layers.put("embedding", Embedding.of(7, 3));
    layers.put("position_embedding", PositionEmbedding.of(6));
    layers.put("causal_self_attention", CausalSelfAttention.of(2));
    layers.put("transformer_block", TransformerBlock.of(3));
    layers.put("simple_rnn", withStates(SimpleRnn.of(4)));
    layers.put("gru", withStates(Gru.of(4)));
    layers.put("lstm", withStates(Lstm.of(4)));
    layers.put("simple_rnn_both_ways", withStates(SimpleRnn.of(3).withLayers(2).bothWays()));
    layers.put("gru_both_ways", withStates(Gru.of(3).withLayers(2).bothWays()));
    layers.put("lstm_both_ways", withStates(Lstm.of(3).withLayers(2).bothWays()));
    layers.put("gru_lengths", withStates(Gru.of(3).withLayers(2).bothWays()));
    layers.put("lstm_lengths", withStates(Lstm.of(3).withLayers(2).bothWays()));
    layers.put("add", new Add());
    layers.put("multiply", new Multiply());
    layers.put("concatenate", new Concatenate());
    layers.put("concatenate_channels", new Concatenate(1));
    layers.put("graph", twoTowers());
    layers.put("attention_grouped", attention(4, 2, 6, Sees.CAUSAL, 0, "", false));
    layers.put("attention_window", attention(2, 1, 4, Sees.CAUSAL, 3, "", true));
    layers.put("attention_both_ways", attention(2, 2, 4, Sees.ALL, 3, "", true));
    layers.put("attention_masked", first(attention(2, 2, 4, Sees.ALL, 0, "", true)));
    layers.put("attention_cross", first(attention(2, 2, 4, Sees.ALL, 0, "memory", true)));
    layers.put("gated_feed_forward", GatedFeedForward.of(6));
    layers.put("sinusoidal_positions", new SinusoidalPositions());
    return layers;
  }

  private static Attention attention(
      int heads, int groups, int width, Sees sees, int window, String over, boolean bias) {
    return new Attention(heads, Optional.of(groups), Optional.of(width), sees,
        window == 0 ? Optional.empty() : Optional.of(window), Optional.empty(), Optional.empty(),
        over.isEmpty() ? Optional.empty() : Optional.of(over), bias, Optional.empty(), Initializers.GLOROT_UNIFORM);
  }

  private static Block first(Block block) {
    return (in, scope) -> Tensors.of(block.forward(in, scope).first());
  }

  private static Block twoTowers() {
    Map<String, Node> nodes = new LinkedHashMap<>();
    nodes.put("one", Node.of(Sequential.of(Dense.of(4), Activations.TANH), "left"));
    nodes.put("end", Node.of(Dense.of(3), "both"));
    nodes.put("other", Node.of(Dense.of(4), "right"));
    nodes.put("product", Node.of(new Multiply(), "one", "other"));
    nodes.put("both", Node.of(new Concatenate(), "product", "left"));
    return new NamedGraph(nodes, List.of(), List.of("left", "right"));
  }

  /** A recurrent layer whose states stand behind its outputs, as wide as those. */
  private static Block withStates(Layer layer) {
    return (in, scope) -> {
      Tensors out = layer.forward(in, scope);
      List<Tensor> parts = new ArrayList<>(List.of(out.first()));
      for (String name : List.of("hidden", "cell")) {
        out.find(name).ifPresent(state ->
            parts.add(Tensor.concat(Collections.nCopies(out.first().dim(2) / state.dim(2), state), 2)));
      }
      return Tensors.of(Tensor.concat(parts, 1));
    };
  }

  private static Map<String, Loss> losses() {
    Map<String, Loss> losses = new LinkedHashMap<>();
    losses.put("mean_squared_error", new MeanSquaredError());
    losses.put("mean_squared_error_padded", new MeanSquaredError());
    losses.put("mean_absolute_error", new MeanAbsoluteError());
    losses.put("binary_cross_entropy", new BinaryCrossEntropy());
    losses.put("cross_entropy", new CrossEntropy());
    losses.put("cross_entropy_large", new CrossEntropy());
    losses.put("cross_entropy_sequence", new CrossEntropy());
    losses.put("cross_entropy_padded", new CrossEntropy());
    List<Double> weights = List.of(0.5, 2.0, 1.0, 3.0, 0.25);
    losses.put("cross_entropy_smoothed", new CrossEntropy().withLabelSmoothing(0.2));
    losses.put("cross_entropy_weighted", new CrossEntropy().withClassWeights(weights));
    losses.put("cross_entropy_weighted_smoothed",
        new CrossEntropy(Optional.of(-100)).withLabelSmoothing(0.1).withClassWeights(weights));
    losses.put("huber", new Huber(0.7));
    losses.put("kl_divergence", new KlDivergence());
    losses.put("cosine_distance", new CosineDistance());
    losses.put("hinge", new Hinge());
    losses.put("focal", new Focal(1.5));
    losses.put("cross_entropy_ignored", new CrossEntropy(Optional.of(-100)));
    List<Double> yeses = List.of(3.0, 0.5, 1.0, 4.0);
    losses.put("binary_cross_entropy_labels", new BinaryCrossEntropy());
    losses.put("binary_cross_entropy_weighted", new BinaryCrossEntropy().withPositiveWeights(yeses));
    losses.put("binary_cross_entropy_weighted_sequence", new BinaryCrossEntropy().withPositiveWeights(yeses));
    losses.put("binary_cross_entropy_weighted_padded", new BinaryCrossEntropy().withPositiveWeights(yeses));
    losses.put("mean_absolute_error_sequence", new MeanAbsoluteError());
    losses.put("huber_sequence", new Huber(0.7));
    losses.put("kl_divergence_sequence", new KlDivergence());
    losses.put("cosine_distance_sequence", new CosineDistance());
    losses.put("hinge_sequence", new Hinge());
    losses.put("hinge_binary", new Hinge());
    losses.put("focal_sequence", new Focal(1.5));
    losses.put("focal_binary", new Focal(1.5));
    losses.put("cross_entropy_column", new CrossEntropy());
    losses.put("cross_entropy_weighted_padded",
        new CrossEntropy().withLabelSmoothing(0.1).withClassWeights(weights));
    losses.put("triplet", new Triplet(0.5, Triplet.Mining.GIVEN));
    losses.put("triplet_batch_hard", new Triplet(0.5, Triplet.Mining.BATCH_HARD));
    losses.put("triplet_batch_hard_padded", new Triplet(0.5, Triplet.Mining.BATCH_HARD));
    losses.putAll(moreLosses());
    losses.put("ctc", new Ctc());
    losses.put("ctc_lengths", new Ctc(4, false));
    losses.put("ctc_one_step", new Ctc());
    losses.put("ctc_padded", new Ctc());
    return losses;
  }

  private static Map<String, Loss> moreLosses() {
    Map<String, Loss> losses = new LinkedHashMap<>();
    losses.put("poisson_nll", new PoissonNll());
    losses.put("poisson_nll_full", new PoissonNll(true, true));
    losses.put("poisson_nll_rates", new PoissonNll(false, false));
    losses.put("gaussian_nll", new GaussianNll());
    losses.put("gaussian_nll_sequence", new GaussianNll(1e-6, true));
    losses.put("gaussian_nll_padded", new GaussianNll());
    losses.put("log_cosh", new LogCosh());
    losses.put("quantile", new Quantile(0.2));
    losses.put("hinge_squared", new Hinge(0.7, true));
    losses.put("hinge_binary_squared", new Hinge(1, true));
    losses.put("binary_cross_entropy_smoothed", new BinaryCrossEntropy().withLabelSmoothing(0.2));
    losses.put("focal_classes", new Focal(1.5).withClassWeights(List.of(0.5, 2.0, 1.0, 3.0, 0.25)));
    losses.put("focal_alpha", new Focal(1.5).withAlpha(0.25));
    return losses;
  }

  @TestFactory
  Stream<DynamicTest> layersInDoublePrecision() {
    return layers().entrySet().stream()
        .map(e -> DynamicTest.dynamicTest(e.getKey(),
            () -> checkLayer(e.getValue(), CASES.get(e.getKey()), DType.F64, 1e-10)));
  }

  @TestFactory
  Stream<DynamicTest> layersInSinglePrecision() {
    return layers().entrySet().stream()
        .map(e -> DynamicTest.dynamicTest(e.getKey(),
            () -> checkLayer(e.getValue(), CASES.get(e.getKey()), DType.F32, 1e-5)));
  }

  @TestFactory
  Stream<DynamicTest> lossesInDoublePrecision() {
    return losses().entrySet().stream()
        .map(e -> DynamicTest.dynamicTest(e.getKey(),
            () -> checkLoss(e.getValue(), CASES.get(e.getKey()), DType.F64, 1e-10)));
  }

  @TestFactory
  Stream<DynamicTest> lossesInSinglePrecision() {
    return losses().entrySet().stream()
        .map(e -> DynamicTest.dynamicTest(e.getKey(),
            () -> checkLoss(e.getValue(), CASES.get(e.getKey()), DType.F32, 1e-5)));
  }

  private static void checkLayer(Block layer, ExpectedNumbers expected, DType dtype, double bound) {
    Mode mode = expected.name().endsWith("_inference") ? Mode.INFERENCE : Mode.TRAINING;
    Trace trace = mode == Mode.TRAINING ? Trace.training(Precision.of(dtype), 1)
        : Trace.inference(Precision.of(dtype));
    if (expected.name().equals("batch_norm_padded")) {
      Tensor real = Tensor.iota(TensorType.of(DType.I32, 5), 0).lt(3).cast(DType.F32);
      trace.withExampleWeights(real);
    }
    Trial trial = Trial.of(layer, trace, expected.group("input")).with(expected.group("parameter"))
        .with(expected.group("state"));
    assertThat(trace.parameters().names()).isEqualTo(expected.group("parameter").keySet());
    Tensor output = trial.outputs().only();
    NDArray cotangent = expected.get("cotangent").cast(dtype);
    if (expected.name().equals("batch_norm_padded")) {
      output = output.slice(0, 0, 3);
      cotangent = cotangent.rows(0, 3);
      ExpectedNumbers.assertClose("output", trial.evaluate(output), expected.get("output").rows(0, 3), bound);
    } else {
      ExpectedNumbers.assertClose("output", trial.evaluate(output), expected.get("output"), bound);
    }
    Tensor scalar = output.mul(Tensor.constant(cotangent)).sum();
    Tensors gradients = Gradients.of(scalar, trial.differentiable());
    trial.evaluate(gradients).forEach((name, gradient) ->
        ExpectedNumbers.assertClose("gradient of " + name, gradient, expected.get("gradient." + name),
            bound));
    for (Variable variable : trace.variables()) {
      if (variable.kind() == Variable.Kind.STATE) {
        ExpectedNumbers.assertClose(variable.name(), trial.evaluate(variable.after()),
            expected.get("after." + variable.name()), bound);
      }
    }
  }

  private static void checkLoss(Loss loss, ExpectedNumbers expected, DType dtype, double bound) {
    Map<String, NDArray> given = new LinkedHashMap<>(expected.group("input"));
    given.putAll(expected.group("state"));
    Block block = (in, scope) -> {
      Tensors columns = Batch.of(in.get("value"), in.find(Batch.TARGET).orElse(in.get("value"))).columns().with(in);
      return Tensors.of(loss.of(Tensors.of(in.get("value")), new Batch(columns)));
    };
    Trial trial = Trial.of(block, Mode.TRAINING, dtype, given);
    Tensor value = trial.outputs().only();
    ExpectedNumbers.assertClose("loss", trial.evaluate(value), expected.get("output"), bound);
    Tensors gradients = Gradients.of(value,
        trial.inputs().filter((n, t) -> expected.arrays().containsKey("gradient." + n)));
    double cotangent = expected.get("cotangent").item();
    trial.evaluate(gradients.map((n, g) -> g.mul(cotangent))).forEach((name, gradient) ->
        ExpectedNumbers.assertClose("gradient of " + name, gradient, expected.get("gradient." + name),
            bound));
  }
}
