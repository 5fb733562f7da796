package dev.ashlar.training;

import dev.ashlar.model.Trace;
import dev.ashlar.program.Computation;
import dev.ashlar.program.Lookups;
import dev.ashlar.program.Program;
import dev.ashlar.program.Variable;
import dev.ashlar.program.VariableStore;
import dev.ashlar.program.Workspace;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.tensor.Tensors;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One sequence, decoded piece by piece. What attention needs of earlier positions is kept, so that a token costs the
 * same however many went before; it is the session's own and is never saved. Not thread-safe; a model serves any
 * number of sessions at once. Close it before its model.
 */
public final class Session implements AutoCloseable {

  private final Model model;
  private final int capacity;
  private final VariableStore store;
  private final Lookups lookups;
  /** By number of tokens: powers of two, so that there are few whatever the prompts. */
  private final Map<Integer, Workspace> workspaces = new HashMap<>();
  private int position;
  private boolean closed;

  Session(Model model, int capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException("capacity: found " + capacity + ", expected at least 1, the longest that the"
          + " sequence may become");
    }
    this.model = model;
    this.capacity = capacity;
    this.store = model.store().overlay();
    Computation one = decode(1);
    this.lookups = Lookups.of(one.graph());
    List<Variable> own = one.variables().stream()
        .filter(variable -> variable.kind() == Variable.Kind.SESSION)
        .toList();
    Seeds.run(model.backend().compile(Computation.initialize(own)), store, 0);
  }

  /** Number of tokens so far. */
  public int position() {
    return position;
  }

  /**
   * Goes on.
   *
   * @param tokens the next ones, at least one
   * @return the model's main output for the last of them, such as the logits of the token to follow
   * @throws IllegalArgumentException if there are more than there is room for
   * @throws dev.ashlar.program.LookupException if the model does not know one of them; the session is as it was
   * @throws IllegalStateException if the session or its model is closed
   */
  public float[] next(int... tokens) {
    if (closed) {
      throw new IllegalStateException("the session is closed");
    }
    if (tokens.length == 0 || position + tokens.length > capacity) {
      throw new IllegalArgumentException(
          tokens.length + " tokens at position " + position + "; there is room for " + capacity + " in all");
    }
    lookups.check(input(), NDArray.of(Shape.of(tokens.length), tokens), tokens.length);
    return model.whileOpen(() -> decoded(tokens));
  }

  private float[] decoded(int[] tokens) {
    float[] output = {};
    for (int from = 0; from < tokens.length; ) {
      int count = Integer.highestOneBit(tokens.length - from);
      output = run(tokens, from, count);
      from += count;
    }
    return output;
  }

  private float[] run(int[] tokens, int from, int count) {
    Workspace workspace = workspaces.computeIfAbsent(count, n -> {
      Program program = model.backend().compile(decode(n));
      Workspace opened = program.open(store);
      Seeds.set(opened, program, 0);
      return opened;
    });
    NDArray input = workspace.argument(input());
    for (int i = 0; i < count; i++) {
      input.setLong(i, tokens[from + i]);
    }
    workspace.argument(Trace.POSITION).setLong(0, position);
    workspace.run();
    position += count;
    return workspace.result(Programs.OUTPUT).toFloats();
  }

  private String input() {
    return model.signature().inputs().keySet().iterator().next();
  }

  /** So many tokens of one sequence, from {@link Trace#POSITION} on. */
  private Computation decode(int count) {
    TensorType type = model.signature().inputTypes().firstEntry().getValue();
    if (type.shape().rank() != 1 || !type.dtype().isInteger() || model.signature().inputs().size() != 1) {
      throw new IllegalArgumentException("a model of sequences of whole numbers decodes; this one takes "
          + model.signature().inputTypes());
    }
    Trace trace = model.decoding(capacity);
    Tensor tokens = Tensor.input(input(), type.withShape(Shape.of(1, count)));
    Tensor output = trace.root().apply(model.block(), Tensors.of(input(), tokens)).first();
    if (output.rank() < 3 || output.dim(1) != count) {
      throw new IllegalArgumentException("a model that gives an output for each of its tokens decodes, [1, tokens, ..];"
          + " this one gives " + output.shape());
    }
    // Reads the position even if no layer does, so that every program takes it.
    Tensor at = Tensor.input(Trace.POSITION, TensorType.of(dev.ashlar.tensor.DType.I32)).add(count);
    Tensor last = output.slice(1, count - 1, count);
    return new Computation(
        "decode", Tensors.of(Programs.OUTPUT, last.cast(model.precision().output()), "position", at), trace.variables());
  }

  /** Lets go of what was kept. Closing it again does nothing. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    workspaces.values().forEach(Workspace::close);
    store.close();
  }
}
