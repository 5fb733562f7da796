package dev.ashlar.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.ashlar.config.ConfigException;
import dev.ashlar.config.FileException;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Folders that are no models, or not whole: one message each, before anything is computed. The messages are in
 * huggingface-mistakes.txt, which {@code -Dashlar.golden.update=true} writes anew.
 */
class HuggingFaceMistakesTest {

  private static final Path MESSAGES =
      Path.of("src/test/resources/dev/ashlar/training/huggingface-mistakes.txt");

  @TempDir
  private Path temporary;

  /** What is done to a folder that was in order. */
  private interface Damage {
    void to(Path folder) throws IOException;
  }

  @Test
  void messagesAreAsWritten() throws Exception {
    Map<String, Damage> damages = new LinkedHashMap<>();
    damages.put("a model_type that is not known", folder -> replace(folder, "\"llama\"", "\"lama\""));
    damages.put("no model_type", folder -> replace(folder, "\"model_type\"", "\"type\""));
    damages.put("a value of the wrong type",
        folder -> replace(folder, "\"hidden_size\": 16", "\"hidden_size\": \"wide\""));
    damages.put("heads that do not divide the width", folder -> {
      replace(folder, "\"head_dim\": 4,", "");
      replace(folder, "\"hidden_size\": 16", "\"hidden_size\": 18");
    });
    damages.put("a temperature below 0", folder -> Files.writeString(folder.resolve("generation_config.json"),
        "{\"do_sample\": true,\n  \"temperature\": -1}"));
    damages.put("heads that keys do not divide",
        folder -> replace(folder, "\"num_key_value_heads\": 2", "\"num_key_value_heads\": 3"));
    damages.put("a stretch of positions that is not known",
        folder -> replace(folder, "\"rope_type\": \"default\"", "\"rope_type\": \"longrope\""));
    damages.put("a factor that shrinks positions", folder -> replace(folder,
        "\"rope_type\": \"default\"", "\"rope_type\": \"linear\", \"factor\": 0"));
    damages.put("a variant of GPT-2", folder -> Files.writeString(folder.resolve("config.json"), """
        {
          "model_type": "gpt2",
          "scale_attn_by_inverse_layer_idx": true
        }"""));
    damages.put("an activation that is not known", folder -> replace(folder, "\"silu\"", "\"swiglu\""));
    damages.put("quantized weights",
        folder -> replace(folder, "\"use_cache\": true", "\"quantization_config\": {\"bits\": 4}"));
    damages.put("config.json that is no JSON", folder -> replace(folder, "{", "{{"));
    damages.put("a shard that is missing", folder -> Files.delete(shard(folder)));
    damages.put("a shard that was cut off", folder -> {
      byte[] all = Files.readAllBytes(shard(folder));
      Files.write(shard(folder), java.util.Arrays.copyOf(all, all.length - 100));
    });
    damages.put("a header of an absurd length", folder -> {
      byte[] all = Files.readAllBytes(shard(folder));
      all[6] = 0x7f;
      Files.write(shard(folder), all);
    });
    damages.put("an index that names a file elsewhere", folder -> {
      Path index = folder.resolve("model.safetensors.index.json");
      Files.writeString(index, Files.readString(index).replace("\"model-00002", "\"../model-00002"));
    });
    damages.put("a tensor that is missing", folder -> {
      Path index = folder.resolve("model.safetensors.index.json");
      Files.writeString(index, Files.readString(index)
          .replaceFirst("\"model.layers.1.mlp.up_proj.weight\": \"[^\"]*\",", ""));
    });
    damages.put("a tensor of another shape",
        folder -> replace(folder, "\"intermediate_size\": 24", "\"intermediate_size\": 25"));
    damages.put("more layers in the file than in config.json",
        folder -> replace(folder, "\"num_hidden_layers\": 2", "\"num_hidden_layers\": 1"));
    damages.put("more layers in config.json than in the file",
        folder -> replace(folder, "\"num_hidden_layers\": 2", "\"num_hidden_layers\": 3"));
    damages.put("weights of another format", folder -> {
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : files.filter(f -> f.toString().contains("safetensors")).toList()) {
          Files.delete(file);
        }
      }
      Files.writeString(folder.resolve("pytorch_model.bin"), "?");
    });
    damages.put("a tokenizer of an unknown kind",
        folder -> Files.writeString(folder.resolve("tokenizer.json"), "{\"model\": {\"type\": \"Sentences\"}}"));
    StringBuilder messages = new StringBuilder();
    for (Map.Entry<String, Damage> damage : damages.entrySet()) {
      Path folder = copy(temporary.resolve(Integer.toString(messages.length())));
      damage.getValue().to(folder);
      messages.append("# ").append(damage.getKey()).append('\n').append(message(folder)).append("\n\n");
    }
    if (Boolean.getBoolean("ashlar.golden.update")) {
      Files.writeString(MESSAGES, messages);
    }
    assertThat(messages.toString()).isEqualTo(Files.readString(MESSAGES));
  }

  private static String message(Path folder) {
    Throwable thrown = catchThrowable(() -> {
      try (Model model = Model.load(folder)) {
        model.generation();
      }
    });
    assertThat(thrown).isInstanceOfAny(FileException.class, ConfigException.class);
    return thrown.getMessage().replace(folder.toString(), "FOLDER");
  }

  private static Path shard(Path folder) {
    return folder.resolve("model-00002-of-00003.safetensors");
  }

  private static void replace(Path folder, String text, String other) throws IOException {
    Path config = folder.resolve("config.json");
    String before = Files.readString(config);
    assertThat(before).contains(text);
    Files.writeString(config, before.replace(text, other));
  }

  private static Path copy(Path to) throws IOException, URISyntaxException {
    Path from = Path.of(Objects.requireNonNull(
        HuggingFaceMistakesTest.class.getResource("huggingface/llama-shards")).toURI());
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName().toString()));
      }
    }
    return to;
  }
}
