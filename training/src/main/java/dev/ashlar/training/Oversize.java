package dev.ashlar.training;

import com.sun.management.OperatingSystemMXBean;
import dev.ashlar.program.Computation;
import dev.ashlar.program.Variable;
import dev.ashlar.tensor.Node;
import dev.ashlar.tensor.ShapeException;
import dev.ashlar.tensor.TensorType;
import java.lang.management.ManagementFactory;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A tensor that no program can hold, found before anything is compiled.
 *
 * @param path of the part of the model that it belongs to
 * @param reason in numbers
 */
record Oversize(String path, ShapeException reason) {

  private static final String HELP = "make the part smaller: fewer units, filters or words, or a smaller batch";

  /** Below this nobody asks how much memory there is. */
  private static final double SMALL = 1L << 30;

  /**
   * The first variable or else the first result with more elements than can be counted; else the largest variable if
   * all together need too much.
   */
  static Optional<Oversize> in(Computation computation) {
    return computation.variables().stream()
        .flatMap(v -> uncountable(v.name(), variable(v), v.type()))
        .findFirst()
        .or(() -> computation.graph().nodes().stream().flatMap(Oversize::uncountable).findFirst())
        .or(() -> unaffordable(computation.variables()));
  }

  private static Stream<Oversize> uncountable(Node node) {
    String path = node.origin().path();
    return node.outputs().stream()
        .flatMap(output -> uncountable(path, node.op().label() + " in '" + path + "'", output.type()));
  }

  private static Stream<Oversize> uncountable(String path, String name, TensorType type) {
    return elements(type) <= Integer.MAX_VALUE ? Stream.empty() : Stream.of(new Oversize(path, new ShapeException(
        name, text("at most %,d elements in a tensor", Integer.MAX_VALUE), shown(type), HELP)));
  }

  private static String variable(Variable variable) {
    return "variable '" + variable.name() + "'";
  }

  private static Optional<Oversize> unaffordable(List<Variable> variables) {
    double needed = variables.stream().mapToDouble(v -> bytes(v.type())).sum();
    if (needed < SMALL || needed <= memory()) {
      return Optional.empty();
    }
    return variables.stream()
        .max(Comparator.comparingDouble(v -> bytes(v.type())))
        .map(v -> new Oversize(v.name(), new ShapeException(variable(v),
            text("variables that fit into the %,d bytes of this machine", memory()),
            shown(v.type()) + text(", and %,.0f bytes for all variables", needed), HELP)));
  }

  /** Bytes of this machine, or of the container that this runs in. */
  static long memory() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getTotalMemorySize();
  }

  /** Not exact, so that nothing overflows. */
  private static double elements(TensorType type) {
    double size = 1;
    for (int dim : type.shape().dims()) {
      size *= dim;
    }
    return size;
  }

  static double bytes(TensorType type) {
    return elements(type) * type.dtype().bytes();
  }

  private static String shown(TensorType type) {
    return type + text(", %,.0f bytes", bytes(type));
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
