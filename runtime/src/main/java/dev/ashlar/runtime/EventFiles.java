package dev.ashlar.runtime;

import dev.ashlar.config.FileException;
import dev.ashlar.config.NameResolver;
import dev.ashlar.config.Place;
import dev.ashlar.config.Value;
import dev.ashlar.data.Dataset;
import dev.ashlar.training.EventFileListener;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.regex.Pattern;

/** A run as TensorBoard shows it. */
final class EventFiles {

  private static final Pattern QUALIFIED = Pattern.compile("\\b[\\w-]+:([\\w-]+)@\\d+\\b");

  private EventFiles() {}

  /**
   * What writes them.
   *
   * @param train examples that are learnt from
   */
  static EventFileListener of(RunFolder folder, Configuration configuration, NameResolver plugins, Dataset train) {
    return new EventFileListener(folder.path(), () -> leaves(configuration.whole(folder.path(), plugins)),
        Optional.of(train), step -> told(folder.metrics(), step));
  }

  /** What a configuration says, by path: numbers, booleans and texts, and lists of these as text. */
  static SequencedMap<String, Object> leaves(Value whole) {
    SequencedMap<String, Object> leaves = new LinkedHashMap<>();
    collect(whole.placed(Place.ROOT), leaves);
    return leaves;
  }

  private static void collect(Value value, SequencedMap<String, Object> leaves) {
    String path = plain(value.place().path());
    switch (value) {
      case Value.Mapping map -> map.entries().forEach(entry -> collect(entry.value(), leaves));
      case Value.Sequence list when isTree(list) -> list.items().forEach(item -> collect(item, leaves));
      case Value.Sequence list -> leaves.put(path, list.toString());
      case Value.Num number -> leaves.put(path, number.value().doubleValue());
      case Value.Bool bool -> leaves.put(path, bool.value());
      case Value.Text text -> leaves.put(path, plain(text.value()));
      case Value.Null _ -> {}
    }
  }

  /** Without the plug-ins and versions of components, which hardly tell runs apart. */
  private static String plain(String text) {
    return QUALIFIED.matcher(text).replaceAll("$1");
  }

  private static boolean isTree(Value.Sequence list) {
    return list.items().stream().anyMatch(item -> item instanceof Value.Mapping || item instanceof Value.Sequence);
  }

  /** What was told of an update, if it was. */
  private static Optional<EventFileListener.Step> told(Path metrics, long step) {
    try {
      List<Value.Mapping> events = RunEvents.read(metrics);
      return events.reversed().stream()
          .filter(event -> RunEvents.text(event, "type").equals(RunEvents.STEP)
              && RunEvents.whole(event, "step", -1) == step)
          .map(event -> new EventFileListener.Step(RunEvents.real(event.get(RunEvents.LOSS)),
              RunEvents.real(event.get(RunEvents.LEARNING_RATE)))).findFirst();
    } catch (FileException e) {
      return Optional.empty();
    }
  }
}
