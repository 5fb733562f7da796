package dev.ashlar.layers.convolution;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.layers.activations.Activations;
import dev.ashlar.layers.initializers.Initializers;
import dev.ashlar.layers.shapes.Padding;
import dev.ashlar.layers.shapes.Size;
import dev.ashlar.model.Activation;
import dev.ashlar.model.Initializer;
import dev.ashlar.model.Layer;
import dev.ashlar.model.Scope;
import dev.ashlar.tensor.Tensor;

/**
 * A convolution backwards, also called deconvolution: each element adds a filter to the result. Shapes: x [batch,
 * channels, height, width] -> [batch, filters, height', width'], where height' is (height - 1) stride + dilation
 * (kernel - 1) + 1 less the padding on both sides, plus the output padding, and width' likewise; weight [channels,
 * filters / groups, K..], bias [filters]. Zeiler et al., 2010.
 */
@Name("conv_transpose2d")
@Doc("a convolution backwards, which enlarges an image [batch, channels, height, width]")
public record ConvTranspose2d(
    @Doc("number of channels of the output") @Range(atLeast = 1) int filters,
    @Doc("height and width of a filter") Size kernel,
    @Doc("elements of the result for one of the input") @Default("1") Size stride,
    @Doc("taken off the result: same (stride times the input), valid, a number or a list of sides")
        @Default("valid") Padding padding,
    @Doc("added behind the result, to choose its size") @Default("0") OutputPadding outputPadding,
    @Doc("distance between a filter's elements") @Default("1") Size dilation,
    @Doc("independent groups of channels") @Default("1") @Range(atLeast = 1) int groups,
    @Doc("applied to the result") @Default("linear") Activation activation,
    @Doc("whether a bias is added") @Default("true") boolean bias,
    @Doc("how the filters start") @Default("he_uniform") Initializer initializer)
    implements Layer {

  /** Square filters, one step at a time, nothing taken off. */
  public static ConvTranspose2d of(int filters, int kernel) {
    return new ConvTranspose2d(filters, Size.square(kernel), Size.ONE, Padding.Automatic.VALID,
        OutputPadding.NONE, Size.ONE, 1, Activations.LINEAR, true, Initializers.HE_UNIFORM);
  }

  @Override
  public Tensor forward(Tensor x, Scope scope) {
    Transposed transposed = new Transposed("conv_transpose2d", kernel.list(), stride.list(), padding,
        outputPadding.list(), dilation.list(), groups);
    return Filters.finish(transposed.of(x, scope, filters, initializer), bias, activation, scope);
  }

  /** This with another stride both ways. */
  public ConvTranspose2d withStride(int other) {
    return new ConvTranspose2d(filters, kernel, Size.square(other), padding, outputPadding, dilation, groups,
        activation, bias, initializer);
  }

  /** This with another padding. */
  public ConvTranspose2d withPadding(Padding other) {
    return new ConvTranspose2d(filters, kernel, stride, other, outputPadding, dilation, groups, activation,
        bias, initializer);
  }

  /** This with so much taken off every side. */
  public ConvTranspose2d withPadding(int each) {
    return withPadding(new Padding.Amount(each));
  }

  /** This with so much added behind the result. */
  public ConvTranspose2d withOutputPadding(int other) {
    return new ConvTranspose2d(filters, kernel, stride, padding, new OutputPadding(other, other), dilation,
        groups, activation, bias, initializer);
  }

  /** This with filters spread out. */
  public ConvTranspose2d withDilation(int other) {
    return new ConvTranspose2d(filters, kernel, stride, padding, outputPadding, Size.square(other), groups,
        activation, bias, initializer);
  }

  /** This with groups of channels that do not mix. */
  public ConvTranspose2d withGroups(int other) {
    return new ConvTranspose2d(filters, kernel, stride, padding, outputPadding, dilation, other, activation,
        bias, initializer);
  }

  /** This with another activation. */
  public ConvTranspose2d withActivation(Activation other) {
    return new ConvTranspose2d(filters, kernel, stride, padding, outputPadding, dilation, groups, other,
        bias, initializer);
  }

  /** This without bias. */
  public ConvTranspose2d withoutBias() {
    return new ConvTranspose2d(filters, kernel, stride, padding, outputPadding, dilation, groups, activation,
        false, initializer);
  }

  /** This with other first filters. */
  public ConvTranspose2d withInitializer(Initializer other) {
    return new ConvTranspose2d(filters, kernel, stride, padding, outputPadding, dilation, groups, activation,
        bias, other);
  }
}
