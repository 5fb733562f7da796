"""Writes sampling_numbers.txt beside itself: probabilities of tokens after the filters of transformers 5.

Settings are temperature, top_k, top_p, min_p and repetition_penalty; seen are the tokens that are there already.
"""
import pathlib

import torch
from transformers import (LogitsProcessorList, MinPLogitsWarper, RepetitionPenaltyLogitsProcessor,
                          TemperatureLogitsWarper, TopKLogitsWarper, TopPLogitsWarper)

TOKENS = 48
out = open(pathlib.Path(__file__).with_suffix(".txt"), "w", encoding="ascii")
CASES = [
    ("plain", 1.0, 0, 1.0, 0.0, 1.0),
    ("cold", 0.5, 0, 1.0, 0.0, 1.0),
    ("hot", 1.7, 0, 1.0, 0.0, 1.0),
    ("top k", 1.0, 7, 1.0, 0.0, 1.0),
    ("top k of ties", 1.0, 5, 1.0, 0.0, 1.0),
    ("top k beyond all", 1.0, 500, 1.0, 0.0, 1.0),
    ("top p", 1.0, 0, 0.8, 0.0, 1.0),
    ("small top p", 1.0, 0, 0.01, 0.0, 1.0),
    ("min p", 1.0, 0, 1.0, 0.1, 1.0),
    ("largest min p", 1.0, 0, 1.0, 1.0, 1.0),
    ("penalty", 1.0, 0, 1.0, 0.0, 1.3),
    ("reward", 1.0, 0, 1.0, 0.0, 0.7),
    ("top k and top p", 1.0, 12, 0.7, 0.0, 1.0),
    ("all", 0.8, 20, 0.9, 0.05, 1.2),
    ("all but cold", 1.4, 30, 0.95, 0.02, 1.1),
]


def filtered(logits, seen, temperature, top_k, top_p, min_p, penalty):
    """In the order in which generate() puts them."""
    filters = LogitsProcessorList()
    if penalty != 1:
        filters.append(RepetitionPenaltyLogitsProcessor(penalty))
    if temperature != 1:
        filters.append(TemperatureLogitsWarper(temperature))
    if top_k:
        filters.append(TopKLogitsWarper(top_k))
    if top_p < 1:
        filters.append(TopPLogitsWarper(top_p))
    if min_p:
        filters.append(MinPLogitsWarper(min_p))
    return torch.softmax(filters(torch.tensor([seen]), logits.clone()[None])[0].double(), -1)


def write(name, values):
    print(name, "f64", len(values), *[f"{v:.9g}" for v in values], file=out)


def main():
    torch.manual_seed(11)
    for name, *settings in CASES:
        logits = 2.5 * torch.randn(TOKENS)
        if "ties" in name:
            logits = logits.round()
        seen = torch.randint(0, TOKENS, (9,)).tolist()
        print("case", name.replace(" ", "_"), file=out)
        write("settings", settings)
        write("seen", seen)
        write("logits", logits.tolist())
        write("probabilities", filtered(logits, seen, *settings).tolist())


if __name__ == "__main__":
    main()
