"""Writes tiny models with random weights as transformers saves them, and what transformers computes from them.

    python huggingface_models.py training/src/test/resources/dev/ashlar/training/huggingface [NAME..]

Needs torch, transformers and safetensors (made with 2.13, 5.18 and 0.6). Each folder holds config.json, the weights and
expected.json: a prompt, its logits [tokens, vocabulary] and the ids that greedy decoding appends, with a cache.
"""
import json
import os
import sys

import torch
from transformers import (AutoModelForCausalLM, GPT2Config, LlamaConfig, MistralConfig, Phi3Config, Qwen2Config, Qwen3Config)

VOCABULARY, PROMPT, MORE = 40, 14, 12
SIZES = dict(vocab_size=VOCABULARY, hidden_size=16, intermediate_size=24, num_hidden_layers=2, num_attention_heads=4,
             num_key_value_heads=2, max_position_embeddings=64, tie_word_embeddings=False)


def rope(kind, **more):
    return dict(rope_type=kind, rope_theta=10000.0, **more)


CASES = {
    "gpt2": GPT2Config(vocab_size=VOCABULARY, n_positions=32, n_embd=16, n_layer=2, n_head=4),
    "gpt2-f16": GPT2Config(vocab_size=VOCABULARY, n_positions=32, n_embd=16, n_layer=1, n_head=2, n_inner=24,
                           activation_function="relu"),
    "llama": LlamaConfig(**SIZES),
    "llama-bf16": LlamaConfig(**SIZES),
    "llama-biases": LlamaConfig(**SIZES | dict(attention_bias=True, mlp_bias=True, head_dim=6, num_key_value_heads=1,
                                               hidden_act="gelu_pytorch_tanh", rms_norm_eps=1e-5)),
    "llama-linear": LlamaConfig(**SIZES, rope_parameters=rope("linear", factor=2.0)),
    "llama-dynamic": LlamaConfig(**SIZES | dict(max_position_embeddings=16),
                                 rope_parameters=rope("dynamic", factor=4.0)),
    "llama-yarn": LlamaConfig(**SIZES | dict(head_dim=8), rope_parameters=rope(
        "yarn", factor=4.0, original_max_position_embeddings=16, beta_fast=4.0)),
    "llama-mscale": LlamaConfig(**SIZES | dict(head_dim=8, hidden_act="quick_gelu"), rope_parameters=rope(
        "yarn", factor=4.0, original_max_position_embeddings=16, mscale=1.5, mscale_all_dim=0.7)),
    "llama-llama3": LlamaConfig(**SIZES | dict(tie_word_embeddings=True, head_dim=8), rope_parameters=rope(
        "llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=16)),
    "llama-older": LlamaConfig(**SIZES, rope_parameters=rope("linear", factor=2.0)),
    "llama-shards": LlamaConfig(**SIZES),
    "mistral": MistralConfig(**SIZES, sliding_window=5),
    "phi3": Phi3Config(**SIZES, sliding_window=7, pad_token_id=0, eos_token_id=1, bos_token_id=1),
    "qwen2": Qwen2Config(**SIZES | dict(tie_word_embeddings=True)),
    "qwen2-windows": Qwen2Config(**SIZES | dict(num_hidden_layers=3), use_sliding_window=True, sliding_window=6,
                                 max_window_layers=1),
    "qwen3": Qwen3Config(**SIZES, head_dim=6),
}


def older(folder):
    """Settings as files of 2023 spell them."""
    path = os.path.join(folder, "config.json")
    config = json.load(open(path))
    parameters = config.pop("rope_parameters")
    config["rope_theta"] = parameters.pop("rope_theta")
    config["rope_scaling"] = dict(type=parameters["rope_type"], factor=parameters["factor"])
    config["torch_dtype"] = config.pop("dtype")
    json.dump(config, open(path, "w"), indent=2)


def main(out, names):
    for name, config in CASES.items():
        if names and name not in names:
            continue
        torch.manual_seed(len(name))
        config._attn_implementation = "eager"
        model = AutoModelForCausalLM.from_config(config).eval().float()
        with torch.no_grad():  # far from uniform, so that the largest logit is one by a margin
            for parameter in model.parameters():
                if parameter.dim() > 1:
                    parameter.mul_(15)
                else:
                    parameter.add_(0.1 * torch.randn_like(parameter))
        kind = {"bf16": torch.bfloat16, "f16": torch.float16}.get(name.split("-")[-1], torch.float32)
        model = model.to(kind).float()  # the expected numbers are those of rounded weights in single precision
        prompt = torch.randint(0, VOCABULARY, (1, PROMPT))
        with torch.inference_mode():
            logits = model(prompt).logits[0]
            greedy, tokens, cache = [], prompt, None
            for _ in range(MORE):
                step = model(tokens, past_key_values=cache, use_cache=True)
                cache, tokens = step.past_key_values, step.logits[:, -1:].argmax(-1)
                greedy.append(int(tokens))
        folder = os.path.join(out, name)
        model.to(kind).save_pretrained(folder, max_shard_size="8KB" if name.endswith("shards") else "5GB")
        os.remove(os.path.join(folder, "generation_config.json"))
        if name.endswith("older"):
            older(folder)
        with open(os.path.join(folder, "expected.json"), "w") as file:
            json.dump({"prompt": prompt[0].tolist(), "greedy": greedy,
                       "logits": [[round(value, 5) for value in row] for row in logits.tolist()]}, file)
        print(name, greedy)


main(sys.argv[1], sys.argv[2:])
