package dev.ashlar.training;

import dev.ashlar.data.Dataset;
import dev.ashlar.model.Block;
import dev.ashlar.model.Precision;
import dev.ashlar.program.Backend;
import dev.ashlar.program.Computation;
import dev.ashlar.program.VariableStore;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.ShapeException;
import dev.ashlar.tensor.TensorType;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * A trained model: predicts, and is saved to one file. Serves any number of threads. Any number of examples may be
 * asked about at once; they are computed in batches of a few fixed sizes, padded, and the result of an example does
 * not depend on what else is in its batch.
 */
public final class Model implements AutoCloseable {

  /** Sizes of batches that programs are compiled for, as they are needed. */
  private static final int[] BATCHES = {1, 8, 64, 256};

  private final Architecture architecture;
  private final Precision precision;
  private final Signature signature;
  private final VariableStore store;
  private final Backend backend;
  private final boolean ownsBackend;
  private final Map<Integer, Predictor> predictors = new ConcurrentHashMap<>();
  private final ReadWriteLock open = new ReentrantReadWriteLock();
  private boolean closed;

  Model(Architecture architecture, Precision precision, Signature signature,
      VariableStore store, Backend backend, boolean ownsBackend) {
    this.architecture = architecture;
    this.precision = precision;
    this.signature = signature;
    this.store = store;
    this.backend = backend;
    this.ownsBackend = ownsBackend;
  }

  /** What a task's model has become, over the variables that were trained. */
  static Model trained(Task task, Dataset data, Backend backend, VariableStore store) {
    SequencedMap<String, TensorType> inputs = Signature.inputs(data.columns());
    Signature signature = new Signature(
        inputs, outputs(Programs.predict(task.model(), task.precision(), inputs, 1)), data.classes(), data.features());
    return new Model(Architecture.of(task.model()), task.precision(), signature, store, backend, false);
  }

  private static SequencedMap<String, TensorType> outputs(Computation predict) {
    SequencedMap<String, TensorType> outputs = new LinkedHashMap<>();
    predict.results().asMap().forEach((name, value) -> outputs.put(name, value.type().withShape(value.shape().remove(0))));
    return outputs;
  }

  /** What it takes and gives. */
  public Signature signature() {
    return signature;
  }

  /** What it computes. */
  public Block block() {
    return architecture;
  }

  /** Element types. */
  public Precision precision() {
    return precision;
  }

  VariableStore store() {
    return store;
  }

  // ---------------------------------------------------------------- predicting

  /**
   * The main output for one example.
   *
   * @param example the only input, row-major
   */
  public float[] predict(float... example) {
    return predict(new float[][] {example})[0];
  }

  /**
   * The main output for each example.
   *
   * @param examples the only input for each, row-major
   */
  public float[][] predict(float[][] examples) {
    TensorType type = onlyInput();
    NDArray input = NDArray.zeros(batched(type, examples.length));
    int width = Math.toIntExact(type.shape().size());
    for (int i = 0; i < examples.length; i++) {
      if (examples[i].length != width) {
        throw new ShapeException("example " + i, width + " numbers (" + type + ")", examples[i].length + " numbers");
      }
      for (int j = 0; j < width; j++) {
        input.set((long) i * width + j, examples[i][j]);
      }
    }
    float[] output = predict(input).toFloats();
    float[][] rows = new float[examples.length][];
    for (int i = 0; i < rows.length; i++) {
      int size = output.length / rows.length;
      rows[i] = java.util.Arrays.copyOfRange(output, i * size, (i + 1) * size);
    }
    return rows;
  }

  /**
   * The main output for a batch.
   *
   * @param batch the only input, [examples, ..]
   * @return [examples, ..]
   */
  public NDArray predict(NDArray batch) {
    onlyInput();
    return predict(Map.of(signature.inputs().firstEntry().getKey(), batch)).get(signature.outputs().firstEntry().getKey());
  }

  /**
   * All outputs for a batch.
   *
   * @param batch all inputs by name, each [examples, ..]; numbers are converted to the inputs' element types
   * @return outputs by name, each [examples, ..]
   * @throws ShapeException if an input is missing or of another shape
   */
  public Map<String, NDArray> predict(Map<String, NDArray> batch) {
    Map<String, NDArray> inputs = new LinkedHashMap<>();
    signature.inputs().forEach((name, type) -> inputs.put(name, checked(name, type, batch)));
    int count = inputs.isEmpty() ? 0 : inputs.values().iterator().next().shape().dim(0);
    Map<String, NDArray> outputs = new LinkedHashMap<>();
    signature.outputs().forEach((name, type) -> outputs.put(name, NDArray.zeros(batched(type, count))));

    open.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException("the model is closed");
      }
      int largest = BATCHES[BATCHES.length - 1];
      for (int from = 0; from < count; from += largest) {
        int to = Math.min(count, from + largest);
        predictor(to - from).run(inputs, outputs, from, to);
      }
    } finally {
      open.readLock().unlock();
    }
    return outputs;
  }

  private Predictor predictor(int count) {
    int size = java.util.Arrays.stream(BATCHES).filter(batch -> batch >= count).findFirst().orElseThrow();
    return predictors.computeIfAbsent(size, batch -> new Predictor(
        backend.compile(Programs.predict(architecture, precision, signature.inputs(), batch)), store));
  }

  private TensorType onlyInput() {
    if (signature.inputs().size() != 1) {
      throw new IllegalArgumentException(
          "the model has the inputs " + signature.inputs().keySet() + ": give all of them, by name");
    }
    return signature.inputs().firstEntry().getValue();
  }

  private static NDArray checked(String name, TensorType type, Map<String, NDArray> batch) {
    NDArray value = batch.get(name);
    boolean fits = value != null && value.shape().rank() == type.shape().rank() + 1
        && value.shape().remove(0).equals(type.shape())
        && value.shape().dim(0) == batch.values().iterator().next().shape().dim(0);
    if (!fits) {
      throw new ShapeException("input '" + name + "'",
          type.dtype() + "[examples" + type.shape().toString().replaceFirst("\\[(?=.+])", ", ").replace("[]", "]"),
          value == null ? "nothing; given are " + batch.keySet() : value.type().toString());
    }
    return value.cast(type.dtype());
  }

  private static TensorType batched(TensorType type, int count) {
    return type.withShape(Shape.of(count).concat(type.shape()));
  }

  /** Waits for predictions in progress, then frees the variables, and the backend if it was opened for this model. */
  @Override
  public void close() {
    open.writeLock().lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      predictors.values().forEach(Predictor::close);
      store.close();
      if (ownsBackend) {
        backend.close();
      }
    } finally {
      open.writeLock().unlock();
    }
  }
}
