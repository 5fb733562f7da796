package dev.ashlar.program;

import dev.ashlar.api.Stable;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.ShapeException;
import dev.ashlar.tensor.TensorType;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Stream;

/** A compiled computation. Immutable; shared by any number of threads, each with its {@link Workspace}. */
@Stable
public interface Program {

  /** The computation's name. */
  String name();

  /** Types of the arguments, by name. */
  SequencedMap<String, TensorType> arguments();

  /** Types of the results, by name. */
  SequencedMap<String, TensorType> results();

  /** Bytes that a workspace takes beyond arguments, results and variables. */
  long workspaceBytes();

  /** Bytes of an open workspace: arguments, results and what lies between. */
  default long bytes() {
    return workspaceBytes() + Stream.concat(arguments().values().stream(), results().values().stream())
        .mapToLong(TensorType::bytes).sum();
  }

  /**
   * Memory to run in, over variables of a store. Variables that the program gives a value without
   * reading one are created.
   *
   * @throws IllegalStateException if a variable that is read has no value: names all of them
   */
  Workspace open(VariableStore store);

  /**
   * Runs once, in a workspace of its own: simple, for calls that are rare.
   *
   * @param arguments one array for each argument, of its type
   * @return copies of the results
   */
  default Map<String, NDArray> run(VariableStore store, Map<String, NDArray> arguments) {
    try (Workspace workspace = open(store)) {
      arguments().forEach((name, type) -> {
        NDArray value = arguments.get(name);
        if (value == null || !value.type().equals(type)) {
          throw new ShapeException(
              "argument '" + name + "' of program '" + name() + "'", type.toString(), value == null ? "nothing" : value.type().toString());
        }
        workspace.argument(name).data().copyFrom(value.data());
      });
      workspace.run();
      Map<String, NDArray> copies = new LinkedHashMap<>();
      results().keySet().forEach(name -> copies.put(name, workspace.result(name).copy()));
      return copies;
    }
  }
}
