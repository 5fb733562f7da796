package dev.ashlar.layers.convolution;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.layers.activations.Activations;
import dev.ashlar.layers.initializers.Initializers;
import dev.ashlar.layers.shapes.Padding;
import dev.ashlar.layers.shapes.Size;
import dev.ashlar.layers.shapes.Windows;
import dev.ashlar.model.Activation;
import dev.ashlar.model.Initializer;
import dev.ashlar.model.Layer;
import dev.ashlar.model.Scope;
import dev.ashlar.tensor.Tensor;

/**
 * Filters moved over an image. Shapes: x [batch, channels, height, width] -> [batch, filters, height', width']; weight
 * [filters, channels / groups, K..], bias [filters].
 */
@Name("conv2d")
@Doc("filters moved over an image [batch, channels, height, width]")
public record Conv2d(
    @Doc("number of channels of the output") @Range(atLeast = 1) int filters,
    @Doc("height and width of a filter") Size kernel,
    @Doc("step between positions") @Default("1") Size stride,
    @Doc("zeros around the image: same, valid, a number or a list of sides") @Default("valid") Padding padding,
    @Doc("distance between a filter's elements") @Default("1") Size dilation,
    @Doc("independent groups of channels") @Default("1") @Range(atLeast = 1) int groups,
    @Doc("applied to the result") @Default("linear") Activation activation,
    @Doc("whether a bias is added") @Default("true") boolean bias,
    @Doc("how the filters start") @Default("he_uniform") Initializer initializer)
    implements Layer {

  /** Square filters, one step at a time, without padding. */
  public static Conv2d of(int filters, int kernel) {
    return new Conv2d(filters, Size.square(kernel), Size.ONE, Padding.Automatic.VALID, Size.ONE, 1,
        Activations.LINEAR, true, Initializers.HE_UNIFORM);
  }

  @Override
  public Tensor forward(Tensor x, Scope scope) {
    Windows windows = new Windows("conv2d", kernel.list(), stride.list(), padding, dilation.list());
    Tensor y = Filters.convolve(windows, x, scope, filters, groups, initializer);
    return Filters.finish(y, bias, activation, scope);
  }

  /** This with another stride both ways. */
  public Conv2d withStride(int other) {
    return new Conv2d(filters, kernel, Size.square(other), padding, dilation, groups, activation, bias,
        initializer);
  }

  /** This with another padding. */
  public Conv2d withPadding(Padding other) {
    return new Conv2d(filters, kernel, stride, other, dilation, groups, activation, bias, initializer);
  }

  /** This with so many zeros on every side. */
  public Conv2d withPadding(int each) {
    return withPadding(new Padding.Amount(each));
  }

  /** This with filters spread out. */
  public Conv2d withDilation(int other) {
    return new Conv2d(filters, kernel, stride, padding, Size.square(other), groups, activation, bias,
        initializer);
  }

  /** This with groups of channels that do not mix. */
  public Conv2d withGroups(int other) {
    return new Conv2d(filters, kernel, stride, padding, dilation, other, activation, bias, initializer);
  }

  /** This with another activation. */
  public Conv2d withActivation(Activation other) {
    return new Conv2d(filters, kernel, stride, padding, dilation, groups, other, bias, initializer);
  }

  /** This without bias. */
  public Conv2d withoutBias() {
    return new Conv2d(filters, kernel, stride, padding, dilation, groups, activation, false, initializer);
  }

  /** This with other first filters. */
  public Conv2d withInitializer(Initializer other) {
    return new Conv2d(filters, kernel, stride, padding, dilation, groups, activation, bias, other);
  }
}
