package dev.ashlar.training;

import dev.ashlar.api.Experimental;
import dev.ashlar.data.Dataset;
import dev.ashlar.io.events.EventFile;
import dev.ashlar.io.events.EventValue;
import dev.ashlar.io.events.Histogram;
import dev.ashlar.program.Variable;
import dev.ashlar.program.VariableStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a run into an event file, to be looked at with TensorBoard. Scalars: {@code loss/step}, {@code loss/train} and
 * the like for each measure and part, {@code learning_rate}, {@code speed/..}, and at the end {@code kept/loss/test} and the like, of the
 * model that is kept. Histograms: {@code parameters/..}. Pictures: some of the inputs, and confusion matrices. Texts:
 * what a model of text writes, warnings, confusion matrices. Hyper-parameters, so that runs can be compared.
 *
 * <p>If the file cannot be written, that is logged once, and the run goes on.
 */
@Experimental(since = "0.1")
public final class EventFileListener implements TrainingListener, AutoCloseable {

  /** Evaluations after which histograms and confusion matrices are written, at most. */
  private static final int HISTOGRAMS = 30;
  /** In front of the tags of what is of the model that is kept. */
  private static final String KEPT = "kept/";

  private static final Logger LOG = LoggerFactory.getLogger(EventFileListener.class);

  private final Path folder;
  private final Supplier<SequencedMap<String, Object>> settings;
  private final Optional<Dataset> shown;
  private final LongFunction<Optional<Step>> earlier;
  private @Nullable EventFile file;
  private boolean isResumed;
  private @Nullable TrainingStart start;
  private int everyEpoch = 1;
  private int epochs;
  private int tokens;
  private long step;
  private @Nullable List<Variable> parameters;

  /**
   * What is told of an update.
   *
   * @param loss of its batch
   * @param learningRate that it had; NaN if that is not known
   */
  public record Step(double loss, double learningRate) {}

  /**
   * @param folder that the file is made in
   * @param settings numbers, booleans and texts that tell the run from others, by name; asked for when it begins
   * @param shown examples, the first of which are shown if their input is a picture
   * @param earlier of a run that goes on: what was told of an update before, if it was
   */
  public EventFileListener(Path folder, Supplier<SequencedMap<String, Object>> settings, Optional<Dataset> shown,
      LongFunction<Optional<Step>> earlier) {
    this.folder = folder;
    this.settings = settings;
    this.shown = shown;
    this.earlier = earlier;
  }

  @Override
  public void resumed(long from) {
    isResumed = true;
    step = from;
  }

  @Override
  public void started(TrainingStart begun) {
    start = begun;
    everyEpoch = Math.ceilDiv(begun.epochs(), HISTOGRAMS);
    epochs = begun.epochs();
    tokens = begun.work().tokens();
    try {
      // Also of a run that begins anew in its folder, since it was stopped before its first checkpoint.
      file = EventFile.resume(folder, step);
    } catch (IOException e) {
      gone(e);
    }
    if (isResumed) {
      // The model is measured anew at the step that the run goes on from; its update is not made anew.
      earlier.apply(step).ifPresent(told -> write(step, told));
    } else {
      write(events -> {
        events.begun(settings.get());
        if (shown.isPresent()) {
          events.write(0, Pictures.inputs(shown.get()));
        }
      });
    }
  }

  @Override
  public void step(long now, double loss) {
    step(now, loss, Double.NaN);
  }

  @Override
  public void step(long now, double loss, double learningRate) {
    step = now;
    if (start != null && start.isNoted(now)) {
      write(now, new Step(loss, learningRate));
    }
  }

  private void write(long at, Step told) {
    List<EventValue> values = new ArrayList<>(List.of(new EventValue.Scalar("loss/step", told.loss)));
    if (!Double.isNaN(told.learningRate)) {
      values.add(new EventValue.Scalar("learning_rate", told.learningRate));
    }
    write(events -> events.write(at, values));
  }

