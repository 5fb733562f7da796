package dev.ashlar.layers;

import dev.ashlar.layers.activations.Activations;
import dev.ashlar.layers.convolution.Conv1d;
import dev.ashlar.layers.convolution.Conv2d;
import dev.ashlar.layers.convolution.ConvTranspose1d;
import dev.ashlar.layers.convolution.ConvTranspose2d;
import dev.ashlar.layers.convolution.DepthwiseConv1d;
import dev.ashlar.layers.convolution.DepthwiseConv2d;
import dev.ashlar.layers.convolution.OutputPadding;
import dev.ashlar.layers.convolution.SeparableConv1d;
import dev.ashlar.layers.convolution.SeparableConv2d;
import dev.ashlar.layers.initializers.Initializers;
import dev.ashlar.layers.pooling.AdaptiveAvgPool1d;
import dev.ashlar.layers.pooling.AdaptiveAvgPool2d;
import dev.ashlar.layers.pooling.AdaptiveMaxPool1d;
import dev.ashlar.layers.pooling.AdaptiveMaxPool2d;
import dev.ashlar.layers.pooling.AvgPool1d;
import dev.ashlar.layers.pooling.AvgPool2d;
import dev.ashlar.layers.pooling.GlobalAvgPool1d;
import dev.ashlar.layers.pooling.GlobalMaxPool1d;
import dev.ashlar.layers.pooling.GlobalMaxPool2d;
import dev.ashlar.layers.pooling.MaxPool1d;
import dev.ashlar.layers.pooling.MaxPool2d;
import dev.ashlar.layers.resampling.Pad1d;
import dev.ashlar.layers.resampling.Pad2d;
import dev.ashlar.layers.resampling.PadMode;
import dev.ashlar.layers.resampling.Resize1d;
import dev.ashlar.layers.resampling.Resize2d;
import dev.ashlar.layers.resampling.Upsample1d;
import dev.ashlar.layers.resampling.Upsample2d;
import dev.ashlar.layers.shapes.Padding;
import dev.ashlar.layers.shapes.Size;
import dev.ashlar.model.Block;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Layers over channels, sequences and images that torch_numbers.py has numbers for, by the name of the case. */
final class SpatialLayers {

  private static final Padding SAME = Padding.Automatic.SAME;

  private SpatialLayers() {}

  private static Padding sides(Integer... amounts) {
    return new Padding.Sides(List.of(amounts));
  }

  static Map<String, Block> pyTorch() {
    Map<String, Block> layers = new LinkedHashMap<>();
    convolutions(layers);
    transposed(layers);
    pools(layers);
    adaptive(layers);
    resampled(layers);
    channels(layers);
    return layers;
  }

  private static void convolutions(Map<String, Block> layers) {
    layers.put("conv1d", Conv1d.of(4, 3));
    layers.put("conv1d_grouped", Conv1d.of(6, 3).withStride(2).withPadding(3).withDilation(2).withGroups(2)
        .withActivation(Activations.TANH));
    layers.put("conv1d_same", Conv1d.of(2, 4).withPadding(SAME).withoutBias());
    layers.put("conv1d_causal", Conv1d.of(3, 3).withPadding(sides(2, 0)));
    layers.put("conv2d_oblong", new Conv2d(3, new Size(1, 3), new Size(2, 1), sides(0, 1), new Size(1, 2), 1,
        Activations.LINEAR, true, Initializers.HE_UNIFORM));
    layers.put("conv2d_sides", Conv2d.of(2, 3).withPadding(sides(2, 0, 1, 3)));
    layers.put("depthwise_conv1d", DepthwiseConv1d.of(3).withPadding(1));
    layers.put("depthwise_conv2d", DepthwiseConv2d.of(3).withMultiplier(2).withStride(2).withPadding(1));
    layers.put("separable_conv1d", SeparableConv1d.of(5, 3).withDilation(2));
    layers.put("separable_conv2d", SeparableConv2d.of(4, 3).withMultiplier(2).withPadding(SAME));
  }

  private static void transposed(Map<String, Block> layers) {
    layers.put("conv_transpose1d", ConvTranspose1d.of(3, 3));
    layers.put("conv_transpose1d_strided", ConvTranspose1d.of(4, 3).withStride(2).withPadding(1).withOutputPadding(1)
        .withGroups(2));
    layers.put("conv_transpose1d_dilated", ConvTranspose1d.of(2, 4).withStride(3).withPadding(2).withDilation(2));
    layers.put("conv_transpose1d_sparse", ConvTranspose1d.of(2, 1).withStride(3).withOutputPadding(2));
    layers.put("conv_transpose1d_same", ConvTranspose1d.of(2, 4).withStride(2).withPadding(SAME));
    layers.put("conv_transpose1d_spread", ConvTranspose1d.of(2, 3).withDilation(3).withPadding(4));
    layers.put("conv_transpose2d", ConvTranspose2d.of(3, 4).withStride(2).withPadding(1));
    layers.put("conv_transpose2d_oblong", new ConvTranspose2d(4, new Size(3, 2), new Size(1, 3), sides(1, 0),
        new OutputPadding(0, 2), new Size(2, 1), 2, Activations.LINEAR, true, Initializers.HE_UNIFORM));
    layers.put("conv_transpose2d_cut", ConvTranspose2d.of(2, 5).withStride(2).withPadding(4).withoutBias());
  }

