package dev.ashlar.layers.convolution;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.layers.activations.Activations;
import dev.ashlar.layers.initializers.Initializers;
import dev.ashlar.layers.shapes.Padding;
import dev.ashlar.layers.shapes.Windows;
import dev.ashlar.model.Activation;
import dev.ashlar.model.Initializer;
import dev.ashlar.model.Layer;
import dev.ashlar.model.Scope;
import dev.ashlar.tensor.Tensor;
import java.util.List;

/**
 * Filters moved over a sequence. Shapes: x [batch, channels, length] -> [batch, filters, length']; weight [filters,
 * channels / groups, kernel], bias [filters].
 */
@Name("conv1d")
@Doc("filters moved over a sequence [batch, channels, length]")
public record Conv1d(
    @Doc("number of channels of the output") @Range(atLeast = 1) int filters,
    @Doc("length of a filter") @Range(atLeast = 1) int kernel,
    @Doc("step between positions") @Default("1") @Range(atLeast = 1) int stride,
    @Doc("zeros around the sequence: same, valid, a number or a list of sides") @Default("valid") Padding padding,
    @Doc("distance between a filter's elements") @Default("1") @Range(atLeast = 1) int dilation,
    @Doc("independent groups of channels") @Default("1") @Range(atLeast = 1) int groups,
    @Doc("applied to the result") @Default("linear") Activation activation,
    @Doc("whether a bias is added") @Default("true") boolean bias,
    @Doc("how the filters start") @Default("he_uniform") Initializer initializer)
    implements Layer {

  /** Filters, one step at a time, without padding. */
  public static Conv1d of(int filters, int kernel) {
    return new Conv1d(filters, kernel, 1, Padding.Automatic.VALID, 1, 1, Activations.LINEAR, true,
        Initializers.HE_UNIFORM);
  }

  @Override
  public Tensor forward(Tensor x, Scope scope) {
    Windows windows = new Windows("conv1d", List.of(kernel), List.of(stride), padding, List.of(dilation));
    Tensor y = Filters.convolve(windows, x, scope, filters, groups, initializer);
    return Filters.finish(y, bias, activation, scope);
  }

  /** This with another stride. */
  public Conv1d withStride(int other) {
    return new Conv1d(filters, kernel, other, padding, dilation, groups, activation, bias, initializer);
  }

  /** This with another padding. */
  public Conv1d withPadding(Padding other) {
    return new Conv1d(filters, kernel, stride, other, dilation, groups, activation, bias, initializer);
  }

  /** This with so many zeros on every side. */
  public Conv1d withPadding(int each) {
    return withPadding(new Padding.Amount(each));
  }

  /** This with filters spread out. */
  public Conv1d withDilation(int other) {
    return new Conv1d(filters, kernel, stride, padding, other, groups, activation, bias, initializer);
  }

  /** This with groups of channels that do not mix. */
  public Conv1d withGroups(int other) {
    return new Conv1d(filters, kernel, stride, padding, dilation, other, activation, bias, initializer);
  }

  /** This with another activation. */
  public Conv1d withActivation(Activation other) {
    return new Conv1d(filters, kernel, stride, padding, dilation, groups, other, bias, initializer);
  }

  /** This without bias. */
  public Conv1d withoutBias() {
    return new Conv1d(filters, kernel, stride, padding, dilation, groups, activation, false, initializer);
  }

  /** This with other first filters. */
  public Conv1d withInitializer(Initializer other) {
    return new Conv1d(filters, kernel, stride, padding, dilation, groups, activation, bias, other);
  }
}
