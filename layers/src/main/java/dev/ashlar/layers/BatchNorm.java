package dev.ashlar.layers;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.layers.shapes.Inputs;
import dev.ashlar.model.Initializer;
import dev.ashlar.model.Layer;
import dev.ashlar.model.Scope;
import dev.ashlar.model.State;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Mean 0 and variance 1 for each channel over the examples that count, then scaled and shifted; x [batch,
 * channels, ..], the shape stays. At inference by running statistics, whose variance is the unbiased one, as
 * in PyTorch. Ioffe and Szegedy, 2015, algorithms 1 and 2.
 */
@Name("batch_norm")
@Doc("mean 0 and variance 1 for each channel over the batch, then scaled and shifted")
public record BatchNorm(
    @Doc("share of a new batch in the running statistics") @Default("0.1")
        @Range(above = 0, atMost = 1) double momentum,
    @Doc("added to the variance") @Default("1e-5") @Range(above = 0) double epsilon,
    @Doc("whether channels are scaled and shifted then") @Default("true") boolean affine)
    implements Layer {

  /** With the usual settings. */
  public BatchNorm() {
    this(0.1, 1e-5, true);
  }

  /** This, neither scaled nor shifted. */
  public BatchNorm withoutAffine() {
    return new BatchNorm(momentum, epsilon, false);
  }

  @Override
  public Tensor forward(Tensor x, Scope scope) {
    Inputs.channels("batch_norm", x);
    Inputs.real("batch_norm", x);
    TensorType channels = new TensorType(scope.precision().parameter(), Shape.of(x.dim(1)));
    Shape wide = Inputs.wide(x); // [channels, 1 ..]
    Optional<Tensor> scale = affine(scope, "scale", channels.shape(), Initializer.ONES, wide);
    Optional<Tensor> shift = affine(scope, "shift", channels.shape(), Initializer.ZEROS, wide);
    State runningMean = scope.variable("mean", channels, Initializer.ZEROS);
    State runningVariance = scope.variable("variance", channels, Initializer.ONES);
    if (!scope.training()) {
      Tensor variance = runningVariance.value().cast(x.dtype()).reshape(wide);
      Tensor centered = x.sub(runningMean.value().cast(x.dtype()).reshape(wide));
      return scaled(centered, variance, scale, shift);
    }
    int[] others = IntStream.range(0, x.rank()).filter(axis -> axis != 1).toArray();
    Tensor weights = weights(x, scope);
    Tensor count = weights.sum().mul((double) x.shape().size() / (x.dim(0) * (double) x.dim(1))).maximum(1);
    Tensor mean = x.mul(weights).sum(others).div(count);
    Tensor centered = x.sub(mean);
    Tensor variance = centered.square().mul(weights).sum(others).div(count);
    Tensor unbiased = variance.mul(count.div(count.sub(1).maximum(1)));
    runningMean.set(blend(runningMean.value(), mean));
    runningVariance.set(blend(runningVariance.value(), unbiased));
    return scaled(centered, variance, scale, shift);
  }

  private Optional<Tensor> affine(Scope scope, String name, Shape channels, Initializer initializer, Shape wide) {
    return affine ? Optional.of(scope.parameter(name, channels, initializer).reshape(wide)) : Optional.empty();
  }

  private Tensor scaled(Tensor centered, Tensor variance, Optional<Tensor> scale, Optional<Tensor> shift) {
    Tensor inverse = variance.add(epsilon).rsqrt();
    Tensor y = centered.mul(scale.map(inverse::mul).orElse(inverse));
    return shift.map(y::add).orElse(y);
  }

  /** 1 for examples that count, 0 for padding: [batch, 1 ..]. */
  private static Tensor weights(Tensor x, Scope scope) {
    int[] dims = new int[x.rank()];
    Arrays.fill(dims, 1);
    dims[0] = x.dim(0);
    return scope.exampleWeights()
        .map(w -> w.cast(x.dtype()).reshape(Shape.of(dims)))
        .orElseGet(() -> Tensor.full(x.type().withShape(Shape.of(dims)), 1));
  }

  private Tensor blend(Tensor running, Tensor batch) {
    Tensor now = batch.detach().cast(running.dtype()).reshape(running.shape());
    return running.add(now.sub(running).mul(momentum));
  }
}
