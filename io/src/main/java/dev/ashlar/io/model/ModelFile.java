package dev.ashlar.io.model;

import dev.ashlar.config.FileException;
import dev.ashlar.io.files.FileProblems;
import dev.ashlar.io.safetensors.SafeTensors;
import dev.ashlar.program.Variable;
import dev.ashlar.program.VariableStore;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.TensorType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Function;

/**
 * A model in one file. Immutable; serves any number of threads.
 *
 * @param description all but the weights
 * @param tensors the weights and the rest of the state, mapped where they come from a file
 */
public record ModelFile(ModelDescription description, SafeTensors tensors) {
  /** What the file is called by convention. */
  public static final String FILE_NAME = "model.safetensors";

  static final String PREFIX = "ashlar.";

  private static final int ALIGNMENT = 64;

  /**
   * Writes a model atomically: see {@link dev.ashlar.io.files.AtomicFiles#write}.
   *
   * @param values by name; with the aliases left out
   * @throws IOException if it cannot be written
   */
  public static void write(
      Path path, ModelDescription description, Map<String, NDArray> values) throws IOException {
    checkAliases(description, values.keySet());
    SafeTensors.write(path, values, Metadata.write(description));
  }

  /**
   * Writes a model from a store, one value after the other. Of the variables, parameters and state are saved;
   * slots and sessions are not. Where the store has floats of another type than the variable, they are rounded to it.
   *
   * @param variables of the model; each in the store
   * @throws FileException if a number is too large for the type of its variable
   */
  public static void write(
      Path path, ModelDescription description, Collection<Variable> variables, VariableStore store)
      throws IOException {
    SequencedMap<String, TensorType> types = new LinkedHashMap<>();
    variables.stream().filter(Variable::isOfModel).forEach(v -> types.put(v.name(), v.type()));
    SequencedMap<String, TensorType> stored = store.types();
    long largest = types.keySet().stream().mapToLong(name -> bytes(stored, name)).max().orElse(0);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(largest, ALIGNMENT);
      write(path, description, types, name -> {
        NDArray value = NDArray.wrap(stored.get(name), buffer.asSlice(0, bytes(stored, name)));
        store.read(name, value);
        return value;
      });
    }
  }

  /**
   * Writes a model into a channel.
   *
   * @param types of all values, by name
   * @param values gives each value, of that type
   */
  public static void write(
      WritableByteChannel channel, ModelDescription description, SequencedMap<String, TensorType> types,
      Function<String, NDArray> values) throws IOException {
    checkAliases(description, types.keySet());
    SafeTensors.write(channel, types, values, Metadata.write(description));
  }

  private static long bytes(Map<String, TensorType> stored, String name) {
    TensorType type = stored.get(name);
    if (type == null) {
      throw new IllegalArgumentException("the store has no variable '" + name + "', only " + stored.keySet());
    }
    return type.bytes();
  }

  /** A value in another type of floats. */
  private static NDArray rounded(Path path, String name, NDArray value, DType to) {
    if (value.dtype() == to || !value.dtype().isFloating() || !to.isFloating()) {
      return value;
    }
    NDArray result = value.cast(to);
    for (long i = 0; to.bytes() < value.dtype().bytes() && i < result.size(); i++) {
      if (Double.isInfinite(result.get(i)) && Double.isFinite(value.get(i))) {
        throw new UncheckedIOException(FileException.at(path + ": tensor " + FileProblems.shown(name),
            "the number " + value.get(i) + ", which is infinite in " + to, "numbers that " + to + " can hold",
            to == DType.F16 ? "choose bf16, which has the range of f32" : "choose a wider type"));
      }
    }
    return result;
  }

  /**
   * Writes a model from wherever its values are, one after the other.
   *
   * @param types of all values, by name
   * @param values gives a value, which is not kept; floats of another type than wanted are rounded to it
   * @throws IOException if it cannot be written, or a number is too large for its type
   */
  public static void write(
      Path path, ModelDescription description, SequencedMap<String, TensorType> types, Function<String, NDArray> values)
      throws IOException {
    checkAliases(description, types.keySet());
    try {
      SafeTensors.write(path, types, name -> rounded(path, name, values.apply(name), types.get(name).dtype()),
          Metadata.write(description));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /**
   * Maps a file, for as long as an array of it can be reached.
   *
   * @throws FileException if it cannot be read or is no model
   */
  public static ModelFile read(Path path) throws FileException {
    return of(SafeTensors.open(path));
  }

  /** Maps a file for the life of an arena. */
  public static ModelFile read(Path path, Arena arena) throws FileException {
    return of(SafeTensors.open(path, arena));
  }

  /** The same of a file that is used for long: see {@link SafeTensors#hold}. */
  public static ModelFile hold(Path path, Arena arena) throws FileException {
    return of(SafeTensors.hold(path, arena));
  }

  /**
   * Reads from memory, which is copied.
   *
   * @param source how messages call it, as if it were a file
   */
  public static ModelFile read(byte[] bytes, String source) throws FileException {
    var copy = Arena.ofAuto().allocate(bytes.length, ALIGNMENT);
    MemorySegment.copy(bytes, 0, copy, ValueLayout.JAVA_BYTE, 0, bytes.length);
    return of(SafeTensors.of(copy, source));
  }

  /**
   * Reads a stream to its end; it is not closed.
   *
   * @param source how messages call it, as if it were a file
   */
  public static ModelFile read(InputStream in, String source) throws FileException {
    try {
      return read(in.readAllBytes(), source);
    } catch (FileException e) {
      throw e;
    } catch (IOException e) {
      throw FileException.at(source, String.valueOf(e.getMessage()), "a stream that can be read", "");
    }
  }

  /** The model that tensors and their metadata are. */
  public static ModelFile of(SafeTensors tensors) throws FileException {
    var description = Metadata.read(tensors.metadata(), tensors.source());
    for (var alias : description.aliases().entrySet()) {
      if (tensors.names().contains(alias.getValue()) && !tensors.names().contains(alias.getKey())) continue;
      throw FileException.at(tensors.source() + ": " + Metadata.ALIASES, "'" + alias.getKey() + "' for '"
          + alias.getValue() + "'", "a second name for a tensor of the file", "the file is damaged");
    }
    return new ModelFile(description, tensors);
  }

  /**
   * The values that variables of a model have in this file, in the order of the variables. Half and brain
   * floats are widened where a variable is wider.
   *
   * @param variables of the model as it was traced anew; slots and sessions are passed over
   * @throws FileException if one is missing or of another type, or the file has more
   */
  public SequencedMap<String, NDArray> values(Collection<Variable> variables) throws FileException {
    return values(variables, Map.of());
  }

  private SequencedMap<String, NDArray> values(Collection<Variable> variables, Map<String, String> called)
      throws FileException {
    SequencedMap<String, NDArray> values = new LinkedHashMap<>();
    Set<String> read = new HashSet<>();
    for (var variable : variables) {
      if (!variable.isOfModel()) continue;
      var name = called.getOrDefault(variable.name(), variable.name());
      var array = tensors.get(name);
      read.add(name);
      var wanted = variable.type();
      boolean wider = array.dtype().isFloating() && wanted.dtype().isFloating()
          && wanted.dtype().bytes() > array.dtype().bytes();
      if (!array.type().equals(wanted) && !(wider && array.shape().equals(wanted.shape()))) {
        throw FileException.at(tensors.source() + ": tensor " + FileProblems.shown(variable.name()),
            array.type().toString(), wanted + ", as the model has it",
            "the file belongs to another architecture");
      }
      values.put(variable.name(), array.cast(wanted.dtype()));
    }
    var more = tensors.names().stream().filter(name -> !read.contains(name)).toList();
    if (!more.isEmpty()) {
      throw FileException.at(tensors.source() + ": tensor " + FileProblems.shown(more.getFirst()),
          more.size() == 1 ? "a tensor that the model lacks" : "one of " + more.size()
              + " tensors that the model lacks",
          "the tensors of the model and no others", "the file belongs to another architecture");
    }
    return values;
  }

  /** Sets the variables of a model in a store to copies of their values. */
  public void copyTo(VariableStore store, Collection<Variable> variables) throws FileException {
    values(variables).forEach(store::write);
  }

  /**
   * Sets the variables of a model in a store, which reads them where they lie, in the mapped file: see {@link
   * VariableStore#adopt}. Only what the model wants wider than the file has it is copied.
   */
  public void lendTo(VariableStore store, Collection<Variable> variables) throws FileException {
    lendTo(store, variables, Map.of());
  }

  /**
   * The same where the file calls some of the variables otherwise.
   *
   * @param called names in the file, by the name of the variable
   */
  public void lendTo(VariableStore store, Collection<Variable> variables, Map<String, String> called)
      throws FileException {
    values(variables, called).forEach(store::adopt);
  }

  private static void checkAliases(ModelDescription description, Collection<String> names) {
    description.aliases().forEach((alias, stored) -> {
      if (names.contains(alias) || !names.contains(stored)) {
        throw new IllegalArgumentException("alias '" + alias + "' of '" + stored + "' among "
            + List.copyOf(names));
      }
    });
  }
}
