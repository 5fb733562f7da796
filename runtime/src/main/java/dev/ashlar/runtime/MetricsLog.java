package dev.ashlar.runtime;

import dev.ashlar.config.Value;
import dev.ashlar.io.files.AtomicFiles;
import dev.ashlar.io.files.FileProblems;
import dev.ashlar.io.json.Json;
import dev.ashlar.training.EpochReport;
import dev.ashlar.training.Model;
import dev.ashlar.training.TrainingEnd;
import dev.ashlar.training.TrainingListener;
import dev.ashlar.training.TrainingStart;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens in a run, a line of JSON for each event, written as it comes. If the file cannot be written, that is said
 * once, and the run goes on: nothing depends on it.
 */
final class MetricsLog implements TrainingListener, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(MetricsLog.class);

  private final Path file;
  private @Nullable FileChannel out;
  private long resumed = -1;
  private @Nullable TrainingStart start;
  private long step;

  MetricsLog(Path file) {
    this.file = file;
  }

  @Override
  public void resumed(long from) {
    resumed = from;
    step = from;
  }

  @Override
  public void started(TrainingStart begun) {
    start = begun;
    open(resumed, false);
    Map<String, Object> event = event(resumed >= 0 ? RunEvents.RESUME : RunEvents.START);
    event.put("time", now());
    if (resumed >= 0) {
      event.put("step", resumed);
    }
    event.put("epochs", begun.epochs());
    event.put("steps", begun.steps());
    event.put("by_epoch", begun.byEpoch());
    event.put("parameters", begun.parameters());
    event.put("examples", begun.examples());
    event.put("tokens_per_example", begun.work().tokens());
    event.put("backend", begun.backend());
    write(event);
  }

  /** Opens the file; if it goes on after so many updates, what stands there of later ones is taken away. */
  private void open(long from, boolean isMeasured) {
    try {
      if (from >= 0) {
        AtomicFiles.write(file, RunEvents.until(file, from, isMeasured));
      } else {
        Files.deleteIfExists(file); // of a run that was killed before it had a checkpoint, and begins anew
      }
      out = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      gone(e);
    }
  }

  @Override
  public void wentBack(long to) {
    if (out != null) {
      close();
      open(to, true);
    }
    step = to;
  }

  @Override
  public void step(long now, double loss, double learningRate) {
    step = now;
    if (start != null && start.isNoted(now)) {
      // Up to a thousand of these in the first second: what other events are made of takes long while it is new.
      line("{\"type\":\"" + RunEvents.STEP + "\",\"step\":" + now + ",\"" + RunEvents.LOSS + "\":" + json(loss)
          + (Double.isNaN(learningRate) ? "" : ",\"" + RunEvents.LEARNING_RATE + "\":" + json(rate(learningRate))) + "}");
    }
  }

  @Override
  public void epoch(EpochReport report, Model model) {
    Map<String, Object> event = event(RunEvents.EPOCH);
    event.put("epoch", report.epoch());
    event.put("step", report.step());
    event.put("time", now());
    event.put("seconds", report.time().toNanos() * 1e-9);
    event.put("samples_per_second", Json.number(report.samplesPerSecond()));
    event.put("best", report.best());
    Map<String, Object> metrics = new LinkedHashMap<>();
    report.metrics().forEach((part, values) -> metrics.put(part, numbers(values)));
    event.put("metrics", metrics);
    write(event);
  }

  @Override
  public void sample(String text) {
    Map<String, Object> event = event(RunEvents.SAMPLE);
    event.put("step", step);
    event.put("text", text);
    write(event);
  }

  @Override
  public void warning(long at, String kind, String message) {
    Map<String, Object> event = event(RunEvents.WARNING);
    event.put("step", at);
    event.put("kind", kind);
    event.put("message", message);
    write(event);
  }

  @Override
  public void ended(TrainingEnd end) {
    Map<String, Object> event = event(RunEvents.END);
    event.put("time", now());
    event.put("reason", end.reason().name().toLowerCase(Locale.ROOT));
    event.put("message", end.message());
    event.put("step", end.step());
    event.put("kept_epoch", end.keptEpoch());
    Map<String, Object> metrics = new LinkedHashMap<>();
    end.measures().forEach((part, measures) -> metrics.put(part, numbers(measures.numbers())));
    event.put("metrics", metrics);
    write(event);
  }

  private static Map<String, Object> event(String type) {
    Map<String, Object> event = new LinkedHashMap<>();
    event.put("type", type);
    return event;
  }

  static String now() {
    return Instant.now().truncatedTo(ChronoUnit.MILLIS).toString();
  }

  private static Map<String, Object> numbers(SequencedMap<String, Double> values) {
    Map<String, Object> numbers = new LinkedHashMap<>();
    values.forEach((name, value) -> numbers.put(name, Json.number(value)));
    return numbers;
  }

  /** As it is written in a configuration: it is computed in single precision. */
  private static double rate(double value) {
    return Double.parseDouble(Float.toString((float) value));
  }

  private static String json(double value) {
    return Double.isFinite(value) ? Double.toString(value + 0.0) : '"' + Double.toString(value) + '"';
  }

  private void write(Map<String, Object> event) {
    line(Json.write(Value.of(event)));
  }

  private void line(String event) {
    if (out == null) {
      return;
    }
    try {
      ByteBuffer line = StandardCharsets.UTF_8.encode(event + "\n");
      while (line.hasRemaining()) {
        out.write(line);
      }
    } catch (IOException e) {
      gone(e);
    }
  }

  private void gone(IOException e) {
    LOG.warn("what is measured is no longer written down: {}", FileProblems.writing(file, e).getMessage());
    close();
  }

  @Override
  public void close() {
    try {
      if (out != null) {
        out.close();
      }
    } catch (IOException e) {
      LOG.warn("what is measured may not be written down: {}", FileProblems.writing(file, e).getMessage());
    } finally {
      out = null;
    }
  }
}
