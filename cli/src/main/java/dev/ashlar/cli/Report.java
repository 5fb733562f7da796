package dev.ashlar.cli;

import dev.ashlar.config.Value;
import dev.ashlar.io.json.Json;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Collectors;

/** How good a model is, for people and for programs. */
final class Report {

  private Report() {}

  /** A line for each part of the data. */
  static void print(PrintWriter out, SequencedMap<String, SequencedMap<String, Double>> metrics) {
    metrics.forEach((part, values) -> out.println(part + ": " + values.entrySet().stream()
        .map(e -> e.getKey() + " " + EpochTable.number(e.getValue()))
        .collect(Collectors.joining(", "))));
  }

  /** One line: metrics by part of the data, and where the model is. */
  static String json(SequencedMap<String, SequencedMap<String, Double>> metrics, Path model) {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("metrics", metrics);
    report.put("model", model.toString());
    return Json.write(Value.of(report));
  }
}
