package dev.ashlar.training;

import dev.ashlar.config.FileException;
import dev.ashlar.config.Value;
import dev.ashlar.data.Dataset;
import dev.ashlar.io.data.Datasets;
import dev.ashlar.io.huggingface.HuggingFaceExport;
import dev.ashlar.io.huggingface.HuggingFaceFolder;
import dev.ashlar.io.model.ModelDescription;
import dev.ashlar.io.model.ModelFile;
import dev.ashlar.io.model.Signature;
import dev.ashlar.io.text.TextEncoding;
import dev.ashlar.io.tokenizers.Tokenizer;
import dev.ashlar.model.Block;
import dev.ashlar.model.Precision;
import dev.ashlar.model.Trace;
import dev.ashlar.plugin.Registry;
import dev.ashlar.program.Backend;
import dev.ashlar.program.Computation;
import dev.ashlar.program.Lookups;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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

  /** Sizes of batches that programs are compiled for, as they are needed. */
  private static final int[] BATCHES = {1, 8, 64, 256};

  /** In a batch of sequences, so many tokens are computed at a time. */
  private static final int TOKENS = 8192;

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
  private final Map<PredictorKey, Predictor> predictors = new ConcurrentHashMap<>();
  /** Types of the outputs by the length of sequences; empty where the parameters do not fit such a length. */
  private final Map<Integer, Optional<SequencedMap<String, TensorType>>> byLength = new ConcurrentHashMap<>();
  private @Nullable Generation generation;
  private final Decoders decoders = new Decoders(this);
  private final ReadWriteLock open = new ReentrantReadWriteLock();
  private boolean closed;

  /** What a predictor is compiled for; the length is that of sequences, 0 for other inputs. */
  private record PredictorKey(int batch, int length) {}

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
      return load(file, plugins, backend, true);
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
    return load(file, plugins, backend, false);
  }

  /**
   * Checks that the plug-ins that a model needs are at hand, before anything else that names their parts is read.
   *
   * @throws IOException if the file cannot be read, or needs a plug-in that is not there
   */
  public static void requirePlugins(Path file, Registry plugins) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      Saved.requirePlugins(ModelFile.read(file, arena).description(), file, plugins);
    }
  }

  private static Model load(Path file, Registry plugins, Backend backend, boolean ownsBackend) throws IOException {
    if (HuggingFaceFolder.is(file)) {
      return ForeignWeights.load(file, plugins, backend, ownsBackend);
    }
    ModelFile saved = ModelFile.read(file);
    return Saved.whole(file, () -> load(saved, file, plugins, backend, ownsBackend));
  }

  private static Model load(ModelFile saved, Path file, Registry plugins, Backend backend, boolean ownsBackend)
      throws IOException {
    Signature signature = saved.description().signature();
    Architecture architecture = Saved.architecture(saved.description(), file, plugins);
    Precision precision = saved.description().precision();
    Computation predict = Programs.predict(architecture, precision, signature.inputTypes(), 1);
    VariableStore store = backend.newStore();
    try {
      saved.lendTo(store, predict.variables());
    } catch (IOException | RuntimeException e) {
      store.close();
      throw e;
    }
    return new Model(architecture, precision, Optional.empty(), saved.description().notes(), signature, store, backend,
        ownsBackend);
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
    if (!parameters.isFloating()) {
      throw new IllegalArgumentException("parameters are floating-point numbers, not " + parameters);
    }
    Precision saved = new Precision(parameters, precision.compute(), precision.output());
    Trace trace = Trace.inference(saved);
    Computation predict = Programs.predict(architecture, foreign.isPresent() ? traced(1) : inputs, 1, trace);
    ModelDescription description = Saved.description(architecture, withTokenizer(), saved, plugins)
        .withAliases(trace.aliases()).withNotes(notes);
    if (foreign.isPresent()) {
      foreign.get().save(file, description, predict.variables(), store);
    } else {
      ModelFile.write(file, description, predict.variables(), store);
    }
  }

  /**
   * What a file of a model says beside the values, and the types of these.
   *
   * @param description all but the values
   * @param types of the values by name, in their order
   */
  record Form(ModelDescription description, SequencedMap<String, TensorType> types) {}

  /** What a file of this model, which was trained here, would be. */
  Form form(Registry plugins) {
    Trace trace = Trace.inference(precision);
    Computation predict = Programs.predict(architecture, inputs, 1, trace);
    SequencedMap<String, TensorType> types = new LinkedHashMap<>();
    predict.variables().stream().filter(Variable::isOfModel).forEach(v -> types.put(v.name(), v.type()));
    return new Form(Saved.description(architecture, signature, precision, plugins).withAliases(trace.aliases()), types);
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
    return Programs.predict(architecture, foreign.isPresent() ? traced(1) : inputs, 1, Trace.inference(precision))
        .variables().stream().filter(variable -> variable.kind() == Variable.Kind.PARAMETER).toList();
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
          ? ForeignModels.generation(notes, foreign.flatMap(weights -> weights.folder().tokenizer()), signature.text())
          : signature.text().isPresent() ? Generation.of(signature.text().get())
          : new Generation(Set.of(), Optional.empty());
    }
    return generation;
  }

  /** The signature with the tokenizer of a stranger's folder, which is read when it is needed. */
  private Signature withTokenizer() throws FileException {
    Optional<Path> tokenizer = foreign.flatMap(weights -> weights.folder().tokenizer());
    return tokenizer.isEmpty() ? signature
        : signature.withText(Optional.of(TextEncoding.of(Tokenizer.read(tokenizer.get()))));
  }

  /**
   * Writes a Hugging Face folder, which transformers loads: config.json, model.safetensors and, where the model has
   * one, tokenizer.json.
   *
   * @param folder that is not there, or empty
   * @param plugins that families of models come from
   * @throws FileException if no family has this architecture, or the folder holds something
   * @throws IOException if it cannot be written
   */
  public void exportTo(Path folder, Registry plugins) throws IOException {
    Trace trace = Trace.inference(precision);
    Computation predict = Programs.predict(architecture, foreign.isPresent() ? traced(1) : inputs, 1, trace);
    SequencedMap<String, TensorType> kept = store.types();
    SequencedMap<String, TensorType> types = new LinkedHashMap<>();
    predict.variables().stream().filter(Variable::isOfModel).forEach(v -> types.put(v.name(),
        foreign.map(weights -> weights.typeOf(v)).orElseGet(() -> kept.get(v.name()))));
    Value tree = Saved.description(architecture, signature, precision, plugins).architecture();
    HuggingFaceExport export = ForeignModels.export(tree, notes, types, withTokenizer(), plugins);
    export.write(folder, name -> foreign.map(weights -> weights.parameter(name, types.get(name), store))
        .orElseGet(() -> store.read(name)));
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
    Map<String, NDArray> given = checked(batch);
    int count = count(given);
    Map<String, NDArray> results = new LinkedHashMap<>();
    int length = length(given);
    outputs(length).forEach((name, type) -> results.put(name, NDArray.zeros(batched(type, count))));
    return whileOpen(() -> {
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

  /** Length of sequences where they may be of any; 0 elsewhere. */
  private int length(Map<String, NDArray> given) {
    return isOfTokens() ? given.values().iterator().next().shape().dim(1) : 0;
  }

  /** Whether the only input is a sequence of whole numbers: layers take one of any length. */
  private boolean isOfTokens() {
    TensorType first = inputs.isEmpty() ? null : inputs.firstEntry().getValue();
    return inputs.size() == 1 && first.shape().rank() == 1 && first.dtype().isInteger();
  }

  /** Types of the outputs for shorter sequences; empty where the parameters do not fit them. */
  private Optional<SequencedMap<String, TensorType>> shorter(int length) {
    return byLength.computeIfAbsent(length, n -> {
      SequencedMap<String, TensorType> known = store.types();
      Computation predict = Programs.predict(architecture, traced(n), 1, inference());
      boolean fits = predict.variables().stream()
          .allMatch(variable -> variable.type().equals(known.get(variable.name())));
      return fits ? Optional.of(ofOne(predict)) : Optional.empty();
    });
  }

  /** The inputs, sequences so long. */
  private SequencedMap<String, TensorType> traced(int length) {
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

  /** Types of the outputs for one example. */
  static SequencedMap<String, TensorType> outputs(
      Architecture architecture, SequencedMap<String, TensorType> inputs, Trace trace) {
    return ofOne(Programs.predict(architecture, inputs, 1, trace));
  }

  private static SequencedMap<String, TensorType> ofOne(Computation predict) {
    SequencedMap<String, TensorType> types = new LinkedHashMap<>();
    predict.results().asMap()
        .forEach((name, value) -> types.put(name, value.type().withShape(value.shape().remove(0))));
    return types;
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
    Map<String, NDArray> given = checked(batch);
    Trace trace = inference();
    Computation predict = Programs.predict(architecture, traced(length(given)), count(given), trace);
    Computation inside = Taps.matching(pattern, predict, trace);
    Lookups lookups = Lookups.of(inside.graph());
    given.forEach((name, value) -> lookups.check(name, value, value.size()));
    return whileOpen(() -> backend.compile(inside).run(store, given).entrySet().stream()
        .map(tap -> new Tap(tap.getKey(), tap.getValue()))
        .toList());
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

  private static int batchFor(int count) {
    return java.util.Arrays.stream(BATCHES).filter(batch -> batch >= count).findFirst().orElseThrow();
  }

  private Predictor predictor(int size, int length) {
    return predictors.computeIfAbsent(new PredictorKey(size, length), key -> {
      Computation predict = Programs.predict(architecture, traced(key.length), key.batch, inference());
      return new Predictor(backend.compile(predict), Lookups.of(predict.graph()), store);
    });
  }

  private TensorType onlyInput() {
    if (inputs.size() != 1) {
      throw new IllegalArgumentException(
          "the model has the inputs " + inputs.keySet() + ": give all of them, by name");
    }
    return inputs.firstEntry().getValue();
  }

  private Map<String, NDArray> checked(Map<String, NDArray> batch) {
    Map<String, NDArray> given = new LinkedHashMap<>();
    inputs.forEach((name, type) -> given.put(name, checked(name, type, batch)));
    return given;
  }

  private static int count(Map<String, NDArray> given) {
    return given.isEmpty() ? 0 : given.values().iterator().next().shape().dim(0);
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
