package dev.ashlar.layers.convolution;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.layers.activations.Activations;
import dev.ashlar.layers.initializers.Initializers;
import dev.ashlar.layers.shapes.Inputs;
import dev.ashlar.layers.shapes.Padding;
import dev.ashlar.model.Activation;
import dev.ashlar.model.Initializer;
import dev.ashlar.model.Layer;
import dev.ashlar.model.Scope;
import dev.ashlar.tensor.Tensor;

/**
 * Each channel convolved by itself, then all of them mixed at every position; two parts, {@code depthwise} without
 * bias and {@code pointwise}. Shapes: x [batch, channels, length] -> [batch, filters, length']. Chollet, 2017.
 */
@Name("separable_conv1d")
@Doc("each channel of a sequence convolved by itself, then all mixed at every position")
public record SeparableConv1d(
    @Doc("number of channels of the output") @Range(atLeast = 1) int filters,
    @Doc("length of a filter") @Range(atLeast = 1) int kernel,
    @Doc("filters for each channel") @Default("1") @Range(atLeast = 1) int multiplier,
    @Doc("step between positions") @Default("1") @Range(atLeast = 1) int stride,
    @Doc("zeros around the sequence: same, valid, a number or a list of sides") @Default("valid") Padding padding,
    @Doc("distance between a filter's elements") @Default("1") @Range(atLeast = 1) int dilation,
    @Doc("applied to the result") @Default("linear") Activation activation,
    @Doc("whether a bias is added") @Default("true") boolean bias,
    @Doc("how the filters start") @Default("he_uniform") Initializer initializer)
    implements Layer {

  /** Filters, one step at a time, without padding. */
  public static SeparableConv1d of(int filters, int kernel) {
    return new SeparableConv1d(filters, kernel, 1, 1, Padding.Automatic.VALID, 1, Activations.LINEAR, true,
        Initializers.HE_UNIFORM);
  }

  @Override
  public Tensor forward(Tensor x, Scope scope) {
    Inputs.spatial("separable_conv1d", x, 1);
    DepthwiseConv1d depthwise = new DepthwiseConv1d(kernel, multiplier, stride, padding, dilation, Activations.LINEAR,
        false, initializer);
    Conv1d pointwise = Conv1d.of(filters, 1).withActivation(activation).withInitializer(initializer);
    return scope.call("pointwise", bias ? pointwise : pointwise.withoutBias(), scope.call("depthwise", depthwise, x));
  }

  /** This with another stride. */
  public SeparableConv1d withStride(int other) {
    return new SeparableConv1d(filters, kernel, multiplier, other, padding, dilation, activation, bias,
        initializer);
  }

  /** This with another padding. */
  public SeparableConv1d withPadding(Padding other) {
    return new SeparableConv1d(filters, kernel, multiplier, stride, other, dilation, activation, bias,
        initializer);
  }

  /** This with so many zeros on every side. */
  public SeparableConv1d withPadding(int each) {
    return withPadding(new Padding.Amount(each));
  }

  /** This with filters spread out. */
  public SeparableConv1d withDilation(int other) {
    return new SeparableConv1d(filters, kernel, multiplier, stride, padding, other, activation, bias,
        initializer);
  }

  /** This with so many filters for each channel. */
  public SeparableConv1d withMultiplier(int other) {
    return new SeparableConv1d(filters, kernel, other, stride, padding, dilation, activation, bias, initializer);
  }

  /** This with another activation. */
  public SeparableConv1d withActivation(Activation other) {
    return new SeparableConv1d(filters, kernel, multiplier, stride, padding, dilation, other, bias, initializer);
  }

  /** This without bias. */
  public SeparableConv1d withoutBias() {
    return new SeparableConv1d(filters, kernel, multiplier, stride, padding, dilation, activation, false,
        initializer);
  }

  /** This with other first filters. */
  public SeparableConv1d withInitializer(Initializer other) {
    return new SeparableConv1d(filters, kernel, multiplier, stride, padding, dilation, activation, bias, other);
  }
}
