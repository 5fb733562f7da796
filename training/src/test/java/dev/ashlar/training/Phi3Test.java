package dev.ashlar.training;

import dev.ashlar.io.huggingface.Phi3;
import dev.ashlar.io.huggingface.RopeParameters;
import dev.ashlar.testkit.ModelFamilyContract;
import dev.ashlar.testkit.ModelFamilyExample;
import java.util.List;
import java.util.Optional;

/** As docs/model-families.md shows it. */
class Phi3Test extends ModelFamilyContract {
  @Override protected List<ModelFamilyExample> examples() {
    ModelFamilyExample phi3 = ModelFamilyExample.of(
        new Phi3(40, 16, 24, 2, 4, Optional.of(2), "silu", 64, 0.02, 1e-5, new RopeParameters(), Optional.of(7),
            false), """
        {"model_type": "phi3", "vocab_size": 40, "hidden_size": 16, "intermediate_size": 24, "num_hidden_layers": 2,
         "num_attention_heads": 4, "num_key_value_heads": 2, "hidden_act": "silu", "max_position_embeddings": 64,
         "initializer_range": 0.02, "rms_norm_eps": 1e-05, "rope_parameters": {"rope_theta": 10000.0},
         "sliding_window": 7, "tie_word_embeddings": false}""")
        .tensor("model.embed_tokens.weight", 40, 16)
        .tensor("model.norm.weight", 16)
        .tensor("lm_head.weight", 40, 16)
        .squares("*.query.weight", "*.output.weight");
    for (String layer : List.of("model.layers.0", "model.layers.1")) {
      phi3 = phi3.tensor(layer + ".input_layernorm.weight", 16)
          .tensor(layer + ".self_attn.qkv_proj.weight", 32, 16)
          .tensor(layer + ".self_attn.o_proj.weight", 16, 16)
          .tensor(layer + ".self_attn.rotary_emb.inv_freq", 2)
          .tensor(layer + ".post_attention_layernorm.weight", 16)
          .tensor(layer + ".mlp.gate_up_proj.weight", 48, 16)
          .tensor(layer + ".mlp.down_proj.weight", 16, 24);
    }
    return List.of(phi3);
  }
}
