package dev.ashlar.runtime;

import dev.ashlar.config.FileException;
import dev.ashlar.config.Place;
import dev.ashlar.config.Value;
import dev.ashlar.data.Dataset;
import dev.ashlar.io.data.Csv;
import dev.ashlar.io.data.CsvWording;
import dev.ashlar.io.data.Datasets;
import dev.ashlar.io.data.JsonLines;
import dev.ashlar.io.data.TextLines;
import dev.ashlar.io.images.ImageFiles;
import dev.ashlar.io.json.Json;
import dev.ashlar.io.model.Signature;
import dev.ashlar.io.numpy.NumpyFiles;
import dev.ashlar.model.Batch;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.training.Answers;
import dev.ashlar.training.Model;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A model's answers for examples in a file. Columns of a table that the model's features are made of are taken by name,
 * whatever else there is, and encoded as in training; without a header, and where the features have no names, all
 * columns in order.
 *
 * @param model with one input
 * @param header whether the first line of a CSV table holds names; found out if absent
 * @param wording how messages call the file and its options
 * @param watcher is told how far it has come
 */
public record Predictions(Model model, Optional<Boolean> header, CsvWording wording, Watcher watcher) {

  /** Is told how answering goes on, every some examples. */
  public interface Watcher {
    /** So many of all examples have their answers. */
    void answered(long examples, long all);
  }

  private static final int CHUNK = 1024;
  /** More numbers than this of one example are no line of a table. */
  private static final int WIDEST = 1 << 20;
  private static final String FILE = "file";

  /**
   * Writes a line for each example: for a model of classes the most likely one, then the probabilities of all; else the
   * numbers, in the units of what was learnt. A model that gives scores of classes for each position of a sequence has
   * a prediction for each position. The numbers of other outputs come behind those of the main one. Of images, each
   * line begins with the name of the file.
   *
   * <p>Stops where {@code out} takes no more; ask it whether that was so.
   *
   * @param examples in a file that can be read more than once, so no pipe
   * @param to CSV or JSON Lines
   * @throws FileException if it cannot be read, or is not what the model takes
   */
  public void write(Path examples, TableFormat from, TableFormat to, PrintWriter out) throws IOException {
    TensorType main = model.signature().outputTypes().firstEntry().getValue();
    if (main.shape().size() > WIDEST) {
      throw FileException.at(wording.source(), "a model that gives " + main + " for each example",
          "an array for so many numbers", "say --output FILE.npy");
    }
    List<Answers> all = Answers.all(model.signature());
    boolean json = to == TableFormat.JSONL;
    List<String> files = from == TableFormat.IMAGES ? ImageFiles.in(examples).names() : List.of();
    each(all, examples, from, (told, count, first) -> {
      List<AnswerTable> given = IntStream.range(0, all.size())
          .mapToObj(i -> new AnswerTable(all.get(i).of(told.get(i).length / count))).toList();
      // Nothing is written before the first answer, so that a mistake in the table leaves nothing behind.
      if (first == 0 && !json) {
        out.println(Stream.concat(files.isEmpty() ? Stream.of() : Stream.of(FILE),
            given.stream().flatMap(answers -> answers.header().stream())).collect(Collectors.joining(",")));
      }
      for (int i = 0; i < count; i++) {
        Optional<String> file = files.isEmpty() ? Optional.empty() : Optional.of(files.get(Math.toIntExact(first + i)));
        out.println(json ? json(file, given, told, i) : row(file, given, told, i));
      }
      return !out.checkError();
    });
    out.flush();
  }

  private static String row(Optional<String> file, List<AnswerTable> all, List<float[]> told, int example) {
    return Stream.concat(file.stream().map(AnswerTable::quoted),
            IntStream.range(0, all.size()).mapToObj(i -> all.get(i).row(told.get(i), example)))
        .collect(Collectors.joining(","));
  }

  private static String json(Optional<String> file, List<AnswerTable> all, List<float[]> told, int example) {
    Stream<Value.Entry> name = file.stream().map(f -> new Value.Entry(FILE, null, new Value.Text(f, Place.ROOT)));
    return Json.write(new Value.Mapping(Stream.concat(name, IntStream.range(0, all.size()).boxed()
        .flatMap(i -> all.get(i).json(told.get(i), example).stream())).toList(), Place.ROOT));
  }

