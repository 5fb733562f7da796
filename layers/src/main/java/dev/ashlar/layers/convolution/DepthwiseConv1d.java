package dev.ashlar.layers.convolution;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.layers.activations.Activations;
import dev.ashlar.layers.initializers.Initializers;
import dev.ashlar.layers.shapes.Inputs;
import dev.ashlar.layers.shapes.Padding;
import dev.ashlar.layers.shapes.Windows;
import dev.ashlar.model.Activation;
import dev.ashlar.model.Initializer;
import dev.ashlar.model.Layer;
import dev.ashlar.model.Scope;
import dev.ashlar.tensor.Tensor;
import java.util.List;

/**
 * Each channel of a sequence convolved by itself. Shapes: x [batch, channels, length] -> [batch, channels *
 * multiplier, length']; weight [channels * multiplier, 1, kernel], bias [channels * multiplier].
 */
@Name("depthwise_conv1d")
@Doc("each channel of a sequence convolved by itself")
public record DepthwiseConv1d(
    @Doc("length of a filter") @Range(atLeast = 1) int kernel,
    @Doc("filters for each channel") @Default("1") @Range(atLeast = 1) int multiplier,
    @Doc("step between positions") @Default("1") @Range(atLeast = 1) int stride,
    @Doc("zeros around the sequence: same, valid, a number or a list of sides") @Default("valid") Padding padding,
    @Doc("distance between a filter's elements") @Default("1") @Range(atLeast = 1) int dilation,
    @Doc("applied to the result") @Default("linear") Activation activation,
    @Doc("whether a bias is added") @Default("true") boolean bias,
    @Doc("how the filters start") @Default("he_uniform") Initializer initializer)
    implements Layer {

  /** Filters, one for each channel, one step at a time, without padding. */
  public static DepthwiseConv1d of(int kernel) {
    return new DepthwiseConv1d(kernel, 1, 1, Padding.Automatic.VALID, 1, Activations.LINEAR, true,
        Initializers.HE_UNIFORM);
  }

  @Override
  public Tensor forward(Tensor x, Scope scope) {
    Windows windows = new Windows("depthwise_conv1d", List.of(kernel), List.of(stride), padding, List.of(dilation));
    Inputs.spatial("depthwise_conv1d", x, 1);
    int channels = x.dim(1);
    Tensor y = Filters.convolve(windows, x, scope, channels * multiplier, channels, initializer);
    return Filters.finish(y, bias, activation, scope);
  }

  /** This with another stride. */
  public DepthwiseConv1d withStride(int other) {
    return new DepthwiseConv1d(kernel, multiplier, other, padding, dilation, activation, bias, initializer);
  }

  /** This with another padding. */
  public DepthwiseConv1d withPadding(Padding other) {
    return new DepthwiseConv1d(kernel, multiplier, stride, other, dilation, activation, bias, initializer);
  }

  /** This with so many zeros on every side. */
  public DepthwiseConv1d withPadding(int each) {
    return withPadding(new Padding.Amount(each));
  }

  /** This with filters spread out. */
  public DepthwiseConv1d withDilation(int other) {
    return new DepthwiseConv1d(kernel, multiplier, stride, padding, other, activation, bias, initializer);
  }

  /** This with so many filters for each channel. */
  public DepthwiseConv1d withMultiplier(int other) {
    return new DepthwiseConv1d(kernel, other, stride, padding, dilation, activation, bias, initializer);
  }

  /** This with another activation. */
  public DepthwiseConv1d withActivation(Activation other) {
    return new DepthwiseConv1d(kernel, multiplier, stride, padding, dilation, other, bias, initializer);
  }

  /** This without bias. */
  public DepthwiseConv1d withoutBias() {
    return new DepthwiseConv1d(kernel, multiplier, stride, padding, dilation, activation, false, initializer);
  }

  /** This with other first filters. */
  public DepthwiseConv1d withInitializer(Initializer other) {
    return new DepthwiseConv1d(kernel, multiplier, stride, padding, dilation, activation, bias, other);
  }
}
