package dev.ashlar.training;

import dev.ashlar.config.FileException;
import dev.ashlar.io.checkpoint.CheckpointFolder;
import dev.ashlar.io.checkpoint.CheckpointFolder.Part;
import dev.ashlar.io.checkpoint.CheckpointSeries;
import dev.ashlar.io.files.AtomicFiles;
import dev.ashlar.io.json.Json;
import dev.ashlar.io.model.ModelDescription;
import dev.ashlar.io.model.ModelFile;
import dev.ashlar.io.safetensors.SafeTensors;
import dev.ashlar.program.Variable;
import dev.ashlar.program.VariableStore;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.TensorType;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a checkpoint holds: the model as a file of its own, all other variables, the best model if that is another, and
 * what the host knows. Where weights have moving averages, these are in the model's file, as they are what is measured
 * and kept, and the weights are among the others.
 */
final class CheckpointContent implements AutoCloseable {

  /** Before the names of what metrics add up, among the other variables; no path of a variable has a colon. */
  private static final String SUMS = "sums:";
  private static final long ALIGNMENT = 64;

  private final Model model;
  private final List<Variable> variables;
  private final VariableStore store;
  private final Snapshot best;
  private final @Nullable Snapshot copies;
  /** The hash of the best model's file, and of which epoch it is; for the thread that writes. */
  private String bestHash = "";
  private int bestHashed;
  private @Nullable Form form;

  /** How the values lie in the files: what the model's file calls a value, and which variable that is. */
  private record Form(ModelDescription description, SequencedMap<String, TensorType> model,
      SequencedMap<String, TensorType> slots, Map<String, String> averages) {}

  /**
   * @param variables of all programs of the run
   * @param best where the best model is
   * @param isCopied whether there is room for a copy of them all
   */
  CheckpointContent(Model model, List<Variable> variables, VariableStore store, Snapshot best, boolean isCopied) {
    this.model = model;
    this.variables = variables;
    this.store = store;
    this.best = best;
    this.copies = isCopied ? new Snapshot(variables, store) : null;
  }

  /** Whether what is written is a copy, so that training can go on meanwhile. */
  boolean isCopied() {
    return copies != null;
  }

  /** The state as it is now, to be written. The best model must stay as it is until then. */
  Frozen freeze(RunState state) {
    if (copies != null) {
      copies.take();
    }
    return new Frozen(state, best.isTaken());
  }

  /** What a run was after an update. */
  final class Frozen {
    private final RunState state;
    private final boolean hasBest;

    private Frozen(RunState state, boolean hasBest) {
      this.state = state;
      this.hasBest = hasBest;
    }

    /** Writes a checkpoint, reads it back, then removes those that it makes superfluous: all but so many. */
    Path writeTo(Checkpoints where, int keep) throws IOException {
      CheckpointSeries series = where.series();
      Path path = series.at(state.steps());
      AtomicFiles.removeFolder(path); // of a run that went on from an earlier point, as this one did
      CheckpointFolder written = CheckpointFolder.write(path, parts(where), where.about().get());
      if (hasBest) {
        bestHash = written.files().get(Checkpoint.BEST).sha256();
        bestHashed = state.keptEpoch();
      }
      series.prune(state.steps(), keep);
      return path;
    }

    private SequencedMap<String, Part> parts(Checkpoints where) throws FileException {
      Form files = form(where);
      SequencedMap<String, TensorType> slots = new LinkedHashMap<>(files.slots());
      Map<String, NDArray> sums = new LinkedHashMap<>();
      state.sums().statistics().forEach((name, numbers) -> {
        NDArray array = NDArray.of(Shape.of(numbers.length), numbers);
        sums.put(SUMS + name, array);
        slots.put(SUMS + name, array.type());
      });
      SequencedMap<String, Part> parts = new LinkedHashMap<>();
      parts.put(ModelFile.FILE_NAME, part((channel, values) -> ModelFile.write(channel, files.description(),
          files.model(), name -> values.apply(files.averages().getOrDefault(name, name)))));
      parts.put(Checkpoint.SLOTS, part((channel, values) -> SafeTensors.write(channel, slots,
          name -> sums.containsKey(name) ? sums.get(name) : values.apply(name), Map.of())));
      if (hasBest) {
        Optional<String> known = bestHashed == state.keptEpoch() ? Optional.of(bestHash) : Optional.empty();
        parts.put(Checkpoint.BEST, new Part(channel ->
            ModelFile.write(channel, files.description(), files.model(), best::value), known));
      }
      parts.put(Checkpoint.STATE,
          Part.of(Json.writeIndented(state.written()).getBytes(StandardCharsets.UTF_8)));
      return parts;
    }
  }

