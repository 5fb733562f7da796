package dev.ashlar.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.data.Dataset;
import dev.ashlar.io.data.Datasets;
import dev.ashlar.layers.metrics.ConfusionMatrix;
import dev.ashlar.model.Batch;
import dev.ashlar.program.Backend;
import dev.ashlar.reference.ReferenceBackend;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import java.util.function.LongFunction;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventFileListenerTest {

  private static final LongFunction<Optional<EventFileListener.Step>> NONE = step -> Optional.empty();

  @TempDir Path folder;

  /** Notes what is told. */
  private static final class Notes implements TrainingListener {
    private final List<Double> losses = new ArrayList<>();
    private final List<EpochReport> reports = new ArrayList<>();

    @Override
    public void step(long step, double loss) {
      losses.add(loss);
    }

    @Override
    public void epoch(EpochReport report) {
      reports.add(report);
    }
  }

  @Test
  void allThatARunTells() throws IOException, InterruptedException {
    Notes notes = new Notes();
    SequencedMap<String, Object> settings = new LinkedHashMap<>(Map.of("train.epochs", 3));
    try (Backend backend = new ReferenceBackend();
        EventFileListener written = new EventFileListener(folder, () -> settings, Optional.empty(), NONE);
        TrainingResult result = new Trainer(backend, TrainingListener.all(List.of(notes, written))).train(
            Fixtures.regression(), Examples.of(Fixtures.numbers(40)), Settings.of(3, 8))) {
      WrittenEvents events = WrittenEvents.in(folder);
      assertThat(events.of("loss/step").stream().map(value -> (double) value.scalar()))
          .containsExactlyElementsOf(notes.losses.stream().map(loss -> (double) loss.floatValue()).toList());
      assertThat(events.of("loss/step").stream().map(WrittenEvents.Value::step)).startsWith(1L, 2L).endsWith(15L);
      assertThat(events.of("learning_rate").stream().map(WrittenEvents.Value::scalar)).hasSize(15).containsOnly(0.01f);
      assertThat(events.of("loss/train").stream().map(WrittenEvents.Value::scalar)).containsExactlyElementsOf(
          notes.reports.stream().map(r -> r.metrics().get("train").get("loss").floatValue()).toList());
      assertThat(events.of("kept/loss/train")).hasSize(1);
      assertThat(events.of("kept/loss/train").getFirst().scalar())
          .isEqualTo(result.metrics().get("train").get("loss").floatValue());
      assertThat(events.of("speed/samples_per_second")).hasSize(3);
      List<WrittenEvents.Value> weights = events.of("parameters/dense.weight");
      assertThat(weights.stream().map(WrittenEvents.Value::step)).containsExactly(5L, 10L, 15L);
      assertThat(weights.getLast().message().get(3)).containsExactly(24.0);
      assertThat(events.of("_hparams_/session_start_info")).hasSize(1);
      assertThat(events.of("_hparams_/session_end_info")).hasSize(1);
    }
  }

  /** What earlier files say of the step that it goes on from is forgotten by readers: all of that stands once. */
  @Test
  void goesOnBehindACheckpoint() throws IOException {
    tell(new EventFileListener(folder, LinkedHashMap::new, Optional.empty(), NONE), 1, 3, -1);
    tell(new EventFileListener(folder, LinkedHashMap::new, Optional.empty(),
        step -> Optional.of(new EventFileListener.Step(step / 2.0, step / 8.0))), 3, 4, 2);
    WrittenEvents events = WrittenEvents.in(folder);
    assertThat(events.sessions).containsExactly(
        new WrittenEvents.Session(0, 1), new WrittenEvents.Session(2, 1));
    assertThat(events.of("loss/step").stream().map(WrittenEvents.Value::step)).containsExactly(1L, 2L, 3L, 2L, 3L, 4L);
    assertThat(events.of("loss/step").get(3).scalar()).isEqualTo(1);
    // Where an optimizer has no learning rate, none is written.
    assertThat(events.of("learning_rate")).singleElement().satisfies(rate -> {
      assertThat(rate.step()).isEqualTo(2);
      assertThat(rate.scalar()).isEqualTo(0.25f);
    });
  }

  private static void tell(EventFileListener listener, int from, int to, long resumed) {
    try (listener) {
      if (resumed >= 0) {
        listener.resumed(resumed);
      }
      listener.started(start());
      for (int step = from; step <= to; step++) {
        listener.step(step, step);
      }
    }
  }

  private static TrainingStart start() {
    return new TrainingStart(1, 1, 1, 1, 4, true, new Work(0, 0), OptionalDouble.empty(), "none");
  }

  @Test
  void aRunGoesOnWithoutIts() throws IOException {
    Path gone = Files.createDirectory(folder.resolve("gone"));
    Files.delete(gone);
    tell(new EventFileListener(gone, LinkedHashMap::new, Optional.empty(), NONE), 1, 3, -1);
    assertThat(gone).doesNotExist();
  }

  @Test
  void confusionMatrices() throws IOException {
    ClassTable table = new ClassTable(List.of("a", "b|c"), List.of("a", "b|c"), new double[][] {{3, 0}, {1, 1}});
    Measures measures = new Measures(new LinkedHashMap<>(Map.of("confusion_matrix", 0.8)),
        new LinkedHashMap<>(Map.of("confusion_matrix", table)));
    try (EventFileListener listener = new EventFileListener(folder, LinkedHashMap::new, Optional.empty(), NONE)) {
      listener.started(start());
      listener.ended(new TrainingEnd(TrainingEnd.Reason.FINISHED, "", 4, 1,
          new LinkedHashMap<>(Map.of("test", measures))));
    }
    WrittenEvents events = WrittenEvents.in(folder);
    BufferedImage image = image(events.of("kept/confusion_matrix/test").getFirst());
    assertThat(image.getWidth()).isEqualTo(48);
    assertThat(image.getRGB(2, 2) & 0xffffff).isEqualTo(0x08306b);
    assertThat(image.getRGB(26, 2) & 0xffffff).isEqualTo(0xffffff);
    assertThat(image.getRGB(2, 26)).isEqualTo(image.getRGB(26, 26));
    String text = WrittenEvents.text(
        events.of("kept/confusion_matrix/test/counts").getFirst().message().get(8).getFirst());
    assertThat(text).isEqualTo("""
        | target \\ taken for | a | b\\|c |
        | --- | --- | --- |
        | **a** | 3 | 0 |
        | **b\\|c** | 1 | 1 |""");
  }

  @Test
  void confusionMatricesAsTheyChange() throws IOException, InterruptedException {
    try (Backend backend = new ReferenceBackend();
        EventFileListener written = new EventFileListener(folder, LinkedHashMap::new, Optional.empty(), NONE);
        TrainingResult _ = new Trainer(backend, written).train(
            Fixtures.classification().withMetrics(new ConfusionMatrix()),
            Examples.of(Fixtures.classes(40), new Split(0, 0.25, true, 1, false)), Settings.of(3, 10))) {
      WrittenEvents events = WrittenEvents.in(folder);
      for (String part : List.of("train", "validation")) {
        assertThat(events.of("confusion_matrix/" + part).stream().map(WrittenEvents.Value::step))
            .containsExactly(3L, 6L, 9L);
        assertThat(events.of("confusion_matrix/" + part + "/counts")).hasSize(3);
        assertThat(events.of("kept/confusion_matrix/" + part)).hasSize(1);
      }
    }
  }

  @Test
  void inputsThatArePictures() throws IOException {
    float[] values = new float[2 * 3 * 8 * 8];
    values[0] = 255; // red, at the top left of the first
    values[3 * 64 + 128 + 63] = 128; // blue, at the bottom right of the second
    Dataset data = Datasets.of(Map.of(Batch.INPUT, NDArray.of(Shape.of(2, 3, 8, 8), values)), List.of(), List.of());
    try (EventFileListener listener =
        new EventFileListener(folder, LinkedHashMap::new, Optional.of(data), NONE)) {
      listener.started(start());
    }
    BufferedImage image = image(WrittenEvents.in(folder).of("inputs/" + Batch.INPUT).getFirst());
    assertThat(image.getWidth()).isEqualTo(130);
    assertThat(image.getHeight()).isEqualTo(64);
    assertThat(image.getRGB(3, 3) & 0xffffff).isEqualTo(0xff0000);
    assertThat(image.getRGB(9, 3) & 0xffffff).isEqualTo(0);
    assertThat(image.getRGB(129, 63) & 0xffffff).isEqualTo(0x000080);
  }

  private static BufferedImage image(WrittenEvents.Value value) throws IOException {
    ByteBuffer file = (ByteBuffer) value.message().get(4).getFirst();
    byte[] bytes = new byte[file.remaining()];
    file.duplicate().get(bytes);
    return ImageIO.read(new ByteArrayInputStream(bytes));
  }
}
