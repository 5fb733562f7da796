package dev.ashlar.io.checkpoint;

import dev.ashlar.config.FileException;
import dev.ashlar.config.Value;
import dev.ashlar.io.files.AtomicFiles;
import dev.ashlar.io.files.FileProblems;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * A folder of files that was written whole: a manifest holds the length and the SHA-256 of each, and its own. It appears
 * under its name when all of it is on the disk and was read back, and not before.
 *
 * @param path of the folder
 * @param manifest of its files
 */
public record CheckpointFolder(Path path, Manifest manifest) {

  /** What a file of the folder holds. */
  @FunctionalInterface
  public interface Content {
    /**
     * Writes all of it. It is asked several times, also by two threads at once, and must give the same bytes each time.
     */
    void writeTo(WritableByteChannel channel) throws IOException;
  }

  /**
   * A file to be written.
   *
   * @param content of it
   * @param sha256 of the content, if that is known already
   */
  public record Part(Content content, Optional<String> sha256) {

    /** Of a content whose hash is not known. */
    public static Part of(Content content) {
      return new Part(content, Optional.empty());
    }

    /** Of bytes. */
    public static Part of(byte[] bytes) {
      return new Part(channel -> Channels.writeAll(channel, bytes), Optional.of(Hashes.sha256(bytes)));
    }
  }

  /**
   * Writes a folder: into a hidden one beside it, each file read back, all of it synced, then renamed. Whatever goes
   * wrong, nothing of that name is there, and what else is there is untouched.
   *
   * @param parts by the names of their files
   * @param about what the manifest says beside
   * @throws FileException if it cannot be written, or something of that name is there
   */
  public static CheckpointFolder write(Path path, SequencedMap<String, Part> parts, Value.Mapping about)
      throws FileException {
    SequencedMap<String, Manifest.Entry> entries = new LinkedHashMap<>();
    var manifest = new Manifest[1];
    AtomicFiles.writeFolder(path, folder -> {
      for (var part : parts.entrySet()) {
        entries.put(part.getKey(), written(folder.resolve(part.getKey()), part.getValue()));
      }
      manifest[0] = new Manifest(entries, about);
      written(folder.resolve(Manifest.FILE_NAME), Part.of(manifest[0].bytes()));
    });
    return new CheckpointFolder(path, manifest[0]);
  }

  /** Half of the work is the hash: it is made on a thread of its own, so that two cores share what is taken of them. */
  private static Manifest.Entry written(Path file, Part part) throws IOException {
    var hash = part.sha256().map(CompletableFuture::completedFuture).orElseGet(() -> hashing(part.content()));
    try {
      writeAndReadBack(file, part.content());
    } catch (IOException | RuntimeException | Error e) {
      hash.handle((text, failure) -> text).join(); // what it reads may be gone once this is over
      throw e;
    }
    try {
      return new Manifest.Entry(Files.size(file), hash.join());
    } catch (CompletionException e) {
      if (e.getCause() instanceof UncheckedIOException failed) throw failed.getCause();
      throw e;
    }
  }

  private static CompletableFuture<String> hashing(Content content) {
    return CompletableFuture.supplyAsync(() -> {
      try {
        var hashed = new Channels.Hashed();
        content.writeTo(hashed);
        return hashed.sha256();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }, work -> Thread.ofPlatform().daemon().name("ashlar-hash").start(work));
  }

  private static void writeAndReadBack(Path file, Content content) throws IOException {
    try (var out = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      content.writeTo(new Channels.InPieces(out));
    }
    try (var back = Channels.Compared.with(file)) {
      content.writeTo(back);
      back.end();
    }
  }

  /**
   * Reads a folder, every byte of it.
   *
   * @throws FileException if a file is missing, or not what the manifest says; names the file
   */
  public static CheckpointFolder read(Path path) throws FileException {
    if (!Files.isDirectory(path)) {
      throw FileException.at(path.toString(), Files.exists(path) ? "a file" : "no such folder",
          "the folder of a checkpoint", "");
    }
    var manifest = Manifest.read(path.resolve(Manifest.FILE_NAME));
    for (var entry : manifest.files().entrySet()) {
      check(path.resolve(entry.getKey()), entry.getValue());
    }
    return new CheckpointFolder(path, manifest);
  }

  private static void check(Path file, Manifest.Entry wanted) throws FileException {
    if (!Files.isRegularFile(file)) throw damaged(file, "no such file", "a file of " + wanted.bytes() + " bytes");
    try {
      long size = Files.size(file);
      if (size != wanted.bytes()) {
        throw damaged(file, size + " bytes", wanted.bytes() + " bytes, as when it was written");
      }
      if (!Hashes.sha256(file).equals(wanted.sha256())) {
        throw damaged(file, "other bytes than were written", "those whose SHA-256 is in " + Manifest.FILE_NAME);
      }
    } catch (IOException e) {
      throw FileProblems.reading(file, e);
    }
  }

  static FileException damaged(Path file, String found, String expected) {
    return FileException.at(file.toString(), found, expected, "the checkpoint is damaged: take another one");
  }

  /** Where a file of it is, if it has one of that name. */
  public Optional<Path> file(String name) {
    return manifest.files().containsKey(name) ? Optional.of(path.resolve(name)) : Optional.empty();
  }

  /** The hashes of its files by name. */
  public Map<String, Manifest.Entry> files() {
    return manifest.files();
  }
}
