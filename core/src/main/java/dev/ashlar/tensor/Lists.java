package dev.ashlar.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

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

  static List<Integer> of(int[] values) {
    return Arrays.stream(values).boxed().toList();
  }
}
