package dev.ashlar.runtime;

import dev.ashlar.config.FileException;
import dev.ashlar.data.Dataset;
import dev.ashlar.io.data.Csv;
import dev.ashlar.io.data.CsvWording;
import dev.ashlar.io.model.Signature;
import dev.ashlar.model.Batch;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.training.Model;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A model's answers for the rows of a table. With a header, the columns of the model's features are taken by name,
 * whatever else there is; without, and where the features have no names, all columns in order.
 *
 * @param model with one input
 * @param header whether the first line of the table holds names; found out if absent
 * @param wording how messages call the table and its options
 */
public record Predictions(Model model, Optional<Boolean> header, CsvWording wording) {

  private static final int CHUNK = 1024;

  /**
   * Writes a row for each row: for a model of classes the most likely one, then all outputs. A model that gives scores
   * of classes for each position of a sequence has a prediction for each position.
   *
   * @param table numbers separated by commas; read more than once, so that it cannot be a pipe
   * @throws FileException if it cannot be read
   */
  public void write(Path table, PrintWriter out) throws IOException {
    Signature signature = model.signature();
    TensorType input = signature.inputTypes().firstEntry().getValue();
    Columns written = Columns.of(signature);
    try (Dataset rows = source(table, signature).open(wording)) {
      long columns = rows.columns().get(Batch.INPUT).shape().size();
      if (columns != input.shape().size()) {
        throw FileException.at(wording.source(), columns + " columns of numbers",
            input.shape().size() + " columns" + (signature.features().isEmpty() ? "" : ": " + some(signature.features())),
            "give the columns that the model was trained with");
      }
      out.println(String.join(",", written.header()));
      for (long from = 0; from < rows.size(); from += CHUNK) {
        int count = (int) Math.min(CHUNK, rows.size() - from);
        float[] outputs = model.predict(read(rows, from, count, input)).toFloats();
        for (int i = 0; i < count; i++) {
          out.println(written.row(outputs, i));
        }
      }
    }
    out.flush();
  }

  private static NDArray read(Dataset rows, long from, int count, TensorType input) throws IOException {
    long[] positions = IntStream.range(0, count).mapToLong(i -> from + i).toArray();
    TensorType flat = rows.columns().get(Batch.INPUT);
    NDArray batch = NDArray.zeros(flat.withShape(Shape.of(count).concat(flat.shape())));
    rows.read(positions, count, Map.of(Batch.INPUT, batch));
    return batch.reshape(Shape.of(count).concat(input.shape()).dims()).cast(input.dtype());
  }

  /** A header must have the names of all features: by its place alone, a misspelt one would be taken for another. */
  private Csv source(Path table, Signature signature) throws IOException {
    Csv all = header.map(names -> Csv.of(table).withHeader(names)).orElseGet(() -> Csv.of(table));
    boolean named = signature.features().stream().anyMatch(feature -> !feature.matches("column_[0-9]+"));
    return named && all.names(wording).isPresent() ? all.withFeatures(signature.features()) : all;
  }

  /**
   * What is written of the main output.
   *
   * @param name of the output
   * @param classes that its last axis counts; none where it counts something else
   * @param positions how often there are scores of classes, or numbers
   */
  private record Columns(String name, List<String> classes, int positions) {

    static Columns of(Signature signature) {
      Map.Entry<String, TensorType> output = signature.outputTypes().firstEntry();
      Shape shape = output.getValue().shape();
      int size = Math.toIntExact(shape.size());
      int scores = signature.classes().size();
      boolean classes = scores > 0 && shape.rank() > 0 && shape.dim(-1) == scores;
      return new Columns(output.getKey(), classes ? signature.classes() : List.of(), classes ? size / scores : size);
    }

    List<String> header() {
      List<String> cells = new ArrayList<>();
      if (classes.isEmpty()) {
        numbered(name).forEach(cells::add);
        return cells;
      }
      numbered("prediction").forEach(cells::add);
      if (positions == 1) {
        cells.addAll(classes);
      } else {
        numbered(name).forEach(position -> classes.forEach(c -> cells.add(position + "_" + c)));
      }
      return cells.stream().map(Predictions::quoted).toList();
    }

    private Stream<String> numbered(String noun) {
      return positions == 1 ? Stream.of(noun) : IntStream.range(0, positions).mapToObj(i -> noun + "_" + i);
    }

    /** Of one example in a batch. */
    String row(float[] outputs, int example) {
      int scores = Math.max(1, classes.size());
      int from = example * positions * scores;
      List<String> cells = new ArrayList<>();
      for (int i = 0; i < positions && !classes.isEmpty(); i++) {
        cells.add(quoted(classes.get(largest(outputs, from + i * scores, scores))));
      }
      for (int i = 0; i < positions * scores; i++) {
        cells.add(Float.toString(outputs[from + i]));
      }
      return String.join(",", cells);
    }

    private static int largest(float[] values, int from, int count) {
      int best = 0;
      for (int i = 1; i < count; i++) {
        best = values[from + i] > values[from + best] ? i : best;
      }
      return best;
    }
  }

  private static String quoted(String text) {
    return text.matches("[^,\"\r\n]*") ? text : '"' + text.replace("\"", "\"\"") + '"';
  }

  private static String some(List<String> names) {
    return names.stream().limit(8).collect(Collectors.joining(", ")) + (names.size() > 8 ? ", .." : "");
  }
}
