package dev.ashlar.io.checkpoint;

import dev.ashlar.config.FileException;
import dev.ashlar.config.Place;
import dev.ashlar.config.Value;
import dev.ashlar.io.files.FileProblems;
import dev.ashlar.io.json.Json;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * What the files of a checkpoint must be. Written as JSON, with a hash of its own behind it: not a byte of it can change
 * unnoticed either.
 *
 * @param files by name
 * @param about what else was written down, for whoever goes on from it
 */
public record Manifest(SequencedMap<String, Entry> files, Value.Mapping about) {
  /** What the file is called. */
  public static final String FILE_NAME = "manifest.json";

  /** Counts up when a reader of the version before could misread it. */
  private static final int VERSION = 1;

  private static final String HEAD = "{\n\"content\": ";
  private static final String MIDDLE = ",\n\"sha256\": \"";
  private static final String END = "\"\n}\n";
  private static final int HASH = 64;
  private static final long LARGEST = 64 << 20;

  /**
   * A file.
   *
   * @param bytes how many
   * @param sha256 their hash, 64 hexadecimal digits
   */
  public record Entry(long bytes, String sha256) {}

  /** Copies the map. */
  public Manifest {
    files = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(files));
  }

  byte[] bytes() {
    var entries = new ArrayList<Value.Entry>();
    files.forEach((name, entry) -> entries.add(new Value.Entry(name, null,
        map("bytes", number(entry.bytes()), "sha256", new Value.Text(entry.sha256(), Place.ROOT)))));
    var content = Json.writeIndented(map("format", number(VERSION),
        "files", new Value.Mapping(entries, Place.ROOT), "about", about)).strip();
    return (HEAD + content + MIDDLE + Hashes.sha256(content.getBytes(StandardCharsets.UTF_8)) + END)
        .getBytes(StandardCharsets.UTF_8);
  }

  private static Value.Mapping map(Object... pairs) {
    var entries = new ArrayList<Value.Entry>();
    for (int i = 0; i < pairs.length; i += 2) {
      entries.add(new Value.Entry((String) pairs[i], null, (Value) pairs[i + 1]));
    }
    return new Value.Mapping(entries, Place.ROOT);
  }

  private static Value number(long number) {
    return new Value.Num(BigDecimal.valueOf(number), Place.ROOT);
  }

  /**
   * Reads a manifest.
   *
   * @throws FileException if it cannot be read, or is not as it was written
   */
  static Manifest read(Path file) throws FileException {
    byte[] all;
    try {
      if (Files.size(file) > LARGEST) throw damaged(file);
      all = Files.readAllBytes(file);
    } catch (IOException e) {
      throw FileProblems.reading(file, e);
    }
    int head = HEAD.length();
    int middle = all.length - END.length() - HASH - MIDDLE.length();
    if (middle < head || !has(all, 0, HEAD) || !has(all, middle, MIDDLE)
        || !has(all, all.length - END.length(), END)) {
      throw damaged(file);
    }
    var content = Arrays.copyOfRange(all, head, middle);
    if (!has(all, middle + MIDDLE.length(), Hashes.sha256(content))) throw damaged(file);
    return of(Json.read(new String(content, StandardCharsets.UTF_8), file.toString()), file);
  }

  private static boolean has(byte[] all, int at, String text) {
    var wanted = text.getBytes(StandardCharsets.UTF_8);
    return Arrays.equals(all, at, at + wanted.length, wanted, 0, wanted.length);
  }

  private static Manifest of(Value tree, Path file) throws FileException {
    if (!(tree instanceof Value.Mapping map)) throw damaged(file);
    if (!(map.get("format") instanceof Value.Num version) || !version.isLong()) throw damaged(file);
    if (version.value().longValueExact() > VERSION) {
      throw FileException.at(file.toString(), "version " + version, "version " + VERSION + " or less",
          "a newer Ashlar wrote the checkpoint: update this one");
    }
    if (!(map.get("files") instanceof Value.Mapping entries) || !(map.get("about") instanceof Value.Mapping about)) {
      throw damaged(file);
    }
    SequencedMap<String, Entry> files = new LinkedHashMap<>();
    for (var entry : entries.entries()) {
      if (!isName(entry.key()) || !(entry.value() instanceof Value.Mapping values)
          || !(values.get("bytes") instanceof Value.Num bytes) || !bytes.isLong()
          || !(values.get("sha256") instanceof Value.Text hash)) {
        throw damaged(file);
      }
      files.put(entry.key(), new Entry(bytes.value().longValueExact(), hash.value()));
    }
    return new Manifest(files, about);
  }

  /** A file of the folder itself: a manifest leads nowhere else. */
  private static boolean isName(String name) {
    return !name.isEmpty() && List.of("/", "\\", "\0").stream().noneMatch(name::contains) && !name.equals("..")
        && !name.equals(".");
  }

  private static FileException damaged(Path file) {
    return CheckpointFolder.damaged(file, "not what was written", "a manifest, as it was written");
  }
}
