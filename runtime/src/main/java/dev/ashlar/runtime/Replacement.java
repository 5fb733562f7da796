package dev.ashlar.runtime;

import dev.ashlar.config.ConfigException;
import dev.ashlar.config.Place;
import dev.ashlar.config.Problem;
import dev.ashlar.config.Value;
import dev.ashlar.training.Backends;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A value that takes the place of one in a configuration: {@code train.epochs=5}, {@code model[1].dropout=0.2}.
 *
 * @param path names and positions, from the root
 * @param value what stands there instead
 * @param text the option as it was written, for messages
 */
public record Replacement(List<Object> path, Value value, String text) {

  private static final Pattern STEP = Pattern.compile("\\.?([^.\\[\\]=]+)|\\[([0-9]{1,9})]");

  /**
   * Reads a replacement.
   *
   * @throws ConfigException if it cannot be read
   */
  public static Replacement parse(String text) {
    int equals = text.indexOf('=');
    List<Object> path = equals < 1 ? List.of() : path(text.substring(0, equals));
    if (path.isEmpty()) {
      throw new ConfigException(new Problem(
          Place.ROOT.key("--set " + text), "'" + text + "'", "a path and a value, such as train.epochs=5", ""));
    }
    return new Replacement(path, Value.parse(text.substring(equals + 1), "--set " + text), "--set " + text);
  }

  /** A number of threads for the backend that is taken unless a configuration says otherwise. */
  public static Replacement threads(int number) {
    String text = "--threads " + number;
    return new Replacement(List.of("backend", Backends.PREFERRED, "threads"),
        Value.parse(Integer.toString(number), text), text);
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
   * The tree with the value in its place; maps on the way there are made as needed.
   *
   * @throws ConfigException if the path leads through something else
   */
  public Value applyTo(Value tree) {
    return replaced(tree, 0).placed(Place.ROOT);
  }

  private Value replaced(Value tree, int depth) {
    if (depth == path.size()) {
      return value;
    }
    if (path.get(depth) instanceof Integer index) {
      if (!(tree instanceof Value.Sequence sequence) || index >= sequence.items().size()) {
        throw wrong(tree, "a list of more than " + index + " items");
      }
      List<Value> items = new ArrayList<>(sequence.items());
      items.set(index, replaced(items.get(index), depth + 1));
      return new Value.Sequence(items, sequence.place());
    }
    String key = (String) path.get(depth);
    return switch (tree) {
      case Value.Mapping mapping -> {
        Value old = mapping.get(key);
        yield mapping.with(key, replaced(old == null ? empty(tree) : old, depth + 1));
      }
      case Value.Null _ -> empty(tree).with(key, replaced(empty(tree), depth + 1));
      // A name alone, such as an optimizer's, becomes the name of a map.
      case Value.Text name when name.value().equals(key) -> empty(tree).with(key, replaced(empty(tree), depth + 1));
      default -> throw wrong(tree, "a map with '" + key + "'");
    };
  }

  private static Value.Mapping empty(Value at) {
    return new Value.Mapping(List.of(), at.place());
  }

  private ConfigException wrong(Value tree, String expected) {
    return new ConfigException(new Problem(tree.place(), tree.toString(), expected, text + " leads there"));
  }
}
