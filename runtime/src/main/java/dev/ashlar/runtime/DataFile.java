package dev.ashlar.runtime;

import dev.ashlar.data.DataSource;
import dev.ashlar.io.checkpoint.Hashes;
import dev.ashlar.io.files.AtomicFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.stream.Stream;

/**
 * A file, or a folder with all that is in it, that a run learns from.
 *
 * @param path as the run names it
 * @param bytes in all
 * @param sha256 of the content; of a folder, of the names and contents of its files in the order of their names
 */
record DataFile(String path, long bytes, String sha256) {

  /** The files of a configuration; those that cannot be read are left out: whoever opens them says more. */
  static List<DataFile> of(RunConfig.Data data) {
    SequencedSet<Path> paths = new LinkedHashSet<>();
    Stream.of(Stream.of(data.source()), data.validation().stream(), data.test().stream()).flatMap(s -> s)
        .forEach(source -> paths.addAll(files(source)));
    List<DataFile> files = new ArrayList<>();
    for (Path path : paths) {
      try {
        if (Files.exists(path) && !AtomicFiles.isStream(path)) {
          files.add(of(path));
        }
      } catch (IOException e) {
        // as said
      }
    }
    return files;
  }

  private static List<Path> files(DataSource source) {
    try {
      return source.files();
    } catch (IOException e) {
      return List.of();
    }
  }

  static DataFile of(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      return new DataFile(path.toString(), Files.size(path), Hashes.sha256(path));
    }
    MessageDigest digest = Hashes.digest();
    long bytes = 0;
    List<Path> all;
    try (Stream<Path> walk = Files.walk(path)) {
      all = walk.filter(Files::isRegularFile).sorted().toList();
    }
    for (Path file : all) {
      digest.update((path.relativize(file) + "\0" + Files.size(file) + "\0").getBytes(StandardCharsets.UTF_8));
      Hashes.add(file, digest);
      bytes += Files.size(file);
    }
    return new DataFile(path.toString(), bytes, Hashes.text(digest));
  }
}
