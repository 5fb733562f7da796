"""The run of examples/gpt-text.yaml with PyTorch, for its wall time and validation loss: a character GPT of 4 layers,
4 heads, 128 wide, 64 tokens, 2,000 updates of 12 windows, measured on the last tenth of the text every 250.

  python gpt_text_torch.py TEXT [--threads 2] [--steps 2000] [--validation 0.1]
"""

import argparse
import json
import math
import time

arguments = argparse.ArgumentParser()
arguments.add_argument("text")
arguments.add_argument("--threads", type=int, default=2)
arguments.add_argument("--steps", type=int, default=2000)
arguments.add_argument("--validation", type=float, default=0.1)
options = arguments.parse_args()

started = time.perf_counter()
import torch
from torch import nn
from torch.nn import functional

LAYERS, HEADS, WIDTH, LENGTH, BATCH, EVERY = 4, 4, 128, 64, 12, 250
torch.set_num_threads(options.threads)
torch.manual_seed(1)
text = open(options.text, encoding="utf-8").read()
letters = {letter: number for number, letter in enumerate(sorted(set(text)))}
numbers = torch.tensor([letters[letter] for letter in text])
cut = len(numbers) - round(options.validation * len(numbers))
train, validation = numbers[:cut], numbers[cut:]


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm_1, self.norm_2 = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)
        self.all = nn.Linear(WIDTH, 3 * WIDTH, bias=False)
        self.out = nn.Linear(WIDTH, WIDTH, bias=False)
        self.up = nn.Linear(WIDTH, 4 * WIDTH, bias=False)
        self.down = nn.Linear(4 * WIDTH, WIDTH, bias=False)

    def forward(self, x):
        b, t, _ = x.shape
        q, k, v = (part.view(b, t, HEADS, -1).transpose(1, 2) for part in self.all(self.norm_1(x)).split(WIDTH, 2))
        mixed = functional.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.out(mixed.transpose(1, 2).reshape(b, t, WIDTH))
        return x + self.down(functional.gelu(self.up(self.norm_2(x)), approximate="tanh"))


class Gpt(nn.Module):
    def __init__(self):
        super().__init__()
        self.tokens, self.positions = nn.Embedding(len(letters), WIDTH), nn.Embedding(LENGTH, WIDTH)
        self.blocks = nn.Sequential(*(Block() for _ in range(LAYERS)))
        self.norm = nn.LayerNorm(WIDTH)
        for name, parameter in self.named_parameters():
            if parameter.dim() == 2:
                last = name.endswith(("out.weight", "down.weight"))
                nn.init.normal_(parameter, std=0.02 / math.sqrt(2 * LAYERS) if last else 0.02)

    def forward(self, x):
        hidden = self.tokens(x) + self.positions(torch.arange(x.shape[1]))
        return self.norm(self.blocks(hidden)) @ self.tokens.weight.T


def windows(data, starts):
    x = torch.stack([data[i:i + LENGTH] for i in starts])
    y = torch.stack([data[i + 1:i + 1 + LENGTH] for i in starts])
    return x, y


def loss_of(model, x, y):
    logits = model(x)
    return functional.cross_entropy(logits.view(-1, logits.shape[-1]), y.view(-1))


@torch.no_grad()
def measure(model):
    starts = list(range(0, len(validation) - LENGTH, LENGTH))
    total = 0.0
    for i in range(0, len(starts), BATCH):
        part = starts[i:i + BATCH]
        total += loss_of(model, *windows(validation, part)).item() * len(part)
    return total / len(starts)


model = Gpt()
decayed = [parameter for parameter in model.parameters() if parameter.dim() >= 2]
others = [parameter for parameter in model.parameters() if parameter.dim() < 2]
optimizer = torch.optim.AdamW([{"params": decayed, "weight_decay": 0.1}, {"params": others, "weight_decay": 0.0}],
                              lr=1e-3, betas=(0.9, 0.99))
for step in range(options.steps):
    share = (step - 100) / max(1, options.steps - 100)
    rate = 1e-3 * (step + 1) / 100 if step < 100 else 1e-4 + 0.5 * (1 + math.cos(math.pi * share)) * 9e-4
    for group in optimizer.param_groups:
        group["lr"] = rate
    x, y = windows(train, torch.randint(len(train) - LENGTH, (BATCH,)).tolist())
    loss = loss_of(model, x, y)
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    if (step + 1) % EVERY == 0:
        print(f"step {step + 1}: validation loss {measure(model):.4f}", flush=True)
print(json.dumps({"engine": "pytorch " + torch.__version__, "threads": options.threads,
                  "validation_loss": round(measure(model), 4), "seconds": round(time.perf_counter() - started, 1)}))