  /**
   * The answers of the main output as an array: probabilities of classes, [examples, classes], or numbers,
   * [examples, ..].
   *
   * @param examples in a file that can be read more than once, so no pipe
   * @throws FileException if it cannot be read, or is not what the model takes
   */
  public NDArray array(Path examples, TableFormat from) throws IOException {
    Answers answers = Answers.of(model.signature());
    Shape output = model.signature().outputTypes().firstEntry().getValue().shape();
    Shape each = answers.classes().size() == 2 && answers.scores() == 1 ? output.with(-1, 2) : output;
    List<float[]> chunks = new java.util.ArrayList<>();
    int[] rows = {0};
    each(List.of(answers), examples, from, (told, count, _) -> {
      chunks.add(told.getFirst());
      rows[0] += count;
      return true;
    });
    // A sequence may be shorter than the longest one that the signature speaks of.
    int given = chunks.isEmpty() ? 0 : chunks.getFirst().length / Math.min(rows[0], CHUNK);
    Shape row = given == each.size() || each.rank() == 0 ? each
        : each.with(0, Math.toIntExact(given / each.remove(0).size()));
    NDArray array = NDArray.zeros(new TensorType(dev.ashlar.tensor.DType.F32, Shape.of(rows[0]).concat(row)));
    long at = 0;
    for (float[] chunk : chunks) {
      for (float value : chunk) {
        array.set(at++, value);
      }
    }
    return array;
  }

  /** How a file of examples is read by its name; what is no table, a model of text reads line by line. */
  public TableFormat formatOf(Path examples) {
    TableFormat named = TableFormat.ofExamples(examples);
    String name = examples.toString().toLowerCase(Locale.ROOT);
    boolean isTable = name.matches(".*\\.[ct]sv(\\.gz)?");
    boolean isText = model.signature().text().isPresent() || isOfTokens() && name.matches(".*\\.txt(\\.gz)?");
    return named == TableFormat.CSV && !isTable && isText ? TableFormat.TEXT : named;
  }

  /** Whether it takes a sequence of whole numbers that are no columns of a table. */
  private boolean isOfTokens() {
    Signature signature = model.signature();
    TensorType input = signature.inputTypes().firstEntry().getValue();
    return signature.inputs().size() == 1 && input.shape().rank() == 1 && input.dtype().isInteger()
        && signature.features().isEmpty();
  }

  /** What is done with the answers for some examples, from the first one on, output by output; whether to go on. */
  private interface Taker {
    boolean take(List<float[]> told, int count, long first);
  }

  private void each(List<Answers> all, Path examples, TableFormat from, Taker taker) throws IOException {
    Signature signature = model.signature();
    if (signature.inputs().size() != 1) {
      throw FileException.at(wording.source(), "examples for a model of the inputs "
          + String.join(", ", signature.inputs().keySet()), "a model with one input",
          "ask it from Java: Model.predict");
    }
    TensorType input = signature.inputTypes().firstEntry().getValue();
    String name = signature.inputs().keySet().iterator().next();
    try (Dataset rows = opened(examples, from, signature)) {
      check(rows.columns().get(Batch.INPUT), input, signature);
      for (long at = 0; at < rows.size(); at += CHUNK) {
        int count = (int) Math.min(CHUNK, rows.size() - at);
        Map<String, NDArray> outputs = model.predict(Map.of(name, read(rows, at, count, input)));
        if (!taker.take(all.stream().map(answers -> answers.told(outputs.get(answers.name()).toFloats())).toList(),
            count, at)) {
          return;
        }
        watcher.answered(at + count, rows.size());
      }
    }
  }

  private void check(TensorType found, TensorType input, Signature signature) throws FileException {
    if (isOfTokens() && found.shape().rank() <= 1) {
      if (found.shape().rank() == 1 && found.shape().size() < input.shape().size()) {
        return; // of a sequence; the model says if it cannot be
      }
      if (found.shape().rank() == 0 || found.shape().size() > input.shape().size()) {
        throw FileException.at(wording.source(), found.shape().rank() == 0 ? "a number for each example"
                : "sequences of " + found.shape().size() + " tokens",
            "sequences of at most " + input.shape().size() + " tokens, [examples, tokens]",
            found.shape().rank() == 0 ? "a single sequence has the shape [1, tokens]" : "give their last tokens alone");
      }
    }
    boolean isFlat = found.shape().rank() <= 1 || input.shape().rank() <= 1;
    if (found.shape().size() == input.shape().size()
        && (isFlat || squeezed(found.shape()).equals(squeezed(input.shape())))) {
      return;
    }
    boolean row = found.shape().rank() == 1 && input.shape().rank() == 1;
    throw FileException.at(wording.source(),
        row ? found.shape().size() + " columns of numbers" : "examples of shape " + found.shape(),
        (row ? input.shape().size() + " columns" : "examples of shape " + input.shape())
            + (signature.features().isEmpty() ? "" : ": " + some(signature.features())),
        row ? "give the columns that the model was trained with" : "give examples like those that it was trained with");
  }

