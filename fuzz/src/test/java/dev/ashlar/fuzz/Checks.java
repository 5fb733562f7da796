package dev.ashlar.fuzz;

import com.sun.management.ThreadMXBean;
import dev.ashlar.config.ConfigException;
import dev.ashlar.config.FileException;
import dev.ashlar.io.files.AtomicFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What is asked of every reader, for any bytes. */
final class Checks {

  /** What a reader may take for a file of any size. */
  private static final long FREE = 256L << 20;
  /** Bytes that a reader may take, all in all, for each byte of a file, which may be packed. */
  private static final long FOR_EACH_BYTE = 20_000;
  private static final int LONGEST_MESSAGE = 20_000;

  /** What speaks of the program and not of the file. */
  private static final List<String> INNER = List.of("Exception", "ashlar.io", "java.");

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private Checks() {}

  /**
   * Lets a reader read.
   *
   * @param folder empty, and again afterwards
   * @throws AssertionError if the reader does something other than to give a value or to say what is wrong
   */
  static void run(Target target, byte[] bytes, Path folder) {
    long allowed = FREE + FOR_EACH_BYTE * bytes.length;
    // What is loaded at first use is not taken again.
    if (taken(target, bytes, folder) > allowed) {
      long taken = taken(target, bytes, folder);
      if (taken > allowed) {
        throw new AssertionError(taken + " bytes of memory for a file of " + bytes.length);
      }
    }
  }

  private static long taken(Target target, byte[] bytes, Path folder) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    try {
      target.read(bytes, folder);
    } catch (FileException | ConfigException e) {
      message(e, bytes);
    } catch (IOException e) {
      throw new AssertionError("an exception that users are not meant to see", e);
    } finally {
      empty(folder);
    }
    return THREADS.getCurrentThreadAllocatedBytes() - before;
  }

  /** Checks that a message can be shown to a user. */
  static void message(Exception e, byte[] bytes) {
    String message = e.getMessage();
    boolean isPlain = message != null && !message.isBlank() && message.length() <= LONGEST_MESSAGE
        && message.chars().noneMatch(c -> Character.isISOControl(c) && c != '\n' && c != '\t');
    String given = new String(bytes, StandardCharsets.ISO_8859_1);
    if (!isPlain || INNER.stream().anyMatch(word -> message.contains(word) && !given.contains(word))) {
      throw new AssertionError("no message for a user: " + message, e);
    }
  }

  private static void empty(Path folder) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        AtomicFiles.deleteTree(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
