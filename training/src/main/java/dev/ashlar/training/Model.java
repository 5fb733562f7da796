package dev.ashlar.training;

import dev.ashlar.config.FileException;
import dev.ashlar.data.Dataset;
import dev.ashlar.io.data.Datasets;
import dev.ashlar.io.huggingface.HuggingFaceFolder;
import dev.ashlar.io.model.ModelFile;
import dev.ashlar.io.model.Signature;
import dev.ashlar.model.Block;
import dev.ashlar.model.Precision;
import dev.ashlar.model.Trace;
import dev.ashlar.plugin.Registry;
import dev.ashlar.program.Backend;
import dev.ashlar.program.Variable;
import dev.ashlar.program.VariableStore;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.ShapeException;
import dev.ashlar.tensor.TensorType;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A trained model: predicts, and is saved to one file. Serves any number of threads. Any number of examples may be
 * asked about at once; they are computed in batches of a few fixed sizes, padded, and the result of an example does
 * not depend on what else is in its batch.
 */
public final class Model implements AutoCloseable {

  private final Architecture architecture;
  private final Precision precision;
  /** Parameters that are read out of a stranger's tensors; none of a model of ours. */
  private final Optional<ForeignWeights> foreign;
  /** What its file says beside. */
  private final Map<String, String> notes;
  private final Signature signature;
  private final SequencedMap<String, TensorType> inputs;
  private final SequencedMap<String, TensorType> outputs;
  private final VariableStore store;
  private final Backend backend;
  private final boolean ownsBackend;
  private @Nullable Generation generation;
  private final Decoders decoders = new Decoders(this);
  private final Predictors predictors;
  private final ReadWriteLock open = new ReentrantReadWriteLock();
  private boolean closed;

  Model(Architecture architecture, Precision precision, Optional<ForeignWeights> foreign, Map<String, String> notes,
      Signature signature, VariableStore store, Backend backend, boolean ownsBackend) {
    this.architecture = architecture;
    this.precision = precision;
    this.foreign = foreign;
    this.notes = notes;
    this.signature = signature;
    this.inputs = signature.inputTypes();
    this.outputs = signature.outputTypes();
    this.store = store;
    this.backend = backend;
    this.ownsBackend = ownsBackend;
    this.predictors = new Predictors(this);
  }

  /** What a task's model has become, over the variables that were trained. */
  static Model trained(Task task, Dataset data, Backend backend, VariableStore store) {
    SequencedMap<String, TensorType> inputs = Programs.inputs(data.columns());
    SequencedMap<String, TensorType> outputs =
        outputs(Architecture.of(task.model()), inputs, Trace.inference(task.precision()));
    Signature signature = Signature.of(inputs, outputs, data.classes(), data.features())
        .withTargets(data.targets())
        .withLink(Programs.link(task, batched(outputs.firstEntry().getValue(), 1), data.columns()))
        .withEncoding(Datasets.encoding(data))
        .withText(Datasets.text(data));
    return new Model(
        Architecture.of(task.model()), task.precision(), Optional.empty(), Map.of(), signature, store, backend, false);
  }

  /**
   * The model of a file, or of a Hugging Face folder whose weights are used where they lie, on the fastest backend at
   * hand, with the plug-ins at hand.
   *
   * @throws IOException if it cannot be read, or needs a plug-in that is not there
   */
  public static Model load(Path file) throws IOException {
    Registry plugins = Registry.discover();
    Backend backend = Backends.open(plugins);
    try {
      return Saved.load(file, plugins, backend, true);
    } catch (IOException | RuntimeException | Error e) {
      backend.close();
      throw e;
    }
  }

  /**
   * The model of a file, or of a Hugging Face folder.
   *
   * @param plugins that its parts, and families of models, come from
   * @param backend what it runs on; it belongs to the caller
   * @throws IOException if it cannot be read, or needs a plug-in that is not there
   */
  public static Model load(Path file, Registry plugins, Backend backend) throws IOException {
    return Saved.load(file, plugins, backend, false);
  }

