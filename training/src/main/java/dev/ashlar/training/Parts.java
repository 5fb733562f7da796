package dev.ashlar.training;

import dev.ashlar.data.Dataset;
import dev.ashlar.io.data.Datasets;
import dev.ashlar.program.VariableStore;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Measures the model of a run on the parts of the data that are set apart, between its periods and at its end. */
final class Parts implements AutoCloseable {

  private final Trainer trainer;
  private final Task task;
  private final int batch;
  private final VariableStore store;
  private final Interrupts interrupts;
  private final SequencedMap<String, Evaluation> apart = new LinkedHashMap<>();

  Parts(Trainer trainer, Task task, Examples examples, int batch, VariableStore store, Interrupts interrupts) {
    this.trainer = trainer;
    this.task = task;
    this.batch = batch;
    this.store = store;
    this.interrupts = interrupts;
    examples.validation().ifPresent(data -> apart.put(Examples.VALIDATION, of(data)));
    examples.test().ifPresent(data -> apart.put(Examples.TEST, of(data)));
  }

  /** What measures the model on some data; to be closed. */
  Evaluation of(Dataset data) {
    return new Evaluation(task, data, batch, trainer, store, interrupts, true);
  }

  /** What measures the part by which a model is judged, if there is one: validation, else test. */
  @Nullable Evaluation judging() {
    return apart.isEmpty() ? null : apart.firstEntry().getValue();
  }

  /**
   * The model as it is between two periods. Test data are looked at in each only where they cannot influence a choice
   * that validation makes.
   *
   * @param train what was measured while it was trained
   */
  SequencedMap<String, Measures> between(Measures train) throws IOException, InterruptedException {
    SequencedMap<String, Measures> measured = new LinkedHashMap<>();
    measured.put(Examples.TRAIN, train);
    if (!apart.isEmpty()) {
      measured.put(apart.firstEntry().getKey(), apart.firstEntry().getValue().run());
    }
    return measured;
  }

  /**
   * The model that is kept, on all that is set apart.
   *
   * @param known what was measured of it already; what was measured before an interruption is measured again
   */
  SequencedMap<String, Measures> atEnd(Map<String, Measures> known) throws IOException, InterruptedException {
    SequencedMap<String, Measures> measured = new LinkedHashMap<>();
    for (Map.Entry<String, Evaluation> part : apart.entrySet()) {
      Measures before = known.get(part.getKey());
      measured.put(part.getKey(), before != null ? before : part.getValue().run());
    }
    return measured;
  }

  /** What of the data that are set apart gave a loss that is not finite, and why, by name of the part. */
  SequencedMap<String, String> notFinite() {
    SequencedMap<String, String> found = new LinkedHashMap<>();
    apart.forEach((part, evaluation) -> evaluation.notFinite().ifPresent(why -> found.put(part, why)));
    return found;
  }

  /**
   * The examples to learn from that are measured at the end: all, but in a run of so many steps, to which there may be
   * no end of examples, as many as are set apart, taken evenly; where none are, as many as a period has.
   */
  static Dataset learnt(Examples examples, Settings settings, Course course) {
    Dataset all = examples.train();
    long wanted = examples.validation().or(examples::test).map(Dataset::size)
        .orElse(course.batchesOfPeriod() * (long) settings.batch());
    return settings.steps().isEmpty() || wanted >= all.size() ? all : Datasets.subset(all,
        LongStream.range(0, wanted).map(i -> i * all.size() / wanted).toArray());
  }

  /** The part whose measure tells the best model. */
  static String monitored(Examples examples) {
    Optional<Dataset> validation = examples.validation();
    return validation.isPresent() ? Examples.VALIDATION : Examples.TRAIN;
  }

  @Override
  public void close() {
    apart.values().forEach(Evaluation::close);
  }
}
