package dev.ashlar.training;

import dev.ashlar.api.Stable;
import dev.ashlar.config.FileException;
import dev.ashlar.config.Problem;
import dev.ashlar.data.Dataset;
import dev.ashlar.io.data.Datasets;
import dev.ashlar.io.huggingface.HuggingFaceFolder;
import dev.ashlar.io.model.ModelFile;
import dev.ashlar.io.model.Signature;
import dev.ashlar.model.Block;
import dev.ashlar.model.Link;
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
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A trained model: predicts, and is saved to one file. Serves any number of threads. Any number of examples may be
 * asked about at once; they are computed in batches of a few fixed sizes, padded, and the result of an example does
 * not depend on what else is in its batch.
 */
@Stable
public final class Model implements AutoCloseable {

  private static final String CLOSED = "the model is closed";

  private volatile Edition edition;
  /** That were replaced, and may still be at work. */
  private final Set<Edition> replaced = new HashSet<>();
  private final Backend backend;
  private final boolean ownsBackend;
  /** That it was loaded with; none if those at hand are asked for anew. */
  private final Optional<Registry> plugins;
  private @Nullable Generation generation;
  private final ReadWriteLock open = new ReentrantReadWriteLock();
  private boolean closed;

  Model(Architecture architecture, Precision precision, Optional<ForeignWeights> foreign, Map<String, String> notes,
      Signature signature, VariableStore store, Backend backend, boolean ownsBackend) {
    this(new Edition(architecture, precision, foreign, notes, signature, store, backend, () -> {}), ownsBackend,
        Optional.empty());
  }

  Model(Edition edition, boolean ownsBackend, Optional<Registry> plugins) {
    this.edition = edition;
    this.backend = edition.backend();
    this.ownsBackend = ownsBackend;
    this.plugins = plugins;
  }

  /** What a task's model has become, over the variables that were trained. */
  static Model trained(Task task, Dataset data, Backend backend, VariableStore store) {
    SequencedMap<String, TensorType> inputs = Programs.inputs(data.columns());
    SequencedMap<String, TensorType> outputs =
        outputs(Architecture.of(task.model()), inputs, Trace.inference(task.precision()));
    Link link = Programs.link(task, batched(outputs.firstEntry().getValue(), 1), data.columns());
    Programs.tooFewScores(outputs.firstEntry().getValue(), link, data).ifPresent(scores -> {
      throw new ShapeException("the model's main output", "a score for each class: " + data.classes().size(),
          scores == 1 ? "one score" : scores + " scores", "the classes are " + Asking.some(data.classes()));
    });
    Signature signature = Signature.of(inputs, outputs, data.classes(), data.features())
        .withTargets(data.targets())
        .withLink(link)
        .withEncoding(Datasets.encoding(data))
        .withText(Datasets.text(data));
    return new Model(
        Architecture.of(task.model()), task.precision(), Optional.empty(), Map.of(), signature, store, backend, false);
  }

  /**
   * The model of a file, or of a Hugging Face folder whose weights are used where they lie, on the fastest backend at
   * hand, with the plug-ins at hand. A file of more than 64 MB is read where it lies, for as long as the model is open:
   * whoever puts another in its place renames it there, as {@link #save} does; one that is written over or cut changes
   * what the model says, or ends the JVM. Of a smaller file nothing is needed any more.
   *
   * @throws IOException if it cannot be read, or needs a plug-in that is not there
   */
  public static Model load(Path file) throws IOException {
    return opened((plugins, backend) -> Saved.load(file, plugins, backend, true));
  }

  /**
   * The model of a file's bytes, which are copied.
   *
   * @throws IOException if they are no model, or need a plug-in that is not there
   */
  public static Model load(byte[] bytes) throws IOException {
    ModelFile file = ModelFile.read(bytes, "the model in memory");
    return opened((plugins, backend) -> Saved.load(file, plugins, backend, true));
  }