  /**
   * Checks that the plug-ins that a model needs are at hand, before anything else that names their parts is read.
   *
   * @throws IOException if the file cannot be read, or needs a plug-in that is not there
   */
  public static void requirePlugins(Path file, Registry plugins) throws IOException {
    if (HuggingFaceFolder.is(file)) { // names its family alone
      return;
    }
    try (Arena arena = Arena.ofConfined()) {
      Saved.requirePlugins(ModelFile.read(file, arena).description(), file, plugins);
    }
  }

  /**
   * Writes a file, all or nothing; any reader of safetensors opens it.
   *
   * @throws IOException if it cannot be written
   * @throws IllegalArgumentException if a part of the model comes from no plug-in at hand and so has no name
   */
  public void save(Path file) throws IOException {
    save(file, Registry.discover());
  }

  /** The same with given plug-ins. */
  public void save(Path file, Registry plugins) throws IOException {
    save(file, plugins, foreign.map(ForeignWeights::dtype).orElse(precision.parameter()));
  }

  /**
   * The same, with parameters rounded to another type. What is loaded from the file keeps them so, in half the memory
   * for {@code BF16} and {@code F16}, and computes as this model does.
   *
   * @param parameters F16, BF16, F32 or F64
   * @throws IOException if it cannot be written, or a parameter is too large for the type
   */
  public void save(Path file, Registry plugins, DType parameters) throws IOException {
    writer().save(file, plugins, parameters);
  }

  /** What a file of this model, which was trained here, would be. */
  ModelWriter.Form form(Registry plugins) {
    return writer().form(plugins);
  }

