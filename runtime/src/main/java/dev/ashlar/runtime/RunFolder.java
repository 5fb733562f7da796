package dev.ashlar.runtime;

import dev.ashlar.config.FileException;
import dev.ashlar.io.checkpoint.CheckpointSeries;
import dev.ashlar.io.files.AtomicFiles;
import dev.ashlar.io.files.FileProblems;
import dev.ashlar.io.model.ModelFile;
import dev.ashlar.runtime.report.RunFiles;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where a run leaves what comes of it: the configuration with every value written, what it was made with, what was
 * measured, its states and the model. A run that does not come to its first step leaves nothing.
 *
 * @param path of the folder
 * @param ifTaken what happens if an earlier run is there
 */
public record RunFolder(Path path, IfTaken ifTaken) {

  /** What the configuration is called. */
  public static final String CONFIGURATION = RunFiles.CONFIGURATION;

  /** What the description of the machine and of the data is called. */
  public static final String ENVIRONMENT = RunFiles.ENVIRONMENT;

  /** What the file of what was measured is called. */
  public static final String METRICS = RunFiles.METRICS;

  /** What the last model is called, where another one is kept. */
  public static final String LAST = "last.safetensors";

  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd-HHmmss", Locale.ROOT);
  private static final String DATED = "-([0-9]{4}-[0-9]{2}-[0-9]{2}-[0-9]{6})(?:-([0-9]{1,9}))?";
  private static final Pattern PART = Pattern.compile("config\\.yaml|environment\\.json|metrics\\.jsonl"
      + "|(model|last)\\.safetensors|report\\.(html|json)|trace\\.json|checkpoints|events\\.out\\.tfevents\\..*|\\..*\\.partial");

  /** What happens if an earlier run is there. */
  public enum IfTaken {
    /** It is a mistake. */
    REFUSE,
    /** The earlier run is replaced. */
    OVERWRITE,
    /** The new one gets a number behind its name. */
    NUMBER
  }

  /** A folder that has no run yet. */
  public static RunFolder of(Path path) {
    return new RunFolder(path, IfTaken.REFUSE);
  }

  /** A folder named after a configuration and the time, with a number if there is one of that name. */
  public static RunFolder named(Path parent, Path configuration, LocalDateTime now) {
    String name = configuration.getFileName().toString().replaceFirst("\\.ya?ml$", "");
    return new RunFolder(parent.resolve(name + "-" + TIME.format(now)), IfTaken.NUMBER);
  }

  /** This, with an earlier run replaced. */
  public RunFolder overwriting() {
    return new RunFolder(path, IfTaken.OVERWRITE);
  }

  /** The model's file. */
  public Path model() {
    return path.resolve(ModelFile.FILE_NAME);
  }

  /** The configuration's file. */
  public Path configuration() {
    return path.resolve(CONFIGURATION);
  }

  /** What was measured, a line of JSON for each event. */
  public Path metrics() {
    return path.resolve(METRICS);
  }

  /** What the run was made with. */
  public Path environment() {
    return path.resolve(ENVIRONMENT);
  }

  /** Where its states are. */
  public Path checkpoints() {
    return path.resolve(CheckpointSeries.FOLDER_NAME);
  }

  /**
   * Finds out before a run whether it can be written, and leaves everything as it was.
   *
   * @throws FileException if it cannot
   */
  public void check() throws FileException {
    if (ifTaken == IfTaken.NUMBER) {
      new RunFolder(path.toAbsolutePath().getParent(), IfTaken.OVERWRITE).check();
      return;
    }
    if (ifTaken == IfTaken.REFUSE && (Files.exists(model()) || Files.exists(configuration()) || Files.exists(metrics()))) {
      throw FileException.at(path.toString(), "an earlier run", "a new folder, or one without a run",
          "choose another name, or replace the run with --overwrite");
    }
    List<Path> made = new ArrayList<>();
    try {
      if (Files.exists(path) && !Files.isDirectory(path)) {
        throw new FileAlreadyExistsException(path.toString());
      }
      for (Path folder : missing()) {
        made.addFirst(Files.createDirectory(folder));
      }
      Files.delete(Files.createTempFile(path, ".ashlar", ".partial"));
    } catch (IOException e) {
      throw FileProblems.writing(path, e);
    } finally {
      made.forEach(folder -> folder.toFile().delete());
    }
  }

