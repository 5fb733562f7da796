package dev.ashlar.backend.cpu.machine;

import dev.ashlar.backend.cpu.kernel.Kernel;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.CodeSource;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Machine code kept from process to process: a file for each kernel, named by its digest. Code depends on nothing but
 * the kernel, the target and this compiler, so a folder holds what one jar made for one target. Files appear whole and
 * carry a checksum; what is missing, cut or cannot be written is compiled, as without a folder.
 */
public final class CodeFolder {

  /** More kernels than this are not kept: a few dozen make a model. */
  private static final int MOST = 20_000;
  /** More than the list of files at the end of our jar takes. */
  private static final int DIRECTORY = 1 << 17;

  private final Path folder;
  private @Nullable Boolean writable;

  /** Of one compiler and target; that is for the caller to see to. */
  CodeFolder(Path folder) {
    this.folder = folder;
  }

  /**
   * Code for a target in a part of this folder.
   *
   * @return nothing if it cannot be said which compiler this is: one that does not come from a jar can change
   */
  public static Optional<CodeFolder> in(Path parent, Target target) {
    try {
      CodeSource source = CodeFolder.class.getProtectionDomain().getCodeSource();
      if (source == null || !source.getLocation().getProtocol().equals("file")) {
        return Optional.empty();
      }
      Path jar = Path.of(source.getLocation().toURI());
      return Files.isRegularFile(jar)
          ? Optional.of(new CodeFolder(parent.resolve(target.name().toLowerCase(Locale.ROOT) + "-" + identity(jar))))
          : Optional.empty();
    } catch (IOException | URISyntaxException e) {
      return Optional.empty();
    }
  }

  /** Tells jars apart by their ends, where checksums of all classes are; their times may be fixed by a build. */
  static String identity(Path jar) throws IOException {
    try (var channel = FileChannel.open(jar)) {
      long size = channel.size();
      ByteBuffer end = ByteBuffer.allocate((int) Math.min(size, DIRECTORY));
      while (end.hasRemaining()) {
        if (channel.read(end, size - end.remaining()) < 0) {
          throw new EOFException(jar + " was cut while it was read");
        }
      }
      return Long.toHexString(size) + "-" + Long.toHexString(checksum(end.array(), end.capacity()));
    }
  }

  /** The code of a kernel, compiled only if it is not here yet. */
  byte[] get(Kernel kernel, Supplier<byte[]> compiler) {
    Path file = folder.resolve(kernel.digest());
    byte[] kept = read(file);
    if (kept != null) {
      return kept;
    }
    byte[] code = compiler.get();
    write(file, code);
    return code;
  }

  private static byte @Nullable [] read(Path file) {
    try {
      byte[] all = Files.readAllBytes(file);
      int length = all.length - Long.BYTES;
      return length > 0 && ByteBuffer.wrap(all).getLong(length) == checksum(all, length)
          ? Arrays.copyOf(all, length) : null;
    } catch (IOException e) {
      return null;
    }
  }

  private void write(Path file, byte[] code) {
    if (!isWritable()) {
      return;
    }
    // By a name of its own, and readable for whoever may read the folder.
    Path beside = folder.resolve(file.getFileName() + "." + ProcessHandle.current().pid() + "."
        + Thread.currentThread().threadId());
    try {
      Files.write(beside, ByteBuffer.allocate(code.length + Long.BYTES).put(code)
          .putLong(checksum(code, code.length)).array(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      discard(beside);
    }
  }

  private static void discard(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // Nothing is lost but a little room.
    }
  }

  private synchronized boolean isWritable() {
    if (writable == null) {
      writable = false;
      try {
        Files.createDirectories(folder);
        try (var files = Files.list(folder)) {
          writable = files.limit(MOST).count() < MOST;
        }
      } catch (IOException | UncheckedIOException e) {
        // Then nothing is kept.
      }
    }
    return writable;
  }

  private static long checksum(byte[] bytes, int length) {
    CRC32C sum = new CRC32C();
    sum.update(bytes, 0, length);
    return sum.getValue();
  }
}