  @Override
  public void epoch(EpochReport report, Model model) {
    List<EventValue> values = new ArrayList<>();
    report.metrics().forEach((part, metrics) ->
        metrics.forEach((name, value) -> values.add(new EventValue.Scalar(name + "/" + part, value))));
    values.add(new EventValue.Scalar("speed/samples_per_second", report.samplesPerSecond()));
    if (tokens > 0) {
      values.add(new EventValue.Scalar("speed/tokens_per_second", report.samplesPerSecond() * tokens));
    }
    boolean isPictured = report.epoch() % everyEpoch == 0 || report.epoch() == epochs;
    if (isPictured) {
      report.measures().forEach((part, measures) -> values.addAll(matrices("", part, measures)));
    }
    write(events -> events.write(report.step(), values));
    if (isPictured) {
      write(events -> histograms(events, report.step(), model));
    }
  }

  /** Value by value, so that one at a time is in memory. */
  private void histograms(EventFile events, long at, Model model) throws IOException {
    VariableStore store = model.store();
    if (parameters == null) {
      parameters = model.trained();
    }
    for (Variable parameter : parameters) {
      List<EventValue> values = new ArrayList<>();
      Histogram histogram = Glance.of(parameter, store, Histogram::of);
      values.add(new EventValue.Distribution("parameters/" + parameter.name(), histogram));
      if (histogram.notFinite() > 0) {
        values.add(new EventValue.Scalar("not_finite/" + parameter.name(), histogram.notFinite()));
      }
      events.write(at, values);
    }
  }

  @Override
  public void sample(String text) {
    write(events -> events.write(step, List.of(new EventValue.Text("sample", verbatim(text)))));
  }

  @Override
  public void warning(long at, String kind, String message) {
    write(events -> events.write(at, List.of(new EventValue.Text("warnings/" + kind, verbatim(message)))));
  }

  /** As a block of code, which Markdown leaves alone. */
  private static String verbatim(String text) {
    return "    " + text.replace("\n", "\n    ");
  }

  @Override
  public void ended(TrainingEnd end) {
    List<EventValue> values = new ArrayList<>();
    for (Map.Entry<String, Measures> part : end.measures().entrySet()) {
      part.getValue().numbers().forEach((name, value) ->
          values.add(new EventValue.Scalar(KEPT + name + "/" + part.getKey(), value)));
      values.addAll(matrices(KEPT, part.getKey(), part.getValue()));
    }
    write(events -> {
      events.write(end.step(), values);
      events.ended(end.step(), switch (end.reason()) {
        case FINISHED, STOPPED -> EventFile.Outcome.SUCCESS;
        case INTERRUPTED -> EventFile.Outcome.STOPPED;
        case FAILED -> EventFile.Outcome.FAILURE;
      });
    });
  }

  private static List<EventValue> matrices(String prefix, String part, Measures measures) {
    List<EventValue> values = new ArrayList<>();
    measures.byClass().forEach((name, table) -> {
      if (table.isMatrix()) {
        values.add(Pictures.matrix(prefix + name + "/" + part, table));
        values.add(new EventValue.Text(prefix + name + "/" + part + "/counts", markdown(table)));
      }
    });
    return values;
  }

  private static String markdown(ClassTable matrix) {
    StringBuilder text = new StringBuilder("| target \\ taken for |");
    matrix.columns().forEach(name -> text.append(' ').append(cell(name)).append(" |"));
    text.append("\n|").append(" --- |".repeat(matrix.columns().size() + 1));
    for (int i = 0; i < matrix.rows().length; i++) {
      text.append("\n| **").append(cell(matrix.classes().get(i))).append("** |");
      for (double count : matrix.rows()[i]) {
        text.append(count == Math.rint(count) ? " %.0f |".formatted(count) : " %.4g |".formatted(count));
      }
    }
    return text.toString();
  }

  private static String cell(String name) {
    return name.replace("|", "\\|").replace("\n", " ");
  }

  private interface Writing {
    void to(EventFile file) throws IOException;
  }

  private void write(Writing what) {
    if (file != null) {
      try {
        what.to(file);
      } catch (IOException e) {
        gone(e);
      }
    }
  }

  private void gone(IOException e) {
    LOG.warn("nothing more is written for TensorBoard: {}", e.getMessage());
    close();
  }

  @Override
  public void close() {
    try {
      if (file != null) {
        file.close();
      }
    } catch (IOException e) {
      LOG.warn("what was written for TensorBoard may not be whole: {}", e.getMessage());
    } finally {
      file = null;
    }
  }
}
