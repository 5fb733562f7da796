package dev.ashlar.training;

import dev.ashlar.config.Nearest;
import dev.ashlar.config.Wildcards;
import dev.ashlar.model.Application;
import dev.ashlar.tensor.ShapeException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Which parts of a model the backward pass computes again instead of keeping their values. */
final class Rematerialized {

  /** Copies of what is repeated are called by their numbers: {@code repeat.0}, {@code blocks.11}. */
  private static final Pattern COPY = Pattern.compile("(.*\\.)?[0-9]+");
  private static final int MANY = 12;

  private Rematerialized() {}

  /**
   * The paths of the parts; of parts within each other the outermost.
   *
   * @param wanted as {@link Settings#remat} has it
   * @throws ShapeException if no part has such a path
   */
  static List<String> paths(String wanted, List<Application> applications) {
    List<String> all = applications.stream().map(Application::path).filter(path -> !path.isEmpty()).distinct().toList();
    List<String> chosen = new ArrayList<>();
    for (String text : wanted.split(",")) {
      Pattern pattern = text.strip().equals(Settings.BLOCKS) && !all.contains(Settings.BLOCKS)
          ? COPY : Wildcards.pattern(text.strip());
      List<String> matching = all.stream().filter(path -> pattern.matcher(path).matches()).toList();
      if (matching.isEmpty()) {
        throw unmatched(text.strip(), all);
      }
      chosen.addAll(matching);
    }
    return chosen.stream().distinct()
        .filter(path -> chosen.stream().noneMatch(outer -> path.startsWith(outer + ".")))
        .toList();
  }

  private static ShapeException unmatched(String pattern, List<String> paths) {
    String some = String.join(", ", paths.subList(0, Math.min(MANY, paths.size())))
        + (paths.size() > MANY ? ", .. (" + paths.size() + " in all)" : "");
    return pattern.equals(Settings.BLOCKS)
        ? new ShapeException("remat", "a model that repeats a block", "'blocks', and no part of the model is repeated",
            "name parts of the model, with commas between: " + some)
        : new ShapeException("remat", "a pattern that matches some parts of the model: " + some,
            "'" + pattern + "', which matches no part", Nearest.advice(pattern, Stream.concat(
                Stream.of(Settings.BLOCKS), paths.stream()).toList()));
  }
}
