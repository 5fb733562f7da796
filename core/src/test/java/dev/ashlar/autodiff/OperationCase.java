package dev.ashlar.autodiff;

import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * A function with operands and what PyTorch makes of them; see operations.py.
 *
 * @param cotangents the result's weights in the scalar that is differentiated: one or, for integers, none
 * @param gradients one for each floating-point operand, in order
 */
record OperationCase(String name, Function<List<Tensor>, Tensor> function, List<NDArray> operands, NDArray result,
    List<NDArray> cotangents, List<NDArray> gradients) {

  /** All cases, in the order of the file. */
  static List<OperationCase> all() {
    Map<String, Function<List<Tensor>, Tensor>> functions = OperationCases.all();
    SequencedMap<String, Map<String, List<NDArray>>> cases = new LinkedHashMap<>();
    for (String line : lines()) {
      String[] words = line.split(" ");
      if (words[0].equals("case")) {
        cases.put(words[1], new LinkedHashMap<>());
      } else if (!line.isEmpty()) {
        cases.lastEntry().getValue().computeIfAbsent(words[0], what -> new ArrayList<>()).add(array(words));
      }
    }
    if (!cases.keySet().equals(functions.keySet())) {
      throw new IllegalStateException("operations.txt has " + cases.keySet() + ", the code " + functions.keySet());
    }
    List<OperationCase> all = new ArrayList<>();
    cases.forEach((name, arrays) -> all.add(new OperationCase(name, functions.get(name), arrays.get("operand"),
        arrays.get("result").getFirst(), arrays.getOrDefault("cotangent", List.of()),
        arrays.getOrDefault("gradient", List.of()))));
    return all;
  }

  private static List<String> lines() {
    var stream = OperationCase.class.getResourceAsStream("operations.txt");
    try (var reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.US_ASCII))) {
      return reader.lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** From what, type, extents, values. */
  private static NDArray array(String[] words) {
    int[] dims = words[2].equals("-") ? new int[0]
        : Arrays.stream(words[2].split(",")).mapToInt(Integer::parseInt).toArray();
    NDArray array = NDArray.zeros(TensorType.of(DType.valueOf(words[1].toUpperCase(Locale.ROOT)), dims));
    for (int i = 3; i < words.length; i++) {
      array.set(i - 3, number(words[i]));
    }
    return array;
  }

  private static double number(String word) {
    return switch (word) {
      case "inf" -> Double.POSITIVE_INFINITY;
      case "-inf" -> Double.NEGATIVE_INFINITY;
      default -> Double.parseDouble(word);
    };
  }

  /** Whether the operands lie where the function cannot be differentiated by differences. */
  boolean isEdge() {
    return name.startsWith("edge_");
  }

  boolean isDifferentiable() {
    return !cotangents.isEmpty();
  }

  /** The same case with its floating-point arrays in another element type. */
  OperationCase in(DType dtype) {
    return new OperationCase(name, function, cast(operands, dtype), result, cast(cotangents, dtype), gradients);
  }

  private static List<NDArray> cast(List<NDArray> arrays, DType dtype) {
    return arrays.stream().map(a -> a.dtype().isFloating() ? a.cast(dtype) : a).toList();
  }

  /** Leaves that stand for the operands; {@link #arguments} has their values. */
  List<Tensor> inputs() {
    return IntStream.range(0, operands.size())
        .mapToObj(i -> Tensor.apply(new Op.Input(Op.Role.ARGUMENT, "x" + i, operands.get(i).type())))
        .toList();
  }

  Map<String, NDArray> arguments() {
    Map<String, NDArray> arguments = new LinkedHashMap<>();
    IntStream.range(0, operands.size()).forEach(i -> arguments.put("x" + i, operands.get(i)));
    return arguments;
  }

  /** The sum of result times cotangent, with the cotangent a constant. */
  Tensor scalar(List<Tensor> inputs) {
    return function.apply(inputs).mul(Tensor.constant(cotangents.getFirst())).sum();
  }

  static List<Tensor> floating(List<Tensor> tensors) {
    return tensors.stream().filter(t -> t.dtype().isFloating()).toList();
  }

  @Override
  public String toString() {
    return name;
  }
}
