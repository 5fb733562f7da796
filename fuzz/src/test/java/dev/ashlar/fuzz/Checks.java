package dev.ashlar.fuzz;

import com.sun.management.ThreadMXBean;
import dev.ashlar.config.ConfigException;
import dev.ashlar.config.FileException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** What is asked of every reader, for any bytes. */
final class Checks {

  /** What a reader may take at least; its first use of classes and caches too. */
  private static final long FREE = 192L << 20;
  /** Bytes that a reader may take, all in all, for each byte of a file, which may be packed. */
  private static final long FOR_EACH_BYTE = 20_000;
  private static final int LONGEST_MESSAGE = 20_000;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private Checks() {}

  /**
   * Lets a reader read.
   *
   * @param folder empty, and again afterwards
   * @throws AssertionError if the reader does something other than to give a value or to say what is wrong
   */
  static void run(Target target, byte[] bytes, Path folder) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    try {
      target.read(bytes, folder);
    } catch (FileException | ConfigException e) {
      message(e);
    } catch (IOException e) {
      throw new AssertionError("an exception that users are not meant to see", e);
    } finally {
      empty(folder);
    }
    long taken = THREADS.getCurrentThreadAllocatedBytes() - before;
    if (taken > FREE + FOR_EACH_BYTE * bytes.length) {
      throw new AssertionError(taken + " bytes of memory for a file of " + bytes.length);
    }
  }

  /** Checks that a message can be shown to a user. */
  static void message(Exception e) {
    String message = e.getMessage();
    boolean isPlain = message != null && !message.isBlank() && message.length() <= LONGEST_MESSAGE
        && message.chars().noneMatch(c -> Character.isISOControl(c) && c != '\n')
        && !message.contains("Exception") && !message.contains("dev.ashlar") && !message.contains("java.");
    if (!isPlain) {
      throw new AssertionError("no message for a user: " + message, e);
    }
  }

  private static void empty(Path folder) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
