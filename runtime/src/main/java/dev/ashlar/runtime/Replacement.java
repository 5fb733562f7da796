package dev.ashlar.runtime;

import dev.ashlar.config.Binder;
import dev.ashlar.config.ConfigException;
import dev.ashlar.config.Location;
import dev.ashlar.config.NameResolver;
import dev.ashlar.config.Place;
import dev.ashlar.config.Problem;
import dev.ashlar.config.Value;
import dev.ashlar.training.Backends;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A value that takes the place of one in a configuration, or stands beside what is there: {@code train.epochs=5},
 * {@code model[1].dropout=0.2}, {@code optimizer.sgd.momentum=0.9}.
 *
 * @param path names and positions, from the root
 * @param value what stands there instead
 * @param option that asks for it, as messages name it: {@code --set train.epochs=5}
 */
public record Replacement(List<Object> path, Value value, String option) {

  private static final Pattern STEP = Pattern.compile("\\.?([^.\\[\\]=]+)|\\[([0-9]{1,9})]");

  /**
   * Reads a replacement as {@code --set} takes it.
   *
   * @throws ConfigException if it cannot be read
   */
  public static Replacement parse(String text) {
    String option = "--set " + text;
    int equals = text.indexOf('=');
    List<Object> path = equals < 1 ? List.of() : path(text.substring(0, equals));
    if (path.isEmpty()) {
      throw new ConfigException(new Problem(
          new Place(option, null), "'" + text + "'", "a path and a value, such as train.epochs=5", ""));
    }
    return new Replacement(path, Value.parse(text.substring(equals + 1), option), option);
  }

  /** A number of threads for the backend that is taken unless a configuration says otherwise. */
  public static Replacement threads(int number) {
    String option = "--threads " + number;
    return new Replacement(List.of("backend", Backends.PREFERRED, "threads"),
        new Value.Num(BigDecimal.valueOf(number), Place.at(Location.of(option))), option);
  }

  private static List<Object> path(String text) {
    List<Object> path = new ArrayList<>();
    Matcher step = STEP.matcher(text);
    int at = 0;
    while (at < text.length() && step.find(at) && step.start() == at) {
      path.add(step.group(1) != null ? step.group(1) : (Object) Integer.valueOf(step.group(2)));
      at = step.end();
    }
    return at == text.length() ? path : List.of();
  }

  /**
   * The configuration's tree with the value in its place; maps on the way there are made as needed, and shorthands
   * on the way are written out.
   *
   * @throws ConfigException if the path leads through something else
   */
  public Value applyTo(Value tree, NameResolver plugins) {
    return new Binder(plugins, Path.of("")).put(tree, RunConfig.class, path, value, option + " leads there");
  }
}
