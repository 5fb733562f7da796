package dev.ashlar.training;

import dev.ashlar.model.Trace;
import dev.ashlar.program.Computation;
import dev.ashlar.program.Lookups;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.ShapeException;
import dev.ashlar.tensor.TensorType;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The programs that predict with a model, compiled as they are needed: for batches of a few sizes, and for sequences of
 * any length where it takes them. Thread-safe.
 */
final class Predictors {

  /** Sizes of batches that programs are compiled for. */
  private static final int[] BATCHES = {1, 8, 64, 256};

  /** In a batch of sequences, so many tokens are computed at a time. */
  private static final int TOKENS = 8192;

  private final Model model;
  private final SequencedMap<String, TensorType> inputs;
  private final SequencedMap<String, TensorType> outputs;
  private final Map<Key, Predictor> predictors = new ConcurrentHashMap<>();
  /** Types of the outputs by the length of sequences; empty where the parameters do not fit such a length. */
  private final Map<Integer, Optional<SequencedMap<String, TensorType>>> byLength = new ConcurrentHashMap<>();

  /** What a predictor is compiled for; the length is that of sequences, 0 for other inputs. */
  private record Key(int batch, int length) {}

  Predictors(Model model) {
    this.model = model;
    this.inputs = model.signature().inputTypes();
    this.outputs = model.signature().outputTypes();
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
    return model.whileOpen(() -> {
      int largest = BATCHES[BATCHES.length - 1];
      while (largest > 1 && (long) largest * length > TOKENS) {
        largest /= 2;
      }
      for (int from = 0; from < count; from += largest) {
        int to = Math.min(count, from + largest);
        predictor(Math.min(largest, batchFor(to - from)), length).run(given, results, from, to);
      }
      return results;
    });
  }

  private static int batchFor(int count) {
    return Arrays.stream(BATCHES).filter(batch -> batch >= count).findFirst().orElseThrow();
  }

  private Predictor predictor(int size, int length) {
    return predictors.computeIfAbsent(new Key(size, length), key -> {
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
    return model.whileOpen(() -> model.backend().compile(inside).run(model.store(), given).entrySet().stream()
        .map(tap -> new Tap(tap.getKey(), tap.getValue()))
        .toList());
  }

  /** Frees what is compiled. Nobody predicts any more. */
  void close() {
    predictors.values().forEach(Predictor::close);
  }
}
