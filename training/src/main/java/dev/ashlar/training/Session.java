package dev.ashlar.training;

import dev.ashlar.api.Stable;
import dev.ashlar.model.Trace;
import dev.ashlar.program.Program;
import dev.ashlar.program.Variable;
import dev.ashlar.program.VariableStore;
import dev.ashlar.program.Workspace;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.ShapeException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Sequences, decoded piece by piece. What attention needs of earlier positions is kept, so that a token costs the
 * same however many went before; it is the session's own and is never saved. Of several sequences the first pieces may
 * be of different lengths: shorter ones are padded at their start, which changes nothing of what they give. Not
 * thread-safe; a model serves any number of sessions at once. A session keeps the weights that it began with. Close it
 * before its model.
 */
@Stable
public final class Session implements AutoCloseable {

  /** Tokens that go through the model at once, at most: scores of attention grow with them. */
  private static final int LARGEST_PIECE = 1024;

  private final Model model;
  /** What it began with, though the model may get other weights meanwhile. */
  private final Edition edition;
  private final int capacity;
  private final Decoders.Kind kind;
  private final Decoders.Facts facts;
  private final VariableStore store;
  /** By number of tokens of each row. */
  private final Map<Integer, Opened> opened = new HashMap<>();
  private final int[] padding;
  /** Of the next token in the caches: padding counts. */
  private int position;
  private boolean closed;

  private record Opened(Program program, Workspace workspace) {
    void set(String argument, int... values) {
      if (program.arguments().containsKey(argument)) { // not every model asks for it
        NDArray array = workspace.argument(argument);
        for (int i = 0; i < values.length; i++) {
          array.setLong(i, values[i]);
        }
      }
    }
  }

