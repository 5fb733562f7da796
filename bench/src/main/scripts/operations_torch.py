"""PyTorch's side of `ashlar bench softmax ..`: single operations, eager; median and best time as one JSON line each.

    python operations_torch.py [--threads N] [--seconds S] [NAME ..]

Names, shapes and what is counted are those of Operations.java; `strange-mish` is F.mish, and there is no Lion.
"""
import argparse
import json
import time

import torch
import torch.nn.functional as f

parser = argparse.ArgumentParser()
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--seconds", type=float, default=1)
parser.add_argument("names", nargs="*")
options = parser.parse_args()
torch.set_num_threads(options.threads)
torch.manual_seed(0)


def function(work):
    def make():
        x = torch.randn(4096, 1024)
        return lambda: work(x)
    return make


def cross_entropy():
    logits = torch.randn(256, 50257, requires_grad=True)
    targets = torch.randint(0, 50257, (256,))

    def work():
        logits.grad = None
        f.cross_entropy(logits, targets).backward()
    return work


def update(optimizer):
    def make():
        parameters = [torch.nn.Parameter(torch.randn(1024, 1024)) for _ in range(4)]
        for parameter in parameters:
            parameter.grad = torch.randn(1024, 1024)
        return optimizer(parameters).step
    return make


def embedding():
    table = torch.randn(50257, 768, requires_grad=True)
    ids = torch.randint(0, 50257, (1024,))
    g = torch.randn(1024, 768)

    def work():
        table.grad = None
        f.embedding(ids, table).backward(g)
    return work


def with_gradients(module, x):
    g = torch.randn_like(module(x))
    wrt = [x, *(module.parameters() if isinstance(module, torch.nn.Module) else [])]
    x.requires_grad_()

    def work():
        return torch.autograd.grad(module(x), wrt, g)
    return work


def attention(steps):
    def make():
        q, k, v = (torch.randn(8, 6, steps, 64, requires_grad=True) for _ in range(3))
        g = torch.randn(8, 6, steps, 64)

        def work():
            y = f.scaled_dot_product_attention(q, k, v, is_causal=True)
            return torch.autograd.grad(y, (q, k, v), g)
        return work
    return make


OPERATIONS = {
    "gelu": function(lambda x: f.gelu(x, approximate="tanh")),
    "strange-mish": function(f.mish),
    "softmax": function(lambda x: torch.softmax(x, -1)),
    "rows-summed": function(lambda x: x.sum(-1)),
    "columns-summed": function(lambda x: x.sum(0)),
    "transpose": function(lambda x: x.t().contiguous()),
    "running-sum": function(lambda x: x.cumsum(-1)),
    "cross-entropy": cross_entropy,
    "sgd-momentum": update(lambda p: torch.optim.SGD(p, lr=0.01, momentum=0.9, foreach=True)),
    "adamw": update(lambda p: torch.optim.AdamW(p, lr=1e-3, fused=True)),
    "embedding": embedding,
    "convolution": lambda: with_gradients(torch.nn.Conv2d(32, 64, 3), torch.randn(32, 32, 28, 28)),
    "max-pool": lambda: with_gradients(lambda x: f.max_pool2d(x, 2), torch.randn(64, 32, 28, 28)),
    "attention": attention(256),
    "attention-long": attention(1024),
}


def main():
    for name in options.names or OPERATIONS:
        work = OPERATIONS[name]()
        for _ in range(3):
            work()
        times = []
        end = time.perf_counter() + options.seconds
        while len(times) < 3 or time.perf_counter() < end:
            start = time.perf_counter()
            work()
            times.append((time.perf_counter() - start) * 1e3)
        times.sort()
        print(json.dumps({"engine": "torch", "workload": name, "median_ms": round(times[len(times) // 2], 5),
                          "min_ms": round(times[0], 5), "runs": len(times)}), flush=True)


main()
