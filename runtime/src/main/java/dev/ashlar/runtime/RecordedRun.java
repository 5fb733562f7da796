package dev.ashlar.runtime;

import dev.ashlar.config.ConfigException;
import dev.ashlar.config.FileException;
import dev.ashlar.config.Place;
import dev.ashlar.config.Value;
import dev.ashlar.io.checkpoint.CheckpointSeries;
import dev.ashlar.io.files.FileProblems;
import dev.ashlar.training.Examples;
import dev.ashlar.training.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A run as its folder tells of it. Nothing of it is opened or computed; what cannot be read is as if it were not there.
 *
 * @param folder of the run
 * @param configuration with every value written; empty if there is none
 * @param events of the run, in order
 */
public record RecordedRun(Path folder, Value.Mapping configuration, List<Value.Mapping> events) {

  private static final Value.Mapping NOTHING = new Value.Mapping(List.of(), Place.ROOT);

  /** How it is with a run. */
  public enum State {
    /** Some process trains it. */
    RUNNING,
    /** It came to its end. */
    FINISHED,
    /** It came to an end before its time, as it was told to: for want of patience, say. */
    STOPPED,
    /** It can go on. */
    INTERRUPTED,
    /** Something went wrong. */
    FAILED
  }

  /** Copies the list. */
  public RecordedRun {
    events = List.copyOf(events);
  }

  /**
   * Reads a run.
   *
   * @param given its folder, or the name of the newest without date
   * @throws FileException if there is none
   */
  public static RecordedRun read(Path given) throws FileException {
    Path folder = RunFolder.find(given);
    RunFolder run = RunFolder.of(folder);
    List<Value.Mapping> events = Files.exists(run.metrics()) ? RunEvents.read(run.metrics()) : List.of();
    return new RecordedRun(folder, configuration(run), events);
  }

  /** One among many: it is there, though what it was may not be readable. */
  private static RecordedRun among(Path folder) {
    try {
      return read(folder);
    } catch (FileException e) {
      return new RecordedRun(folder, configuration(RunFolder.of(folder)), List.of());
    }
  }

  private static Value.Mapping configuration(RunFolder run) {
    try {
      return Files.exists(run.configuration()) && Yaml.read(run.configuration()) instanceof Value.Mapping map
          ? map : NOTHING;
    } catch (ConfigException e) {
      return NOTHING;
    }
  }

  /**
   * All runs in a folder, the newest last.
   *
   * @throws FileException if the folder cannot be read
   */
  public static List<RecordedRun> all(Path parent) throws FileException {
    if (!Files.isDirectory(parent)) {
      return List.of();
    }
    try (Stream<Path> folders = Files.list(parent)) {
      return folders.filter(RunFolder::isRun).sorted().map(RecordedRun::among)
          .sorted(Comparator.comparing(RecordedRun::begun)).toList();
    } catch (IOException e) {
      throw FileProblems.reading(parent, e);
    }
  }

  /** When it began, as ISO 8601 has it; empty if that is not known. */
  public String begun() {
    return first(RunEvents.START).map(event -> RunEvents.text(event, "time")).orElse("");
  }

  private Optional<Value.Mapping> first(String type) {
    return events.stream().filter(event -> RunEvents.text(event, "type").equals(type)).findFirst();
  }

  private Optional<Value.Mapping> last(String type) {
    return events.reversed().stream().filter(event -> RunEvents.text(event, "type").equals(type)).findFirst();
  }

  /** Whether another process trains a run just now. */
  public static boolean goesOn(Path folder) {
    return RunLock.isHeld(folder);
  }

  /** How it is with it. A run that was killed has no end: it is interrupted. */
  public State state() {
    if (goesOn(folder)) {
      return State.RUNNING;
    }
    return switch (last(RunEvents.END).map(end -> RunEvents.text(end, "reason")).orElse("")) {
      case "finished" -> State.FINISHED;
      case "stopped" -> State.STOPPED;
      case "failed" -> State.FAILED;
      default -> State.INTERRUPTED;
    };
  }

  /** What whoever ran it was told at its end; empty if nothing. */
  public String message() {
    return last(RunEvents.END).map(end -> RunEvents.text(end, "message")).orElse("");
  }

  /**
   * What is to be set otherwise for a run to go on that was stopped, as a path in its configuration: the callback that its
   * message names, or else {@code train.patience}.
   */
  public String stopper() {
    List<Value> callbacks = configuration.get("callbacks") instanceof Value.Sequence all ? all.items() : List.of();
    return IntStream.range(0, callbacks.size()).boxed()
        .flatMap(i -> callbacks.get(i) instanceof Value.Mapping callback
            ? callback.entries().stream().filter(entry -> message().startsWith(Origin.plain(entry.key()) + ":"))
                .map(entry -> "callbacks[" + i + "]." + Origin.plain(entry.key()) + first(entry.value()))
            : Stream.empty())
        .findFirst().orElse("train.patience");
  }

