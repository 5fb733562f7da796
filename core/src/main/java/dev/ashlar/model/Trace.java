package dev.ashlar.model;

import dev.ashlar.api.Stable;
import dev.ashlar.program.Variable;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Key;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.ShapeException;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.tensor.Tensors;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Collects what blocks ask for while they build a graph: parameters, state, taps. One trace makes
 * one computation; nothing is allocated or run. Not thread-safe.
 */
@Stable
public final class Trace {

  /** Argument of {@code initialize} programs: the run's seed, i32[2]. */
  public static final String SEED = "seed";

  /** Argument of decoding programs: position of the first token of this call, an i32 scalar. */
  public static final String POSITION = "position";

  /** Argument of decoding programs: how many positions at the start of each sequence hold no token, i32 [batch]. */
  public static final String PADDING = "padding";

  /** Variable that counts the updates made, an i32 scalar. */
  public static final String STEP = "training.step";

  /** Variable that counts the batches whose gradients are waiting for an update, an i32 scalar. */
  public static final String WAITING = "training.waiting";

  /** Variable that counts how often the host has measured the model, an i32 scalar. */
  public static final String MEASUREMENTS = "training.measurements";

  /** Variable of what the host has measured last, smaller for a better model, an f32 scalar. */
  public static final String LATEST = "training.latest";

  private static final String TRAINING_SEED = "training.seed";

  private final Mode mode;
  private final Precision precision;
  private final long totalSteps;
  private final OptionalInt decodingCapacity;
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final Map<String, String> aliases = new LinkedHashMap<>();
  private final Map<String, Entry> sources = new LinkedHashMap<>();
  private Map<String, Stored> stored = Map.of();
  private final Set<String> parts = new HashSet<>();
  /** A line in a file says how often a part is repeated, and it may be repeated in one that is repeated. */
  private static final int MOST = 10_000;

  private final List<Application> applications = new ArrayList<>();
  private final Map<Schedule, Tensor> remembered = new HashMap<>();
  private Tensors taps = Tensors.empty();
  private boolean accumulates;
  private Optional<Tensor> exampleWeights = Optional.empty();
  private Optional<Tensor> padding = Optional.empty();
  private final Set<String> placed = new LinkedHashSet<>();
  private final Set<String> padded = new HashSet<>();
  private OptionalInt longest = OptionalInt.empty();

  private record Entry(Variable.Kind kind, State state, Tensor start) {}

  private Trace(Mode mode, Precision precision, long totalSteps, OptionalInt decodingCapacity) {
    this.mode = mode;
    this.precision = precision;
    this.totalSteps = totalSteps;
    this.decodingCapacity = decodingCapacity;
  }

  /**
   * For training.
   *
   * @param totalSteps number of updates in the whole run, for schedules
   */
  public static Trace training(Precision precision, long totalSteps) {
    return new Trace(Mode.TRAINING, precision, totalSteps, OptionalInt.empty());
  }

  /** For evaluation and prediction. */
  public static Trace inference(Precision precision) {
    return new Trace(Mode.INFERENCE, precision, 0, OptionalInt.empty());
  }

  /**
   * For decoding a sequence piece by piece: attention keeps keys and values of up to {@code
   * capacity} positions in session variables.
   */
  public static Trace decoding(Precision precision, int capacity) {
    return new Trace(Mode.INFERENCE, precision, 0, OptionalInt.of(capacity));
  }

  /** The scope of the whole model. */
  public Scope root() {
    return new Scope(this, "", new Scope.Names(false));
  }

  /** Says which examples count: [batch]; layers with batch statistics obey it. */
  public Trace withExampleWeights(Tensor weights) {
    exampleWeights = Optional.of(weights);
    return this;
  }

  /** Says how many positions at the start of each sequence hold no token: i32 [batch]; see {@link Scope#padding}. */
  public Trace withPadding(Tensor positions) {
    padding = Optional.of(positions);
    return this;
  }

  /**
   * Says which parameters have no variable of their own, but are read out of others, by path. Such a trace is for
   * looking, not for training: the variables are called as their files call them.
   */
  public Trace withStored(Map<String, Stored> elsewhere) {
    stored = Map.copyOf(elsewhere);
    return this;
  }

