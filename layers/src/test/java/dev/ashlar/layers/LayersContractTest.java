package dev.ashlar.layers;

import static dev.ashlar.testkit.LayerExample.Trait.MIXES_EXAMPLES;
import static dev.ashlar.testkit.LayerExample.Trait.RANDOM;
import static dev.ashlar.testkit.LayerExample.Trait.SEQUENTIAL;

import dev.ashlar.layers.activations.Activations;
import dev.ashlar.layers.activations.Celu;
import dev.ashlar.layers.activations.Elu;
import dev.ashlar.layers.activations.HardShrink;
import dev.ashlar.layers.activations.LeakyRelu;
import dev.ashlar.layers.activations.SoftShrink;
import dev.ashlar.layers.convolution.Conv2d;
import dev.ashlar.layers.initializers.Initializers;
import dev.ashlar.layers.joining.Add;
import dev.ashlar.layers.joining.Concatenate;
import dev.ashlar.layers.joining.Multiply;
import dev.ashlar.layers.joining.NamedGraph;
import dev.ashlar.layers.joining.Node;
import dev.ashlar.layers.pooling.AvgPool2d;
import dev.ashlar.layers.pooling.GlobalAvgPool2d;
import dev.ashlar.layers.pooling.MaxPool2d;
import dev.ashlar.layers.shapes.Padding;
import dev.ashlar.layers.transformers.Rotary;
import dev.ashlar.layers.transformers.Scaling;
import dev.ashlar.layers.transformers.Sees;
import dev.ashlar.layers.transformers.SinusoidalPositions;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.testkit.LayerContract;
import dev.ashlar.testkit.LayerExample;
import dev.ashlar.testkit.Values;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Every layer of ours keeps the contract. */
class LayersContractTest extends LayerContract {

