package dev.ashlar.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.config.ConfigException;
import dev.ashlar.layers.Dense;
import dev.ashlar.layers.Sequential;
import dev.ashlar.layers.losses.CrossEntropy;
import dev.ashlar.model.Layer;
import dev.ashlar.model.Scope;
import dev.ashlar.optimizers.Adam;
import dev.ashlar.reference.ReferenceBackend;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TapTest {

  /** Applies one layer twice, and marks what it has in between. */
  private record Twice() implements Layer {
    @Override
    public Tensor forward(Tensor x, Scope scope) {
      Tensor once = scope.tap("half", scope.call("part", Dense.of(2), x).mul(0.5));
      return scope.again("part").apply(Dense.of(2), once);
    }
  }

  private final ReferenceBackend backend = new ReferenceBackend();
  private final Map<String, NDArray> batch = Map.of("input", NDArray.of(Shape.of(3, 2), 1f, 2f, 3f, 4f, 5f, 6f));
  private Model model;

  @BeforeEach
  void train() throws Exception {
    Task task = Task.of(Sequential.of(Dense.of(2), new Twice()), new CrossEntropy(), Adam.of(0.01));
    model = new Trainer(backend).train(task, Examples.of(Fixtures.classes(20)), Settings.of(1, 8)).model();
  }

  @AfterEach
  void close() {
    model.close();
    backend.close();
  }

  @Test
  void givesWhatThePartsGiveAndWhatTheyMark() {
    List<Tap> all = model.inside("*", batch);

    assertThat(all).extracting(Tap::path)
        .containsExactly("dense", "twice", "twice.part", "twice.part (2)", "twice.half");
    assertThat(all.get(1).value().toFloats()).isEqualTo(model.predict(batch).get("output").toFloats());
    float[] part = all.get(2).value().toFloats();
    assertThat(all.get(4).value().get(5)).isEqualTo(part[5] * 0.5);
    assertThat(model.inside("twice.*", batch)).extracting(Tap::path)
        .containsExactly("twice.part", "twice.part (2)", "twice.half");
    assertThat(model.inside("dense", batch)).extracting(Tap::path).containsExactly("dense");
  }

  @Test
  void aPointIsAPoint() {
    assertThatThrownBy(() -> model.inside("twice?part", batch)).isInstanceOf(ConfigException.class)
        .hasMessageContaining("one of dense, twice, twice.part, twice.part (2), twice.half");
  }

  @Test
  void isToldInNumbers() {
    Tap tap = new Tap("x", NDArray.of(Shape.of(2, 2), 1f, 3f, 5f, -1f));

    assertThat(List.of(tap.mean(), tap.deviation(), tap.min(), tap.max()))
        .containsExactly(2.0, Math.sqrt(5), -1.0, 5.0);
  }
}
