package dev.ashlar.layers.convolution;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.layers.activations.Activations;
import dev.ashlar.layers.initializers.Initializers;
import dev.ashlar.layers.shapes.Inputs;
import dev.ashlar.layers.shapes.Padding;
import dev.ashlar.layers.shapes.Size;
import dev.ashlar.layers.shapes.Windows;
import dev.ashlar.model.Activation;
import dev.ashlar.model.Initializer;
import dev.ashlar.model.Layer;
import dev.ashlar.model.Scope;
import dev.ashlar.tensor.Tensor;

/**
 * Each channel of an image convolved by itself. Shapes: x [batch, channels, height, width] -> [batch, channels *
 * multiplier, height', width']; weight [channels * multiplier, 1, K..], bias [channels * multiplier].
 */
@Name("depthwise_conv2d")
@Doc("each channel of an image convolved by itself")
public record DepthwiseConv2d(
    @Doc("height and width of a filter") Size kernel,
    @Doc("filters for each channel") @Default("1") @Range(atLeast = 1) int multiplier,
    @Doc("step between positions") @Default("1") Size stride,
    @Doc("zeros around the image: same, valid, a number or a list of sides") @Default("valid") Padding padding,
    @Doc("distance between a filter's elements") @Default("1") Size dilation,
    @Doc("applied to the result") @Default("linear") Activation activation,
    @Doc("whether a bias is added") @Default("true") boolean bias,
    @Doc("how the filters start") @Default("he_uniform") Initializer initializer)
    implements Layer {

  /** Square filters, one for each channel, one step at a time, without padding. */
  public static DepthwiseConv2d of(int kernel) {
    return new DepthwiseConv2d(Size.square(kernel), 1, Size.ONE, Padding.Automatic.VALID, Size.ONE,
        Activations.LINEAR, true, Initializers.HE_UNIFORM);
  }

  @Override
  public Tensor forward(Tensor x, Scope scope) {
    Windows windows = new Windows("depthwise_conv2d", kernel.list(), stride.list(), padding, dilation.list());
    Inputs.spatial("depthwise_conv2d", x, 2);
    int channels = x.dim(1);
    Tensor y = Filters.convolve(windows, x, scope, channels * multiplier, channels, initializer);
    return Filters.finish(y, bias, activation, scope);
  }

  /** This with another stride both ways. */
  public DepthwiseConv2d withStride(int other) {
    return new DepthwiseConv2d(kernel, multiplier, Size.square(other), padding, dilation, activation, bias,
        initializer);
  }

  /** This with another padding. */
  public DepthwiseConv2d withPadding(Padding other) {
    return new DepthwiseConv2d(kernel, multiplier, stride, other, dilation, activation, bias, initializer);
  }

  /** This with so many zeros on every side. */
  public DepthwiseConv2d withPadding(int each) {
    return withPadding(new Padding.Amount(each));
  }

  /** This with filters spread out. */
  public DepthwiseConv2d withDilation(int other) {
    return new DepthwiseConv2d(kernel, multiplier, stride, padding, Size.square(other), activation, bias,
        initializer);
  }

  /** This with so many filters for each channel. */
  public DepthwiseConv2d withMultiplier(int other) {
    return new DepthwiseConv2d(kernel, other, stride, padding, dilation, activation, bias, initializer);
  }

  /** This with another activation. */
  public DepthwiseConv2d withActivation(Activation other) {
    return new DepthwiseConv2d(kernel, multiplier, stride, padding, dilation, other, bias, initializer);
  }

  /** This without bias. */
  public DepthwiseConv2d withoutBias() {
    return new DepthwiseConv2d(kernel, multiplier, stride, padding, dilation, activation, false, initializer);
  }

  /** This with other first filters. */
  public DepthwiseConv2d withInitializer(Initializer other) {
    return new DepthwiseConv2d(kernel, multiplier, stride, padding, dilation, activation, bias, other);
  }
}