  @Override
  protected List<LayerExample> examples() {
    NDArray tokens = Values.integers(TensorType.of(DType.I32, 2, 4), 7, 1);
    List<LayerExample> all = new ArrayList<>(List.of(
        LayerExample.of(Dense.of(5), 2, 4).gives(2, 5).parameters(25),
        LayerExample.of(Dense.of(5).withoutBias(), 2, 3, 4).gives(2, 3, 5).parameters(20).traits(SEQUENTIAL),
        LayerExample.of(Conv2d.of(4, 3), 2, 3, 5, 6).gives(2, 4, 3, 4).parameters(4 * 3 * 9 + 4),
        LayerExample.of(Conv2d.of(4, 3).withPadding(Padding.Automatic.SAME).withStride(2), 2, 3, 5, 6)
            .gives(2, 4, 3, 3).parameters(4 * 3 * 9 + 4),
        LayerExample.of(Conv2d.of(6, 2).withGroups(3).withPadding(1).withoutBias(), 2, 3, 3, 4)
            .gives(2, 6, 4, 5).parameters(6 * 4),
        LayerExample.of(MaxPool2d.of(2), 2, 3, 4, 5).gives(2, 3, 2, 2).parameters(0),
        LayerExample.of(MaxPool2d.of(3).withStride(2).withPadding(Padding.Automatic.SAME), 2, 3, 4, 5)
            .gives(2, 3, 2, 3),
        LayerExample.of(AvgPool2d.of(2), 2, 3, 4, 5).gives(2, 3, 2, 2).parameters(0),
        LayerExample.of(AvgPool2d.of(3).withStride(2).withPadding(Padding.Automatic.SAME), 2, 3, 4, 5)
            .gives(2, 3, 2, 3),
        LayerExample.of(new GlobalAvgPool2d(), 2, 3, 4, 5).gives(2, 3).parameters(0),
        LayerExample.of(new Flatten(), 2, 3, 4).gives(2, 12).parameters(0),
        LayerExample.of(Reshape.to(2, -1), 2, 3, 4).gives(2, 2, 6).parameters(0),
        LayerExample.of(new Dropout(0.4), 3, 8).gives(3, 8).parameters(0).traits(RANDOM),
        LayerExample.of(new LayerNorm(), 2, 3, 6).gives(2, 3, 6).parameters(12).traits(SEQUENTIAL),
        LayerExample.of(new RmsNorm(1e-6), 2, 3, 6).gives(2, 3, 6).parameters(6).traits(SEQUENTIAL),
        LayerExample.of(new BatchNorm(), 4, 3).gives(4, 3).parameters(6).traits(MIXES_EXAMPLES),
        LayerExample.of(new BatchNorm(), 3, 2, 2, 3).gives(3, 2, 2, 3).parameters(4).traits(MIXES_EXAMPLES),
        LayerExample.of(Embedding.of(7, 3), tokens).gives(2, 4, 3).parameters(21).traits(SEQUENTIAL),
        LayerExample.of(PositionEmbedding.of(8), 2, 4, 3).gives(2, 4, 3).parameters(24).traits(SEQUENTIAL),
        LayerExample.of(CausalSelfAttention.of(2), 2, 4, 6).gives(2, 4, 6).parameters(6 * 24 + 24)
            .traits(SEQUENTIAL),
        LayerExample.of(TransformerBlock.of(3), 2, 4, 6).gives(2, 4, 6)
            .parameters(24 + 6 * 24 + 24 + 6 * 24 + 24 + 24 * 6 + 6).traits(SEQUENTIAL),
        LayerExample.of(TransformerBlock.of(1).withDropout(0.3), 2, 3, 4).traits(SEQUENTIAL, RANDOM),
        LayerExample.of(Residual.of(Dense.of(4), Activations.TANH), 2, 4).gives(2, 4).parameters(20),
        LayerExample.of(new Repeat(3, Dense.of(4)), 2, 4).gives(2, 4).parameters(60),
        LayerExample.of(Sequential.of(Conv2d.of(2, 2), Activations.RELU, new Flatten())
            .then("head", Dense.of(3)),
            2, 1, 3, 3).gives(2, 3).parameters(10 + 27),
        LayerExample.of(Sequential.of(Embedding.of(7, 4), PositionEmbedding.of(8),
                new Repeat(2, TransformerBlock.of(2)), new LayerNorm(), new Unembedding("embedding")), tokens)
            .gives(2, 4, 7).traits(SEQUENTIAL)));
    all.addAll(transformers());
    for (Activations activation : Activations.values()) {
      all.add(LayerExample.of(activation, 2, 3, 4).gives(2, 3, 4).parameters(0).traits(SEQUENTIAL));
    }
    all.add(LayerExample.of(SimpleRnn.of(3), 2, 4, 5).gives(2, 4, 3).parameters(15 + 9 + 3).traits(SEQUENTIAL));
    all.add(LayerExample.of(Gru.of(3).withLayers(2), 2, 4, 5).gives(2, 4, 3)
        .parameters(45 + 27 + 12 + 27 + 27 + 12).traits(SEQUENTIAL));
    all.add(LayerExample.of(Lstm.of(3).withLayers(2).withDropout(0.4), 2, 4, 5).gives(2, 4, 3)
        .parameters(60 + 36 + 12 + 36 + 36 + 12).traits(SEQUENTIAL, RANDOM));
    all.add(LayerExample.of(Lstm.of(3).bothWays().last(), 2, 4, 5).gives(2, 6).parameters(2 * (60 + 36 + 12)));
    all.add(LayerExample.of(Gru.of(3).bothWays(), 2, 4, 5)
        .with("hidden", Values.normal(TensorType.of(DType.F64, 2, 2, 3), 4))
        .with("lengths", NDArray.of(Shape.of(2), 4, 2)).gives(2, 4, 6));
    NDArray more = Values.normal(TensorType.of(DType.F64, 2, 4, 5), 5);
    all.add(LayerExample.of(new Add(), 2, 4, 5).with("more", more).gives(2, 4, 5).parameters(0).traits(SEQUENTIAL));
    all.add(LayerExample.of(new Multiply(), 2, 4, 1).with("more", more).gives(2, 4, 5).parameters(0)
        .traits(SEQUENTIAL));
    all.add(LayerExample.of(new Concatenate(), 2, 4, 3).with("more", more).gives(2, 4, 8).parameters(0)
        .traits(SEQUENTIAL));
    all.add(LayerExample.of(new Concatenate(1), 2, 3, 5).with("more", more).gives(2, 7, 5).parameters(0));
    Map<String, Node> nodes = new LinkedHashMap<>();
    nodes.put("dense", Node.of(Dense.of(4), "input"));
    nodes.put("noise", Node.of(new Dropout(0.4)));
    nodes.put("sum", Node.of(new Add(), "noise", "input"));
    all.add(LayerExample.of(NamedGraph.of(nodes), 2, 3, 4).gives(2, 3, 4).parameters(20).traits(RANDOM, SEQUENTIAL));
    all.add(LayerExample.of(new LeakyRelu(0.2), 2, 5).gives(2, 5).parameters(0));
    all.add(LayerExample.of(new Elu(0.7), 2, 5).gives(2, 5).parameters(0));
    all.add(LayerExample.of(new Celu(0.7), 2, 5).gives(2, 5).parameters(0));
    all.add(LayerExample.of(new HardShrink(0.3), 2, 5).gives(2, 5).parameters(0));
    all.add(LayerExample.of(new SoftShrink(0.3), 2, 5).gives(2, 5).parameters(0));
    all.add(LayerExample.of(new BatchNorm().withoutAffine(), 4, 3).gives(4, 3).parameters(0).traits(MIXES_EXAMPLES));
    all.add(LayerExample.of(new LayerNorm().withoutAffine(), 2, 3, 6).gives(2, 3, 6).parameters(0).traits(SEQUENTIAL));
    all.add(LayerExample.of(new LayerNorm().withoutBias(), 2, 3, 6).gives(2, 3, 6).parameters(6).traits(SEQUENTIAL));
    all.add(LayerExample.of(Embedding.of(7, 3).withPadding(0), tokens).gives(2, 4, 3).parameters(21)
        .traits(SEQUENTIAL));
    return all;
  }

