package dev.ashlar.training;

import dev.ashlar.model.Batch;
import dev.ashlar.model.Link;
import dev.ashlar.program.Computation;
import dev.ashlar.program.Program;
import dev.ashlar.program.Workspace;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Node;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What shows, beside loss and metrics, when a model is measured: rectified units that are 0 for every example, and
 * classes that are never predicted.
 */
final class Observations {

  /** Results of a program begin with it: no metric can be called so. */
  private static final String UNITS = Programs.LOSS + ".units.";
  private static final String PREDICTED = Programs.LOSS + ".predicted";

  /** More are not looked at: a handful of scalars for a batch is what this may cost. */
  private static final int MOST_UNITS = 1 << 16;
  private static final int MOST_CLASSES = 1000;

  private final List<Layer> layers = new ArrayList<>();
  private final int[] predicted;
  private final int[] actual;
  private long examples;

  /** A rectified layer, and the largest value of each of its units. */
  private record Layer(String path, String result, float[] largest) {}

  /**
   * Units without a purpose.
   *
   * @param path of the layer
   * @param units that it has
   * @param dead those that were 0 for every example
   */
  record Dead(String path, int units, int dead) {}

  /** For a program that {@link #watching} made. */
  Observations(Program program, List<String> paths, int classes) {
    for (int i = 0; i < paths.size(); i++) {
      String result = UNITS + i;
      layers.add(new Layer(paths.get(i), result,
          new float[Math.toIntExact(program.results().get(result).shape().size())]));
    }
    boolean counts = program.results().containsKey(PREDICTED);
    predicted = new int[counts ? classes : 0];
    actual = new int[counts ? classes : 0];
  }

  /** Results to add to a program, and what they are of. */
  record Watched(Tensors results, List<String> paths) {}

  /**
   * What can be seen of a model.
   *
   * @param outputs of the model
   * @param examples that they are of
   * @param classes to tell apart; 0 if there are none
   */
  static Watched watching(Task task, Tensors outputs, Batch examples, int classes) {
    Map<String, Tensor> results = new LinkedHashMap<>();
    List<String> paths = new ArrayList<>();
    long units = 0;
    for (Node node : dev.ashlar.tensor.Graph.of(outputs.values()).nodes()) {
      if (isRectified(node)) {
        Tensor value = node.output(0);
        int axis = unitAxis(value);
        if (units + value.dim(axis) <= MOST_UNITS) {
          int[] others = IntStream.range(0, value.rank()).filter(other -> other != axis).toArray();
          results.put(UNITS + paths.size(), value.max(others).reshape(value.dim(axis)).cast(DType.F32));
          paths.add(node.origin().path());
          units += value.dim(axis);
        }
      }
    }
    if (classes > 1 && classes <= MOST_CLASSES && examples.columns().find(Batch.TARGET).isPresent()) {
      predicted(task, outputs.first(), examples.target(), classes, results);
    }
    return new Watched(Tensors.of(results), paths);
  }

  /** Images have their channels in front: [batch, channels, height, width]. */
  private static int unitAxis(Tensor value) {
    return value.rank() > 3 ? 1 : value.rank() - 1;
  }

  private static void predicted(
      Task task, Tensor output, Tensor target, int classes, Map<String, Tensor> results) {
    Link link = task.loss().link(output.type(), target.type());
    boolean ofExamples = target.rank() == 1 && target.dtype().isInteger();
    if (ofExamples && link == Link.SOFTMAX && output.rank() == 2 && output.dim(1) == classes) {
      results.put(PREDICTED, output.argMax(1).reshape(output.dim(0)).cast(DType.I32));
    } else if (ofExamples && link == Link.SIGMOID && classes == 2 && output.shape().size() == target.shape().size()) {
      results.put(PREDICTED, output.gt(0).reshape(target.dim(0)).cast(DType.I32));
    }
  }

  /** Whether it is max(x, 0) of a part of the model, as {@code Functions.relu} or with {@code maximum}. */
  private static boolean isRectified(Node node) {
    TensorType type = node.output(0).type();
    if (node.origin().path().isEmpty() || type.shape().rank() < 2 || !type.dtype().isFloating()) {
      return false;
    }
    return switch (node.op()) {
      case Op.Where(Tensor condition, Tensor a, Tensor b) -> a.literalOr(1) == 0
          && condition.node().op() instanceof Op.Binary(Op.BinaryKind kind, Tensor x, Tensor bound)
          && kind == Op.BinaryKind.LE && x == b && bound.literalOr(1) == 0;
      case Op.Binary(Op.BinaryKind kind, Tensor _, Tensor bound) ->
          kind == Op.BinaryKind.MAX && bound.literalOr(1) == 0;
      default -> false;
    };
  }

  void clear() {
    layers.forEach(layer -> Arrays.fill(layer.largest, 0));
    Arrays.fill(predicted, 0);
    Arrays.fill(actual, 0);
    examples = 0;
  }

  /** Adds a batch of so many examples; what pads it repeats some of them. Allocates nothing. */
  void add(Workspace workspace, int count) {
    for (int l = 0; l < layers.size(); l++) {
      Layer layer = layers.get(l);
      NDArray values = workspace.result(layer.result);
      for (int i = 0; i < layer.largest.length; i++) {
        layer.largest[i] = Math.max(layer.largest[i], (float) values.get(i));
      }
    }
    if (predicted.length > 0) {
      NDArray answers = workspace.result(PREDICTED);
      NDArray targets = workspace.argument(Batch.TARGET);
      for (int i = 0; i < count; i++) {
        predicted[Math.clamp(answers.getLong(i), 0, predicted.length - 1)]++;
        long target = targets.getLong(i);
        if (target >= 0 && target < actual.length) {
          actual[(int) target]++;
        }
      }
    }
    examples += count;
  }

  /** Examples since the last {@link #clear}. */
  long examples() {
    return examples;
  }

  /** Layers in which units are dead. NaN is not 0. */
  List<Dead> dead() {
    List<Dead> found = new ArrayList<>();
    for (Layer layer : layers) {
      int dead = 0;
      for (float largest : layer.largest) {
        dead += largest == 0 ? 1 : 0;
      }
      if (dead > 0) {
        found.add(new Dead(layer.path, layer.largest.length, dead));
      }
    }
    return found;
  }

  /**
   * Classes that occur but are never predicted.
   *
   * @param least examples of a class, for its absence to mean something
   */
  List<Integer> unpredicted(int least) {
    List<Integer> missing = new ArrayList<>();
    for (int i = 0; i < actual.length; i++) {
      if (predicted[i] == 0 && actual[i] >= least) {
        missing.add(i);
      }
    }
    return missing;
  }

  /** Examples of a class. */
  int of(int label) {
    return actual[label];
  }
}
