package dev.ashlar.runtime;

import dev.ashlar.config.FileException;
import dev.ashlar.data.Dataset;
import dev.ashlar.io.data.Csv;
import dev.ashlar.io.files.FileProblems;
import dev.ashlar.io.model.Signature;
import dev.ashlar.model.Batch;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.training.Model;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A model's answers for the rows of a table. With a header that has the names of the model's features, their columns
 * are taken, whatever else there is; without, all columns in order.
 *
 * @param model with one input
 */
public record Predictions(Model model) {

  private static final int CHUNK = 1024;

  /**
   * Writes a row for each row: for a model of classes the most likely one, then all outputs.
   *
   * @param table numbers separated by commas
   * @throws FileException if it cannot be read
   */
  public void write(Path table, PrintWriter out) throws IOException {
    Signature signature = model.signature();
    TensorType input = signature.inputTypes().firstEntry().getValue();
    int width = Math.toIntExact(signature.outputTypes().firstEntry().getValue().shape().size());
    boolean classes = signature.classes().size() == width;
    try (Dataset rows = source(table, signature).open()) {
      long columns = rows.columns().get(Batch.INPUT).shape().size();
      if (columns != input.shape().size()) {
        throw FileException.at(table.toString(), columns + " columns of numbers",
            input.shape().size() + " columns" + (signature.features().isEmpty() ? "" : ": " + some(signature.features())), "");
      }
      out.println(header(signature, width, classes));
      for (long from = 0; from < rows.size(); from += CHUNK) {
        int count = (int) Math.min(CHUNK, rows.size() - from);
        float[] outputs = model.predict(read(rows, from, count, input)).toFloats();
        for (int i = 0; i < count; i++) {
          out.println(row(outputs, i * width, width, classes ? signature.classes() : List.of()));
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

  private static Csv source(Path table, Signature signature) throws IOException {
    boolean named = !signature.features().isEmpty() && firstLine(table).contains(signature.features().getFirst());
    return named ? Csv.of(table).withFeatures(signature.features()) : Csv.of(table);
  }

  private static String firstLine(Path table) throws IOException {
    try (BufferedReader reader = Files.newBufferedReader(table)) {
      String line = reader.readLine();
      return line == null ? "" : line;
    } catch (IOException e) {
      throw FileProblems.reading(table, e);
    }
  }

  private static String header(Signature signature, int width, boolean classes) {
    String output = signature.outputs().keySet().iterator().next();
    Stream<String> names = classes ? signature.classes().stream()
        : width == 1 ? Stream.of(output)
        : IntStream.range(0, width).mapToObj(i -> output + "_" + i);
    String joined = names.map(Predictions::quoted).collect(Collectors.joining(","));
    return classes ? "prediction," + joined : joined;
  }

  private static String row(float[] outputs, int from, int width, List<String> classes) {
    List<String> cells = new ArrayList<>();
    int best = 0;
    for (int i = 0; i < width; i++) {
      cells.add(Float.toString(outputs[from + i]));
      best = outputs[from + i] > outputs[from + best] ? i : best;
    }
    if (!classes.isEmpty()) {
      cells.addFirst(quoted(classes.get(best)));
    }
    return String.join(",", cells);
  }

  private static String quoted(String text) {
    return text.matches("[^,\"\r\n]*") ? text : '"' + text.replace("\"", "\"\"") + '"';
  }

  private static String some(List<String> names) {
    return names.stream().limit(8).collect(Collectors.joining(", ")) + (names.size() > 8 ? ", .." : "");
  }
}
