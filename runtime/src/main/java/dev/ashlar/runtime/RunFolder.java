package dev.ashlar.runtime;

import dev.ashlar.config.FileException;
import dev.ashlar.config.NameResolver;
import dev.ashlar.io.files.AtomicFiles;
import dev.ashlar.io.files.FileProblems;
import dev.ashlar.io.model.ModelFile;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a run leaves what came of it: the model, and the configuration with every value written. A run that comes to
 * nothing leaves nothing.
 *
 * @param path of the folder
 * @param ifTaken what happens if an earlier run is there
 */
public record RunFolder(Path path, IfTaken ifTaken) {

  /** What the configuration is called. */
  public static final String CONFIGURATION = "config.yaml";

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

  /** A folder named after a configuration in the given one, with a number if there is one of that name. */
  public static RunFolder named(Path parent, Path configuration) {
    String name = configuration.getFileName().toString().replaceFirst("\\.ya?ml$", "");
    return new RunFolder(parent.resolve(name), IfTaken.NUMBER);
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
    if (ifTaken == IfTaken.REFUSE && (Files.exists(model()) || Files.exists(configuration()))) {
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

  /** Puts a run into its folder. */
  interface Content {
    void writeTo(RunFolder folder) throws IOException;
  }

  /**
   * Makes the folder and fills it. If that fails, an earlier run is as it was or has a new model, and of a new one
   * nothing is left.
   *
   * @return where it is
   */
  RunFolder write(Content content) throws IOException {
    List<Path> made = ifTaken == IfTaken.NUMBER ? List.of() : missing().reversed();
    RunFolder claimed = claim();
    boolean isNew = !Files.exists(claimed.model()) && !Files.exists(claimed.configuration());
    try {
      content.writeTo(claimed);
      return claimed;
    } catch (IOException e) {
      if (isNew) {
        Files.deleteIfExists(claimed.model());
        claimed.path.toFile().delete(); // folders go only if nothing else is in them
        made.forEach(folder -> folder.toFile().delete());
      }
      throw e;
    }
  }

  /** Makes the folder, or the first with a number that is not taken; no two runs get the same. */
  private RunFolder claim() throws FileException {
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

  /** Writes a configuration so that it means the same from here. */
  void write(Configuration configuration, NameResolver plugins) throws IOException {
    AtomicFiles.write(configuration(), configuration.written(path, plugins));
  }
}