  /** Without axes of extent 1: an image with and without its one channel. */
  private static List<Integer> squeezed(Shape shape) {
    return Arrays.stream(shape.dims()).filter(extent -> extent != 1).boxed().toList();
  }

  private NDArray read(Dataset rows, long from, int count, TensorType input) throws IOException {
    long[] positions = IntStream.range(0, count).mapToLong(i -> from + i).toArray();
    TensorType flat = rows.columns().get(Batch.INPUT);
    NDArray batch = NDArray.zeros(flat.withShape(Shape.of(count).concat(flat.shape())));
    rows.read(positions, count, Map.of(Batch.INPUT, batch));
    if (input.dtype().isInteger() && flat.dtype().isFloating()) {
      checkWhole(batch, from);
    }
    boolean isShorter = flat.shape().size() < input.shape().size();
    Shape each = isShorter ? flat.shape() : input.shape();
    return batch.reshape(Shape.of(count).concat(each).dims()).cast(input.dtype());
  }

  /** A part of a number would be dropped. */
  private void checkWhole(NDArray batch, long from) throws FileException {
    long each = batch.size() / batch.shape().dim(0);
    for (long i = 0; i < batch.size(); i++) {
      double value = batch.get(i);
      if (value != Math.rint(value)) {
        throw FileException.at(wording.source() + ": example " + (from + i / each + 1),
            value + ", its number " + (i % each + 1), "a whole number, as the model takes them", "");
      }
    }
  }

  private Dataset opened(Path examples, TableFormat from, Signature signature) throws IOException {
    return switch (from) {
      case NPY -> array(examples);
      case TEXT -> text(examples, signature);
      case IMAGES -> ImageFiles.in(examples).open(signature.inputTypes().firstEntry().getValue());
      case CSV -> {
        Csv all = header.map(names -> Csv.of(examples).withHeader(names)).orElseGet(() -> Csv.of(examples));
        yield signature.encoding().isPresent() ? all.open(signature.encoding().get(), wording)
            : (areNamed(signature) && all.names(wording).isPresent() ? all.withFeatures(signature.features()) : all)
                .openNumbers(wording);
      }
      case JSONL -> {
        JsonLines all = JsonLines.of(examples);
        yield signature.encoding().isPresent() ? all.open(signature.encoding().get(), wording)
            : (areNamed(signature) && all.areNamed(wording) ? all.withFeatures(signature.features()) : all)
                .openNumbers(wording);
      }
    };
  }

  private Dataset text(Path examples, Signature signature) throws IOException {
    Shape input = signature.inputTypes().firstEntry().getValue().shape();
    if (signature.text().isEmpty() || input.rank() != 1) {
      throw FileException.at(wording.source(), "lines of text", "examples of "
          + signature.inputTypes().firstEntry().getValue() + ", as the model takes them",
          isOfTokens() ? "give the ids of tokens, as 'ashlar tokenizer encode' does, or ask 'ashlar generate'"
              : "it was not trained on text");
    }
    if (signature.outputTypes().firstEntry().getValue().shape().rank() > 1) {
      throw FileException.at(wording.source(), "lines of text for a model that answers at each token",
          "sequences of tokens, [examples, tokens], in .npy, .jsonl or .csv",
          "'ashlar generate' goes on with texts");
    }
    return TextLines.asked(examples, wording.source(), signature.text().get(), input.dim(0));
  }

  private Dataset array(Path examples) throws IOException {
    NDArray array = NumpyFiles.read(examples);
    if (array.shape().rank() == 0 || array.size() == 0) {
      throw FileException.at(wording.source(), "an array of shape " + array.shape(),
          "examples along its first axis", "");
    }
    checkNumbers(array);
    return Datasets.of(Map.of(Batch.INPUT, array));
  }

  /** From what is no number every answer would be made up. */
  private void checkNumbers(NDArray array) throws FileException {
    long each = array.size() / array.shape().dim(0);
    for (long i = 0; i < array.size(); i++) {
      double value = array.get(i);
      if (!Double.isFinite(value)) {
        List<String> features = model.signature().features();
        throw FileException.at(wording.source() + ": example " + (i / each + 1),
            value + (features.size() == each ? " in column '" + features.get((int) (i % each)) + "'"
                : ", its number " + (i % each + 1)),
            "a finite number", "leave such examples out, or put a number there");
      }
    }
  }

  /** A header must have the names of all features: by its place alone, a misspelt one would be taken for another. */
  private static boolean areNamed(Signature signature) {
    return signature.features().stream().anyMatch(feature -> !feature.matches("column_[0-9]+"));
  }

  private static String some(List<String> names) {
    return names.stream().limit(8).collect(Collectors.joining(", ")) + (names.size() > 8 ? ", .." : "");
  }
}
