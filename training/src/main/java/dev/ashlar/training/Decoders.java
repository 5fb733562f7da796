package dev.ashlar.training;

import dev.ashlar.model.Trace;
import dev.ashlar.program.Computation;
import dev.ashlar.program.Lookups;
import dev.ashlar.program.Program;
import dev.ashlar.program.Variable;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * The programs that decode a model's sequences, for all its sessions. Programs of one kind differ in how many tokens
 * they take at once. Thread-safe.
 */
final class Decoders {

  /** Programs that are kept: those asked for last. */
  private static final int KEPT = 64;

  /**
   * Programs that can share a session.
   *
   * @param rows sequences
   * @param room positions that caches hold
   */
  record Kind(int rows, int room) {}

  private record Key(Kind kind, int count) {}

  /**
   * What is known before a program is compiled.
   *
   * @param heedless parts that do not heed padding: where there are some, programs know of none
   * @param longest sequence that all parts know positions of
   * @param lookups what a token must be
   */
  record Facts(List<String> heedless, OptionalInt longest, Lookups lookups) {
    boolean pads() {
      return heedless.isEmpty();
    }
  }

  /**
   * A program.
   *
   * @param program as it was compiled
   * @param kept what lasts as long as a session
   */
  record Compiled(Program program, List<Variable> kept) {}

  private record Traced(Computation computation, Trace trace) {}

  private final Edition model;
  private final Map<Key, CompletableFuture<Compiled>> programs = newest();
  private @Nullable Facts facts;

  Decoders(Edition model) {
    this.model = model;
  }

  private static <K, V> Map<K, V> newest() {
    return new LinkedHashMap<>(16, 0.75f, true) {
      private static final long serialVersionUID = 1;

      @Override
      protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > KEPT;
      }
    };
  }

  /** Name of the input that holds the tokens. */
  String input() {
    return model.signature().inputs().keySet().iterator().next();
  }

  /**
   * What is known of the model.
   *
   * @throws IllegalArgumentException if it does not decode
   */
  synchronized Facts facts() {
    if (facts == null) {
      Traced one = traced(new Kind(1, 1), 1, true);
      facts = new Facts(one.trace.heedlessOfPadding(), one.trace.longestSequence(),
          Lookups.of(one.computation.graph()));
    }
    return facts;
  }

  /** Begins to compile a program, unless it is there. */
  void prepare(Kind kind, int count) {
    begun(kind, count);
  }

  /** The program that takes so many tokens of each row. */
  Compiled program(Kind kind, int count) {
    try {
      return begun(kind, count).join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  private synchronized CompletableFuture<Compiled> begun(Kind kind, int count) {
    boolean pads = facts().pads();
    return programs.computeIfAbsent(new Key(kind, count), _ -> CompletableFuture.supplyAsync(
        () -> compiled(traced(kind, count, pads).computation),
        task -> Thread.ofPlatform().daemon().name("ashlar-compile").start(task)));
  }

  private Compiled compiled(Computation computation) {
    return new Compiled(model.backend().compile(computation), computation.variables().stream()
        .filter(variable -> variable.kind() == Variable.Kind.SESSION)
        .toList());
  }

  /** So many tokens of each row, from {@link Trace#POSITION} on. */
  private Traced traced(Kind kind, int count, boolean padded) {
    TensorType type = model.signature().inputTypes().firstEntry().getValue();
    if (type.shape().rank() != 1 || !type.dtype().isInteger() || model.signature().inputs().size() != 1) {
      throw new IllegalArgumentException("a model of sequences of whole numbers decodes; this one takes "
          + model.signature().inputTypes());
    }
    Trace trace = model.decoding(kind.room);
    if (padded) {
      trace = trace.withPadding(Tensor.input(Trace.PADDING, TensorType.of(DType.I32, kind.rows)));
    }
    Tensor tokens = Tensor.input(input(), type.withShape(Shape.of(kind.rows, count)));
    Tensor output = trace.root().apply(model.architecture(), Tensors.of(input(), tokens)).first();
    if (output.rank() < 3 || output.dim(1) != count) {
      throw new IllegalArgumentException("a model that gives an output for each of its tokens decodes, ["
          + kind.rows + ", tokens, ..]; this one gives " + output.shape());
    }
    Tensor last = output.slice(1, count - 1, count);
    return new Traced(new Computation("decode",
        Tensors.of(Programs.OUTPUT, last.cast(model.precision().output())), trace.variables()), trace);
  }

  /** Waits for what is being compiled. */
  synchronized void close() {
    programs.values().forEach(program -> program.handle((_, _) -> 0).join());
  }
}