  /** The folders that are not there, outermost first. */
  private List<Path> missing() {
    List<Path> missing = new ArrayList<>();
    for (Path folder = path.toAbsolutePath(); folder != null && Files.notExists(folder); folder = folder.getParent()) {
      missing.addFirst(folder);
    }
    return missing;
  }

  /**
   * Makes the folder for a run.
   *
   * @throws FileException if it cannot be made, or another process trains there
   */
  Claim claim() throws FileException {
    List<Path> made = ifTaken == IfTaken.NUMBER ? List.of() : missing().reversed();
    RunFolder claimed = claimed();
    boolean isNew = ifTaken == IfTaken.NUMBER;
    return new Claim(claimed, isNew ? List.of(claimed.path) : made, RunLock.of(claimed.path));
  }

  /**
   * A run's folder.
   *
   * @param folder where it is
   * @param made folders that were made for it, the innermost first
   * @param lock that keeps other processes away
   */
  record Claim(RunFolder folder, List<Path> made, RunLock lock) implements AutoCloseable {

    /** Gives it back as it was; for a run that comes to nothing. */
    void abandon() {
      lock.close();
      made.forEach(empty -> empty.toFile().delete()); // folders go only if nothing else is in them
    }

    @Override
    public void close() {
      lock.close();
    }
  }

  /**
   * Removes an earlier run.
   *
   * @throws FileException if that cannot be
   */
  void clear() throws FileException {
    try {
      for (Path left : parts()) {
        AtomicFiles.deleteTree(left);
      }
    } catch (IOException e) {
      throw FileProblems.writing(path, e);
    }
  }

  /** What a run leaves. What else is in the folder is none of its business. */
  List<Path> parts() throws IOException {
    if (!Files.isDirectory(path)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(path)) {
      return all.filter(part -> PART.matcher(part.getFileName().toString()).matches()).sorted().toList();
    }
  }

  /** Makes the folder, or the first with a number that is not taken; no two runs get the same. */
  private RunFolder claimed() throws FileException {
    try {
      if (ifTaken != IfTaken.NUMBER) {
        Files.createDirectories(path);
        return this;
      }
      Files.createDirectories(path.toAbsolutePath().getParent());
      Path next = path;
      for (int i = 2; !created(next); i++) {
        next = path.resolveSibling(path.getFileName() + "-" + i);
      }
      return of(next);
    } catch (IOException e) {
      throw FileProblems.writing(path, e);
    }
  }

  private static boolean created(Path folder) throws IOException {
    try {
      Files.createDirectory(folder);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    }
  }

  /**
   * The newest run of a name: {@code runs/digits} for {@code runs/digits-2026-11-26-183000}.
   *
   * @param wanted the name, without date
   */
  public static Optional<Path> newest(Path wanted) {
    Path parent = wanted.toAbsolutePath().getParent();
    if (wanted.getFileName() == null || parent == null || !Files.isDirectory(parent)) {
      return Optional.empty();
    }
    Pattern name = Pattern.compile(Pattern.quote(wanted.getFileName().toString()) + DATED);
    try (Stream<Path> all = Files.list(parent)) {
      return all.filter(run -> name.matcher(run.getFileName().toString()).matches() && isRun(run))
          .max(Comparator.comparing(run -> ordered(name, run)))
          .map(run -> wanted.resolveSibling(run.getFileName()));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static String ordered(Pattern name, Path run) {
    Matcher parts = name.matcher(run.getFileName().toString());
    return parts.matches()
        ? parts.group(1) + String.format(Locale.ROOT, "%9s", parts.group(2) == null ? "" : parts.group(2)) : "";
  }

  /** What a user means: what is there, or else the newest run of that name without its date. */
  public static Path meant(Path given) {
    return Files.exists(given) ? given : newest(given).orElse(given);
  }

  /**
   * The folder of the run that a user means.
   *
   * @throws FileException if there is none
   */
  public static Path find(Path given) throws FileException {
    Path found = meant(given);
    if (!isRun(found)) {
      throw none(given, "the folder of a run");
    }
    return found;
  }

  /**
   * That there is no run.
   *
   * @param expected instead
   */
  public static FileException none(Path given, String expected) {
    String found = !Files.exists(given) ? "no such folder" : Files.isDirectory(given) ? "no run" : "a file";
    return FileException.at(given.toString(), found, expected, "'ashlar runs list' names those in runs");
  }

  /** Whether a folder is that of a run, by what is in it. */
  public static boolean isRun(Path folder) {
    return new RunFiles(folder).isRun();
  }
}
