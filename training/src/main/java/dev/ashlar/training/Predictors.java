package dev.ashlar.training;

import dev.ashlar.config.Nearest;
import dev.ashlar.model.Trace;
import dev.ashlar.program.Computation;
import dev.ashlar.program.Lookups;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.ShapeException;
import dev.ashlar.tensor.TensorType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The programs that predict with a model, compiled as they are needed: for batches of a few sizes, and for sequences of
 * any length where it takes them. Thread-safe.
 */
final class Predictors {

  /** Sizes of batches that programs are compiled for. */
  private static final int[] BATCHES = {1, 8, 64, 256};

  /** In a batch of sequences, so many tokens are computed at a time. */
  private static final int TOKENS = 8192;

  /** How long and how often warming up runs a batch at most. */
  private static final long WARM_NANOS = 250_000_000;
  private static final int WARM_RUNS = 20_000;

  private final Edition model;
  private final SequencedMap<String, TensorType> inputs;
  private final SequencedMap<String, TensorType> outputs;
  private final Map.@Nullable Entry<String, TensorType> first;
  private final Map<Key, Predictor> predictors = new ConcurrentHashMap<>();
  /** Types of the outputs by the length of sequences; empty where the parameters do not fit such a length. */
  private final Map<Integer, Optional<SequencedMap<String, TensorType>>> byLength = new ConcurrentHashMap<>();

  /** What a predictor is compiled for; the length is that of sequences, 0 for other inputs. */
  private record Key(int batch, int length) {}

  Predictors(Edition model) {
    this.model = model;
    this.inputs = model.signature().inputTypes();
    this.outputs = model.signature().outputTypes();
    this.first = inputs.firstEntry();
  }

  // ---------------------------------------------------------------- types

  /** Whether the only input is a sequence of whole numbers: layers take one of any length. */
  private boolean isOfTokens() {
    TensorType first = inputs.isEmpty() ? null : inputs.firstEntry().getValue();
    return inputs.size() == 1 && first.shape().rank() == 1 && first.dtype().isInteger();
  }

  /** The inputs, sequences so long. */
  SequencedMap<String, TensorType> inputs(int length) {
    SequencedMap<String, TensorType> types = new LinkedHashMap<>(inputs);
    if (isOfTokens()) {
      types.replaceAll((name, type) -> type.withShape(Shape.of(length)));
    }
    return types;
  }

  private SequencedMap<String, TensorType> outputs(int length) {
    return length == 0 || length == inputs.firstEntry().getValue().shape().dim(0) ? outputs
        : shorter(length).orElseThrow();
  }

  /** Types of the outputs for shorter sequences; empty where the parameters do not fit them. */
  private Optional<SequencedMap<String, TensorType>> shorter(int length) {
    return byLength.computeIfAbsent(length, n -> {
      SequencedMap<String, TensorType> known = model.store().types();
      Computation predict = Programs.predict(model.architecture(), inputs(n), 1, model.inference());
      boolean fits = predict.variables().stream()
          .allMatch(variable -> variable.type().equals(known.get(variable.name())));
      return fits ? Optional.of(ofOne(predict)) : Optional.empty();
    });
  }

  /** Types of the outputs for one example. */
  static SequencedMap<String, TensorType> ofOne(Computation predict) {
    SequencedMap<String, TensorType> types = new LinkedHashMap<>();
    predict.results().asMap()
        .forEach((name, value) -> types.put(name, value.type().withShape(value.shape().remove(0))));
    return types;
  }

  // ---------------------------------------------------------------- what is asked

  private Map<String, NDArray> checked(Map<String, NDArray> batch) {
    Map<String, NDArray> given = new LinkedHashMap<>();
    inputs.forEach((name, type) -> given.put(name, checked(name, type, batch)));
    batch.keySet().stream().filter(name -> !inputs.containsKey(name)).findFirst().ifPresent(name -> {
      throw new ShapeException("input '" + name + "'", "inputs of the names " + inputs.keySet(), "one that the model"
          + " does not know", Nearest.advice(name, List.copyOf(inputs.keySet())));
    });
    return given;
  }

  private NDArray checked(String name, TensorType type, Map<String, NDArray> batch) {
    NDArray value = batch.get(name);
    boolean isShorter = value != null && isOfTokens() && value.shape().rank() == 2 && value.shape().dim(1) > 0
        && value.shape().dim(1) < type.shape().dim(0) && shorter(value.shape().dim(1)).isPresent();
    boolean fits = value != null && value.shape().rank() == type.shape().rank() + 1
        && (isShorter || value.shape().remove(0).equals(type.shape()))
        && value.shape().dim(0) == batch.values().iterator().next().shape().dim(0);
    if (!fits) {
      throw new ShapeException("input '" + name + "'",
          type.dtype() + "[examples" + type.shape().toString().replaceFirst("\\[(?=.+])", ", ").replace("[]", "]"),
          value == null ? "nothing; given are " + batch.keySet() : value.type().toString());
    }
    return value.cast(type.dtype());
  }

  private static int count(Map<String, NDArray> given) {
    return given.isEmpty() ? 0 : given.values().iterator().next().shape().dim(0);
  }

  /** Length of sequences where they may be of any; 0 elsewhere. */
  private int length(Map<String, NDArray> given) {
    return isOfTokens() ? given.values().iterator().next().shape().dim(1) : 0;
  }

  // ---------------------------------------------------------------- answers

