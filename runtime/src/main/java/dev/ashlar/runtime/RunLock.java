package dev.ashlar.runtime;

import dev.ashlar.config.FileException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Says that a process trains in a folder. The system takes it from a process that ends, however that ends. Where a file
 * system knows no locks there are none.
 */
final class RunLock implements AutoCloseable {

  private static final String NAME = ".lock";

  private final Path file;
  private final @Nullable FileChannel held;

  private RunLock(Path file, @Nullable FileChannel held) {
    this.file = file;
    this.held = held;
  }

  /**
   * Takes the lock of a folder.
   *
   * @throws FileException if another process has it
   */
  static RunLock of(Path folder) throws FileException {
    Path file = folder.resolve(NAME);
    FileChannel channel = null;
    try {
      channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (channel.tryLock() != null) {
        return new RunLock(file, channel);
      }
    } catch (OverlappingFileLockException e) {
      // Another thread of this process: as if it were another process. The channel must stay open until that one
      // gives the lock back, for closing any channel of a file gives back all locks of the process.
      throw taken(folder);
    } catch (IOException | UnsupportedOperationException e) {
      closed(channel);
      return new RunLock(file, null);
    }
    closed(channel);
    throw taken(folder);
  }

  private static FileException taken(Path folder) {
    return FileException.at(folder.toString(), "a run that goes on there just now", "a run that nobody trains",
        "wait until it ends, or end it first");
  }

  /** Whether another process has the lock of a folder. */
  static boolean isHeld(Path folder) {
    Path file = folder.resolve(NAME);
    if (!Files.exists(file)) {
      return false;
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      return channel.tryLock() == null;
    } catch (OverlappingFileLockException e) {
      return true;
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  private static void closed(@Nullable FileChannel channel) {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        // Nothing was written.
      }
    }
  }

  @Override
  public void close() {
    if (held != null && held.isOpen()) {
      file.toFile().delete();
      closed(held);
    }
  }
}
