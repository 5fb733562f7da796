package dev.ashlar.program;

import dev.ashlar.api.Stable;
import dev.ashlar.tensor.Graph;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Node;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Origin;
import dev.ashlar.tensor.Tensor;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of a program whose numbers pick rows as they are: symbols that an embedding looks up. A number that
 * names no row would give zeros, and an answer that looks like any other; arguments lie on the host, where it can be
 * refused for next to nothing. What a program computes before it looks up is its own business. Immutable.
 */
@Stable
public final class Lookups {

  private record Table(int rows, Origin origin) {}

  private final Map<String, Table> smallest = new LinkedHashMap<>();

  private Lookups() {}

  /** Those of a graph, outside of composites. */
  public static Lookups of(Graph graph) {
    Lookups lookups = new Lookups();
    Map<Tensor, String> arguments = new IdentityHashMap<>();
    for (Node node : graph.nodes()) {
      String argument = argument(node.op(), arguments);
      if (argument != null) {
        arguments.put(node.output(0), argument);
      }
      if (node.op() instanceof Op.Gather gather && arguments.containsKey(gather.indices())) {
        Table table = new Table(gather.data().dim(gather.batch()), node.origin());
        lookups.smallest.merge(
            arguments.get(gather.indices()), table, (a, b) -> a.rows <= b.rows ? a : b);
      }
    }
    return lookups;
  }

  /** The argument that an operation gives on, every number of it and nothing else, or null. */
  private static @Nullable String argument(Op op, Map<Tensor, String> arguments) {
    return switch (op) {
      case Op.Input o -> o.role() == Op.Role.ARGUMENT ? o.name() : null;
      case Op.Cast _, Op.Detach _, Op.Reshape _, Op.Permute _, Op.Broadcast _, Op.Flip _ ->
          arguments.get(op.inputs().getFirst());
      default -> null;
    };
  }

  /**
   * Looks through an argument's values; of one that is not looked up, at none. Allocates nothing.
   *
   * @param values of the argument
   * @param count of them, from the first on
   * @throws LookupException at the first that names no row
   */
  public void check(String argument, NDArray values, long count) {
    Table table = smallest.get(argument);
    for (long i = 0; table != null && i < count; i++) {
      long symbol = values.getLong(i);
      if (symbol < 0 || symbol >= table.rows) {
        throw new LookupException(argument, i, symbol, table.rows, table.origin);
      }
    }
  }

  /** The same for all arguments of a workspace that is about to run. */
  public void check(Workspace workspace) {
    for (String argument : smallest.keySet()) {
      NDArray values = workspace.argument(argument);
      check(argument, values, values.size());
    }
  }
}
