package dev.ashlar.config;

import dev.ashlar.api.Stable;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One mistake in a configuration.
 *
 * @param place where: path, and location in a file
 * @param found what stands there
 * @param expected what is allowed there
 * @param help what to do, with the nearest name if there is one; may be empty, or of several lines
 */
@Stable
public record Problem(Place place, String found, String expected, String help) {
  private static final Comparator<Location> BY_LOCATION =
      Comparator.comparing(Location::file).thenComparing(Location::line).thenComparing(Location::column);

  /** A problem without advice. */
  public static Problem at(Place place, String found, String expected) {
    return new Problem(place, found, expected, "");
  }

  /**
   * The one way a problem is shown: a line of location and path, then what was found, what was expected and
   * what helps, each on its own line. What a terminal would obey instead of showing it is written as its
   * number: names and values come from files, and these from anybody.
   */
  @Override
  public String toString() {
    var location = place.location() == null ? "" : place.location().toString();
    var path = place.path().isEmpty() ? location.isEmpty() ? "the whole configuration" : "" : place.path();
    return Words.visible(location + (location.isEmpty() || path.isEmpty() ? "" : ": ") + path
        + "\n  found:    " + found
        + "\n  expected: " + expected
        + (help.isEmpty() ? "" : "\n  help:     " + help.replace("\n", "\n            ")));
  }

  /** All problems, each as it is shown alone, with a blank line between. */
  public static String render(List<Problem> problems) {
    return problems.stream().map(Problem::toString).collect(Collectors.joining("\n\n"));
  }

  /** In the order of the file; those without a location keep their order behind the others. */
  static List<Problem> sorted(List<Problem> problems) {
    return problems.stream()
        .sorted(Comparator.comparing(p -> p.place().location(), Comparator.nullsLast(BY_LOCATION)))
        .toList();
  }
}
