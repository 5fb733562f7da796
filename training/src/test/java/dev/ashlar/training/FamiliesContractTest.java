package dev.ashlar.training;

import dev.ashlar.io.huggingface.Gpt2;
import dev.ashlar.io.huggingface.LayerType;
import dev.ashlar.io.huggingface.Llama;
import dev.ashlar.io.huggingface.Mistral;
import dev.ashlar.io.huggingface.Phi3;
import dev.ashlar.io.huggingface.Qwen2;
import dev.ashlar.io.huggingface.Qwen3;
import dev.ashlar.io.huggingface.RopeParameters;
import dev.ashlar.io.safetensors.SafeTensors;
import dev.ashlar.model.ModelFamily;
import dev.ashlar.tensor.Shape;
import dev.ashlar.testkit.ModelFamilyContract;
import dev.ashlar.testkit.ModelFamilyExample;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Our families keep what families promise; config.json and tensors are those that transformers wrote. */
class FamiliesContractTest extends ModelFamilyContract {

  private static final int VOCABULARY = 40;
  private static final int WIDTH = 16;
  private static final int UNITS = 24;
  private static final int HEADS = 4;
  private static final int POSITIONS = 64;
  private static final double START = 0.02;
  private static final RopeParameters ROPE = new RopeParameters();

  /** Of the tables that older files have. */
  private static final String TABLE = ".self_attn.rotary_emb.inv_freq";

  @Override
  protected List<ModelFamilyExample> examples() {
    return List.of(
        masks(example("gpt2", gpt2(2, 4, Optional.empty(), "gelu_new", true)), 2)
            .tensor("lm_head.weight", VOCABULARY, WIDTH)
            .squares("*.query.weight", "*.key.weight", "*.value.weight", "*.output.weight"),
        masks(example("gpt2-f16", gpt2(1, 2, Optional.of(UNITS), "relu", true)), 1)
            .tensor("lm_head.weight", VOCABULARY, WIDTH)
            .squares("*.query.weight", "*.key.weight", "*.value.weight", "*.output.weight"),
        untiedGpt2(),
        tables(example("llama-biases", new Llama(VOCABULARY, WIDTH, UNITS, 2, HEADS, Optional.of(1), Optional.of(6),
            "gelu_pytorch_tanh", POSITIONS, START, 1e-5, ROPE, true, true, false)), 2, 6),
        tables(heads(8, 1, example("llama-llama3", new Llama(VOCABULARY, WIDTH, UNITS, 2, HEADS, Optional.of(1),
            Optional.of(8), "silu", POSITIONS, START, 1e-6, llama3(), false, false, true))), 2, 8)
            .tensor("lm_head.weight", VOCABULARY, WIDTH),
        tables(heads(6, 2, example("mistral", new Mistral(VOCABULARY, WIDTH, UNITS, 2, HEADS, 2, Optional.of(6), "silu",
            POSITIONS, START, 1e-6, ROPE, Optional.of(5), false))), 2, 6),
        tables(example("phi3", new Phi3(VOCABULARY, WIDTH, UNITS, 2, HEADS, Optional.of(2), "silu", POSITIONS, START,
            1e-5, turnedWhole(), Optional.of(7), false)), 2, 4).squares("*.query.weight", "*.output.weight"),
        tables(heads(6, 2, example("qwen2-windows", new Qwen2(VOCABULARY, WIDTH, UNITS, 3, HEADS,
            Optional.of(2), Optional.of(6), "silu", POSITIONS, START, 1e-6, ROPE, true, 6, 1,
            Optional.of(List.of(LayerType.FULL_ATTENTION, LayerType.SLIDING_ATTENTION, LayerType.SLIDING_ATTENTION)),
            false))), 3, 6),
        tables(example("qwen3", new Qwen3(VOCABULARY, WIDTH, UNITS, 2, HEADS, Optional.of(2), 6, "silu", POSITIONS,
            START, 1e-6, ROPE, false, false, 4096, 28,
            Optional.of(List.of(LayerType.FULL_ATTENTION, LayerType.FULL_ATTENTION)), false)), 2, 6));
  }

