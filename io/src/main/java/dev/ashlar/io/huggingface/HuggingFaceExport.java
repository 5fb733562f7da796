package dev.ashlar.io.huggingface;

import dev.ashlar.config.FileException;
import dev.ashlar.config.Place;
import dev.ashlar.config.Value;
import dev.ashlar.io.files.AtomicFiles;
import dev.ashlar.io.files.FileProblems;
import dev.ashlar.io.json.Json;
import dev.ashlar.io.safetensors.SafeTensors;
import dev.ashlar.model.ModelFamily;
import dev.ashlar.model.Placement;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.TensorType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A model as a Hugging Face folder, which transformers loads.
 *
 * @param family that the model belongs to
 * @param config what config.json shall say
 * @param types of the parameters, by name
 * @param tokenizer what tokenizer.json shall say, if there is one
 * @param endOfText tokens that end a text, for generation_config.json
 * @param beside small files by their names, as {@link HuggingFaceFolder#beside} gave them
 */
public record HuggingFaceExport(
    ModelFamily family, Value.Mapping config, SequencedMap<String, TensorType> types, Optional<String> tokenizer,
    Set<Integer> endOfText, Map<String, String> beside) {

  /**
   * Writes the folder; config.json comes last, so that a folder with one is whole.
   *
   * @param folder that is not there, or empty
   * @param overwrite whether a folder with a model's files, and no others, may be there, whose place the new one takes
   *     when it is whole
   * @param parameters gives a parameter by its name
   * @throws FileException if the folder holds something else, or cannot be written
   */
  public void write(Path folder, boolean overwrite, Function<String, NDArray> parameters) throws IOException {
    if (overwrite && HuggingFaceFolder.is(folder)) {
      replace(folder.toAbsolutePath().normalize(), parameters);
      return;
    }
    requireEmpty(folder, overwrite);
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw FileProblems.writing(folder, e);
    }
    Map<String, List<Placement>> tensors = new LinkedHashMap<>();
    family.placements().forEach(
        placement -> tensors.computeIfAbsent(placement.tensor(), _ -> new ArrayList<>()).add(placement));
    SequencedMap<String, TensorType> whole = new LinkedHashMap<>();
    tensors.forEach((name, placements) -> whole.put(name, type(placements)));
    SafeTensors.write(folder.resolve(Shards.SINGLE), whole, name -> {
      NDArray tensor = NDArray.zeros(whole.get(name));
      tensors.get(name).forEach(placement ->
          Placing.write(placement, parameters.apply(placement.parameter()).cast(tensor.dtype()), tensor));
      return tensor;
    }, Map.of("format", "pt"));
    if (tokenizer.isPresent()) {
      write(folder.resolve("tokenizer.json"), tokenizer.get());
    }
    for (Map.Entry<String, String> file : beside.entrySet()) {
      write(folder.resolve(file.getKey()), file.getValue());
    }
    if (!endOfText.isEmpty() && !beside.containsKey(HuggingFaceFolder.GENERATION)) {
      write(folder.resolve(HuggingFaceFolder.GENERATION), Json.writeIndented(
          Value.of(Map.of("eos_token_id", endOfText.stream().sorted().toList()))));
    }
    write(folder.resolve(HuggingFaceFolder.CONFIG), Json.writeIndented(described(whole)));
  }

  private static void write(Path file, String text) throws IOException {
    AtomicFiles.write(file, channel -> {
      ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    });
  }

  /** The old folder stays until the new one is whole. */
  private void replace(Path folder, Function<String, NDArray> parameters) throws IOException {
    for (Path file : files(folder)) {
      if (Files.isDirectory(file) || !HuggingFaceFolder.isOfModel(file.getFileName().toString())) {
        throw FileException.at(folder.toString(), "a folder with the " + (Files.isDirectory(file) ? "folder" : "file")
            + " '" + file.getFileName() + "' in it", "a model's files and nothing else, to be replaced",
            "choose another name");
      }
    }
    Path other = folder.resolveSibling(folder.getFileName() + ".new");
    requireEmpty(other, false);
    try {
      write(other, false, parameters);
    } catch (IOException | RuntimeException e) {
      AtomicFiles.deleteTree(other);
      throw e;
    }
    try {
      AtomicFiles.removeFolder(folder);
      Files.move(other, folder); // if this fails, the new one is there whole, under its own name
    } catch (IOException e) {
      throw FileProblems.writing(folder, e);
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    } catch (IOException e) {
      throw FileProblems.reading(folder, e);
    }
  }

  private static void requireEmpty(Path folder, boolean overwrite) throws IOException {
    if (Files.exists(folder) && !files(folder).isEmpty()) {
      throw FileException.at(folder.toString(), "a folder with files in it", "a folder that is not there, or empty",
          HuggingFaceFolder.is(folder) ? "choose another name, or say --overwrite"
              : overwrite ? "choose another name; --overwrite replaces models, which have a config.json"
              : "choose another name, or remove it");
    }
  }

  /** The type of a tensor that is put together from parameters. */
  private TensorType type(List<Placement> placements) {
    Placement last = placements.getLast();
    TensorType parameter = types.get(last.parameter());
    Shape shape = last.transposed() ? Shape.of(parameter.shape().dim(1), parameter.shape().dim(0)) : parameter.shape();
    for (Placement placement : placements) {
      if (placement.part().isPresent()) {
        Placement.Part part = placement.part().get();
        shape = shape.with(part.axis(), Math.max(part.to(), shape.dim(part.axis())));
      }
    }
    return parameter.withShape(shape);
  }

  private Value described(SequencedMap<String, TensorType> tensors) {
    DType dtype = tensors.values().stream().findFirst().orElseThrow().dtype();
    String name = switch (dtype) {
      case BF16 -> "bfloat16";
      case F16 -> "float16";
      default -> "float32";
    };
    return config.with("dtype", new Value.Text(name, Place.ROOT));
  }
}
