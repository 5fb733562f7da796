package dev.ashlar.io.huggingface;

import dev.ashlar.config.FileException;
import dev.ashlar.config.Value;
import dev.ashlar.io.files.FileProblems;
import dev.ashlar.io.json.Json;
import dev.ashlar.io.safetensors.SafeTensors;
import dev.ashlar.tensor.NDArray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The weights of a folder: {@code model.safetensors}, or several files with an index. Mapped, not read.
 *
 * @param source how messages call them
 * @param files by tensor
 */
record Shards(String source, Map<String, SafeTensors> files) {

  static final String SINGLE = "model.safetensors";
  static final String INDEX = "model.safetensors.index.json";

  private static final List<String> OTHERS = List.of(".bin", ".pt", ".pth", ".h5", ".msgpack", ".gguf", ".ckpt");
  private static final List<String> PREFIXES = List.of("transformer.", "model.");

  static Shards open(Path folder) throws FileException {
    Path index = folder.resolve(INDEX);
    if (Files.exists(index)) {
      return sharded(folder, index);
    }
    Path single = folder.resolve(SINGLE);
    if (!Files.exists(single)) {
      throw FileException.at(folder.toString(), others(folder), SINGLE + ", or several with " + INDEX,
          "fetch the model's safetensors files; other formats of weights are not read");
    }
    SafeTensors all = SafeTensors.open(single);
    Map<String, SafeTensors> files = new LinkedHashMap<>();
    all.names().forEach(name -> files.put(name, all));
    return new Shards(single.toString(), files);
  }

  private static String others(Path folder) throws FileException {
    try (Stream<Path> files = Files.list(folder)) {
      List<String> weights = files.map(file -> file.getFileName().toString())
          .filter(name -> OTHERS.stream().anyMatch(name::endsWith)).sorted().toList();
      return weights.isEmpty() ? "no weights" : "weights in " + String.join(", ", weights);
    } catch (IOException e) {
      throw FileProblems.reading(folder, e);
    }
  }

  private static Shards sharded(Path folder, Path index) throws FileException {
    if (!(Json.read(index) instanceof Value.Mapping top && top.get("weight_map") instanceof Value.Mapping where)) {
      throw FileException.at(index.toString(), "no 'weight_map'", "a map from tensors to files under 'weight_map'",
          "fetch the file again");
    }
    Map<String, SafeTensors> opened = new LinkedHashMap<>();
    Map<String, SafeTensors> files = new LinkedHashMap<>();
    for (Value.Entry entry : where.entries()) {
      String place = index + ": weight_map." + entry.key();
      if (!(entry.value() instanceof Value.Text file) || !isPlain(file.value())) {
        throw FileException.at(place, entry.value().toString(), "the name of a file in the same folder", "");
      }
      SafeTensors shard = opened.get(file.value());
      if (shard == null) {
        if (!Files.exists(folder.resolve(file.value()))) {
          throw FileException.at(place, file.value() + ", which is not there", "a file of the folder",
              "fetch it: the index names it");
        }
        shard = SafeTensors.open(folder.resolve(file.value()));
        opened.put(file.value(), shard);
      }
      if (!shard.names().contains(entry.key())) {
        throw FileException.at(place, file.value() + ", which has no such tensor", "the file that has it",
            "the files are of different models, or one was cut off: fetch them again");
      }
      files.put(entry.key(), shard);
    }
    return new Shards(index.toString(), files);
  }

  private static boolean isPlain(String name) {
    return !name.isEmpty() && !name.startsWith(".") && name.indexOf('/') < 0 && name.indexOf('\\') < 0;
  }

  /**
   * What a tensor is called here: some files leave the first part of the names out, some put one in front.
   */
  Optional<String> find(String name) {
    List<String> spellings = new ArrayList<>(List.of(name));
    for (String prefix : PREFIXES) {
      spellings.add(name.startsWith(prefix) ? name.substring(prefix.length()) : prefix + name);
    }
    return spellings.stream().filter(files::containsKey).findFirst();
  }

  /**
   * A tensor: a view of its file.
   *
   * @param name as {@link #find} gave it
   * @throws FileException if it cannot be computed with
   */
  NDArray get(String name) throws FileException {
    return files.get(name).get(name);
  }

  /** That a tensor is missing, which a parameter needs. */
  FileException missing(String name, String parameter) {
    return FileException.at(source, "no tensor " + FileProblems.shown(name),
        "one for '" + parameter + "' of the architecture that config.json describes",
        "config.json and the weights belong to different models, or the weights are not whole");
  }
}