  private static String first(Value settings) {
    return settings instanceof Value.Mapping map && !map.keys().isEmpty() ? "." + map.keys().getFirst() : "";
  }

  /** Updates made, as far as they were noted. */
  public long step() {
    return events.stream().mapToLong(event -> RunEvents.whole(event, "step", 0)).max().orElse(0);
  }

  /** Updates to be made in all; 0 if that is not known. */
  public long steps() {
    return events.reversed().stream().mapToLong(event -> RunEvents.whole(event, "steps", 0)).filter(n -> n > 0)
        .findFirst().orElse(0);
  }

  /** What was measured, by epoch, the oldest first: the events of epochs. */
  public List<Value.Mapping> epochs() {
    return events.stream().filter(event -> RunEvents.text(event, "type").equals(RunEvents.EPOCH)).toList();
  }

  /** What was measured of the model that is kept, or else last: by part of the data, then by name. */
  public SequencedMap<String, Map<String, Double>> metrics() {
    SequencedMap<String, Map<String, Double>> metrics = last(RunEvents.END).map(RecordedRun::metrics)
        .orElseGet(LinkedHashMap::new);
    return !metrics.isEmpty() ? metrics
        : last(RunEvents.EPOCH).map(RecordedRun::metrics).orElseGet(LinkedHashMap::new);
  }

  /** What an event says was measured, by part of the data, then by name. */
  public static SequencedMap<String, Map<String, Double>> metrics(Value.Mapping event) {
    SequencedMap<String, Map<String, Double>> parts = new LinkedHashMap<>();
    if (event.get("metrics") instanceof Value.Mapping measured) {
      measured.entries().forEach(part -> {
        Map<String, Double> values = new LinkedHashMap<>();
        if (part.value() instanceof Value.Mapping map) {
          map.entries().forEach(entry -> values.put(entry.key(), RunEvents.real(entry.value())));
        }
        parts.put(part.key(), values);
      });
    }
    return parts;
  }

  /** What tells best how good it is: a part of the data and a measure. */
  public record Key(String part, String measure, double value) {}

  /** The measure that tells the best epoch, of the part that judges: validation, else test, else train. */
  public Optional<Key> key() {
    String monitor = configuration.get("train") instanceof Value.Mapping train
        && train.get("monitor") instanceof Value.Text text ? text.value() : Programs.LOSS;
    SequencedMap<String, Map<String, Double>> metrics = metrics();
    return Stream.of(Examples.VALIDATION, Examples.TEST, Examples.TRAIN)
        .filter(part -> metrics.containsKey(part) && metrics.get(part).containsKey(monitor)).findFirst()
        .map(part -> new Key(part, monitor, metrics.get(part).get(monitor)));
  }

  /** Its checkpoints, the newest first; whether they are whole is not looked at. */
  public List<Path> checkpoints() throws FileException {
    return new CheckpointSeries(RunFolder.of(folder).checkpoints()).newestFirst();
  }

  /** Bytes of all that it has left; files that have several names count for each. */
  public long bytes() {
    try {
      return size(RunFolder.of(folder).parts());
    } catch (IOException e) {
      return 0;
    }
  }

  /** Bytes of files and folders. */
  public static long size(List<Path> paths) throws IOException {
    long bytes = 0;
    for (Path path : paths) {
      try (Stream<Path> all = Files.walk(path)) {
        bytes += all.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
            .mapToLong(file -> file.toFile().length()).sum();
      }
    }
    return bytes;
  }

  /** A value that differs between runs: by path, what each of them has there; empty where one has nothing. */
  public static SequencedMap<String, List<String>> differences(List<RecordedRun> runs) {
    List<Map<String, String>> leaves = runs.stream().map(run -> {
      Map<String, String> of = new LinkedHashMap<>();
      Leaves.of(run.configuration.placed(Place.ROOT), of);
      return of;
    }).toList();
    SequencedMap<String, List<String>> differences = new LinkedHashMap<>();
    leaves.stream().flatMap(of -> of.keySet().stream()).distinct().forEach(path -> {
      List<String> values = leaves.stream().map(of -> Origin.plain(of.getOrDefault(path, ""))).toList();
      if (values.stream().distinct().count() > 1) {
        differences.put(Origin.plain(path), values);
      }
    });
    return differences;
  }

  /**
   * Removes all that the run has left, and its folder, if nothing else is in that. Links are removed, not followed.
   *
   * @throws FileException if a process trains it, it is a link, or something cannot be removed
   */
  public void remove() throws FileException {
    if (Files.isSymbolicLink(folder)) {
      throw FileException.at(folder.toString(), "a link", "the folder of a run itself", "name what it points to");
    }
    try (RunLock _ = RunLock.of(folder)) {
      RunFolder.of(folder).clear();
    }
    folder.toFile().delete(); // only if nothing else is in it
  }
}
