package dev.ashlar.runtime;

import dev.ashlar.config.Place;
import dev.ashlar.config.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Value trees as YAML: what fits on a line is on one, the items of other lists and maps have lines of their own. */
final class YamlText {

  private static final int WIDTH = 118;

  private YamlText() {}

  /** A text that reads as the tree, each part of it on lines of its own. */
  static String of(Value.Mapping tree) {
    StringBuilder text = new StringBuilder();
    entries(tree, WIDTH).forEach(line -> text.append(line).append('\n'));
    return text.toString();
  }

  private static Stream<String> entries(Value.Mapping map, int width) {
    return map.entries().stream().flatMap(entry -> {
      String name = new Value.Text(entry.key(), Place.ROOT) + ":";
      List<String> lines = lines(entry.value(), width - 2);
      boolean oneLine = lines.size() == 1 && name.length() + 1 + lines.getFirst().length() <= width
          || isLeaf(entry.value());
      if (oneLine) {
        return Stream.of(name + " " + entry.value());
      }
      // What is broken already is not broken again: parts of parts of parts would be so eight times.
      Stream<String> below = lines.size() > 1 ? lines.stream() : broken(entry.value(), width - 2);
      return Stream.concat(Stream.of(name), below.map(line -> "  " + line));
    });
  }

  private static List<String> lines(Value value, int width) {
    String flow = value.toString();
    return flow.length() <= width || isLeaf(value) ? List.of(flow) : broken(value, width).toList();
  }

  private static Stream<String> broken(Value value, int width) {
    return switch (value) {
      case Value.Mapping map -> entries(map, width);
      case Value.Sequence list -> list.items().stream().flatMap(item -> item(item, width - 2));
      default -> Stream.of(value.toString());
    };
  }

  /** A list's item; a name with its components goes without braces. */
  private static Stream<String> item(Value item, int width) {
    List<String> lines = item instanceof Value.Mapping map && map.entries().size() == 1
        ? entries(map, width).toList()
        : lines(item, width);
    List<String> marked = new ArrayList<>();
    lines.forEach(line -> marked.add((marked.isEmpty() ? "- " : "  ") + line));
    return marked.stream();
  }

  private static boolean isLeaf(Value value) {
    return switch (value) {
      case Value.Mapping map -> map.entries().isEmpty();
      case Value.Sequence list -> list.items().isEmpty();
      default -> true;
    };
  }
}