  private interface Writing {
    void to(WritableByteChannel channel, Function<String, NDArray> values) throws IOException;
  }

  /** A file that values are written to: copies, or as the store has them. */
  private Part part(Writing writing) {
    return Part.of(channel -> {
      try (Arena arena = Arena.ofConfined()) {
        writing.to(channel, copies != null ? copies::value : stored(arena));
      }
    });
  }

  private Form form(Checkpoints where) throws FileException {
    if (form == null) {
      ModelWriter.Form saved = model.form(where.plugins());
      SequencedMap<String, TensorType> slots = new LinkedHashMap<>();
      Map<String, String> averages = averages(variables);
      variables.stream().filter(variable -> averages.containsKey(variable.name())
              || !saved.types().containsKey(variable.name()) && !averages.containsValue(variable.name()))
          .forEach(variable -> slots.put(variable.name(), variable.type()));
      form = new Form(saved.description(), saved.types(), slots, averages);
    }
    return form;
  }

  /** Names of the moving averages, by what they are averages of. */
  private static Map<String, String> averages(List<Variable> variables) {
    Map<String, String> averages = new LinkedHashMap<>();
    variables.forEach(variable -> {
      String average = Updates.average(variable.name());
      if (variables.stream().anyMatch(other -> other.name().equals(average))) {
        averages.put(variable.name(), average);
      }
    });
    return averages;
  }

  /** Values as the store has them, one after the other in the same memory. */
  private Function<String, NDArray> stored(Arena arena) {
    long largest = variables.stream().mapToLong(variable -> variable.type().bytes()).max().orElse(0);
    var buffer = arena.allocate(largest, ALIGNMENT);
    SequencedMap<String, TensorType> types = store.types();
    return name -> {
      NDArray value = NDArray.wrap(types.get(name), buffer.asSlice(0, types.get(name).bytes()));
      store.read(name, value);
      return value;
    };
  }

  @Override
  public void close() {
    if (copies != null) {
      copies.close();
    }
  }

  // ---------------------------------------------------------------- reading

  /**
   * Gives a store the values of a checkpoint.
   *
   * @param variables of the run that goes on
   * @return what metrics had added up, by name
   * @throws FileException if the run has other variables than the checkpoint
   */
  static Map<String, double[]> restore(Checkpoint checkpoint, List<Variable> variables, VariableStore store)
      throws FileException {
    SafeTensors model = checkpoint.model();
    SafeTensors slots = checkpoint.slots();
    Map<String, String> averages = averages(variables);
    Map<String, String> averaged = new LinkedHashMap<>();
    averages.forEach((name, average) -> averaged.put(average, name));
    for (Variable variable : variables) {
      String name = variable.name();
      boolean inModel = averaged.containsKey(name) || !slots.names().contains(name);
      SafeTensors file = inModel ? model : slots;
      String stored = averaged.getOrDefault(name, name);
      Optional<TensorType> found = file.names().contains(stored) ? file.type(stored) : Optional.empty();
      if (!found.equals(Optional.of(variable.type()))) {
        throw FileException.at(checkpoint.path() + ": '" + name + "'",
            found.map(TensorType::toString).orElse("nothing of that name"), variable.type() + ", as this run has it",
            "a run goes on with the same model, optimizer and accumulation; for others, begin a new run");
      }
      store.write(name, file.get(stored));
    }
    Map<String, double[]> sums = new LinkedHashMap<>();
    for (String name : slots.names()) {
      if (name.startsWith(SUMS) && slots.type(name).filter(type -> type.dtype() == DType.F64).isPresent()) {
        sums.put(name.substring(SUMS.length()), slots.get(name).toDoubles());
      } else if (variables.stream().noneMatch(variable -> variable.name().equals(name))) {
        throw FileException.at(checkpoint.path() + ": '" + name + "'", "a value that this run has no place for",
            "those of its own variables",
            "a run goes on with the same model, optimizer and accumulation; for others, begin a new run");
      }
    }
    return sums;
  }
}