  private ModelWriter writer() {
    return new ModelWriter(architecture, precision, foreign, notes, signature,
        foreign.isPresent() ? predictors.inputs(1) : inputs, store);
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

  /** Number of trained parameters; one that is used in several places counts once. */
  public long parameters() {
    return trained().stream().mapToLong(variable -> variable.type().shape().size()).sum();
  }

  /** Its trained parameters; one that is used in several places stands once. */
  List<Variable> trained() {
    return writer().trained();
  }

  Architecture architecture() {
    return architecture;
  }

  VariableStore store() {
    return store;
  }

  /** A trace of this model for predicting: its parameters are read where the store has them. */
  Trace inference() {
    return withWeights(Trace.inference(precision));
  }

  /** A trace of this model for decoding. */
  Trace decoding(int capacity) {
    return withWeights(Trace.decoding(precision, capacity));
  }

  private Trace withWeights(Trace trace) {
    return foreign.map(weights -> trace.withStored(weights.stored())).orElse(trace);
  }

  Backend backend() {
    return backend;
  }

  /**
   * A sequence to be decoded piece by piece, for models whose one input is a sequence of tokens.
   *
   * @param capacity the longest that it may become, at least 1
   * @throws IllegalArgumentException if there is no room for a token, or the model takes no such sequences, or a part
   *     of it needs to see them whole
   */
  public Session session(int capacity) {
    return session(1, capacity);
  }

  /**
   * Sequences to be decoded piece by piece, together.
   *
   * @param rows number of sequences, at least 1
   * @param capacity the longest that the longest of them may become, at least 1
   * @throws IllegalArgumentException if there is no room for a token, or the model takes no such sequences, or a part
   *     of it needs to see them whole
   */
  public Session session(int rows, int capacity) {
    return whileOpen(() -> Session.of(this, rows, capacity));
  }

  /**
   * What it needs to go on with a text, beside its weights. Read when it is first asked for.
   *
   * @throws FileException if its tokenizer cannot be read
   */
  public synchronized Generation generation() throws FileException {
    if (generation == null) {
      generation = ForeignModels.isForeign(notes)
          ? ForeignModels.generation(notes, foreign.map(ForeignWeights::folder), signature.text())
          : signature.text().isPresent() ? Generation.of(signature.text().get())
          : new Generation(Sampling.PLAIN, Set.of(), Optional.empty());
    }
    return generation;
  }

  /**
   * Writes a Hugging Face folder, which transformers loads: config.json, model.safetensors and, where the model has
   * them, tokenizer.json and the small files that came with it.
   *
   * @param folder that is not there, or empty
   * @param plugins that families of models come from
   * @throws FileException if no family has this architecture, or the folder holds something
   * @throws IOException if it cannot be written
   */
  public void exportTo(Path folder, Registry plugins) throws IOException {
    exportTo(folder, plugins, false);
  }

  /**
   * The same, perhaps in the place of another such folder.
   *
   * @param overwrite whether one with a config.json may be replaced
   */
  public void exportTo(Path folder, Registry plugins, boolean overwrite) throws IOException {
    writer().exportTo(folder, plugins, overwrite);
  }

  /**
   * The longest sequence that all its parts know positions of; empty where there is no such limit.
   *
   * @throws IllegalArgumentException if it takes no sequences of tokens
   */
  public OptionalInt longestSequence() {
    OptionalInt known = decoders.facts().longest();
    if (!ForeignModels.isForeign(notes)) {
      return known;
    }
    int context = inputs.firstEntry().getValue().shape().dim(0);
    return OptionalInt.of(Math.min(known.orElse(context), context));
  }

  Decoders decoders() {
    return decoders;
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
    return predict(Map.of(inputs.firstEntry().getKey(), batch)).get(outputs.firstEntry().getKey());
  }

  /**
   * All outputs for a batch.
   *
   * @param batch all inputs by name, each [examples, ..]; numbers are converted to the inputs' element types. Where the
   *     only input is a sequence of whole numbers, such as tokens, it may be shorter than the signature says
   * @return outputs by name, each [examples, ..]
   * @throws ShapeException if an input is missing or of another shape
   * @throws dev.ashlar.program.LookupException if an input holds a symbol that the model does not know
   */
  public Map<String, NDArray> predict(Map<String, NDArray> batch) {
    return predictors.predict(batch);
  }

  /** Types of the outputs for one example. */
  static SequencedMap<String, TensorType> outputs(
      Architecture architecture, SequencedMap<String, TensorType> inputs, Trace trace) {
    return Predictors.ofOne(Programs.predict(architecture, inputs, 1, trace));
  }

  /**
   * Values from inside, for a batch: what the parts give whose paths match, and what they have marked. Compiled for
   * each call: for looking, not for serving.
   *
   * @param pattern a path such as {@code blocks.3.*}, in which a star stands for any characters
   * @param batch all inputs by name, each [examples, ..]
   * @return in the order of the parts, in the precision that they compute in
   * @throws dev.ashlar.config.ConfigException if nothing has such a path: lists those that there are
   * @throws ShapeException if an input is missing or of another shape
   * @throws dev.ashlar.program.LookupException if an input holds a symbol that the model does not know
   */
  public List<Tap> inside(String pattern, Map<String, NDArray> batch) {
    return predictors.inside(pattern, batch);
  }

  /** Does what needs the variables, which are not freed meanwhile. */
  <T> T whileOpen(Supplier<T> work) {
    open.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException("the model is closed");
      }
      return work.get();
    } finally {
      open.readLock().unlock();
    }
  }

  private TensorType onlyInput() {
    if (inputs.size() != 1) {
      throw new IllegalArgumentException(
          "the model has the inputs " + inputs.keySet() + ": give all of them, by name");
    }
    return inputs.firstEntry().getValue();
  }

  /** The type of a batch of such examples. */
  static TensorType batched(TensorType type, int count) {
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
      decoders.close();
      predictors.close();
      store.close();
      if (ownsBackend) {
        backend.close();
      }
    } finally {
      open.writeLock().unlock();
    }
  }
}
