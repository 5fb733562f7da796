package dev.ashlar.layers;

import dev.ashlar.layers.activations.Activations;
import dev.ashlar.layers.activations.Celu;
import dev.ashlar.layers.activations.Elu;
import dev.ashlar.layers.activations.HardShrink;
import dev.ashlar.layers.activations.LeakyRelu;
import dev.ashlar.layers.activations.SoftShrink;
import dev.ashlar.layers.convolution.Conv1d;
import dev.ashlar.layers.convolution.Conv2d;
import dev.ashlar.layers.convolution.ConvTranspose1d;
import dev.ashlar.layers.convolution.ConvTranspose2d;
import dev.ashlar.layers.convolution.DepthwiseConv1d;
import dev.ashlar.layers.convolution.DepthwiseConv2d;
import dev.ashlar.layers.convolution.SeparableConv1d;
import dev.ashlar.layers.convolution.SeparableConv2d;
import dev.ashlar.layers.initializers.Constant;
import dev.ashlar.layers.initializers.Identity;
import dev.ashlar.layers.initializers.Initializers;
import dev.ashlar.layers.initializers.Normal;
import dev.ashlar.layers.initializers.Orthogonal;
import dev.ashlar.layers.initializers.TruncatedNormal;
import dev.ashlar.layers.initializers.Uniform;
import dev.ashlar.layers.joining.Add;
import dev.ashlar.layers.joining.Concatenate;
import dev.ashlar.layers.joining.Multiply;
import dev.ashlar.layers.joining.NamedGraph;
import dev.ashlar.layers.losses.BinaryCrossEntropy;
import dev.ashlar.layers.losses.CosineDistance;
import dev.ashlar.layers.losses.CrossEntropy;
import dev.ashlar.layers.losses.Ctc;
import dev.ashlar.layers.losses.Focal;
import dev.ashlar.layers.losses.GaussianNll;
import dev.ashlar.layers.losses.Hinge;
import dev.ashlar.layers.losses.Huber;
import dev.ashlar.layers.losses.KlDivergence;
import dev.ashlar.layers.losses.LogCosh;
import dev.ashlar.layers.losses.MeanAbsoluteError;
import dev.ashlar.layers.losses.MeanSquaredError;
import dev.ashlar.layers.losses.PoissonNll;
import dev.ashlar.layers.losses.Quantile;
import dev.ashlar.layers.losses.Triplet;
import dev.ashlar.layers.metrics.Accuracy;
import dev.ashlar.layers.metrics.Auroc;
import dev.ashlar.layers.metrics.AveragePrecision;
import dev.ashlar.layers.metrics.BalancedAccuracy;
import dev.ashlar.layers.metrics.CalibrationError;
import dev.ashlar.layers.metrics.CohenKappa;
import dev.ashlar.layers.metrics.ConfusionMatrix;
import dev.ashlar.layers.metrics.ExactMatch;
import dev.ashlar.layers.metrics.F1;
import dev.ashlar.layers.metrics.Jaccard;
import dev.ashlar.layers.metrics.MatthewsCorrelation;
import dev.ashlar.layers.metrics.MeanAbsolutePercentageError;
import dev.ashlar.layers.metrics.Perplexity;
import dev.ashlar.layers.metrics.Precision;
import dev.ashlar.layers.metrics.R2;
import dev.ashlar.layers.metrics.Recall;
import dev.ashlar.layers.metrics.RootMeanSquaredError;
import dev.ashlar.layers.metrics.Specificity;
import dev.ashlar.layers.metrics.TopK;
import dev.ashlar.layers.pooling.AdaptiveAvgPool1d;
import dev.ashlar.layers.pooling.AdaptiveAvgPool2d;
import dev.ashlar.layers.pooling.AdaptiveMaxPool1d;
import dev.ashlar.layers.pooling.AdaptiveMaxPool2d;
import dev.ashlar.layers.pooling.AvgPool1d;
import dev.ashlar.layers.pooling.AvgPool2d;
import dev.ashlar.layers.pooling.GlobalAvgPool1d;
import dev.ashlar.layers.pooling.GlobalAvgPool2d;
import dev.ashlar.layers.pooling.GlobalMaxPool1d;
import dev.ashlar.layers.pooling.GlobalMaxPool2d;
import dev.ashlar.layers.pooling.MaxPool1d;
import dev.ashlar.layers.pooling.MaxPool2d;
import dev.ashlar.layers.resampling.Pad1d;
import dev.ashlar.layers.resampling.Pad2d;
import dev.ashlar.layers.resampling.Resize1d;
import dev.ashlar.layers.resampling.Resize2d;
import dev.ashlar.layers.resampling.Upsample1d;
import dev.ashlar.layers.resampling.Upsample2d;
import dev.ashlar.layers.transformers.SinusoidalPositions;
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
        GroupNorm.class, InstanceNorm.class, SpatialDropout.class, GaussianNoise.class, Permute.class,
        Conv1d.class, Conv2d.class, ConvTranspose1d.class, ConvTranspose2d.class, DepthwiseConv1d.class,
        DepthwiseConv2d.class, SeparableConv1d.class, SeparableConv2d.class,
        MaxPool1d.class, MaxPool2d.class, AvgPool1d.class, AvgPool2d.class,
        GlobalMaxPool1d.class, GlobalMaxPool2d.class, GlobalAvgPool1d.class, GlobalAvgPool2d.class,
        AdaptiveMaxPool1d.class, AdaptiveMaxPool2d.class, AdaptiveAvgPool1d.class, AdaptiveAvgPool2d.class,
        Pad1d.class, Pad2d.class, Upsample1d.class, Upsample2d.class, Resize1d.class, Resize2d.class,
        Embedding.class, Unembedding.class, PositionEmbedding.class, CausalSelfAttention.class,
        TransformerBlock.class, Attention.class, GatedFeedForward.class, SinusoidalPositions.class, SimpleRnn.class, Gru.class, Lstm.class, Sequential.class, Residual.class, Repeat.class,
        NamedGraph.class, Add.class, Multiply.class, Concatenate.class,
        Activations.class, LeakyRelu.class, Elu.class, Celu.class, HardShrink.class, SoftShrink.class,
        Prelu.class, Glu.class, SwiGlu.class, GeGlu.class,
        Initializers.class, Normal.class, Uniform.class, TruncatedNormal.class, Constant.class,
        Orthogonal.class, Identity.class,
        CrossEntropy.class, BinaryCrossEntropy.class, MeanSquaredError.class, MeanAbsoluteError.class,
        Huber.class, KlDivergence.class, CosineDistance.class, Focal.class, Hinge.class,
        Triplet.class, Ctc.class, PoissonNll.class, GaussianNll.class, LogCosh.class, Quantile.class,
        Accuracy.class, TopK.class, Precision.class, Recall.class, F1.class, R2.class, RootMeanSquaredError.class,
        dev.ashlar.layers.metrics.MeanAbsoluteError.class, Specificity.class, BalancedAccuracy.class,
        ConfusionMatrix.class, Auroc.class, AveragePrecision.class, CalibrationError.class, Perplexity.class,
        dev.ashlar.layers.metrics.MeanSquaredError.class, MeanAbsolutePercentageError.class, Jaccard.class,
        MatthewsCorrelation.class, CohenKappa.class, ExactMatch.class);
  }
}