  /**
   * Calls parts without a name as a file calls them, where this is an earlier name of their kind ({@link
   * dev.ashlar.config.Alias}): what is asked for is then called as in the file, in the same order as without it.
   *
   * @param names of what the file holds
   */
  public Trace withNamesOf(Collection<String> names) {
    names.forEach(name -> {
      for (int end = name.indexOf('.'); end >= 0; end = name.indexOf('.', end + 1)) {
        parts.add(name.substring(0, end));
      }
    });
    return this;
  }

  boolean isForOldFile() {
    return !parts.isEmpty();
  }

  boolean hasPart(String path) {
    return parts.contains(path);
  }

  /**
   * Paths of the parts that ask where in a sequence they are, or keep something of it, and never ask which positions
   * hold no token: what they give for a sequence depends on the padding.
   */
  public List<String> heedlessOfPadding() {
    return placed.stream().filter(path -> !padded.contains(path)).toList();
  }

  /** The longest sequence that all parts know positions of; empty where there is no such limit. */
  public OptionalInt longestSequence() {
    return longest;
  }

  /** Says that an update is made of several batches: noise differs from batch to batch by {@link #waiting}. */
  public Trace accumulating() {
    accumulates = true;
    return this;
  }

  /** All variables so far, in the order in which they were asked for. */
  public List<Variable> variables() {
    List<Variable> variables = new ArrayList<>();
    sources.forEach((name, e) ->
        variables.add(new Variable(name, e.kind, e.state.before(), e.state.value(), e.start)));
    entries.forEach((path, e) -> {
      if (!stored.containsKey(path)) {
        variables.add(new Variable(path, e.kind, e.state.before(), e.state.value(), e.start));
      }
    });
    return variables;
  }

  /** The trained parameters so far: their values before the run, by path. */
  public Tensors parameters() {
    Map<String, Tensor> parameters = new LinkedHashMap<>();
    entries.forEach((path, e) -> {
      if (e.kind == Variable.Kind.PARAMETER) {
        parameters.put(path, e.state.before());
      }
    });
    return Tensors.of(parameters);
  }

  /** Says what variables become: for each path the value after the run. */
  public void update(Tensors values) {
    values.asMap().forEach((path, value) -> entry(path).state.set(value));
  }

  /** Tensors that blocks marked, by path and name. */
  public Tensors taps() {
    return taps;
  }

  /**
   * The blocks applied so far, each before its parts. If one failed, the last without outputs is the
   * innermost that did.
   */
  public List<Application> applications() {
    return List.copyOf(applications);
  }

  /** Second names of shared parameters: from where they are used to where they are stored. */
  public Map<String, String> aliases() {
    return Map.copyOf(aliases);
  }

  /** The number of updates made so far and in all. */
  public Schedule.Progress progress() {
    return new Schedule.Progress(step().value(), totalSteps, Optional.of(new Feedback()));
  }

  /** Measures as variables that the host writes; schedules keep their memory beside them. */
  private final class Feedback implements Schedule.Feedback {
    @Override
    public Tensor measurements() {
      return counter(MEASUREMENTS).value();
    }

    @Override
    public Tensor latest() {
      TensorType type = TensorType.of(DType.F32);
      return variable(LATEST, Variable.Kind.SLOT, type, Tensor.zeros(type), true).value();
    }

    @Override
    public Tensor remembered(Schedule key, Function<Scope, Tensor> make) {
      Tensor known = remembered.get(key);
      if (known == null) {
        known = make.apply(root().again("training").again("schedule_" + remembered.size()));
        remembered.put(key, known);
      }
      return known;
    }
  }

  /** The count of batches whose gradients are waiting; a program that adds gradients sets it to one more. */
  public State waiting() {
    return counter(WAITING);
  }

  /** The count of updates; a training program sets it to one more. */
  public State step() {
    return counter(STEP);
  }

  private State counter(String name) {
    TensorType type = TensorType.of(DType.I32);
    return variable(name, Variable.Kind.SLOT, type, Tensor.zeros(type), true);
  }

  // ---------------------------------------------------------------- for scopes

