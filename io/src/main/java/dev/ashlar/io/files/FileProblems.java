package dev.ashlar.io.files;

import dev.ashlar.config.FileException;
import dev.ashlar.config.Nearest;
import dev.ashlar.config.Place;
import dev.ashlar.config.Problem;
import dev.ashlar.config.Value;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Turns what an operating system says of a file into a problem that says what to do. */
public final class FileProblems {
  private static final int SHOWN = 60;
  private static final int SIBLINGS = 1000;

  private FileProblems() {}

  /** What is wrong with a file that should be read. */
  public static FileException reading(Path path, IOException reason) {
    if (reason instanceof FileException told) return told;
    var expected = "a file that can be read";
    if (reason instanceof NoSuchFileException || reason instanceof FileNotFoundException) {
      return problem(path, "no such file", expected, missing(path), reason);
    }
    if (Files.isDirectory(path)) {
      return problem(path, "a folder", expected, "name a file in it", reason);
    }
    if (reason instanceof AccessDeniedException) {
      return problem(path, "no permission to read it", expected, "give this user the right to read it",
          reason);
    }
    return problem(path, said(path, reason), expected, "", reason);
  }

  /**
   * Checks that files are there, so that all that are not are told at once.
   *
   * @throws FileException if several are not; of a single one, reading it tells more
   */
  public static void requireAll(Path... paths) throws FileException {
    var missing = Arrays.stream(paths).filter(Files::notExists).distinct().toList();
    if (missing.size() < 2) return;
    var help = missing.stream().map(FileProblems::missing).distinct().collect(Collectors.joining("; "));
    throw FileException.at(missing.stream().map(Path::toString).collect(Collectors.joining(", ")), "no such files",
        "files that can be read", help);
  }

  /** Whether there was no room for a file: no mistake in what was given. */
  public static boolean isForWantOfRoom(FileException problem) {
    var said = problem.getCause() instanceof IOException reason ? lower(String.valueOf(reason.getMessage())) : "";
    return isFull(said) || isTooLarge(said);
  }

  private static String lower(String said) {
    return said.toLowerCase(Locale.ROOT);
  }

  private static boolean isFull(String lower) {
    return lower.contains("no space") || lower.contains("quota");
  }

  private static boolean isTooLarge(String lower) {
    return lower.contains("file too large");
  }

  /** What is wrong with a file or folder that should be written. */
  public static FileException writing(Path path, IOException reason) {
    if (reason instanceof FileException told) return told;
    var folder = folder(path);
    var expected = "a place that can be written to";
    var said = said(path, reason);
    var lower = lower(said);
    if (isFull(lower)) {
      return problem(path, "no space left in " + folder, "room for the whole file",
          "make room or write elsewhere; what stood there before is untouched", reason);
    }
    if (isTooLarge(lower)) {
      return problem(path, "a limit on the size of files", "room for the whole file",
          "raise the limit (ulimit -f), or write elsewhere; what stood there before is untouched", reason);
    }
    if (reason instanceof AccessDeniedException) {
      return problem(path, "no permission to write in " + folder, expected,
          "give this user the right to write there, or write elsewhere", reason);
    }
    if (lower.contains("read-only")) {
      return problem(path, folder + " is read-only", expected, "write elsewhere", reason);
    }
    if (reason instanceof FileAlreadyExistsException) {
      return problem(path, "a file of that name", "a folder, or a name that is not taken",
          "choose another name, or move the file", reason);
    }
    for (Path above = folder; above != null; above = above.getParent()) {
      if (Files.exists(above) && !Files.isDirectory(above)) {
        return problem(path, above + " is a file", "a folder there", "move that file, or write elsewhere",
            reason);
      }
    }
    if (reason instanceof NoSuchFileException) {
      return problem(path, folder + " takes no new files", expected, "write elsewhere", reason);
    }
    return problem(path, said, expected, "write elsewhere", reason);
  }

  /** Text from a file as messages quote it: one line of at most 60 characters, in single quotes. */
  public static String shown(String text) {
    boolean cut = text.codePointCount(0, text.length()) > SHOWN;
    var part = cut ? text.substring(0, text.offsetByCodePoints(0, SHOWN - 3)) : text;
    var escaped = Value.quoted(part).replace("\\\"", "\"");
    return "'" + escaped.substring(1, escaped.length() - 1) + (cut ? "..." : "") + "'";
  }

  static Path folder(Path path) {
    var parent = path.toAbsolutePath().getParent();
    return parent == null ? path.toAbsolutePath() : parent;
  }

  private static FileException problem(
      Path path, String found, String expected, String help, IOException reason) {
    return new FileException(new Problem(new Place(path.toString(), null), found, expected, help), reason);
  }

  private static String missing(Path path) {
    var folder = folder(path);
    if (!Files.isDirectory(folder)) return "there is no folder " + folder;
    var advice = Nearest.advice(String.valueOf(path.getFileName()), siblings(folder));
    return advice.isEmpty() ? "looked in " + folder : advice;
  }

  private static List<String> siblings(Path folder) {
    try (var names = Files.list(folder)) {
      return names.limit(SIBLINGS).map(p -> p.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  /** What an operating system says of a file, without its name. */
  static String said(Path path, IOException reason) {
    if (reason instanceof FileSystemException f && f.getReason() != null) return f.getReason();
    var message = reason.getMessage();
    if (message != null && !message.equals(path.toString())) return message;
    return "a file that makes trouble: "
        + reason.getClass().getSimpleName().replaceAll("Exception$", "").replaceAll("(?<=[a-z])(?=[A-Z])", " ")
            .toLowerCase(Locale.ROOT);
  }
}
