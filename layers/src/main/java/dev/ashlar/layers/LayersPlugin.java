package dev.ashlar.layers;

import dev.ashlar.layers.activations.Activations;
import dev.ashlar.layers.activations.Elu;
import dev.ashlar.layers.activations.LeakyRelu;
import dev.ashlar.layers.initializers.Initializers;
import dev.ashlar.layers.initializers.Normal;
import dev.ashlar.layers.initializers.Uniform;
import dev.ashlar.layers.losses.BinaryCrossEntropy;
import dev.ashlar.layers.losses.CosineDistance;
import dev.ashlar.layers.losses.CrossEntropy;
import dev.ashlar.layers.losses.Focal;
import dev.ashlar.layers.losses.Hinge;
import dev.ashlar.layers.losses.Huber;
import dev.ashlar.layers.losses.KlDivergence;
import dev.ashlar.layers.losses.MeanAbsoluteError;
import dev.ashlar.layers.losses.MeanSquaredError;
import dev.ashlar.layers.metrics.Accuracy;
import dev.ashlar.layers.metrics.F1;
import dev.ashlar.layers.metrics.Precision;
import dev.ashlar.layers.metrics.R2;
import dev.ashlar.layers.metrics.Recall;
import dev.ashlar.layers.metrics.RootMeanSquaredError;
import dev.ashlar.layers.metrics.TopK;
import dev.ashlar.plugin.Plugin;
import java.util.List;

/** Ashlar's own layers, activations, initializers, losses and metrics. */
public final class LayersPlugin implements Plugin {

  @Override
  public String name() {
    return "layers";
  }

  @Override
  public int apiVersion() {
    return API_VERSION;
  }

  @Override
  public List<Class<?>> components() {
    return List.of(
        Dense.class, Flatten.class, Reshape.class, Dropout.class, LayerNorm.class, RmsNorm.class, BatchNorm.class,
        Conv2d.class, MaxPool2d.class, AvgPool2d.class, GlobalAvgPool2d.class,
        Embedding.class, Unembedding.class, PositionEmbedding.class, CausalSelfAttention.class,
        TransformerBlock.class, Sequential.class, Residual.class, Repeat.class,
        Activations.class, LeakyRelu.class, Elu.class,
        Initializers.class, Normal.class, Uniform.class,
        CrossEntropy.class, BinaryCrossEntropy.class, MeanSquaredError.class, MeanAbsoluteError.class,
        Huber.class, KlDivergence.class, CosineDistance.class, Focal.class, Hinge.class,
        Accuracy.class, TopK.class, Precision.class, Recall.class, F1.class, R2.class, RootMeanSquaredError.class,
        dev.ashlar.layers.metrics.MeanAbsoluteError.class);
  }
}
