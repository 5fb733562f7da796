package dev.ashlar.runtime;

import dev.ashlar.model.Link;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.training.Answers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Numbers that a model tells beside those that were right, for models that learn numbers. */
final class Comparisons {

  /** Points of a picture; more are none that an eye could tell apart. */
  private static final int MOST = 2_000;
  /** Numbers of an example that are compared one by one. */
  private static final int WIDEST = 8;

  private final int width;
  private final List<String> names;
  private final List<List<Object>> right = new ArrayList<>();
  private final List<List<Object>> told = new ArrayList<>();

  Comparisons(Answers answers, List<String> targets) {
    boolean isOfNumbers = answers.classes().isEmpty() && answers.link() == Link.IDENTITY
        && answers.positions() <= WIDEST;
    this.width = isOfNumbers ? answers.positions() : 0;
    this.names = targets.size() == width ? targets
        : IntStream.range(0, width).mapToObj(i -> width == 1 ? answers.name() : answers.name() + " " + i).toList();
    for (int i = 0; i < width; i++) {
      right.add(new ArrayList<>());
      told.add(new ArrayList<>());
    }
  }

  /** @param output and target [batch, width] */
  void add(float[] output, NDArray target, int count) {
    if (width == 0 || !target.dtype().isFloating() || target.size() != (long) target.shape().dim(0) * width) {
      return;
    }
    for (int i = 0; i < count * width && right.get(i % width).size() < MOST; i++) {
      right.get(i % width).add(Findings.number(target.get(i)));
      told.get(i % width).add(Findings.number(output[i]));
    }
  }

  Optional<Map<String, Object>> json() {
    return width == 0 || right.getFirst().isEmpty() ? Optional.empty()
        : Optional.of(Map.of("names", names, "right", right, "told", told));
  }
}