  private static List<LayerExample> transformers() {
    Attention plain = Attention.of(4);
    Attention modern = new Attention(4, Optional.of(2), Optional.of(6), Sees.CAUSAL, Optional.empty(),
        Optional.of(new Rotary()), Optional.of(new RmsNorm(1e-6)), Optional.empty(), false, Optional.empty(),
        Initializers.GLOROT_UNIFORM);
    Attention windowed = new Attention(2, Optional.of(1), Optional.empty(), Sees.CAUSAL, Optional.of(2),
        Optional.of(new Rotary(100, 0.5, Optional.of(new Scaling.Linear(2)))), Optional.empty(), Optional.empty(),
        true, Optional.of(false), Initializers.GLOROT_UNIFORM);
    Attention both = new Attention(2, Optional.empty(), Optional.empty(), Sees.ALL, Optional.of(3), Optional.empty(),
        Optional.empty(), Optional.empty(), true, Optional.empty(), Initializers.GLOROT_UNIFORM);
    Attention cross = new Attention(2, Optional.empty(), Optional.empty(), Sees.CAUSAL, Optional.empty(),
        Optional.empty(), Optional.empty(), Optional.of("memory"), true, Optional.empty(),
        Initializers.GLOROT_UNIFORM);
    NDArray memory = Values.normal(TensorType.of(DType.F64, 2, 5, 3), 5);
    return List.of(
        LayerExample.of(plain, 2, 5, 8).gives(2, 5, 8).parameters(4 * 72).traits(SEQUENTIAL),
        LayerExample.of(modern, 2, 5, 8).gives(2, 5, 8).parameters(8 * 24 + 2 * 8 * 12 + 24 * 8 + 12)
            .traits(SEQUENTIAL),
        LayerExample.of(windowed, 2, 6, 8).gives(2, 6, 8).parameters(72 + 2 * 36 + 64).traits(SEQUENTIAL),
        LayerExample.of(both, 2, 6, 8).gives(2, 6, 8),
        LayerExample.of(both, 2, 4, 8).with("mask", NDArray.of(Shape.of(2, 4), 1, 1, 1, 0, 0, 1, 1, 1)).gives(2, 4, 8),
        LayerExample.of(cross, 2, 4, 8).with("memory", memory).gives(2, 4, 8).parameters(72 + 2 * 32 + 72),
        LayerExample.of(GatedFeedForward.of(6), 2, 3, 4).gives(2, 3, 4).parameters(3 * 24).traits(SEQUENTIAL),
        LayerExample.of(new GatedFeedForward(6, Activations.GELU, true, Initializers.GLOROT_UNIFORM), 2, 3, 4)
            .gives(2, 3, 4).parameters(3 * 24 + 6 + 6 + 4).traits(SEQUENTIAL),
        LayerExample.of(new SinusoidalPositions(), 2, 4, 5).gives(2, 4, 5).parameters(0).traits(SEQUENTIAL));
  }
}
