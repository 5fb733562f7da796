package dev.ashlar.training;

import dev.ashlar.model.Application;
import dev.ashlar.model.Batch;
import dev.ashlar.model.Block;
import dev.ashlar.model.Precision;
import dev.ashlar.model.Trace;
import dev.ashlar.program.Variable;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.tensor.Tensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a model consists of, found by tracing it; nothing is run.
 *
 * @param lines one for each use of a part, each before its parts
 * @param parameters trained numbers in all
 * @param state numbers that are saved but not trained, such as running statistics
 */
public record Summary(List<Line> lines, long parameters, long state) {

  /**
   * One use of a part.
   *
   * @param path of the part; empty for the whole
   * @param kind of the part
   * @param outputs types with the batch as {@code *}
   * @param parameters trained numbers of its own: without those of its parts, and none if it was used before
   */
  public record Line(String path, String kind, String outputs, long parameters) {}

  /** Copies the list. */
  public Summary {
    lines = List.copyOf(lines);
  }

  /**
   * Of a model.
   *
   * @param inputs types of one example, by name; targets and weights are passed over
   */
  public static Summary of(Block model, Precision precision, Map<String, TensorType> inputs) {
    Trace trace = Trace.inference(precision);
    Map<String, Tensor> leaves = new LinkedHashMap<>();
    Programs.inputs(inputs).forEach((name, type) ->
        leaves.put(name, Tensor.input(name, type.withShape(Shape.of(1).concat(type.shape())))));
    trace.root().apply(model, Tensors.of(leaves));

    Map<String, Long> own = new LinkedHashMap<>();
    long parameters = 0;
    long state = 0;
    for (Variable variable : trace.variables()) {
      long size = variable.type().shape().size();
      if (variable.kind() == Variable.Kind.PARAMETER) {
        own.merge(scope(variable.name()), size, Long::sum);
        parameters += size;
      } else if (variable.kind() == Variable.Kind.STATE) {
        state += size;
      }
    }
    List<Line> lines = new ArrayList<>();
    for (Application use : trace.applications().reversed()) {
      // From the end, so that the innermost block of a path has its parameters.
      Long size = own.remove(use.path());
      lines.addFirst(new Line(use.path(), kind(use.block()), types(use), size == null ? 0 : size));
    }
    return new Summary(lines, parameters, state);
  }

  private static String scope(String variable) {
    int point = variable.lastIndexOf('.');
    return point < 0 ? "" : variable.substring(0, point);
  }

  private static String kind(Block block) {
    return block instanceof Enum<?> constant ? constant.name() : block.getClass().getSimpleName();
  }

  private static String types(Application use) {
    return use.out().orElseThrow().asMap().entrySet().stream()
        .filter(e -> !e.getKey().equals(Batch.WEIGHT))
        .map(e -> e.getValue().type().toString().replaceFirst("\\[1(?=[,\\]])", "[*"))
        .collect(Collectors.joining(", "));
  }
}
