package dev.ashlar.training;

import dev.ashlar.model.Application;
import dev.ashlar.model.Batch;
import dev.ashlar.model.Trace;
import dev.ashlar.program.Backend;
import dev.ashlar.program.Computation;
import dev.ashlar.program.Workspace;
import dev.ashlar.program.VariableStore;
import dev.ashlar.tensor.Graph;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Node;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.Tensors;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * Finds where a step went wrong: runs it again from the same variables on the same batch, asking of every value
 * whether it is finite. The step changed nothing, so it goes wrong again.
 */
final class Diagnosis {

  /** Inputs beyond this are to blame themselves. */
  private static final double HUGE = 1e9;

  static final String CALMER = "Lower the learning rate, or clip gradients";

  private static final String NO_CLASS = "The model's outputs are finite, so a target is no class: it must count from 0 to "
      + "one less than there are outputs; one that stands for nothing, such as -100, is left out by 'cross_entropy: -100'";

  private final Computation step;
  private final Task task;
  private final List<Node> nodes;

  Diagnosis(Computation step, Task task) {
    this.step = step;
    this.task = task;
    this.nodes = step.graph().nodes().stream().filter(Diagnosis::canBeAsked).toList();
  }

  /**
   * What was found.
   *
   * @param where a clause that names the first layer whose result is not finite although what it was given is
   * @param remedy a sentence that says what to do
   * @param row of the batch that it comes from, the first one, if it does not come from all
   * @param isLost whether the weights themselves are not finite, so that no batch can be good
   */
  record Finding(String where, String remedy, OptionalInt row, boolean isLost) {

    Finding(String where, String remedy) {
      this(where, remedy, OptionalInt.empty(), false);
    }
  }

  /** Looks for the first result that is not finite. */
  Finding find(Backend backend, VariableStore store, Workspace failed) {
    Map<String, Tensor> questions = new LinkedHashMap<>();
    for (int i = 0; i < nodes.size(); i++) {
      questions.put(Integer.toString(i), finite(nodes.get(i)));
    }
    Asking asking = new Asking(backend, store, failed);
    Map<String, NDArray> answers = asking.ask(Tensors.of(questions));

    Set<Node> bad = new HashSet<>();
    for (int i = 0; i < nodes.size(); i++) {
      if (answers.get(Integer.toString(i)).get(0) == 0) {
        bad.add(nodes.get(i));
      }
    }
    return nodes.stream()
        .filter(bad::contains)
        .filter(node -> node.inputs().stream().noneMatch(input -> bad.contains(input.node()) || meantInfinite(input)))
        .findFirst()
        .map(node -> describe(node, failed, asking))
        .orElse(new Finding("no single operation is to blame", CALMER));
  }

  /** Runs parts of the step again. */
  private final class Asking {
    private final Backend backend;
    private final VariableStore store;
    private final Map<String, NDArray> arguments = new LinkedHashMap<>();

    Asking(Backend backend, VariableStore store, Workspace failed) {
      this.backend = backend;
      this.store = store;
      step.arguments().keySet().forEach(name -> arguments.put(name, failed.argument(name)));
    }

    Map<String, NDArray> ask(Tensors questions) {
      return backend.compile(new Computation("diagnosis", questions, reads())).run(store, arguments);
    }

    /** The row of the batch that makes a value go wrong; none if all do, or it is not made of rows. */
    OptionalInt row(Node node) {
      OptionalInt batch = arguments.entrySet().stream().filter(entry -> entry.getKey().equals(Batch.WEIGHT)
              || entry.getKey().equals(Batch.INPUT) || entry.getKey().equals(Batch.TARGET))
          .map(entry -> entry.getValue().shape()).filter(shape -> shape.rank() > 0).mapToInt(shape -> shape.dim(0))
          .findFirst();
      Tensor value = node.outputs().stream().filter(output -> output.dtype().isFloating()).findFirst().orElseThrow();
      if (batch.isEmpty() || value.rank() == 0 || value.dim(0) % batch.getAsInt() != 0 || !isOfData(value)) {
        return OptionalInt.empty();
      }
      NDArray values = ask(Tensors.of("value", value)).get("value");
      int[] bad = rows(values, batch.getAsInt());
      return bad.length == 0 || bad.length == batch.getAsInt() ? OptionalInt.empty() : OptionalInt.of(bad[0]);
    }

