package dev.ashlar.io.events;

import dev.ashlar.io.files.FileProblems;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.SequencedMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A file of events, as TensorBoard reads it: {@code tensorboard --logdir FOLDER}. Each call leaves whole records, so
 * the file can be read while it grows, and after its writer was killed. Thread-safe.
 *
 * <p>Numbers, histograms and pictures are written in the older of the two forms that TensorBoard knows ({@code
 * simple_value}, {@code histo}, {@code image}), as PyTorch does: all readers of such files know it.
 */
public final class EventFile implements Closeable {

  /** How a run ended. */
  public enum Outcome {
    /** It came to its end. */
    SUCCESS,
    /** It failed. */
    FAILURE,
    /** It was stopped, and may go on. */
    STOPPED
  }

  private static final Pattern NAME = Pattern.compile("events\\.out\\.tfevents\\.(\\d{1,18})\\..*");

  private final Path path;
  private final FileChannel file;
  private final InstantSource clock;
  private final Records records;
  private final Wire wire = new Wire();

  private EventFile(Path path, FileChannel file, InstantSource clock) {
    this.path = path;
    this.file = file;
    this.clock = clock;
    this.records = new Records(file);
  }

  /**
   * Begins a file in a folder that is there. Where files of events are there already, readers put this behind them.
   *
   * @throws dev.ashlar.config.FileException if it cannot be written
   */
  public static EventFile create(Path folder) throws IOException {
    return create(folder, InstantSource.system(), OptionalLong.empty());
  }

  /**
   * Begins a file with what a run does that goes on: of all that earlier files in the folder say of this step and later
   * ones, readers forget what they had.
   *
   * @param step the first that is written anew
   * @throws dev.ashlar.config.FileException if it cannot be written
   */
  public static EventFile resume(Path folder, long step) throws IOException {
    return create(folder, InstantSource.system(), OptionalLong.of(step));
  }

  static EventFile create(Path folder, InstantSource clock, OptionalLong resumed) throws IOException {
    Path path = folder;
    try {
      // Readers take files in the order of their names.
      long seconds = Math.max(clock.instant().getEpochSecond(), latest(folder) + 1);
      path = folder.resolve("events.out.tfevents.%010d.%s.%d.0".formatted(
          seconds, host(), ProcessHandle.current().pid()));
      FileChannel file = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      EventFile events = new EventFile(path, file, clock);
      events.begin(resumed);
      return events;
    } catch (IOException e) {
      throw FileProblems.writing(path, e);
    }
  }

  private static long latest(Path folder) throws IOException {
    long latest = 0;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "events.out.tfevents.*")) {
      for (Path file : files) {
        Matcher name = NAME.matcher(file.getFileName().toString());
        latest = name.matches() ? Math.max(latest, Long.parseLong(name.group(1))) : latest;
      }
    }
    return latest;
  }

  /** Asks nobody on the network: that may take seconds. */
  private static String host() {
    String name = Stream.of("COMPUTERNAME", "HOSTNAME").map(System::getenv).filter(Objects::nonNull).findFirst()
        .orElseGet(() -> {
          try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
          } catch (IOException e) {
            return "localhost";
          }
        });
    return name.replaceAll("[^A-Za-z0-9_-]", "-");
  }

  private void begin(OptionalLong resumed) throws IOException {
    write(0, event -> event.text(Messages.FILE_VERSION, Messages.VERSION)
        .message(Messages.SOURCE, source -> source.text(1, "dev.ashlar.io.events")));
    if (resumed.isPresent()) {
      write(resumed.getAsLong(), event ->
          event.message(Messages.SESSION, session -> session.number(1, (long) Messages.SESSION_START)));
    }
  }

  /** Where it is. */
  public Path path() {
    return path;
  }

  /**
   * Writes values of a step.
   *
   * @param step counted from 0, no smaller than that of values that were written before
   * @throws dev.ashlar.config.FileException if the file cannot be written
   */
  public void write(long step, List<? extends EventValue> values) throws IOException {
    if (!values.isEmpty()) {
      write(step, event -> event.message(Messages.SUMMARY, summary ->
          values.forEach(value -> summary.message(1, wire -> Messages.value(wire, value)))));
    }
  }

  /**
   * Says how the run is configured, so that it can be compared with others by its hyper-parameters. The metrics that go
   * with them are all scalars: an experiment, which could choose some, holds for all runs of a folder and would hide
   * what others have configured.
   *
   * @param values numbers, booleans and texts by name; others as text
   */
  public void begun(SequencedMap<String, ?> values) throws IOException {
    double seconds = seconds();
    write(0, event -> event.message(Messages.SUMMARY, summary -> summary.message(1, value ->
        Messages.hyperparameters(value, "_hparams_/session_start_info", Messages.START_INFO,
            info -> {
              for (Map.Entry<String, ?> entry : values.entrySet()) {
                info.message(1, Messages.entry(entry.getKey(), entry.getValue()));
              }
              info.number(5, seconds);
            }))));
  }

  /** Says how the run ended; only of a run that was {@link #begun}. */
  public void ended(long step, Outcome outcome) throws IOException {
    double seconds = seconds();
    write(step, event -> event.message(Messages.SUMMARY, summary -> summary.message(1, value ->
        Messages.hyperparameters(value, "_hparams_/session_end_info", Messages.END_INFO,
            info -> info.number(1, Messages.status(outcome)).number(2, seconds)))));
  }

  private double seconds() {
    Instant now = clock.instant();
    return now.getEpochSecond() + now.getNano() * 1e-9;
  }

  private synchronized void write(long step, Consumer<Wire> what) throws IOException {
    wire.clear().number(Messages.TIME, seconds()).number(Messages.STEP, step);
    what.accept(wire);
    try {
      records.write(wire.view());
    } catch (IOException e) {
      throw FileProblems.writing(path, e);
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
