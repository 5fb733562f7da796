package dev.ashlar.model;

import dev.ashlar.api.Stable;
import dev.ashlar.program.Variable;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Key;
import dev.ashlar.tensor.Origin;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.tensor.Tensors;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A place in a model, named by a path such as {@code blocks.3.attention}. It gives a block its
 * parameters, state, random keys, mode and precision. A name asked for twice is an error: sharing is
 * said by {@link #shared} (one tensor) or {@link #again} (a whole part).
 */
@Stable
public final class Scope {

  private final Trace trace;
  private final String path;
  private final Names names;

  /** Names given in one scope; {@code again}: what exists is found rather than refused. */
  static final class Names {
    final boolean again;
    private final Set<String> used = new HashSet<>();
    private final Map<String, Integer> counts = new HashMap<>();

    Names(boolean again) {
      this.again = again;
    }

    String next(String kind) {
      String name = coming(kind);
      counts.merge(kind, 1, Integer::sum);
      return name;
    }

    String coming(String kind) {
      int count = counts.getOrDefault(kind, 0);
      return count == 0 ? kind : kind + "_" + count;
    }
  }

  Scope(Trace trace, String path, Names names) {
    this.trace = trace;
    this.path = path;
    this.names = names;
  }

  /** Path from the root; empty there. */
  public String path() {
    return path;
  }

  // ---------------------------------------------------------------- parts

  /**
   * A part of this scope.
   *
   * @throws IllegalStateException if there is a part of this name already
   */
  public Scope child(String name) {
    if (!names.used.add(name) && !names.again) {
      throw new IllegalStateException(
          "scope '" + path + "' has a part '" + name + "' already; use again(\"" + name + "\") to share it");
    }
    return new Scope(trace, join(name), new Names(names.again));
  }

  /** A part of this scope whose parameters and state are shared with its other uses. */
  public Scope again(String name) {
    return new Scope(trace, join(name), new Names(true));
  }

  /** Applies a layer as a part named after its kind: {@code dense}, {@code dense_1}, .. */
  public Tensor call(Layer layer, Tensor x) {
    return call(unnamed(layer), layer, x);
  }

  /** The name of a part that is given none; in the trace for an old file, what that file calls it. */
  private String unnamed(Block block) {
    if (trace.isForOldFile()) {
      for (String name : BlockNames.all(block)) {
        if (trace.hasPart(join(names.coming(name)))) {
          return names.next(name);
        }
      }
    }
    return names.next(BlockNames.of(block));
  }

  /** Applies a layer as a part of the given name. */
  public Tensor call(String name, Layer layer, Tensor x) {
    return child(name).apply(layer, x);
  }

  /** Applies a block as a part named after its kind. */
  public Tensors call(Block block, Tensors in) {
    return call(unnamed(block), block, in);
  }

  /** Applies a block as a part of the given name. */
  public Tensors call(String name, Block block, Tensors in) {
    return child(name).apply(block, in);
  }

  /** Applies a layer in this very scope. */
  public Tensor apply(Layer layer, Tensor x) {
    return trace.applied(path, layer, Tensors.of(x), () ->
        Tensors.of(Objects.requireNonNull(
            Origin.within(path, () -> layer.forward(x, this)), "forward gave null"))).only();
  }

  /** Applies a block in this very scope. */
  public Tensors apply(Block block, Tensors in) {
    return trace.applied(path, block, in, () -> Origin.within(path, () -> block.forward(in, this)));
  }

  // ---------------------------------------------------------------- variables

  /** A trained parameter; its connections are counted from its shape. */
  public Tensor parameter(String name, Shape shape, Initializer initializer) {
    return parameter(name, shape, Initializer.Fans.of(shape), initializer);
  }

  /**
   * A trained parameter, kept in the parameter precision and given in that of computation.
   *
   * @param fans connections, for initializers that scale by them
   */
  public Tensor parameter(String name, Shape shape, Initializer.Fans fans, Initializer initializer) {
    TensorType type = new TensorType(trace.precision().parameter(), shape);
    return create(name, Variable.Kind.PARAMETER, type, fans, initializer).value().cast(trace.precision().compute());
  }

  /** A value that lasts between runs and is saved with the model, but not trained: running statistics. */
  public State variable(String name, TensorType type, Initializer initializer) {
    return create(name, Variable.Kind.STATE, type, Initializer.Fans.of(type.shape()), initializer);
  }

  /** A value that lasts as long as a training run: an optimizer's memory. */
  public State slot(String name, TensorType type, Initializer initializer) {
    return create(name, Variable.Kind.SLOT, type, Initializer.Fans.of(type.shape()), initializer);
  }

  /** A value that lasts as long as one caller's session and is never saved: a cache. Starts as zeros. */
  public State session(String name, TensorType type) {
    trace.placed(path);
    return create(name, Variable.Kind.SESSION, type, Initializer.Fans.of(type.shape()), Initializer.ZEROS);
  }

  /**
   * A parameter that another part created, in the precision of computation; stored once.
   *
   * @param target its path, for example {@code embedding.weight}: from here, or else from the
   *     nearest enclosing scope that has it
   */
  public Tensor shared(String target) {
    String from = path;
    while (!trace.has(within(from, target)) && !from.isEmpty()) {
      from = from.substring(0, Math.max(0, from.lastIndexOf('.')));
    }
    return trace.shared(join(target), within(from, target)).cast(trace.precision().compute());
  }

  private State create(
      String name, Variable.Kind kind, TensorType type, Initializer.Fans fans, Initializer initializer) {
    String full = join(name);
    Tensor start = Origin.within(full, () -> initializer.initialize(type, fans, trace.startKey(full)));
    return trace.variable(full, kind, type, start, names.again);
  }

  // ---------------------------------------------------------------- circumstances

  /** What the model is traced for. */
  public Mode mode() {
    return trace.mode();
  }

  /** Whether noise is on and batch statistics are used. */
  public boolean training() {
    return trace.mode() == Mode.TRAINING;
  }

  /** Element types. */
  public Precision precision() {
    return trace.precision();
  }

  /** The key of this scope for one purpose: differs by path, run, step and purpose. */
  public Key key(String purpose) {
    return trace.runKey().child(join(purpose));
  }

  /** How far training has come. */
  public Schedule.Progress progress() {
    return trace.progress();
  }

  /** Which examples count, [batch], 0 for padding; absent where all do. */
  public Optional<Tensor> exampleWeights() {
    return trace.exampleWeights();
  }

  /** Number of positions that caches hold, when a sequence is decoded piece by piece. */
  public OptionalInt decodingCapacity() {
    return trace.decodingCapacity();
  }

  /** Position of the first token of this call in its sequence, an i32 scalar; 0 unless decoding. */
  public Tensor position() {
    trace.placed(path);
    TensorType type = TensorType.of(DType.I32);
    return trace.decodingCapacity().isPresent() ? Tensor.input(Trace.POSITION, type) : Tensor.zeros(type);
  }

  /**
   * How many positions at the start of each sequence hold no token, i32 [batch], when sequences of different lengths
   * are decoded together, their ends in line; absent where all begin at position 0. A part that asks for {@link
   * #position} or keeps something in a {@link #session} asks for this too, or sequences are decoded one by one.
   */
  public Optional<Tensor> padding() {
    return trace.padding(path);
  }

  /** Says that this part knows so many positions and no more, as a table of them does. */
  public void longestSequence(int positions) {
    trace.longest(positions);
  }

  /** Marks a value that is returned on request; gives it back. */
  public Tensor tap(String name, Tensor value) {
    trace.tap(join(name), value);
    return value;
  }

  private String join(String name) {
    return within(path, name);
  }

  private static String within(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }
}