  /** Keeps a record of a block's work. */
  Tensors applied(String path, Block block, Tensors in, Supplier<Tensors> work) {
    int index = applications.size();
    if (index == MOST) {
      throw new IllegalArgumentException("a model of more than " + MOST + " parts");
    }
    applications.add(new Application(path, block, in, Optional.empty()));
    // A stranger's code may give anything: told here, while the part to blame is the last one at work.
    Tensors out = Objects.requireNonNull(work.get(), "forward gave null");
    if (out.size() == 0 && in.size() > 0) {
      throw new IllegalStateException("forward gave no tensor at all");
    }
    applications.set(index, new Application(path, block, in, Optional.of(out)));
    return out;
  }

  Mode mode() {
    return mode;
  }

  Precision precision() {
    return precision;
  }

  OptionalInt decodingCapacity() {
    return decodingCapacity;
  }

  Optional<Tensor> exampleWeights() {
    return exampleWeights;
  }

  Optional<Tensor> padding(String path) {
    padded.add(path);
    return padding;
  }

  /** Notes that a part depends on where in its sequence it is. */
  void placed(String path) {
    placed.add(path);
  }

  void longest(int positions) {
    longest = OptionalInt.of(Math.min(positions, longest.orElse(positions)));
  }

  /** Randomness of a training run varies by seed and step, both variables: a resumed run goes on alike. */
  Key runKey() {
    TensorType type = TensorType.of(DType.I32, 2);
    Tensor argument = Tensor.input(SEED, type);
    if (mode != Mode.TRAINING) {
      return Key.of(argument);
    }
    Tensor seed = variable(TRAINING_SEED, Variable.Kind.SLOT, type, argument, true).value();
    Key ofStep = Key.of(seed).fold(step().before());
    return accumulates ? ofStep.fold(waiting().before()) : ofStep;
  }

  /** The key that gives a variable its first value. */
  Key startKey(String path) {
    return Key.of(Tensor.input(SEED, TensorType.of(DType.I32, 2))).child(path);
  }

  State variable(String path, Variable.Kind kind, TensorType type, Tensor start, boolean again) {
    Entry known = entries.get(path);
    if (known != null) {
      if (!again) {
        throw new IllegalStateException(
            "variable '" + path + "' is asked for twice; give the parts different names,"
                + " or share it with scope.shared(path) or scope.again(name)");
      }
      TensorType expected = stored.containsKey(path) ? type.withDType(known.state.before().dtype()) : type;
      if (known.kind != kind || !known.state.before().type().equals(expected)) {
        throw new IllegalStateException("variable '" + path + "' is " + known.state.before().type()
            + " and asked for again as " + type);
      }
      return known.state;
    }
    Stored elsewhere = stored.get(path);
    State state = new State(elsewhere == null ? Tensor.apply(new Op.Input(Op.Role.VARIABLE, path, type))
        : view(elsewhere, kind, type));
    entries.put(path, new Entry(kind, state, start));
    return state;
  }

  private Tensor view(Stored elsewhere, Variable.Kind kind, TensorType type) {
    if (!elsewhere.fits(type.shape())) {
      throw new ShapeException("tensor '" + elsewhere.placement().tensor() + "'",
          elsewhere.expected(type.shape()) + " for parameter '" + elsewhere.placement().parameter() + "'",
          elsewhere.type().shape().toString());
    }
    Entry source = sources.computeIfAbsent(elsewhere.placement().tensor(),
        _ -> new Entry(kind, new State(elsewhere.source()), Tensor.zeros(elsewhere.type())));
    return elsewhere.of(source.state.value());
  }

  boolean has(String path) {
    return entries.containsKey(path);
  }

  Tensor shared(String from, String path) {
    aliases.put(from, path);
    return entry(path).state.value();
  }

  void tap(String path, Tensor value) {
    taps = taps.with(path, value);
  }

  private Entry entry(String path) {
    Entry entry = entries.get(path);
    if (entry == null) {
      throw new IllegalArgumentException("a variable '" + path + "' of an earlier part; so far there "
          + (entries.isEmpty() ? "is none" : "are " + String.join(", ", entries.keySet())));
    }
    return entry;
  }
}
