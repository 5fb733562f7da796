package dev.ashlar.program;

import dev.ashlar.api.Stable;
import dev.ashlar.tensor.Evaluator;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.Tensors;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** Compiles computations for a kind of hardware, and holds variables there. Thread-safe. */
@Stable
public interface Backend extends Evaluator, AutoCloseable {

  /** Short name: {@code cpu}, {@code reference}. */
  String name();

  /** One line on what will run and why: vector width, threads, what was refused. */
  String describe();

  /**
   * What the computation needs and this backend lacks, one sentence each, naming operation, types
   * and origin; empty if it can be compiled.
   */
  List<String> missing(Computation computation);

  /**
   * Compiles.
   *
   * @throws UnsupportedOperationException if something is {@linkplain #missing missing}: names all of it
   */
  Program compile(Computation computation);

  @Override
  default NDArray evaluate(Tensor tensor, Map<String, NDArray> arguments) {
    Computation computation = new Computation("evaluate", Tensors.of(tensor), List.of());
    try (VariableStore store = newStore()) {
      return compile(computation).run(store, arguments).get("value");
    }
  }

  /**
   * Lets a profiler know what programs do whose workspaces are opened from now on. By default nothing: a backend need
   * not take times.
   */
  default void profile(Profiler profiler) {}

  /**
   * f32 operations a second that the hardware does at most with all that this backend may use of it, as measured when
   * it is asked for the first time; that takes some hundredths of a second. By default not known.
   */
  default OptionalDouble peak() {
    return OptionalDouble.empty();
  }

  /** An empty store for variables. */
  VariableStore newStore();

  /** Waits for running programs, then frees threads and memory. */
  @Override
  void close();
}