    /** The largest magnitude of numbers in a row of the batch. */
    double largest(int row) {
      return arguments.values().stream().filter(array -> array.dtype().isFloating() && array.shape().rank() > 0
              && row < array.shape().dim(0)).flatMapToDouble(array -> {
                long size = array.size() / array.shape().dim(0);
                return LongStream.range(row * size, (row + 1) * size).mapToDouble(i -> Math.abs(array.get(i)));
              }).max().orElse(0);
    }
  }

  private static boolean isOfData(Tensor value) {
    return Graph.of(List.of(value)).nodes().stream()
        .anyMatch(node -> node.op() instanceof Op.Input input && input.role() == Op.Role.ARGUMENT);
  }

  /** The step's variables, none of them updated. */
  private List<dev.ashlar.program.Variable> reads() {
    return step.variables().stream().map(v -> v.withAfter(v.before())).toList();
  }

  private Finding describe(Node node, Workspace failed, Asking asking) {
    if (node.op() instanceof Op.Input input) {
      return switch (input.role()) {
        case VARIABLE -> new Finding("variable '" + input.name() + "' was not finite before the step", CALMER,
            OptionalInt.empty(), true);
        case ARGUMENT, PARAMETER -> new Finding(
            "the data: column '" + input.name() + "' holds a value that is not finite", "Mend the data",
            first(failed.argument(input.name())), false);
      };
    }
    boolean forward = forward().contains(node);
    String path = node.origin().path();
    String where = path.isEmpty() ? "the loss" : "layer '" + path + "'" + position(path);
    // Of finite logits it is finite, but for a target that is no class.
    boolean noClass = forward && node.op().label().equals("softmax_cross_entropy");
    OptionalInt row = forward ? asking.row(node) : OptionalInt.empty();
    double largest = row.isPresent() ? asking.largest(row.getAsInt()) : 0;
    return new Finding(
        (forward ? "first in " : "first in the gradient of ") + where + " (operation " + node.op().label() + ")",
        noClass ? NO_CLASS : largest < HUGE ? CALMER
            : String.format(Locale.ROOT, "Its numbers go up to %.2g: mend the data, or scale them to about 1", largest),
        row, false);
  }

  private static OptionalInt first(NDArray values) {
    return Arrays.stream(rows(values, values.shape().dim(0))).findFirst();
  }

  /** The rows with a value that is not finite, of so many. */
  private static int[] rows(NDArray values, int count) {
    long size = values.size() / count;
    return LongStream.range(0, values.size()).filter(i -> !Double.isFinite(values.get(i)))
        .mapToInt(i -> (int) (i / size)).distinct().toArray();
  }

  /** Which of the model's layers a part is in, if it has several: {@code , the 3rd of 5}. */
  private String position(String path) {
    Map<String, Tensor> given = new LinkedHashMap<>();
    step.arguments().forEach((name, type) -> given.put(name, Tensor.input(name, type)));
    Tensors inputs = Programs.inputs(Tensors.of(given)).filter((name, value) -> !name.equals(Trace.SEED));
    if (inputs.size() == 0) {
      return ""; // of gradients that wait
    }
    Trace trace = Trace.training(task.precision(), 1);
    Programs.apply(task.model(), inputs, trace);
    List<String> layers = trace.applications().stream().map(Application::path)
        .filter(part -> !part.isEmpty() && part.indexOf('.') < 0).toList();
    int index = layers.indexOf(path.split("\\.")[0]);
    return index < 0 || layers.size() < 2 ? "" : ", the " + ordinal(index + 1) + " of " + layers.size();
  }

  private static String ordinal(int number) {
    int last = number % 10;
    boolean teen = number / 10 % 10 == 1;
    return number + (teen ? "th" : last == 1 ? "st" : last == 2 ? "nd" : last == 3 ? "rd" : "th");
  }

  private Set<Node> forward() {
    Tensor loss = step.results().get(Programs.LOSS);
    return Graph.of(List.of(loss)).nodes().stream().collect(Collectors.toSet());
  }

  private static Tensor finite(Node node) {
    return node.outputs().stream()
        .filter(output -> output.dtype().isFloating())
        .map(output -> output.abs().max().isFinite())
        .reduce(Tensor::and)
        .orElseThrow();
  }

  private static boolean canBeAsked(Node node) {
    boolean filler = node.op() instanceof Op.Literal || node.op() instanceof Op.Pad pad && !Double.isFinite(pad.value());
    return !filler && node.outputs().stream().anyMatch(output -> output.dtype().isFloating() && output.shape().size() > 0);
  }

  /** Masks are made with literal infinities. */
  private static boolean meantInfinite(Tensor tensor) {
    return !Double.isFinite(tensor.literalOr(0));
  }
}
