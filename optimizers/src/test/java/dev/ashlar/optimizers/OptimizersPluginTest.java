package dev.ashlar.optimizers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.config.BindResult;
import dev.ashlar.config.Binder;
import dev.ashlar.config.Value;
import dev.ashlar.model.Optimizer;
import dev.ashlar.optimizers.schedules.Cosine;
import dev.ashlar.optimizers.schedules.Step;
import dev.ashlar.optimizers.schedules.WarmUp;
import dev.ashlar.plugin.Registry;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class OptimizersPluginTest {

  private static final Binder BINDER = new Binder(Registry.discover(), Path.of("."));

  private static Optimizer bind(String text) {
    return BINDER.bind(Value.parse(text, "test"), Optimizer.class).orThrow();
  }

  @Test
  void nothing_is_refused() {
    assertThat(Registry.discover().refusals()).isEmpty();
    assertThat(Registry.discover().entries()).extracting(Registry.Entry::name).contains("optimizers");
  }

  @Test
  void a_number_is_a_constant_learning_rate() {
    assertThat(bind("{adamw: {learning_rate: 3e-3}}")).isEqualTo(AdamW.of(3e-3));
    assertThat(bind("{adamw: 3e-3}")).isEqualTo(AdamW.of(3e-3));
    assertThat(bind("{sgd: {learning_rate: 0.1, momentum: 0.9}}")).isEqualTo(Sgd.of(0.1).withMomentum(0.9));
  }

  @Test
  void what_is_left_out_is_as_in_the_papers() {
    assertThat(bind("{rmsprop: 0.01}")).isEqualTo(RmsProp.of(0.01));
    assertThat(bind("{adagrad: 0.01}")).isEqualTo(Adagrad.of(0.01));
    assertThat(bind("{adadelta: 1}")).isEqualTo(Adadelta.of(1));
    assertThat(bind("{adamax: 0.01}")).isEqualTo(Adamax.of(0.01));
    assertThat(bind("{nadam: 0.01}")).isEqualTo(NAdam.of(0.01));
    assertThat(bind("{radam: 0.01}")).isEqualTo(RAdam.of(0.01));
    assertThat(bind("{lion: 1e-4}")).isEqualTo(Lion.of(1e-4));
    assertThat(bind("{lamb: 0.01}")).isEqualTo(Lamb.of(0.01));
    assertThat(bind("adafactor")).isEqualTo(Adafactor.of(0.01));
    assertThat(bind("{adam: {learning_rate: 0.01, amsgrad: true}}")).isEqualTo(Adam.of(0.01).withAmsgrad());
    assertThat(bind("{muon: 0.02}")).isEqualTo(Muon.of(0.02, 3e-4));
    assertThat(bind("{muon: {learning_rate: 0.02, others: {adamw: 0.01}}}")).isEqualTo(Muon.of(0.02, 0.01));
    assertThat(bind("{sgd: {learning_rate: {warm_up: {steps: 5, then: {step: {initial: 0.1, every: 10}}}}}}"))
        .isEqualTo(Sgd.of(0).withLearningRate(new WarmUp(5, new Step(0.1, 10, 0.1))));
  }

  @Test
  void optimizers_go_by_names() {
    assertThat(bind("{groups: {by_name: {'*.bias': {adamw: {learning_rate: 0.1, weight_decay: 0}}, 'body.*': frozen},"
        + " others: {lookahead: {optimizer: {adamw: 0.1}}}}}"))
        .isInstanceOfSatisfying(Groups.class, groups -> {
          assertThat(groups.byName().keySet()).containsExactly("*.bias", "body.*");
          assertThat(groups.byName().get("body.*")).isEqualTo(new Frozen());
          assertThat(groups.others()).isEqualTo(Lookahead.of(AdamW.of(0.1)));
        });
  }

  @Test
  void schedules_and_transforms_nest() {
    assertThat(bind("{adam: {learning_rate: {cosine: {peak: 3e-3, warmup: 50}}}}"))
        .isEqualTo(Adam.of(0).withLearningRate(new Cosine(3e-3, 50, 0)));
    Chain clipped = new Chain(List.of(new ClipByGlobalNorm(1)), Adam.of(1e-3));
    assertThat(bind("{chain: {transforms: [{clip_by_global_norm: 1}], optimizer: {adam: 1e-3}}}"))
        .isEqualTo(clipped);
    assertThat(BINDER.bind(BINDER.write(clipped, Optimizer.class), Optimizer.class))
        .isEqualTo(new BindResult.Bound<Optimizer>(clipped));
  }
}