  /**
   * @throws IllegalArgumentException if there is no room for a token, or more than the model knows positions
   */
  static Session of(Model model, int rows, int capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException("capacity: found " + capacity + ", expected at least 1, the longest that the"
          + " sequence may become");
    }
    if (rows < 1) {
      throw new IllegalArgumentException("rows: found " + rows + ", expected at least 1, the number of sequences");
    }
    int longest = model.longestSequence().orElse(capacity);
    if (capacity > longest) {
      throw new ShapeException("session", "at most " + longest + " positions, as many as the model knows",
          "capacity " + capacity, "take a smaller capacity");
    }
    return new Session(model, rows, capacity, rounded(capacity));
  }

  /**
   * @param room positions that caches hold, at least the capacity; what is more lets first pieces be padded to lengths
   *     that there are programs for
   */
  Session(Model model, int rows, int capacity, int room) {
    this.model = model;
    this.edition = model.hold();
    this.capacity = capacity;
    this.kind = new Decoders.Kind(rows, room);
    try {
      this.facts = edition.decoders().facts();
    } catch (RuntimeException e) {
      edition.leave();
      throw e;
    }
    this.padding = new int[rows];
    this.store = edition.store().overlay();
  }

  /** A length that programs are made for: few, and none much longer than asked for. */
  static int rounded(int length) {
    int power = Integer.highestOneBit(Math.max(1, length - 1));
    int step = length <= 64 ? 2 * power : length <= LARGEST_PIECE ? power / 4 : LARGEST_PIECE / 4;
    return length <= 1 ? length : Math.ceilDiv(length, step) * step;
  }

  /** Number of sequences. */
  public int rows() {
    return kind.rows();
  }

  /** Number of tokens so far, of the longest sequence. */
  public int position() {
    return position - Arrays.stream(padding).min().orElse(0);
  }

  /**
   * Goes on with one sequence.
   *
   * @param tokens the next ones, at least one
   * @return the model's main output for the last of them, such as the logits of the token to follow
   * @throws IllegalArgumentException if there are more than there is room for, or the session has several sequences
   * @throws dev.ashlar.program.LookupException if the model does not know one of them; the session is as it was
   * @throws IllegalStateException if the session or its model is closed
   */
  public float[] next(int... tokens) {
    return next(new int[][] {tokens})[0];
  }

  /**
   * Goes on with all sequences.
   *
   * @param tokens the next ones of each, at least one; only the first ones may be of different numbers
   * @return for each the model's main output for the last of them
   * @throws IllegalArgumentException if there are more than there is room for, not as many sequences as there are, or
   *     tokens of different numbers
   * @throws dev.ashlar.program.LookupException if the model does not know one of them; the session is as it was
   * @throws IllegalStateException if the session or its model is closed
   */
  public float[][] next(int[][] tokens) {
    float[] all = advance(tokens).toFloats();
    float[][] each = new float[rows()][];
    int size = all.length / each.length;
    Arrays.setAll(each, row -> Arrays.copyOfRange(all, row * size, (row + 1) * size));
    return each;
  }

  /** The same; what it gives is overwritten by the next call: [rows, 1, ..]. */
  NDArray advance(int[][] tokens) {
    if (closed) {
      throw new IllegalStateException("the session is closed");
    }
    int count = checked(tokens);
    for (int[] row : tokens) {
      facts.lookups().check(edition.decoders().input(), NDArray.of(Shape.of(row.length), row), row.length);
    }
    return model.whileOpen(() -> decoded(tokens, count));
  }

  /** The number of tokens, of the row that has most of them. */
  private int checked(int[][] tokens) {
    if (tokens.length != rows()) {
      throw new IllegalArgumentException("tokens of " + tokens.length + " sequences; the session has " + rows());
    }
    int most = Arrays.stream(tokens).mapToInt(row -> row.length).max().orElseThrow();
    int fewest = Arrays.stream(tokens).mapToInt(row -> row.length).min().orElseThrow();
    if (fewest == 0 || position() + most > capacity) {
      throw new IllegalArgumentException((fewest == 0 ? "0" : most) + " tokens at position " + position()
          + "; there is room for " + capacity + " in all");
    }
    if (fewest < most && position > 0) {
      throw new IllegalArgumentException("from " + fewest + " to " + most + " tokens of a sequence; behind the first"
          + " ones all go on with as many");
    }
    if (fewest < most && !facts.pads()) {
      throw new IllegalArgumentException("from " + fewest + " to " + most + " tokens of a sequence; this model's part '"
          + facts.heedless().getFirst() + "' does not heed scope.padding(): give sequences of one length, or each a"
          + " session of its own");
    }
    return most;
  }

  private NDArray decoded(int[][] tokens, int count) {
    int width = position == 0 ? firstWidth(count) : count;
    if (position == 0) {
      Arrays.setAll(padding, row -> width - tokens[row].length);
    }
    NDArray output = null;
    for (int from = 0; from < width; ) {
      int piece = piece(width, from);
      output = run(tokens, width, from, piece);
      from += piece;
    }
    return Objects.requireNonNull(output);
  }

  /** The length of the first pieces with their padding. */
  private int firstWidth(int count) {
    int width = rounded(count);
    return facts.pads() && width + capacity - count <= kind.room() ? width : count;
  }

  /** How many tokens are taken next: all at once where there are programs of that length. */
  private static int piece(int width, int from) {
    int left = width - from;
    return left >= LARGEST_PIECE ? LARGEST_PIECE : rounded(left) == left ? left : Integer.highestOneBit(left);
  }

  /** Begins to compile what is needed for first pieces of at most so many tokens. */
  void prepare(int count) {
    int width = firstWidth(count);
    for (int from = 0; from < width; ) {
      int piece = piece(width, from);
      edition.decoders().prepare(kind, piece);
      from += piece;
    }
  }

  /** Waits until all is there for first pieces of at most so many tokens. */
  void await(int count) {
    int width = firstWidth(count);
    for (int from = 0; from < width; ) {
      int piece = piece(width, from);
      model.whileOpen(() -> opened(piece));
      from += piece;
    }
  }

  /** Waits until all is there for one token of each. */
  void awaitStep() {
    model.whileOpen(() -> opened(1));
  }

  Decoders.Kind kind() {
    return kind;
  }

  private Opened opened(int count) {
    return opened.computeIfAbsent(count, n -> {
      Decoders.Compiled compiled = edition.decoders().program(kind, n);
      if (opened.isEmpty()) {
        for (Variable variable : compiled.kept()) {
          store.write(variable.name(), NDArray.zeros(variable.type()));
        }
      }
      Workspace workspace = compiled.program().open(store);
      Seeds.set(workspace, compiled.program(), 0);
      return new Opened(compiled.program(), workspace);
    });
  }

  private NDArray run(int[][] tokens, int width, int from, int count) {
    Opened piece = opened(count);
    NDArray input = piece.workspace.argument(edition.decoders().input());
    for (int row = 0; row < tokens.length; row++) {
      int first = from - (width - tokens[row].length);
      for (int i = 0; i < count; i++) {
        input.setLong((long) row * count + i, first + i < 0 ? 0 : tokens[row][first + i]);
      }
    }
    piece.set(Trace.POSITION, position);
    piece.set(Trace.PADDING, padding);
    piece.workspace.run();
    position += count;
    return piece.workspace.result(Programs.OUTPUT);
  }

  /** Lets go of what was kept. Closing it again does nothing. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    opened.values().forEach(piece -> piece.workspace.close());
    store.close();
    edition.leave();
  }
}
