package dev.ashlar.cli;

import dev.ashlar.config.Value;
import dev.ashlar.io.json.Json;
import dev.ashlar.runtime.Folds;
import dev.ashlar.runtime.RecordedRun;
import dev.ashlar.training.Measures;
import dev.ashlar.training.Tap;
import dev.ashlar.training.TrainingEnd;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How good a model is, for people and for programs. */
final class Report {

  private Report() {}

  /** A line for each part of the data, then what is behind it, class by class, for the part that judges: the last. */
  static void print(PrintWriter out, SequencedMap<String, Measures> measures) {
    measures.forEach((part, measured) -> Screen.print(out, part + ": " + measured.numbers().entrySet().stream()
        .map(e -> e.getKey() + " " + EpochTable.number(e.getValue()))
        .collect(Collectors.joining(", ")), "  "));
    ClassReport.print(out, measures.lastEntry().getKey(), measures.lastEntry().getValue().byClass());
  }

  /** A line for each part of the data: mean and deviation over the folds. */
  static void print(PrintWriter out, Folds folds) {
    folds.mean().forEach((part, means) -> Screen.print(out, part + ": " + means.entrySet().stream()
        .map(e -> e.getKey() + " " + EpochTable.number(e.getValue()) + " +- "
            + EpochTable.number(folds.deviation().get(part).get(e.getKey())))
        .collect(Collectors.joining(", ")), "  "));
    out.println("mean and deviation of " + folds.each().size() + " folds");
  }

  /** One line: mean and deviation by part of the data, and each fold's figures. */
  static String json(Folds folds) {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("mean", folds.mean());
    report.put("deviation", folds.deviation());
    report.put("folds", folds.each());
    return Json.write(Value.of(report));
  }

  /** A line for each value from inside a model. */
  static void print(PrintWriter out, List<Tap> taps) {
    if (taps.isEmpty()) {
      return;
    }
    Table table = new Table("inside", "type", "mean", "deviation", "min", "max").right(2, 3, 4, 5);
    taps.forEach(tap -> table.row(tap.path(), tap.value().type().toString(), EpochTable.number(tap.mean()),
        EpochTable.number(tap.deviation()), EpochTable.number(tap.min()), EpochTable.number(tap.max())));
    out.println();
    table.print(out);
  }

  /** One line: metrics by part of the data, where the model is, and how the run came to its end. */
  static String json(SequencedMap<String, Measures> measures, Path model, @Nullable TrainingEnd end) {
    Map<String, Object> report = fields(measures, List.of(), false, model);
    if (end != null) {
      report.put("ended", end.reason().name().toLowerCase(Locale.ROOT));
      report.put("why", end.message());
      report.put("step", end.step());
    }
    return Json.write(Value.of(report));
  }

  /**
   * The same with what is inside the model, if there is any.
   *
   * @param whole whether all values are there, not only what they are like
   */
  static String json(SequencedMap<String, Measures> measures, List<Tap> taps, boolean whole, Path model) {
    return Json.write(Value.of(fields(measures, taps, whole, model)));
  }

  private static Map<String, Object> fields(
      SequencedMap<String, Measures> measures, List<Tap> taps, boolean whole, Path model) {
    Map<String, Object> report = new LinkedHashMap<>();
    Map<String, Object> metrics = new LinkedHashMap<>();
    measures.forEach((part, measured) -> metrics.put(part, numbers(measured.values())));
    report.put("metrics", metrics);
    if (measures.values().stream().anyMatch(measured -> !measured.byClass().isEmpty())) {
      report.put("by_class", ClassReport.json(measures));
    }
    report.put("model", model.toString());
    if (!taps.isEmpty()) {
      Map<String, Object> inside = new LinkedHashMap<>();
      taps.forEach(tap -> inside.put(tap.path(), json(tap, whole)));
      report.put("inside", inside);
    }
    return report;
  }

  private static Map<String, Object> numbers(Map<String, Double> values) {
    Map<String, Object> numbers = new LinkedHashMap<>();
    values.forEach((name, value) -> numbers.put(name, Json.number(value)));
    return numbers;
  }

  /** What was measured of a run, as JSON has it. */
  static Map<String, Object> numbers(RecordedRun run) {
    Map<String, Object> parts = new LinkedHashMap<>();
    run.metrics().forEach((part, values) -> parts.put(part, numbers(values)));
    return parts;
  }

  private static Map<String, Object> json(Tap tap, boolean whole) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("type", tap.value().type().toString());
    values.put("mean", Json.number(tap.mean()));
    values.put("deviation", Json.number(tap.deviation()));
    values.put("min", Json.number(tap.min()));
    values.put("max", Json.number(tap.max()));
    if (whole) {
      values.put("values", Arrays.stream(tap.value().toDoubles()).mapToObj(Json::number).toList());
    }
    return values;
  }
}