  private static Gpt2 gpt2(int layers, int heads, Optional<Integer> units, String activation, boolean tied) {
    return new Gpt2(VOCABULARY, 32, WIDTH, layers, heads, units, activation, 1e-5, START, true, false, false, tied);
  }

  /** The output has weights of its own, which transformers calls as those of the others. */
  private static ModelFamilyExample untiedGpt2() {
    ModelFamilyExample tied = example("gpt2", gpt2(2, 4, Optional.empty(), "gelu_new", false));
    return masks(new ModelFamilyExample(tied.family(),
        tied.config().replace("\"tie_word_embeddings\": true", "\"tie_word_embeddings\": false"), tied.tensors(),
        List.of("*.query.weight", "*.key.weight", "*.value.weight", "*.output.weight")), 2)
        .tensor("lm_head.weight", VOCABULARY, WIDTH);
  }

  private static RopeParameters llama3() {
    return new RopeParameters(10_000, RopeParameters.Kind.LLAMA3, Optional.of(8.0), Optional.of(16), Optional.of(1.0),
        Optional.of(4.0), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(),
        Optional.empty(), Optional.empty());
  }

  /** As Phi-3 says it. */
  private static RopeParameters turnedWhole() {
    return new RopeParameters(10_000, RopeParameters.Kind.DEFAULT, Optional.empty(), Optional.empty(), Optional.empty(),
        Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(),
        Optional.empty(), Optional.of(1.0));
  }

  /** A family beside what transformers wrote of such a model. */
  private static ModelFamilyExample example(String name, ModelFamily family) {
    try {
      Path folder = Path.of(Objects.requireNonNull(
          FamiliesContractTest.class.getResource("huggingface/" + name)).toURI());
      SafeTensors file = SafeTensors.open(folder.resolve("model.safetensors"));
      Map<String, Shape> tensors = new LinkedHashMap<>();
      for (String tensor : file.names()) {
        tensors.put(tensor, file.get(tensor).shape());
      }
      return ModelFamilyExample.of(family, Files.readString(folder.resolve("config.json"))).tensors(tensors);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * With heads of another width, so that none of their matrices is square.
   *
   * @param groups heads of keys and values
   */
  private static ModelFamilyExample heads(int width, int groups, ModelFamilyExample example) {
    String others = example.config().strip().substring(1).replaceAll("\"(head_dim|num_key_value_heads)\": \\d+,", "");
    String config = "{\"head_dim\": " + width + ", \"num_key_value_heads\": " + groups + ", " + others;
    Map<String, Shape> tensors = new LinkedHashMap<>(example.tensors());
    tensors.replaceAll((name, shape) -> name.contains(".q_proj.") ? shape.with(0, HEADS * width)
        : name.contains(".k_proj.") || name.contains(".v_proj.") ? shape.with(0, groups * width)
        : name.contains(".o_proj.") ? shape.with(1, HEADS * width) : shape);
    return ModelFamilyExample.of(example.family(), config).tensors(tensors);
  }

  /** With the frequencies that files of older releases of transformers have. */
  private static ModelFamilyExample tables(ModelFamilyExample example, int layers, int headWidth) {
    ModelFamilyExample more = example;
    for (int i = 0; i < layers; i++) {
      more = more.tensor("model.layers." + i + TABLE, headWidth / 2);
    }
    return more;
  }

  /** With the masks that files of older releases of transformers have. */
  private static ModelFamilyExample masks(ModelFamilyExample example, int layers) {
    ModelFamilyExample more = example;
    for (int i = 0; i < layers; i++) {
      more = more.tensor("transformer.h." + i + ".attn.bias", 1, 1, 32, 32)
          .tensor("transformer.h." + i + ".attn.masked_bias");
    }
    return more;
  }
}
