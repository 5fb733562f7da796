package dev.ashlar.config;

import dev.ashlar.api.Stable;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds the name that was probably meant. */
@Stable
public final class Nearest {
  /** Letters that tell what a name begins with. */
  private static final int BEGINNING = 3;

  private Nearest() {}

  /** {@code did you mean 'dropout'?}, or empty text if no name is near. */
  public static String advice(String typed, List<String> names) {
    return ask(name(typed, names));
  }

  static String ask(String nearest) {
    return nearest.isEmpty() ? "" : "did you mean '" + nearest + "'?";
  }

  /**
   * The nearest name, or nothing: a third of the letters may be wrong, but no more than three; or else it is short for
   * the name, or begins like it.
   */
  static String name(String typed, List<String> names) {
    var wanted = normal(typed);
    var nearest = nearest(wanted, names);
    return nearest.isEmpty() && wanted.length() > 1 ? longer(wanted, names) : nearest;
  }

  private static String nearest(String wanted, List<String> names) {
    int best = Math.min(3, Math.max(wanted.length() / 3, wanted.length() > 2 ? 1 : 0)) + 1;
    String nearest = "";
    for (var name : names) {
      if (Math.abs(name.length() - wanted.length()) >= best) continue;
      int distance = distance(wanted, normal(name));
      if (distance < best) {
        best = distance;
        nearest = name;
      }
    }
    return nearest;
  }

  /** {@code mse} is mean_squared_error, {@code drop} dropout, {@code batch_size} batch, {@code reloo} relu. */
  private static String longer(String wanted, List<String> names) {
    var begun = wanted.substring(0, Math.min(BEGINNING, wanted.length()));
    boolean tells = begun.length() == BEGINNING;
    return Stream.<Predicate<String>>of(
            name -> initials(name).equals(wanted),
            name -> tells && name.startsWith(wanted),
            name -> name.length() >= BEGINNING && wanted.startsWith(name + "_"),
            name -> tells && name.startsWith(begun) && name.length() - wanted.length() < 2 && distance(wanted, name) <= 2)
        .flatMap(rule -> names.stream().filter(name -> rule.test(normal(name))).min(Comparator.comparingInt(String::length))
            .stream())
        .findFirst().orElse("");
  }

  private static String initials(String name) {
    return Arrays.stream(name.split("_")).filter(word -> !word.isEmpty()).map(word -> word.substring(0, 1))
        .collect(Collectors.joining());
  }

  private static String normal(String name) {
    var start = name.length() > 100 ? name.substring(0, 100) : name;
    return Words.snake(start).replace('-', '_').replace(' ', '_');
  }

  /** Insertions, deletions, substitutions and swaps of neighbours between two words (Damerau-Levenshtein). */
  static int distance(String a, String b) {
    var d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) d[i][0] = i;
    for (int j = 0; j <= b.length(); j++) d[0][j] = j;
    for (int i = 1; i <= a.length(); i++) {
      for (int j = 1; j <= b.length(); j++) {
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        d[i][j] = Math.min(d[i - 1][j - 1] + change, 1 + Math.min(d[i - 1][j], d[i][j - 1]));
        boolean swapped = i > 1 && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        if (swapped) d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
      }
    }
    return d[a.length()][b.length()];
  }
}
