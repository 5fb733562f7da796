package dev.ashlar.io.transforms;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.data.Dataset;
import dev.ashlar.model.Scope;
import dev.ashlar.model.Transform;
import dev.ashlar.tensor.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * y = low + (x - least) / (greatest - least) (high - low), feature by feature, as {@code
 * sklearn.preprocessing.MinMaxScaler} has it. Shapes: x [batch, .., features] -> the same, in the precision of
 * computation. Without numbers it takes them from the training examples; others may lie beyond low and high.
 *
 * @param low what the least becomes
 * @param high what the greatest becomes
 * @param columns of a table whose features are scaled; others stay as they are
 * @param least of each feature
 * @param greatest of each feature; a feature that never changes becomes low
 */
@Name("min_max")
@Doc("brings each feature between 0 and 1 over the training examples")
public record MinMax(
    @Doc("what the least becomes") @Default("0") double low,
    @Doc("what the greatest becomes") @Default("1") double high,
    @Doc("of a table, what is scaled; by default all") @Default("[]") List<String> columns,
    @Doc("least of each feature; by default that of the training examples") @Default("[]") List<Double> least,
    @Doc("greatest of each feature; by default that of the training examples") @Default("[]") List<Double> greatest)
    implements Transform {

  /** Copies the lists; refuses what contradicts itself. */
  public MinMax {
    columns = List.copyOf(columns);
    least = List.copyOf(least);
    greatest = List.copyOf(greatest);
    if (!(Double.isFinite(low) && Double.isFinite(high) && low < high)) {
      throw new IllegalArgumentException("a finite 'low' below a finite 'high'");
    }
    if (least.size() != greatest.size()) throw new IllegalArgumentException("as many least as greatest values");
    for (int i = 0; i < least.size(); i++) {
      if (!(least.get(i) < greatest.get(i))) throw new IllegalArgumentException("each least value below its greatest");
    }
  }

  /** From 0 to 1, with numbers to be taken from the training examples. */
  public MinMax() {
    this(0, 1, List.of(), List.of(), List.of());
  }

  @Override
  public Transform fit(Dataset training) throws IOException {
    if (!least.isEmpty()) return this;
    int count = Features.count(training, "min_max");
    var chosen = Features.chosen(training, count, columns);
    var from = new double[count];
    var to = new double[count];
    Arrays.fill(from, Double.POSITIVE_INFINITY);
    Arrays.fill(to, Double.NEGATIVE_INFINITY);
    Features.each(training, count, (feature, value) -> {
      from[feature] = Math.min(from[feature], value);
      to[feature] = Math.max(to[feature], value);
    });
    var lows = new ArrayList<Double>();
    var highs = new ArrayList<Double>();
    for (int i = 0; i < count; i++) {
      lows.add(chosen[i] ? from[i] : low);
      highs.add(!chosen[i] ? high : to[i] > from[i] ? to[i] : from[i] + Math.max(1, Math.abs(from[i])));
    }
    return new MinMax(low, high, columns, lows, highs);
  }

  @Override
  public Tensor forward(Tensor x, Scope scope) {
    if (least.isEmpty()) {
      throw new IllegalStateException("min_max has not seen the training examples: call fit first");
    }
    return Working.apply(x, scope, numbers -> {
      var from = Features.constant(least, numbers);
      var kept = Features.constant(IntStream.range(0, least.size())
          .mapToObj(i -> least.get(i) == low && greatest.get(i) == high ? 1.0 : 0.0).toList(), numbers);
      var scaled = numbers.sub(from).div(Features.constant(greatest, numbers).sub(from)).mul(high - low).add(low);
      // What is there already stays as it is, to the last bit.
      return kept.ne(Tensor.zeros(kept.type())).where(numbers, scaled);
    });
  }
}
