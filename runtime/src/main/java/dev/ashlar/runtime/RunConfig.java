package dev.ashlar.runtime;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Named;
import dev.ashlar.data.DataSource;
import dev.ashlar.model.Block;
import dev.ashlar.model.Callback;
import dev.ashlar.model.GradientTransform;
import dev.ashlar.model.Loss;
import dev.ashlar.model.Metric;
import dev.ashlar.model.Optimizer;
import dev.ashlar.model.Transform;
import dev.ashlar.program.BackendFactory;
import dev.ashlar.training.Sample;
import dev.ashlar.training.Settings;
import dev.ashlar.training.Split;
import java.util.List;
import java.util.Optional;

/**
 * A training run as a configuration file describes it.
 *
 * @param data examples, how their inputs are prepared, and what is set apart
 * @param model what is trained; a list is one layer after the other
 * @param loss what is made small
 * @param optimizer how parameters improve
 * @param gradients what happens to gradients before the optimizer sees them, in order
 * @param metrics what else is measured
 * @param train how long and in what portions
 * @param callbacks follow the run, and may end it
 * @param sample what a model of text writes after each evaluation
 * @param backend what it runs on; the fastest at hand if absent
 */
@Name("configuration")
public record RunConfig(
    @Doc("examples, how their inputs are prepared, and what is set apart") Data data,
    @Doc("what is trained; a list is one layer after the other") Block model,
    @Doc("what is made small") Loss loss,
    @Doc("how parameters improve") Optimizer optimizer,
    @Doc("what happens to gradients before the optimizer sees them") @Default("[]") List<GradientTransform> gradients,
    @Doc("what else is measured") @Default("[]") List<Named<Metric>> metrics,
    @Doc("how long and in what portions") @Default("{}") Settings train,
    @Doc("follow the run, and may end it") @Default("[]") List<Callback> callbacks,
    @Doc("what a model of text writes after each evaluation; nothing if absent") Optional<Sample> sample,
    @Doc("what it runs on; the fastest at hand if absent") Optional<BackendFactory> backend) {

  /**
   * Where examples come from.
   *
   * @param source of all examples, or of those to learn from
   * @param transforms prepare the inputs, in order, and are saved with the model
   * @param split what is set apart from the source
   * @param validation examples to compare epochs with, from a source of their own
   * @param test examples to judge the outcome with, from a source of their own
   */
  @Name("data")
  public record Data(
      @Doc("where examples come from") DataSource source,
      @Doc("prepare the inputs; saved with the model") @Default("[]") List<Transform> transforms,
      @Doc("what is set apart from the source") @Default("{}") Split split,
      @Doc("a source of its own to compare epochs with") Optional<DataSource> validation,
      @Doc("a source of its own to judge the outcome with") Optional<DataSource> test) {

    /** Refuses two sources of one part. */
    public Data {
      if (test.isPresent() && split.test() > 0 || validation.isPresent() && split.validation() > 0) {
        throw new IllegalArgumentException("a part either from a source of its own or set apart by 'split', not both");
      }
    }
  }
}
