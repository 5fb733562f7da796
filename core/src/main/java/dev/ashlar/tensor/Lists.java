package dev.ashlar.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/** Small helpers on immutable lists. */
final class Lists {

  private Lists() {}

  static <T> List<T> prepend(T first, List<T> rest) {
    List<T> all = new ArrayList<>(rest.size() + 1);
    all.add(first);
    all.addAll(rest);
    return Collections.unmodifiableList(all);
  }

  static <T> List<T> repeat(T value, int times) {
    return List.copyOf(Collections.nCopies(times, value));
  }

  /** Each number once, in order. Most lists are so already, and operations are made again and again by passes. */
  static List<Integer> ascending(List<Integer> numbers) {
    for (int i = 1; i < numbers.size(); i++) {
      if (numbers.get(i - 1) >= numbers.get(i)) {
        return numbers.stream().sorted().distinct().toList();
      }
    }
    return List.copyOf(numbers);
  }

  /** Without a stream: for what passes do with each node. */
  static <T, R> List<R> map(List<T> list, Function<? super T, ? extends R> function) {
    List<R> results = new ArrayList<>(list.size());
    for (T element : list) {
      results.add(function.apply(element));
    }
    return results;
  }

  static List<Integer> of(int[] values) {
    return Arrays.stream(values).boxed().toList();
  }
}
