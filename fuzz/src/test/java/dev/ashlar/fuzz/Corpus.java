package dev.ashlar.fuzz;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * Inputs of a target: an archive of those that reach as much of a reader as is known to be reached, and a folder of
 * those that once made one fail.
 */
record Corpus(Target target) {

  private static final Path RESOURCES = Path.of("src/test/resources");
  /** An archive holds no more, in bytes before it is packed. */
  private static final long MOST = 60_000;

  Path archive() {
    return RESOURCES.resolve("corpus").resolve(target.title() + ".zip");
  }

  Path found() {
    return RESOURCES.resolve("found").resolve(target.title());
  }

  /** All inputs, by the names of their files. */
  SequencedMap<String, byte[]> inputs() throws IOException {
    SequencedMap<String, byte[]> inputs = new LinkedHashMap<>();
    inputs.put("nothing", new byte[0]);
    if (Files.exists(archive())) {
      try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(archive()))) {
        for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
          inputs.put(entry.getName(), zip.readAllBytes());
        }
      }
    }
    if (Files.exists(found())) {
      for (Path file : files(found())) {
        inputs.put(file.toString(), Files.readAllBytes(file));
      }
    }
    return inputs;
  }

  /** Puts all inputs into a folder. */
  void unpack(Path folder) throws IOException {
    Files.createDirectories(folder);
    for (Map.Entry<String, byte[]> input : inputs().entrySet()) {
      Files.write(folder.resolve(Path.of(input.getKey()).getFileName()), input.getValue());
    }
  }

  /** Makes the archive of the files in a folder: the small ones, as many as there is room for. The same, same bytes. */
  void pack(Path folder) throws IOException {
    List<Path> files = new ArrayList<>(files(folder));
    files.sort(Comparator.comparingLong((Path file) -> file.toFile().length()).thenComparing(Path::getFileName));
    long room = MOST;
    Files.createDirectories(archive().getParent());
    try (OutputStream out = Files.newOutputStream(archive()); ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Path file : files) {
        byte[] bytes = Files.readAllBytes(file);
        room -= bytes.length;
        if (bytes.length == 0) {
          continue;
        }
        if (room < 0) {
          break;
        }
        ZipEntry entry = new ZipEntry(file.getFileName().toString());
        entry.setLastModifiedTime(FileTime.fromMillis(0));
        zip.putNextEntry(entry);
        zip.write(bytes);
      }
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }
}