  /**
   * The model of a file that a stream gives, which is read to its end and not closed.
   *
   * @throws IOException if it cannot be read or is no model, or needs a plug-in that is not there
   */
  public static Model load(InputStream in) throws IOException {
    ModelFile file = ModelFile.read(in, "the model in a stream");
    return opened((plugins, backend) -> Saved.load(file, plugins, backend, true));
  }

  /**
   * The model of a resource, found as {@link Class#getResourceAsStream} finds it: beside the class, or from the root of
   * the class path if the name begins with a slash. Where the class is in a module that does not open the package of
   * the resource, open the stream there and give that.
   *
   * @throws IOException if there is no such resource, or it is no model, or needs a plug-in that is not there
   */
  public static Model load(Class<?> anchor, String resource) throws IOException {
    try (InputStream in = anchor.getResourceAsStream(resource)) {
      if (in == null) {
        throw FileException.at("resource '" + resource + "' of " + anchor, "nothing", "a model, such as "
            + ModelFile.FILE_NAME, resource.startsWith("/") ? "a slash in front means the root of the class path"
            : "it is looked for beside the class, in "
                + (anchor.getPackageName().isEmpty() ? "the unnamed package" : anchor.getPackageName()) + "; a slash in front means the root of the class path");
      }
      ModelFile file = ModelFile.read(in, "resource '" + resource + "' of " + anchor);
      return opened((plugins, backend) -> Saved.load(file, plugins, backend, true));
    }
  }

  private interface Loading {
    Model load(Registry plugins, Backend backend) throws IOException;
  }

