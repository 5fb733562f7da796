package dev.ashlar.runtime;

import dev.ashlar.config.FileException;
import dev.ashlar.config.Value;
import dev.ashlar.io.files.FileProblems;
import dev.ashlar.io.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Lines of {@code metrics.jsonl}, as they are read: a line that was cut, or is none, is as if it were not there. */
public final class RunEvents {

  static final String START = "start";
  static final String RESUME = "resume";
  static final String STEP = "step";
  static final String EPOCH = "epoch";
  static final String SAMPLE = "sample";
  static final String WARNING = "warning";
  static final String END = "end";

  /** What an event of a step has, beside its number. */
  static final String LOSS = "loss";
  static final String LEARNING_RATE = "learning_rate";

  private RunEvents() {}

  /**
   * The events of a run, in order.
   *
   * @throws FileException if the file cannot be read
   */
  public static List<Value.Mapping> read(Path file) throws FileException {
    return lines(file).flatMap(line -> event(line).stream()).toList();
  }

  private static Stream<String> lines(Path file) throws FileException {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8).lines();
    } catch (IOException e) {
      throw FileProblems.reading(file, e);
    }
  }

  private static List<Value.Mapping> event(String line) {
    try {
      return Json.read(line, "event") instanceof Value.Mapping map ? List.of(map) : List.of();
    } catch (FileException e) {
      return List.of();
    }
  }

  /**
   * The lines that a run has written by so many updates, for one that goes on from there: what comes after is written
   * again.
   *
   * @param isMeasured whether the model was measured behind the last of them, and is not measured there again
   */
  static String until(Path file, long step, boolean isMeasured) throws FileException {
    if (!Files.exists(file)) {
      return "";
    }
    // The model is measured, and writes, after the update that a checkpoint is of; what is seen then is told then.
    return lines(file)
        .takeWhile(line -> isMeasured || event(line).stream().noneMatch(event -> isMeasuring(event, step)))
        .filter(line -> event(line).stream().anyMatch(event -> isKept(event, step)))
        .map(line -> line + "\n").collect(Collectors.joining());
  }

  private static boolean isMeasuring(Value.Mapping event, long step) {
    return List.of(EPOCH, SAMPLE).contains(text(event, "type")) && whole(event, "step", 0) >= step;
  }

  private static boolean isKept(Value.Mapping event, long step) {
    return !text(event, "type").equals(END) && whole(event, "step", 0) <= step;
  }

  /** A text of an event; empty if it has none of that name. */
  static String text(Value.Mapping event, String name) {
    return event.get(name) instanceof Value.Text text ? text.value() : "";
  }

  /** A number as an event has it; NaN if it is none, or there is nothing. */
  static double real(@Nullable Value value) {
    try {
      return value == null ? Double.NaN
          : Double.parseDouble(value instanceof Value.Text text ? text.value() : value.toString());
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  /** A whole number of an event. */
  static long whole(Value.Mapping event, String name, long otherwise) {
    return event.get(name) instanceof Value.Num number && number.isLong() ? number.value().longValueExact() : otherwise;
  }
}
