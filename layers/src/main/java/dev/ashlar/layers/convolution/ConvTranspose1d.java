package dev.ashlar.layers.convolution;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.layers.activations.Activations;
import dev.ashlar.layers.initializers.Initializers;
import dev.ashlar.layers.shapes.Padding;
import dev.ashlar.model.Activation;
import dev.ashlar.model.Initializer;
import dev.ashlar.model.Layer;
import dev.ashlar.model.Scope;
import dev.ashlar.tensor.Tensor;
import java.util.List;

/**
 * A convolution backwards, also called deconvolution: each element adds a filter to the result. Shapes: x [batch,
 * channels, length] -> [batch, filters, length'], where length' is (length - 1) stride + dilation (kernel - 1) + 1
 * less the padding on both sides, plus the output padding; weight [channels, filters / groups, kernel], bias
 * [filters]. Zeiler et al., 2010.
 */
@Name("conv_transpose1d")
@Doc("a convolution backwards, which enlarges a sequence [batch, channels, length]")
public record ConvTranspose1d(
    @Doc("number of channels of the output") @Range(atLeast = 1) int filters,
    @Doc("length of a filter") @Range(atLeast = 1) int kernel,
    @Doc("elements of the result for one of the input") @Default("1") @Range(atLeast = 1) int stride,
    @Doc("taken off the result: same (stride times the input), valid, a number or a list of sides")
        @Default("valid") Padding padding,
    @Doc("added behind the result, to choose its size") @Default("0") @Range(atLeast = 0) int outputPadding,
    @Doc("distance between a filter's elements") @Default("1") @Range(atLeast = 1) int dilation,
    @Doc("independent groups of channels") @Default("1") @Range(atLeast = 1) int groups,
    @Doc("applied to the result") @Default("linear") Activation activation,
    @Doc("whether a bias is added") @Default("true") boolean bias,
    @Doc("how the filters start") @Default("he_uniform") Initializer initializer)
    implements Layer {

  /** Filters, one step at a time, nothing taken off. */
  public static ConvTranspose1d of(int filters, int kernel) {
    return new ConvTranspose1d(filters, kernel, 1, Padding.Automatic.VALID, 0, 1, 1, Activations.LINEAR,
        true, Initializers.HE_UNIFORM);
  }

  @Override
  public Tensor forward(Tensor x, Scope scope) {
    Transposed transposed = new Transposed("conv_transpose1d", List.of(kernel), List.of(stride), padding,
        List.of(outputPadding), List.of(dilation), groups);
    return Filters.finish(transposed.of(x, scope, filters, initializer), bias, activation, scope);
  }

  /** This with another stride. */
  public ConvTranspose1d withStride(int other) {
    return new ConvTranspose1d(filters, kernel, other, padding, outputPadding, dilation, groups, activation,
        bias, initializer);
  }

  /** This with another padding. */
  public ConvTranspose1d withPadding(Padding other) {
    return new ConvTranspose1d(filters, kernel, stride, other, outputPadding, dilation, groups, activation,
        bias, initializer);
  }

  /** This with so much taken off every side. */
  public ConvTranspose1d withPadding(int each) {
    return withPadding(new Padding.Amount(each));
  }

  /** This with so much added behind the result. */
  public ConvTranspose1d withOutputPadding(int other) {
    return new ConvTranspose1d(filters, kernel, stride, padding, other, dilation, groups, activation, bias,
        initializer);
  }

  /** This with filters spread out. */
  public ConvTranspose1d withDilation(int other) {
    return new ConvTranspose1d(filters, kernel, stride, padding, outputPadding, other, groups, activation,
        bias, initializer);
  }

  /** This with groups of channels that do not mix. */
  public ConvTranspose1d withGroups(int other) {
    return new ConvTranspose1d(filters, kernel, stride, padding, outputPadding, dilation, other, activation,
        bias, initializer);
  }

  /** This with another activation. */
  public ConvTranspose1d withActivation(Activation other) {
    return new ConvTranspose1d(filters, kernel, stride, padding, outputPadding, dilation, groups, other,
        bias, initializer);
  }

  /** This without bias. */
  public ConvTranspose1d withoutBias() {
    return new ConvTranspose1d(filters, kernel, stride, padding, outputPadding, dilation, groups, activation,
        false, initializer);
  }

  /** This with other first filters. */
  public ConvTranspose1d withInitializer(Initializer other) {
    return new ConvTranspose1d(filters, kernel, stride, padding, outputPadding, dilation, groups, activation,
        bias, other);
  }
}
