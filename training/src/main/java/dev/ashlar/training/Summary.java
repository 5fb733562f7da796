package dev.ashlar.training;

import dev.ashlar.api.Stable;
import dev.ashlar.model.Application;
import dev.ashlar.model.Batch;
import dev.ashlar.model.Block;
import dev.ashlar.model.Precision;
import dev.ashlar.model.Trace;
import dev.ashlar.program.Cost;
import dev.ashlar.program.Variable;
import dev.ashlar.tensor.Graph;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.tensor.Tensors;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.stream.Collectors;

/**
 * What a model consists of, found by tracing it; nothing is run.
 *
 * @param lines one for each use of a part, each before its parts
 * @param types of the parameters, by path; one that is used in several places stands once
 * @param parameters trained numbers in all
 * @param state numbers that are saved but not trained, such as running statistics
 * @param flops floating-point operations for one example
 */
@Stable
public record Summary(List<Line> lines, SequencedMap<String, TensorType> types, long parameters, long state, double flops) {

  /**
   * One use of a part.
   *
   * @param path of the part; empty for the whole
   * @param kind of the part
   * @param outputs types with the batch as {@code *}
   * @param parameters trained numbers of its own: without those of its parts, and none if it was used before
   * @param flops floating-point operations of its own for one example, without those of its parts; of a part that is
   *     used several times, those of all uses at the last
   */
  public record Line(String path, String kind, String outputs, long parameters, double flops) {}

  /** Copies list and map. */
  public Summary {
    lines = List.copyOf(lines);
    types = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(types));
  }

  /**
   * Of a model.
   *
   * @param inputs types of one example, by name; targets and weights are passed over
   */
  public static Summary of(Block model, Precision precision, Map<String, TensorType> inputs) {
    return of(traced(model, Trace.inference(precision), inputs));
  }

  /** A model of one example, after it was traced. */
  record Traced(Trace trace, Tensors inputs, Tensors outputs) {}

  static Traced traced(Block model, Trace trace, Map<String, TensorType> inputs) {
    Map<String, Tensor> leaves = new LinkedHashMap<>();
    Programs.inputs(inputs).forEach((name, type) ->
        leaves.put(name, Tensor.input(name, type.withShape(Shape.of(1).concat(type.shape())))));
    return new Traced(trace, Tensors.of(leaves), trace.root().apply(model, Tensors.of(leaves)));
  }

  /** Lines are those of the trace's applications, in their order. */
  static Summary of(Traced traced) {
    Trace trace = traced.trace();
    Graph graph = Graph.of(List.copyOf(traced.outputs().values()));
    Map<String, Long> own = new LinkedHashMap<>();
    SequencedMap<String, TensorType> types = new LinkedHashMap<>();
    long parameters = 0;
    long state = 0;
    for (Variable variable : trace.variables()) {
      long size = variable.type().shape().size();
      if (variable.kind() == Variable.Kind.PARAMETER) {
        own.merge(scope(variable.name()), size, Long::sum);
        types.put(variable.name(), variable.type());
        parameters += size;
      } else if (variable.kind() == Variable.Kind.STATE) {
        state += size;
      }
    }
    Map<String, Long> parametersOf = byPart(own, trace, Long::sum);
    Map<String, Double> flops = byPart(Cost.byPath(graph), trace, Double::sum);
    List<Line> lines = new ArrayList<>();
    for (Application use : trace.applications().reversed()) {
      // From the end, so that the innermost block of a path has its parameters.
      Long size = parametersOf.remove(use.path());
      Double work = flops.remove(use.path());
      lines.addFirst(new Line(
          use.path(), kind(use.block()), types(use), size == null ? 0 : size, work == null ? 0 : work));
    }
    return new Summary(lines, types, parameters, state, Cost.flops(graph));
  }

  /** What was asked for in a scope that is no part, such as a direction of an LSTM, counts for the part around it. */
  private static <N> Map<String, N> byPart(Map<String, N> byPath, Trace trace, BinaryOperator<N> sum) {
    Set<String> parts = trace.applications().stream().map(Application::path).collect(Collectors.toSet());
    Map<String, N> sums = new LinkedHashMap<>();
    byPath.forEach((path, count) -> {
      String part = path;
      while (!part.isEmpty() && !parts.contains(part)) {
        part = scope(part);
      }
      sums.merge(part, count, sum);
    });
    return sums;
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
        .map(e -> type(e.getValue()))
        .collect(Collectors.joining(", "));
  }

  /** Of a value for one example, the batch as {@code *}. */
  static String type(Tensor value) {
    return value.type().toString().replaceFirst("\\[1(?=[,\\]])", "[*");
  }
}
