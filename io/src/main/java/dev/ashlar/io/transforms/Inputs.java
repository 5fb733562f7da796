package dev.ashlar.io.transforms;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.data.Dataset;
import dev.ashlar.model.Scope;
import dev.ashlar.model.Transform;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.Tensors;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Deals the features of one input out to several, for models that take them by name. Shapes: x [batch, .., features]
 * -> for each input [batch, .., its features], in the order in which its columns are named. It is the last of the
 * transforms: others prepare all features at once.
 *
 * @param columns for each input the columns of the table that go into it; a column may go into several
 * @param positions of each input's features; by default found by the names that the training examples have
 */
@Name("inputs")
@Doc("deals the features out to several inputs of the model, by name; the last of the transforms")
public record Inputs(
    @Doc("for each input, the columns of the table that go into it") Map<String, List<String>> columns,
    @Doc("positions of the features of each; by default those of the columns") @Default("{}")
        Map<String, List<Integer>> positions)
    implements Transform {

  /** Copies; refuses what gives nothing. */
  public Inputs {
    columns = copy(columns);
    positions = copy(positions);
    if (columns.isEmpty() || columns.values().stream().anyMatch(List::isEmpty)) {
      throw new IllegalArgumentException("inputs by name, each of at least one column");
    }
    if (columns.values().stream().anyMatch(names -> names.stream().distinct().count() < names.size())) {
      throw new IllegalArgumentException("each column once in an input");
    }
    if (!positions.isEmpty() && !positions.keySet().equals(columns.keySet())) {
      throw new IllegalArgumentException("positions for each of the inputs, or for none");
    }
  }

  /** With positions to be taken from the names of the training examples. */
  public Inputs(Map<String, List<String>> columns) {
    this(columns, Map.of());
  }

  private static <T> Map<String, List<T>> copy(Map<String, List<T>> lists) {
    Map<String, List<T>> copy = new LinkedHashMap<>();
    lists.forEach((name, list) -> copy.put(name, List.copyOf(list)));
    return Collections.unmodifiableMap(copy);
  }

  /**
   * Finds the columns.
   *
   * @throws IllegalArgumentException if there is no such column, or one that goes into no input
   */
  @Override
  public Inputs fit(Dataset training) throws IOException {
    if (!positions.isEmpty()) return this;
    int count = Features.count(training, "inputs");
    var used = new boolean[count];
    var found = new LinkedHashMap<String, List<Integer>>();
    columns.forEach((input, names) -> {
      var of = new ArrayList<Integer>();
      for (var name : names) {
        var chosen = Features.chosen(training, count, List.of(name));
        IntStream.range(0, count).filter(i -> chosen[i]).forEach(i -> {
          used[i] = true;
          of.add(i);
        });
      }
      found.put(input, of);
    });
    var left = IntStream.range(0, count).filter(i -> !used[i]).mapToObj(training.features()::get).toList();
    if (!left.isEmpty()) {
      throw new IllegalArgumentException("each column in one of the inputs; in none are "
          + left.stream().limit(8).collect(Collectors.joining(", ")) + (left.size() > 8 ? ", .." : "")
          + ": leave out what is not meant with 'ignore' in the source");
    }
    return new Inputs(columns, found);
  }

  /** The inputs take the place of the first; values beside it are passed on. */
  @Override
  public Tensors forward(Tensors in, Scope scope) {
    if (positions.isEmpty()) {
      throw new IllegalStateException("inputs has not seen the training examples: call fit first");
    }
    var x = in.first();
    var dealt = new LinkedHashMap<String, Tensor>();
    positions.forEach((name, of) -> dealt.put(name, chosen(x, of)));
    in.asMap().entrySet().stream().skip(1).forEach(other -> dealt.putIfAbsent(other.getKey(), other.getValue()));
    return Tensors.of(dealt);
  }

  /** Refuses: what comes behind would prepare one of the inputs alone. */
  @Override
  public Tensor forward(Tensor x, Scope scope) {
    throw new IllegalArgumentException("'inputs' as the last of the transforms");
  }

  /** Features that lie side by side are one slice. */
  private static Tensor chosen(Tensor x, List<Integer> of) {
    var slices = new ArrayList<Tensor>();
    for (int from = 0, to; from < of.size(); from = to) {
      to = from + 1;
      while (to < of.size() && of.get(to) == of.get(to - 1) + 1) to++;
      slices.add(x.slice(-1, of.get(from), of.get(to - 1) + 1));
    }
    return Tensor.concat(slices, -1);
  }
}
