package dev.ashlar.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.ashlar.config.FileException;
import dev.ashlar.io.transforms.Standardize;
import dev.ashlar.layers.Dense;
import dev.ashlar.layers.Sequential;
import dev.ashlar.layers.losses.CrossEntropy;
import dev.ashlar.optimizers.Adam;
import dev.ashlar.model.Precision;
import dev.ashlar.plugin.Registry;
import dev.ashlar.program.Backend;
import dev.ashlar.reference.ReferenceBackend;
import dev.ashlar.tensor.DType;
import dev.ashlar.io.tables.RowException;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.ShapeException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelTest {

  private final Backend backend = new ReferenceBackend();
  private Model model;

  @BeforeEach
  void train() throws Exception {
    Task task = Task.of(
        new Architecture(List.of(new Standardize()), Sequential.of(Dense.of(3), Dense.of(2))),
        new CrossEntropy(), Adam.of(0.01));
    model = new Trainer(backend).train(task, Examples.of(Fixtures.classes(20)), Settings.of(2, 8)).model();
  }

  @AfterEach
  void close() {
    model.close();
  }

  /** Rounded in the file and in memory, widened where it is used: the predictions of a model with rounded weights. */
  @Test
  void isKeptHalfAsWide(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("half.safetensors");
    for (DType dtype : List.of(DType.BF16, DType.F16)) {
      model.save(file, Registry.discover(), dtype);
      try (Model half = Model.load(file, Registry.discover(), backend)) {
        assertThat(half.precision()).isEqualTo(new Precision(dtype, DType.F32, DType.F32));
        assertThat(half.store().types()).hasSize(4)
            .allSatisfy((name, type) -> assertThat(type.dtype()).as(name).isEqualTo(dtype));
        half.store().types().keySet().forEach(name ->
            assertThat(half.store().read(name).toFloats()).as(name)
                .containsExactly(model.store().read(name).cast(dtype).toFloats()));
        float[][] found = half.predict(rows(9));
        float[][] exact = model.predict(rows(9));
        for (int i = 0; i < found.length; i++) {
          assertThat(found[i]).containsExactly(exact[i], within(0.05f));
        }
        Path again = folder.resolve("again.safetensors");
        half.save(again, Registry.discover(), DType.F32);
        try (Model wide = Model.load(again, Registry.discover(), backend)) {
          assertThat(wide.predict(rows(9))).isDeepEqualTo(found);
        }
      }
    }
  }

  @Test
  void whatAHalfCannotHoldIsTold(@TempDir Path folder) {
    String name = model.store().types().firstEntry().getKey();
    NDArray value = model.store().read(name);
    value.set(0, 1e6);
    model.store().write(name, value);
    Path file = folder.resolve("half.safetensors");
    assertThatThrownBy(() -> model.save(file, Registry.discover(), DType.F16))
        .isInstanceOf(FileException.class)
        .hasMessageContaining("tensor '" + name + "'").hasMessageContaining("1000000.0, which is infinite in f16")
        .hasMessageContaining("choose bf16");
    assertThat(file).doesNotExist();
  }

  @Test
  void theSignatureTellsWhatGoesInAndComesOut() {
    assertThat(model.signature().inputTypes().toString()).isEqualTo("{input=f32[2]}");
    assertThat(model.signature().outputTypes().toString()).isEqualTo("{output=f32[2]}");
    assertThat(model.signature().classes()).containsExactly("below", "above");
    assertThat(model.signature().features()).containsExactly("x", "y");
  }

  @Test
  void anExampleDoesNotDependOnItsBatch() {
    float[][] many = rows(600);
    float[][] together = model.predict(many);
    assertThat(together).hasDimensions(600, 2);
    for (int i : new int[] {0, 7, 8, 255, 256, 599}) {
      assertThat(model.predict(many[i])).containsExactly(together[i]);
    }
    assertThat(model.predict(new float[0][])).isEmpty();
  }

  @Test
  void manyThreadsMayAskAtOnce() throws Exception {
    float[][] rows = rows(50);
    float[][] expected = model.predict(rows);
    try (var threads = Executors.newFixedThreadPool(8)) {
      Callable<float[][]> ask = () -> model.predict(rows);
      for (Future<float[][]> answer : threads.invokeAll(java.util.Collections.nCopies(40, ask))) {
        assertThat(answer.get()).isDeepEqualTo(expected);
      }
    }
  }

  @Test
  void comesBackFromItsFile(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("model.safetensors");
    model.save(file);
    try (Model again = Model.load(file)) {
      assertThat(again.signature()).isEqualTo(model.signature());
      assertThat(again.block()).isEqualTo(model.block());
    }
    try (Model again = Model.load(file, Registry.discover(), backend)) {
      assertThat(again.predict(rows(9))).isDeepEqualTo(model.predict(rows(9)));
    }
  }

  @Test
  void comesBackInThePrecisionThatItWasTrainedIn(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("model.safetensors");
    Task task = Task.of(Sequential.of(Dense.of(2)), new CrossEntropy(), Adam.of(0.01));
    NDArray asked = NDArray.of(Shape.of(1, 2), 0.1f, 3f);
    try (Model exact = new Trainer(backend)
        .train(task.withPrecision(Precision.F64), Examples.of(Fixtures.classes(20)), Settings.of(1, 8)).model()) {
      exact.save(file);
      try (Model again = Model.load(file, Registry.discover(), backend)) {
        assertThat(again.precision()).isEqualTo(Precision.F64);
        assertThat(again.predict(asked).toDoubles()).isEqualTo(exact.predict(asked).toDoubles());
      }
    }
  }

  @Test
  void aPluginThatIsNotThereIsNamed(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("model.safetensors");
    model.save(file);
    assertThatThrownBy(() -> Model.load(file, Registry.of(), backend))
        .hasMessageContaining("a model that needs plug-in 'io'")
        .hasMessageContaining("add it to those that Registry.of is given");
  }

  @Test
  void wrongInputsAreToldWithTheirTypes() {
    assertThatThrownBy(() -> model.predict(1, 2, 3))
        .isInstanceOf(ShapeException.class)
        .hasMessage("the example: expected 2 numbers (f32[2]), found 3 numbers; give x, y");
    assertThatThrownBy(() -> model.predict(NDArray.of(Shape.of(2), 1f, 2f)))
        .hasMessage("input 'input': expected f32[examples, 2], found f32[2]");
    assertThatThrownBy(() -> model.predict(Map.of("x", NDArray.of(Shape.of(1, 2), 1f, 2f))))
        .hasMessage("input 'input': expected f32[examples, 2], found nothing; given are [x]");
  }

  @Test
  void anInputThatItDoesNotKnowIsTold() {
    NDArray one = NDArray.of(Shape.of(1, 2), 1f, 2f);
    assertThatThrownBy(() -> model.predict(Map.of("input", one, "inptu", one)))
        .hasMessage("input 'inptu': expected inputs of the names [input], found one that the model does not know;"
            + " did you mean 'input'?");
  }

  @Test
  void nothingIsSaidOfWhatIsNoNumber() {
    assertThatThrownBy(() -> model.askAll(new float[][] {{1, 2}, {Float.NaN, 2}})).isInstanceOf(RowException.class)
        .hasMessageContaining("example 1").hasMessageContaining("NaN");
    assertThat(model.predict(Float.NaN, 2)[0]).isNaN();
  }

  @Test
  void aClassWithoutAScoreIsToldBeforeTraining() throws Exception {
    Map<String, NDArray> columns = new java.util.LinkedHashMap<>();
    columns.put("input", NDArray.of(Shape.of(3, 2), 1f, 2f, 3f, 4f, 5f, 6f));
    columns.put("target", NDArray.of(Shape.of(3), 0, 1, 2));
    try (var data = dev.ashlar.io.data.Datasets.of(columns, List.of("a", "b", "c"), List.of("x", "y"))) {
      assertThatThrownBy(() -> new Trainer(backend).train(Fixtures.classification(), Examples.of(data),
          Settings.of(1, 3)))
          .isInstanceOf(ShapeException.class).hasMessage("the model's main output: expected a score for each class: 3,"
              + " found 2 scores; the classes are a, b, c");
    }
  }

  @Test
  void whatOthersDoToItsFileDoesNoHarm(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("model.safetensors");
    model.save(file);
    try (Model loaded = Model.load(file)) {
      float[] before = loaded.predict(1, 2);
      java.nio.file.Files.write(file, new byte[0]);
      assertThat(loaded.predict(1, 2)).isEqualTo(before);
    }
  }

  @Test
  void aClosedModelSaysSo() {
    model.close();
    assertThatIllegalStateException().isThrownBy(() -> model.predict(1, 2)).withMessage("the model is closed");
    model.close();
  }

  private static float[][] rows(int count) {
    return IntStream.range(0, count).mapToObj(i -> new float[] {i * 0.1f, 3 - i}).toArray(float[][]::new);
  }
}