  /** All outputs for a batch; see {@link Model#predict(Map)}. */
  Map<String, NDArray> predict(Map<String, NDArray> batch) {
    Map<String, NDArray> given = checked(batch);
    int count = count(given);
    Map<String, NDArray> results = new LinkedHashMap<>();
    int length = length(given);
    outputs(length).forEach((name, type) -> results.put(name, NDArray.zeros(Model.batched(type, count))));
    inBatches(count, length, (predictor, from, to) -> predictor.run(given, results, from, to));
    return results;
  }

  /**
   * The main output for each example.
   *
   * @param examples the only input of each
   * @throws ShapeException if one is of another width
   */
  float[][] predict(float[][] examples) {
    Map.Entry<String, TensorType> input = onlyInput();
    long width = input.getValue().shape().size();
    for (int i = 0; i < examples.length; i++) {
      if (examples[i].length != width) {
        throw wrongWidth(i, examples[i].length, examples.length);
      }
    }
    float[][] results = new float[examples.length][];
    String output = outputs.firstEntry().getKey();
    inBatches(examples.length, isOfTokens() ? Math.toIntExact(width) : 0,
        (predictor, from, to) -> predictor.run(input.getKey(), output, examples, results, from, to));
    return results;
  }

  private ShapeException wrongWidth(int example, int found, int count) {
    List<String> features = model.signature().features();
    TensorType type = onlyInput().getValue();
    long width = type.shape().size();
    return new ShapeException(count == 1 ? "the example" : "example " + example, width + " numbers (" + type + ")",
        found + (found == 1 ? " number" : " numbers"),
        features.size() == width ? "give " + Asking.some(features) : "give all of an example's numbers, row-major");
  }

  /** Name and type of the only input. */
  Map.Entry<String, TensorType> onlyInput() {
    if (inputs.size() != 1) {
      throw new IllegalArgumentException(
          "the model has the inputs " + inputs.keySet() + ": give all of them, by name");
    }
    return Objects.requireNonNull(first);
  }

  /** Does some examples, with a program that is made for as many or more. */
  private interface Part {
    void run(Predictor predictor, int from, int to);
  }

  private void inBatches(int count, int length, Part part) {
    int largest = BATCHES[BATCHES.length - 1];
    while (largest > 1 && (long) largest * length > TOKENS) {
      largest /= 2;
    }
    for (int from = 0; from < count; from += largest) {
      if (from > 0 && Thread.currentThread().isInterrupted()) {
        throw new CancellationException("interrupted after " + from + " of " + count + " examples");
      }
      int to = Math.min(count, from + largest);
      part.run(predictor(Math.min(largest, batchFor(to - from)), length), from, to);
    }
  }

  private static int batchFor(int count) {
    for (int batch : BATCHES) {
      if (batch >= count) {
        return batch;
      }
    }
    throw new IllegalArgumentException("a batch of " + count);
  }

  /** Makes ready what another edition has in use, so that nobody has to wait for it later. */
  void prepareAs(Predictors other) {
    boolean same = model.computesAs(other.model);
    other.predictors.forEach((key, predictor) -> {
      Predictor ready = same ? predictor : predictor(key.batch, key.length);
      predictors.put(key, ready.over(model.store()));
    });
  }

  /**
   * Runs batches of zeros of so many examples, until Java itself has had time to compile what they need.
   *
   * @param way that requests take
   */
  void warmUp(int count, UnaryOperator<float[][]> way) {
    if (count < 1) {
      throw new IllegalArgumentException("a batch of " + count + " examples to warm up with; expected 1 or more");
    }
    Map<String, NDArray> zeros = new LinkedHashMap<>();
    inputs.forEach((name, type) -> zeros.put(name, NDArray.zeros(Model.batched(type, count))));
    float[][] rows = new float[count][inputs.size() == 1 ? Math.toIntExact(onlyInput().getValue().shape().size()) : 0];
    long end = System.nanoTime() + WARM_NANOS;
    for (int run = 0; run < 1 || run < WARM_RUNS && System.nanoTime() < end; run++) {
      if (inputs.size() == 1) {
        way.apply(rows);
      } else {
        predict(zeros);
      }
    }
  }

  private Predictor predictor(int size, int length) {
    Key wanted = new Key(size, length);
    Predictor known = predictors.get(wanted);
    return known != null ? known : predictors.computeIfAbsent(wanted, key -> {
      Computation predict = Programs.predict(model.architecture(), inputs(key.length), key.batch, model.inference());
      return new Predictor(model.backend().compile(predict), Lookups.of(predict.graph()), model.store());
    });
  }

  /** Values from inside, for a batch; see {@link Model#inside}. */
  List<Tap> inside(String pattern, Map<String, NDArray> batch) {
    Map<String, NDArray> given = checked(batch);
    Trace trace = model.inference();
    Computation predict = Programs.predict(model.architecture(), inputs(length(given)), count(given), trace);
    Computation inside = Taps.matching(pattern, predict, trace);
    Lookups lookups = Lookups.of(inside.graph());
    given.forEach((name, value) -> lookups.check(name, value, value.size()));
    return model.backend().compile(inside).run(model.store(), given).entrySet().stream()
        .map(tap -> new Tap(tap.getKey(), tap.getValue()))
        .toList();
  }

  /** Frees what is compiled. Nobody predicts any more. */
  void close() {
    predictors.values().forEach(Predictor::close);
  }
}
