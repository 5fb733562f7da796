package dev.ashlar.optimizers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.config.BindResult;
import dev.ashlar.config.Binder;
import dev.ashlar.config.Value;
import dev.ashlar.model.Optimizer;
import dev.ashlar.optimizers.schedules.Cosine;
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
