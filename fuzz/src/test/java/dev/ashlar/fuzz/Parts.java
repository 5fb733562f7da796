package dev.ashlar.fuzz;

import dev.ashlar.config.FileException;
import dev.ashlar.io.tokenizers.Tokenizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Files that are as they should be, beside those that are not; other modules' tests have them. */
final class Parts {

  private static final Path FOLDER = Path.of("../training/src/test/resources/dev/ashlar/training/huggingface/gpt2-f16");

  /** Of a small GPT-2. */
  static final byte[] CONFIG = read(FOLDER.resolve("config.json"));

  /** Of a small GPT-2. */
  static final byte[] WEIGHTS = read(FOLDER.resolve("model.safetensors"));

  /** Small tokenizers, one of each kind. */
  static final List<Tokenizer> TOKENIZERS = Stream.of("gpt2", "llama2", "bert").map(Parts::tokenizer).toList();

  private Parts() {}

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Tokenizer tokenizer(String name) {
    String file = "../io/src/test/resources/dev/ashlar/io/tokenizers/" + name + "/tokenizer.json";
    try {
      return Tokenizer.parse(new String(read(Path.of(file)), StandardCharsets.UTF_8), file);
    } catch (FileException e) {
      throw new IllegalStateException(e);
    }
  }
}
