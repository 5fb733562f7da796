package dev.ashlar.io.files;

import dev.ashlar.config.FileException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Files and folders that appear whole or not at all: written beside their place under a hidden name, synced
 * to the disk, renamed, and the folder synced. A crash at any instant leaves what stood there before, or what
 * is new. What a killed process left behind is called {@code .NAME.UUID.partial} and may be removed.
 */
public final class AtomicFiles {
  private static final String SUFFIX = ".partial";
  private static final Pattern LEFT =
      Pattern.compile("\\..+\\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\\" + SUFFIX);
  /** More than operating systems follow. */
  private static final int MOST_LINKS = 50;

  private AtomicFiles() {}

  /** Writes the content of a file. */
  @FunctionalInterface
  public interface Content {
    /** Writes all of it to an empty file. */
    void writeTo(FileChannel file) throws IOException;
  }

  /** Fills a folder. */
  @FunctionalInterface
  public interface Filling {
    /** Writes files into an empty folder. */
    void writeTo(Path folder) throws IOException;
  }

  /**
   * Writes a file, replacing the one that is there. Folders above it are made. A link is followed: what it
   * points to is replaced, or made if it is not there. What is no file, a device or a pipe, stays and takes the
   * bytes as they come.
   *
   * @throws FileException if it cannot be written; the file that was there is untouched
   * @throws IOException if a device or a pipe takes no more
   */
  public static void write(Path path, Content content) throws IOException {
    if (isStream(path)) {
      writeThrough(path, content);
      return;
    }
    try {
      var target = followed(path);
      if (Files.isDirectory(target)) {
        throw FileException.at(path.toString(), "a folder", "the place of a file", "name a file in it");
      }
      Files.createDirectories(FileProblems.folder(target));
      var partial = beside(target);
      try {
        try (var file = FileChannel.open(partial, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
          content.writeTo(file);
          file.force(true);
        }
        Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } catch (Throwable e) {
        Files.deleteIfExists(partial);
        throw e;
      }
      sync(FileProblems.folder(target));
    } catch (IOException e) {
      throw FileProblems.writing(path, e);
    }
  }

  /** What a link, or a link to a link, points to, whether that is there or not. */
  private static Path followed(Path path) throws IOException {
    var target = path;
    for (int links = 0; Files.isSymbolicLink(target); links++) {
      if (links == MOST_LINKS) {
        throw new FileSystemException(path.toString(), null, "a circle of links");
      }
      target = target.resolveSibling(Files.readSymbolicLink(target));
    }
    return target;
  }

  /**
   * Whether there is something that bytes only pass through, perhaps behind a link: a device or a pipe. It
   * cannot be replaced, and what is read from it cannot be read again.
   */
  public static boolean isStream(Path path) {
    return Files.exists(path) && !Files.isRegularFile(path) && !Files.isDirectory(path);
  }

  private static void writeThrough(Path path, Content content) throws IOException {
    try (var stream = FileChannel.open(path, StandardOpenOption.WRITE)) {
      content.writeTo(stream); // not synced: a pipe refuses that
    } catch (AccessDeniedException e) {
      throw FileException.at(path.toString(), "no permission to write to it", "a place that can be written to",
          "give this user the right to write to it, or write elsewhere");
    } catch (IOException e) {
      throw new IOException(path + " took no more: " + FileProblems.said(path, e), e);
    }
  }

  /** Writes text, as UTF-8. */
  public static void write(Path path, String text) throws IOException {
    write(path, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Writes bytes. */
  public static void write(Path path, byte[] bytes) throws IOException {
    write(path, file -> {
      var rest = ByteBuffer.wrap(bytes);
      while (rest.hasRemaining()) file.write(rest);
    });
  }

  /**
   * A stream over a file that is being written. Closing it flushes it and leaves the file open, to be synced.
   */
  public static OutputStream stream(FileChannel file) {
    return new BufferedOutputStream(Channels.newOutputStream(file), 1 << 16) {
      @Override
      public void close() throws IOException {
        flush();
      }
    };
  }

  /**
   * Makes a folder with all its files, each synced.
   *
   * @throws FileException if there is something of that name already, or it cannot be written
   */
  public static void writeFolder(Path path, Filling filling) throws FileException {
    try {
      if (Files.exists(path)) {
        throw FileException.at(path.toString(), "it exists already", "a name for a new folder",
            "choose another name, or remove it first");
      }
      Files.createDirectories(FileProblems.folder(path));
      var partial = Files.createDirectory(beside(path));
      try {
        filling.writeTo(partial);
        syncTree(partial);
        Files.move(partial, path, StandardCopyOption.ATOMIC_MOVE);
      } catch (Throwable e) {
        deleteTree(partial);
        throw e;
      }
      sync(FileProblems.folder(path));
    } catch (IOException e) {
      throw FileProblems.writing(path, e);
    } catch (UncheckedIOException e) {
      throw FileProblems.writing(path, e.getCause());
    }
  }

  /**
   * Removes a folder that is there as a whole or not at all: it loses its name first. Nothing if there is none.
   *
   * @throws IOException if it cannot be removed; then it may have lost its name
   */
  public static void removeFolder(Path folder) throws IOException {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) return;
    var nameless = beside(folder);
    Files.move(folder, nameless, StandardCopyOption.ATOMIC_MOVE);
    deleteTree(nameless);
  }

  /** Removes a folder and what is in it, if it is there; links are removed, not followed. */
  public static void deleteTree(Path folder) throws IOException {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) return;
    Files.walkFileTree(folder, new SimpleFileVisitor<>() {
      @Override
      public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
        Files.delete(file);
        return FileVisitResult.CONTINUE;
      }

      @Override
      public FileVisitResult postVisitDirectory(
          Path visited, @Nullable IOException error) throws IOException {
        if (error != null) throw error;
        Files.delete(visited);
        return FileVisitResult.CONTINUE;
      }
    });
  }

  /**
   * Removes what killed processes left half written in a folder. Only where nobody else writes meanwhile.
   *
   * @throws IOException if it cannot be looked into, or something cannot be removed
   */
  public static void sweep(Path folder) throws IOException {
    List<Path> left;
    try (var all = Files.list(folder)) {
      left = all.filter(path -> LEFT.matcher(path.getFileName().toString()).matches()).toList();
    }
    for (var path : left) deleteTree(path);
  }

  private static Path beside(Path target) {
    return target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + SUFFIX);
  }

  private static void syncTree(Path folder) throws IOException {
    Files.walkFileTree(folder, new SimpleFileVisitor<>() {
      @Override
      public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
        if (attributes.isRegularFile()) {
          try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
          }
        }
        return FileVisitResult.CONTINUE;
      }

      @Override
      public FileVisitResult postVisitDirectory(
          Path visited, @Nullable IOException error) throws IOException {
        if (error != null) throw error;
        sync(visited);
        return FileVisitResult.CONTINUE;
      }
    });
  }

  /**
   * The rename itself lasts only once the folder is synced. Windows opens no folders, and needs none of it.
   */
  private static void sync(Path folder) throws IOException {
    if (folder.getFileSystem().getSeparator().equals("\\")) return;
    try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
