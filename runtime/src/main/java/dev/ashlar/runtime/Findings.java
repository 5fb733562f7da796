package dev.ashlar.runtime;

import dev.ashlar.config.Value;
import dev.ashlar.data.Dataset;
import dev.ashlar.io.json.Json;
import dev.ashlar.model.Batch;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import dev.ashlar.training.Answers;
import dev.ashlar.training.Diagram;
import dev.ashlar.training.Examination;
import dev.ashlar.training.Examples;
import dev.ashlar.training.Measures;
import dev.ashlar.training.Model;
import dev.ashlar.training.Task;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * What a page about a run shows beside its course, and what takes the data and the model to find out: the network, and
 * of the part of the examples that judges the model which classes it takes for which, or its numbers beside the right
 * ones, and where it is most wrong. It is kept as JSON, so that the page can be made again without either.
 */
final class Findings {

  /** More examples are not looked at; of a larger set so many, evenly taken. */
  private static final int MOST = 10_000;
  /** Of sequences so many positions in all. */
  private static final int MOST_POSITIONS = 100_000;

  /** A large model is asked no longer. */
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private Findings() {}

  /** The network alone. */
  static Value network(Diagram diagram) {
    return Value.of(Map.of("network", json(diagram)));
  }

  /**
   * All that can be found out.
   *
   * @param measures of the model by part of the data, as far as they are known
   * @param batch examples looked at together
   */
  static Value of(Task task, Model model, Examples examples, Map<String, Measures> measures, int batch)
      throws InterruptedException {
    CompletableFuture<Diagram> diagram = CompletableFuture.supplyAsync(() ->
        Diagram.of(model.block(), model.precision(), model.signature().inputTypes()));
    Map<String, Object> found = new LinkedHashMap<>();
    Map.Entry<String, Dataset> part = examples.parts().lastEntry();
    found.put("part", part.getKey());
    found.put("of", part.getValue().size());
    if (measures.containsKey(part.getKey())) {
      found.put("by_class", byClass(measures.get(part.getKey())));
    }
    try {
      found.putAll(examined(task, model, part.getValue(), batch));
    } catch (IOException | RuntimeException e) {
      // A loss that compares examples with each other has nothing to say about one; the rest stands.
      found.put("unseen", String.valueOf(e.getMessage()));
    }
    found.put("network", json(diagram.join()));
    return Value.of(found);
  }

  private static Map<String, Object> examined(Task task, Model model, Dataset data, int batch)
      throws IOException, InterruptedException {
    Answers answers = Answers.of(model.signature());
    Confusion confusion = new Confusion(answers.classes().size());
    Comparisons comparisons = new Comparisons(answers, model.signature().targets());
    Worst worst = new Worst(answers);
    int[] seen = {0};
    Shape output = model.signature().outputTypes().firstEntry().getValue().shape();
    long each = output.rank() < 2 ? 1 : Math.max(1, output.size() / Math.max(1, output.dim(-1)));
    new Examination(task, model, data, batch)
        .run(Math.clamp(MOST_POSITIONS / each, 1, MOST), LONGEST, (positions, count, losses, outputs, columns) -> {
      seen[0] += count;
      Optional<NDArray> target = Optional.ofNullable(columns.get(Batch.TARGET));
      Optional<float[]> told = outputs.map(o -> answers.told(o.rows(0, count).toFloats()));
      if (told.isPresent() && target.isPresent()) {
        confusion.add(answers, told.get(), target.get(), count);
        comparisons.add(told.get(), target.get(), count);
      }
      for (int i = 0; i < count; i++) {
        worst.offer(positions[i], losses.get(i), told, target, i);
      }
    });
    Map<String, Object> found = new LinkedHashMap<>();
    found.put("examples", seen[0]);
    found.put("classes", answers.classes());
    confusion.json().ifPresent(matrix -> found.put("matrix", matrix));
    comparisons.json().ifPresent(numbers -> found.put("numbers", numbers));
    found.put("worst", worst.json(new Shown(model, data)));
    return found;
  }

  private static List<Object> byClass(Measures measures) {
    List<Object> tables = new ArrayList<>();
    measures.byClass().values().stream().filter(table -> !table.isMatrix()).forEach(table -> {
      List<Object> rows = new ArrayList<>();
      for (double[] row : table.rows()) {
        rows.add(numbers(row));
      }
      tables.add(Map.of("classes", table.classes(), "columns", table.columns(), "rows", rows));
    });
    return tables;
  }

  static List<Object> numbers(double... values) {
    List<Object> numbers = new ArrayList<>(values.length);
    for (double value : values) {
      numbers.add(number(value));
    }
    return numbers;
  }

  /** As the figures of a run have them: what JSON has no number for is a text. Four digits are enough to look at. */
  static Object number(double value) {
    if (!Double.isFinite(value)) {
      return Double.toString(value);
    }
    if (value == Math.rint(value) && Math.abs(value) < 1e15) {
      return (long) value;
    }
    double scale = Math.pow(10, 3 - Math.floor(Math.log10(Math.abs(value))));
    double rounded = Math.rint(value * scale) / scale;
    return Double.isFinite(rounded) ? rounded : value;
  }

  // ---------------------------------------------------------------- the network

  private static Map<String, Object> json(Diagram diagram) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("parameters", diagram.parameters());
    json.put("state", diagram.state());
    json.put("flops", number(diagram.flops()));
    json.put("whole", json(diagram.whole()));
    return json;
  }

  private static Map<String, Object> json(Diagram.Node node) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", node.id());
    json.put("name", node.name());
    json.put("kind", node.kind());
    json.put("output", node.output());
    json.put("parameters", node.parameters());
    json.put("flops", number(node.flops()));
    json.put("times", node.times());
    if (!node.nodes().isEmpty()) {
      json.put("nodes", node.nodes().stream().map(Findings::json).toList());
      json.put("edges", node.edges().stream().map(edge -> List.of(edge.from(), edge.to())).toList());
    }
    return json;
  }

  /** As a file holds it. */
  static String written(Value found) {
    return Json.write(found);
  }
}