  private static void pools(Map<String, Block> layers) {
    layers.put("max_pool1d", MaxPool1d.of(3).withStride(2).withPadding(1).withDilation(2).withCeilMode());
    layers.put("max_pool2d_ceil", MaxPool2d.of(3).withStride(2).withPadding(1).withCeilMode());
    layers.put("max_pool2d_dilated", MaxPool2d.of(2).withStride(1).withDilation(2));
    layers.put("max_pool2d_oblong", new MaxPool2d(new Size(1, 3), Optional.of(new Size(2, 1)), sides(0, 1),
        Size.ONE, false));
    layers.put("avg_pool1d", AvgPool1d.of(3).withStride(2).withPadding(1));
    layers.put("avg_pool1d_counted", AvgPool1d.of(4).withStride(3).withPadding(2).withCountIncludePad().withCeilMode());
    layers.put("avg_pool2d_ceil", AvgPool2d.of(2).withStride(2).withCeilMode());
    layers.put("avg_pool2d_counted", AvgPool2d.of(3).withStride(2).withPadding(1).withCountIncludePad());
    layers.put("global_avg_pool1d", new GlobalAvgPool1d());
    layers.put("global_max_pool1d", new GlobalMaxPool1d());
    layers.put("global_max_pool2d", new GlobalMaxPool2d());
  }

  private static void adaptive(Map<String, Block> layers) {
    layers.put("adaptive_avg_pool1d", new AdaptiveAvgPool1d(3));
    layers.put("adaptive_avg_pool1d_parts", new AdaptiveAvgPool1d(4));
    layers.put("adaptive_max_pool1d", new AdaptiveMaxPool1d(5));
    layers.put("adaptive_avg_pool2d", new AdaptiveAvgPool2d(new Size(3, 2)));
    layers.put("adaptive_avg_pool2d_more", new AdaptiveAvgPool2d(new Size(6, 7)));
    layers.put("adaptive_max_pool2d", new AdaptiveMaxPool2d(new Size(3, 4)));
    layers.put("adaptive_max_pool2d_even", AdaptiveMaxPool2d.of(2));
  }

  private static void resampled(Map<String, Block> layers) {
    layers.put("pad1d", Pad1d.of(2, 1).withValue(1.5));
    layers.put("pad1d_reflect", Pad1d.of(3, 2).withMode(PadMode.REFLECT));
    layers.put("pad2d", Pad2d.of(1));
    layers.put("pad2d_reflect", Pad2d.of(2, 1, 3, 0).withMode(PadMode.REFLECT));
    layers.put("pad2d_replicate", Pad2d.of(2, 1, 3, 0).withMode(PadMode.REPLICATE));
    layers.put("pad2d_circular", Pad2d.of(2, 1, 3, 0).withMode(PadMode.CIRCULAR));
    layers.put("upsample1d", Upsample1d.of(3));
    layers.put("upsample1d_linear", Upsample1d.of(3).linear());
    layers.put("upsample1d_aligned", Upsample1d.of(2).linearWithAlignedCorners());
    layers.put("upsample2d", Upsample2d.of(2));
    layers.put("upsample2d_linear", Upsample2d.of(2).linear());
    layers.put("upsample2d_aligned", Upsample2d.of(2).linearWithAlignedCorners());
    layers.put("resize1d", Resize1d.of(3));
    layers.put("resize2d", Resize2d.of(7, 2));
    layers.put("resize2d_linear", Resize2d.of(7, 3).linear());
    layers.put("resize2d_aligned", Resize2d.of(7, 3).linearWithAlignedCorners());
  }

  private static void channels(Map<String, Block> layers) {
    layers.put("permute", Permute.of(3, 1, 2));
    layers.put("group_norm", GroupNorm.of(2));
    layers.put("group_norm_rows", GroupNorm.of(3));
    layers.put("instance_norm", new InstanceNorm());
    layers.put("instance_norm_affine", new InstanceNorm(1e-3, true));
    layers.put("prelu", new Prelu());
    layers.put("prelu_slopes", new Prelu().withSlopes());
    layers.put("glu", new Glu());
    layers.put("glu_channels", new Glu(Activations.SIGMOID, 1));
    layers.put("swiglu", new SwiGlu());
    layers.put("geglu", new GeGlu());
  }
}
