package dev.ashlar.optimizers;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.model.Initializer;
import dev.ashlar.model.Schedule;
import dev.ashlar.model.Scope;
import dev.ashlar.model.State;
import dev.ashlar.model.UpdateRule;
import dev.ashlar.optimizers.schedules.Constant;
import dev.ashlar.tensor.Tensor;

/**
 * Steps scaled by mean squares of which a matrix keeps only those of its rows and columns, in proportion to the
 * parameter and no longer than a bound: Shazeer and Stern, 2018, in the form of {@code torch.optim.Adafactor}. Its
 * slots are next to nothing beside the parameters.
 */
@Name("adafactor")
@Doc("steps by mean squares of rows and columns alone: little memory")
public record Adafactor(
    @Doc("the largest relative step; it falls as 1 / sqrt(step)") @Default("0.01") Schedule learningRate,
    @Doc("how fast the memory of mean squares grows: 1 - step^decay") @Default("-0.8") @Range(below = 0) double decay,
    @Doc("smallest length of a parameter that counts, by its elements' root mean square")
        @Default("1e-3") @Range(above = 0) double epsilon,
    @Doc("bound of a step's root mean square") @Default("1") @Range(above = 0) double clip,
    @Doc("times the learning rate, the share of a parameter that goes at each step")
        @Default("0") @Range(atLeast = 0) double weightDecay)
    implements UpdateRule {

  /** The smallest mean square: the rounding of f32. */
  private static final double SMALLEST = Math.ulp(1f);

  /** With the usual settings. */
  public static Adafactor of(double learningRate) {
    return new Adafactor(new Constant(learningRate), -0.8, 1e-3, 1, 0);
  }

  @Override
  public Tensor update(Tensor parameter, Tensor gradient, Scope scope) {
    Tensor count = Moments.count(parameter, scope);
    Tensor fresh = count.log().mul(decay).exp();
    Tensor rate = learningRate.at(scope.progress()).cast(parameter.dtype());
    Tensor relative = rate.minimum(count.rsqrt());
    Tensor length = rootMeanSquare(parameter).maximum(epsilon).mul(relative);
    Tensor square = parameter.rank() > 1 ? factored(gradient, fresh, scope) : whole(gradient, fresh, scope);
    Tensor step = gradient.mul(square.maximum(SMALLEST * SMALLEST).rsqrt());
    Tensor bounded = length.div(rootMeanSquare(step).div(clip).maximum(1));
    Tensor kept = weightDecay == 0 ? parameter : parameter.mul(rate.mul(-weightDecay).add(1));
    return kept.sub(step.mul(bounded));
  }

  /** Mean squares from those of rows and columns. */
  private static Tensor factored(Tensor gradient, Tensor fresh, Scope scope) {
    Tensor rows = mean("rows_second_moment", gradient.square().mean(-1), fresh, scope);
    Tensor columns = mean("columns_second_moment", gradient.square().mean(-2), fresh, scope);
    return rows.mul(columns).div(rows.mean(-2).maximum(SMALLEST));
  }

  private static Tensor whole(Tensor gradient, Tensor fresh, Scope scope) {
    return mean("second_moment", gradient.square(), fresh, scope);
  }

  private static Tensor mean(String name, Tensor value, Tensor fresh, Scope scope) {
    State state = scope.slot(name, value.type(), Initializer.ZEROS);
    Tensor mean = state.value().add(value.sub(state.value()).mul(fresh));
    state.set(mean);
    return mean;
  }

  private static Tensor rootMeanSquare(Tensor x) {
    return x.square().mean().sqrt();
  }

  /** This with weight decay. */
  public Adafactor withWeightDecay(double other) {
    return new Adafactor(learningRate, decay, epsilon, clip, other);
  }
}
