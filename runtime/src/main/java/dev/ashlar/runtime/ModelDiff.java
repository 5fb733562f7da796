package dev.ashlar.runtime;

import dev.ashlar.config.Binder;
import dev.ashlar.config.FileException;
import dev.ashlar.config.NameResolver;
import dev.ashlar.config.Place;
import dev.ashlar.io.huggingface.HuggingFaceFolder;
import dev.ashlar.io.model.ModelDescription;
import dev.ashlar.io.model.ModelFile;
import dev.ashlar.io.safetensors.SafeTensors;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.TensorType;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/**
 * How two models differ. Nothing of them is run, and no plug-in is needed.
 *
 * @param changes of all but the weights, by path: architecture, transforms, signature, precision, plug-ins, notes
 * @param tensors that differ, or that one of the two lacks
 * @param equalTensors how many are the same, bit by bit
 */
public record ModelDiff(List<Change> changes, List<TensorChange> tensors, int equalTensors) {

  /**
   * A value that differs.
   *
   * @param path such as {@code model[1].layers:dense@1.units}
   * @param before in the first model; empty if it has none there
   * @param after in the second
   */
  public record Change(String path, Optional<String> before, Optional<String> after) {}

  /**
   * A tensor that differs.
   *
   * @param name of the tensor
   * @param before its type in the first model; empty if it has none of that name
   * @param after its type in the second
   * @param normBefore root of the sum of squares; NaN if there is none
   * @param normAfter the same of the second
   * @param norm of the difference; NaN where shapes differ
   * @param largest difference of two elements; NaN where shapes differ
   */
  public record TensorChange(String name, Optional<String> before, Optional<String> after, double normBefore,
      double normAfter, double norm, double largest) {}

  /** Copies the lists. */
  public ModelDiff {
    changes = List.copyOf(changes);
    tensors = List.copyOf(tensors);
  }

  /** Whether the models are the same. */
  public boolean isEmpty() {
    return changes.isEmpty() && tensors.isEmpty();
  }

  /**
   * Compares two files.
   *
   * @throws IOException if one cannot be read or is no model
   */
  public static ModelDiff of(Path first, Path second) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      ModelFile a = file(first, arena);
      ModelFile b = file(second, arena);
      List<TensorChange> tensors = new ArrayList<>();
      SequencedSet<String> names = new LinkedHashSet<>(a.tensors().names());
      names.addAll(b.tensors().names());
      for (String name : names) {
        compared(name, a.tensors(), b.tensors()).ifPresent(tensors::add);
      }
      return new ModelDiff(changes(a.description(), b.description()), tensors, names.size() - tensors.size());
    }
  }

  private static ModelFile file(Path path, Arena arena) throws FileException {
    if (HuggingFaceFolder.is(path)) {
      throw FileException.at(path.toString(), "a Hugging Face folder", "one file with a model in it",
          "make one of the folder: ashlar import " + path + " model.safetensors");
    }
    return ModelFile.read(path, arena);
  }

  // ---------------------------------------------------------------- all but the weights

  private static List<Change> changes(ModelDescription first, ModelDescription second) {
    return Leaves.changes(leaves(first), leaves(second));
  }

  private static Map<String, String> leaves(ModelDescription description) {
    Binder binder = new Binder(NameResolver.NONE, Path.of(""));
    Map<String, String> leaves = new LinkedHashMap<>();
    Leaves.of(description.transforms().placed(Place.ROOT.key("transforms")), leaves);
    Leaves.of(description.architecture().placed(Place.ROOT.key("model")), leaves);
    Leaves.of(binder.write(description.signature()), leaves);
    Leaves.of(binder.write(description.precision()).placed(Place.ROOT.key("precision")), leaves);
    description.plugins().forEach(plugin -> leaves.put("plugins." + plugin.name(), plugin.version()));
    description.aliases().forEach((alias, stored) -> leaves.put("aliases." + alias, stored));
    description.notes().forEach((name, note) -> leaves.put("notes." + name, note));
    return leaves;
  }

  // ---------------------------------------------------------------- weights

  private static Optional<TensorChange> compared(String name, SafeTensors first, SafeTensors second)
      throws IOException {
    Optional<TensorType> before = first.type(name);
    Optional<TensorType> after = second.type(name);
    NDArray a = before.isPresent() ? first.get(name) : null;
    NDArray b = after.isPresent() ? second.get(name) : null;
    if (a != null && b != null && before.equals(after) && a.data().mismatch(b.data()) < 0) {
      return Optional.empty();
    }
    boolean alike = a != null && b != null && a.shape().equals(b.shape());
    double sum = 0;
    double largest = 0;
    for (long i = 0; alike && i < a.size(); i++) {
      double difference = Math.abs(a.get(i) - b.get(i));
      sum += difference * difference;
      largest = Math.max(largest, difference);
    }
    return Optional.of(new TensorChange(name, before.map(TensorType::toString), after.map(TensorType::toString),
        norm(a), norm(b), alike ? Math.sqrt(sum) : Double.NaN, alike ? largest : Double.NaN));
  }

  private static double norm(@Nullable NDArray values) {
    if (values == null) {
      return Double.NaN;
    }
    double sum = 0;
    for (long i = 0; i < values.size(); i++) {
      sum += values.get(i) * values.get(i);
    }
    return Math.sqrt(sum);
  }
}