  private static Model opened(Loading loading) throws IOException {
    Registry plugins = Registry.discover();
    Backend backend = Backends.open(plugins);
    try {
      return loading.load(plugins, backend);
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
   * The model of a file that was read, from wherever it came.
   *
   * @param plugins that its parts come from
   * @param backend what it runs on, with so many threads, or those of an executor; it belongs to the caller
   * @throws IOException if it needs a plug-in that is not there, or contradicts itself
   */
  public static Model load(ModelFile file, Registry plugins, Backend backend) throws IOException {
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
    held(now -> now.writer()
        .save(file, plugins, now.foreign().map(ForeignWeights::dtype).orElse(now.precision().parameter())));
  }

  /**
   * The same, with parameters rounded to another type. What is loaded from the file keeps them so, in half the memory
   * for {@code BF16} and {@code F16}, and computes as this model does.
   *
   * @param parameters F16, BF16, F32 or F64
   * @throws IOException if it cannot be written, or a parameter is too large for the type
   */
  public void save(Path file, Registry plugins, DType parameters) throws IOException {
    held(now -> now.writer().save(file, plugins, parameters));
  }

  /** What a file of this model, which was trained here, would be. */
  ModelWriter.Form form(Registry plugins) {
    return edition.writer().form(plugins);
  }

  /**
   * What it takes and gives: inputs and outputs with their names and shapes, the classes that it tells apart, the
   * columns that its input is made of, the numbers that it tells.
   */
  public Signature signature() {
    return edition.signature();
  }

  /** What it computes. */
  public Block block() {
    return edition.architecture();
  }

  /** Element types. */
  public Precision precision() {
    return edition.precision();
  }

  /** Number of trained parameters; one that is used in several places counts once. */
  public long parameters() {
    return trained().stream().mapToLong(variable -> variable.type().shape().size()).sum();
  }

  /** Its trained parameters; one that is used in several places stands once. */
  List<Variable> trained() {
    return edition.writer().trained();
  }

  Architecture architecture() {
    return edition.architecture();
  }

  VariableStore store() {
    return edition.store();
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
      Map<String, String> notes = edition.notes();
      Signature signature = edition.signature();
      generation = ForeignModels.isForeign(notes)
          ? ForeignModels.generation(notes, edition.foreign().map(ForeignWeights::folder), signature.text())
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
    held(now -> now.writer().exportTo(folder, plugins, overwrite));
  }

  /**
   * The longest sequence that all its parts know positions of; empty where there is no such limit.
   *
   * @throws IllegalArgumentException if it takes no sequences of tokens
   */
  public OptionalInt longestSequence() {
    OptionalInt known = edition.decoders().facts().longest();
    if (!ForeignModels.isForeign(edition.notes())) {
      return known;
    }
    int context = signature().inputTypes().firstEntry().getValue().shape().dim(0);
    return OptionalInt.of(Math.min(known.orElse(context), context));
  }

  Decoders decoders() {
    return edition.decoders();
  }

  // ---------------------------------------------------------------- predicting

  /**
   * The main output for one example, as the model gives it: of classes scores, one for each.
   *
   * @param example the only input, row-major
   * @throws ShapeException if it has another number of elements
   * @throws IllegalStateException if the model is closed
   */
  public float[] predict(float... example) {
    return predict(new float[][] {example})[0];
  }

  /**
   * The main output for each example. If the thread is interrupted, it stops between two batches, and remains
   * interrupted; the model goes on serving.
   *
   * @param examples the only input for each, row-major
   * @throws ShapeException if one has another number of elements
   * @throws java.util.concurrent.CancellationException if interrupted before all is done
   * @throws IllegalStateException if the model is closed
   */
  public float[][] predict(float[][] examples) {
    return serving(now -> now.predictors().predict(examples));
  }

  /**
   * The main output for a batch; see {@link #predict(Map)}.
   *
   * @param batch the only input, [examples, ..]
   * @return [examples, ..]
   */
  public NDArray predict(NDArray batch) {
    return serving(now -> {
      String input = now.predictors().onlyInput().getKey();
      return now.predictors().predict(Map.of(input, batch)).get(now.signature().outputs().keySet().iterator().next());
    });
  }

  /**
   * All outputs for a batch. If the thread is interrupted, it stops between two batches, and remains interrupted.
   *
   * @param batch all inputs by name, each [examples, ..]; numbers are converted to the inputs' element types. Where the
   *     only input is a sequence of whole numbers, such as tokens, it may be shorter than the signature says
   * @return outputs by name, each [examples, ..]
   * @throws ShapeException if an input is missing or of another shape
   * @throws dev.ashlar.program.LookupException if an input holds a symbol that the model does not know
   * @throws java.util.concurrent.CancellationException if interrupted before all is done
   * @throws IllegalStateException if the model is closed
   */
  public Map<String, NDArray> predict(Map<String, NDArray> batch) {
    return serving(now -> now.predictors().predict(batch));
  }

  /**
   * What the model says of an example: a class with probabilities, or numbers in the units of what was learnt.
   *
   * @param example the only input as {@link #predict(float...)} takes it
   */
  public Answer ask(float... example) {
    return askAll(new float[][] {example}).getFirst();
  }

  /** The same of each example; stops as {@link #predict(float[][])} does. */
  public List<Answer> askAll(float[][] examples) {
    return serving(now -> now.asking().answers(now.predictors().predict(examples)));
  }

  /** The same of each example of a batch, [examples, ..]. */
  public List<Answer> askAll(NDArray batch) {
    return serving(now -> {
      String input = now.predictors().onlyInput().getKey();
      return now.asking().answers(now.predictors().predict(Map.of(input, batch)));
    });
  }

  /**
   * What the model says of a row of a table: a class with probabilities, or numbers in the units of what was learnt.
   *
   * @param row values by the name of the column, encoded as in training: numbers; text, also for numbers and dates;
   *     truth values, enums, days and times of {@code java.time}; null, or no value, for what is missing
   * @throws dev.ashlar.io.tables.RowException if it has another column, or lacks one that must be there, or a value is
   *     not what the column holds
   */
  public Answer ask(Map<String, ?> row) {
    return askAll(List.of(row)).getFirst();
  }

  /**
   * The same of a record, whose components are the columns: {@code sepalLength} is also {@code sepal_length}, and
   * {@link dev.ashlar.config.Name} gives a component any other name.
   */
  public Answer ask(Record row) {
    return askAll(List.of(row)).getFirst();
  }

  /**
   * The same of each row.
   *
   * @param rows maps and records as {@link #ask(Map)} and {@link #ask(Record)} take them
   */
  public List<Answer> askAll(List<?> rows) {
    return serving(now -> now.asking().answers(now.predictors().predict(now.asking().encoded(rows))));
  }

  /**
   * Compiles what batches of these sizes need, and runs them, for at most a quarter of a second each, so that the first
   * request is answered as quickly as later ones.
   *
   * @param batchSizes numbers of examples that are asked about together
   */
  public void warmUp(int... batchSizes) {
    for (int size : batchSizes) {
      serving(now -> {
        now.predictors().warmUp(size, this::predict);
        return now;
      });
    }
  }

  // ---------------------------------------------------------------- other weights

  /**
   * Predicts with the weights of a file from now on, and with what was learnt beside them, such as the means of a
   * transform. Predictions go on meanwhile, each with the one or the other, never with some of both; those in progress,
   * and open sessions, go on with what they began with, which is freed when the last of them is done. Nobody waits.
   *
   * <p>A large file is read where it lies: see {@link #load(Path)}.
   *
   * @param file of a model that was trained with the same architecture
   * @throws FileException if it has another architecture or signature: names the first difference; nothing is changed
   * @throws IOException if it cannot be read
   */
  public void replaceWeights(Path file) throws IOException {
    replaceWith(Saved.edition(file, registry(), backend), file.toString());
  }

  /** The same with a file that was read, from wherever it came. */
  public void replaceWeights(ModelFile file) throws IOException {
    replaceWith(Saved.edition(file, registry(), backend, () -> {}), file.tensors().source());
  }

  /**
   * The same with copies of the weights that another model has now.
   *
   * @throws IllegalArgumentException if it has another architecture or signature: names the first difference
   */
  public void replaceWeights(Model other) {
    try {
      replaceWith(other.serving(theirs -> Replacing.copy(theirs, backend)), "the other model");
    } catch (FileException e) {
      throw new IllegalArgumentException(e.problem().toString(), e);
    }
  }

  private Registry registry() {
    return plugins.orElseGet(Registry::discover);
  }

  private void replaceWith(Edition next, String place) throws FileException {
    try {
      Edition now = edition;
      Optional<Problem> difference = Replacing.difference(now, next, place, registry());
      if (difference.isPresent()) {
        throw new FileException(difference.get());
      }
      serving(current -> {
        next.predictors().prepareAs(current.predictors());
        return current;
      });
      exchange(next);
    } catch (FileException | RuntimeException | Error e) {
      next.free();
      throw e;
    }
  }

  private void exchange(Edition next) {
    whileOpen(() -> {
      Edition before;
      synchronized (replaced) {
        before = edition;
        edition = next;
        replaced.removeIf(Edition::isFreed);
        replaced.add(before);
      }
      before.leave();
      return before;
    });
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
    return serving(now -> now.predictors().inside(pattern, batch));
  }

  /** Does what needs the variables, which are not freed meanwhile. */
  <T> T whileOpen(Supplier<T> work) {
    open.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException(CLOSED);
      }
      return work.get();
    } finally {
      open.readLock().unlock();
    }
  }

  /** The weights as they are now, which stay until they are given back. */
  Edition hold() {
    Edition now;
    do {
      now = edition;
    } while (!now.enter());
    return now;
  }

  /** Does what needs the weights as they are now; neither they nor the backend are freed meanwhile. */
  <T> T serving(Function<Edition, T> work) {
    open.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException(CLOSED);
      }
      Edition now = hold();
      try {
        return work.apply(now);
      } finally {
        now.leave();
      }
    } finally {
      open.readLock().unlock();
    }
  }

  private interface Writing {
    void write(Edition now) throws IOException;
  }

  /** The same for what writes files. */
  private void held(Writing work) throws IOException {
    try {
      serving(now -> {
        try {
          work.write(now);
          return now;
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
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
      edition.free();
      replaced.forEach(Edition::free);
      if (ownsBackend) {
        backend.close();
      }
    } finally {
      open.writeLock().unlock();
    }
  }
}
