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
import dev.ashlar.model.Activation;
import dev.ashlar.model.Initializer;
import dev.ashlar.model.Layer;
import dev.ashlar.model.Scope;
import dev.ashlar.tensor.Tensor;

/**
 * Each channel convolved by itself, then all of them mixed at every position; two parts, {@code depthwise} without
 * bias and {@code pointwise}. Shapes: x [batch, channels, height, width] -> [batch, filters, height', width'].
 * Chollet, 2017.
 */
@Name("separable_conv2d")
@Doc("each channel of an image convolved by itself, then all mixed at every position")
public record SeparableConv2d(
    @Doc("number of channels of the output") @Range(atLeast = 1) int filters,
    @Doc("height and width of a filter") Size kernel,
    @Doc("filters for each channel") @Default("1") @Range(atLeast = 1) int multiplier,
    @Doc("step between positions") @Default("1") Size stride,
    @Doc("zeros around the image: same, valid, a number or a list of sides") @Default("valid") Padding padding,
    @Doc("distance between a filter's elements") @Default("1") Size dilation,
    @Doc("applied to the result") @Default("linear") Activation activation,
    @Doc("whether a bias is added") @Default("true") boolean bias,
    @Doc("how the filters start") @Default("he_uniform") Initializer initializer)
    implements Layer {

  /** Square filters, one step at a time, without padding. */
  public static SeparableConv2d of(int filters, int kernel) {
    return new SeparableConv2d(filters, Size.square(kernel), 1, Size.ONE, Padding.Automatic.VALID, Size.ONE,
        Activations.LINEAR, true, Initializers.HE_UNIFORM);
  }

  @Override
  public Tensor forward(Tensor x, Scope scope) {
    Inputs.spatial("separable_conv2d", x, 2);
    DepthwiseConv2d depthwise = new DepthwiseConv2d(kernel, multiplier, stride, padding, dilation, Activations.LINEAR,
        false, initializer);
    Conv2d pointwise = Conv2d.of(filters, 1).withActivation(activation).withInitializer(initializer);
    return scope.call("pointwise", bias ? pointwise : pointwise.withoutBias(), scope.call("depthwise", depthwise, x));
  }

  /** This with another stride both ways. */
  public SeparableConv2d withStride(int other) {
    return new SeparableConv2d(filters, kernel, multiplier, Size.square(other), padding, dilation,
        activation, bias, initializer);
  }

  /** This with another padding. */
  public SeparableConv2d withPadding(Padding other) {
    return new SeparableConv2d(filters, kernel, multiplier, stride, other, dilation, activation, bias,
        initializer);
  }

  /** This with so many zeros on every side. */
  public SeparableConv2d withPadding(int each) {
    return withPadding(new Padding.Amount(each));
  }

  /** This with filters spread out. */
  public SeparableConv2d withDilation(int other) {
    return new SeparableConv2d(filters, kernel, multiplier, stride, padding, Size.square(other), activation,
        bias, initializer);
  }

  /** This with so many filters for each channel. */
  public SeparableConv2d withMultiplier(int other) {
    return new SeparableConv2d(filters, kernel, other, stride, padding, dilation, activation, bias, initializer);
  }

  /** This with another activation. */
  public SeparableConv2d withActivation(Activation other) {
    return new SeparableConv2d(filters, kernel, multiplier, stride, padding, dilation, other, bias, initializer);
  }

  /** This without bias. */
  public SeparableConv2d withoutBias() {
    return new SeparableConv2d(filters, kernel, multiplier, stride, padding, dilation, activation, false,
        initializer);
  }

  /** This with other first filters. */
  public SeparableConv2d withInitializer(Initializer other) {
    return new SeparableConv2d(filters, kernel, multiplier, stride, padding, dilation, activation, bias, other);
  }
}
