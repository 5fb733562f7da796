"""Writes torch_numbers.txt beside itself: what PyTorch 2.13's optimizers make of two parameters, in float64.

Gradients are given, the same for every optimizer; after each of 8 steps a case has both parameters. The learning rate
is a power of two, so that it is the same in float32.
"""
import pathlib

import torch

torch.set_default_dtype(torch.float64)
generator = torch.Generator().manual_seed(2)
out = open(pathlib.Path(__file__).with_suffix(".txt"), "w", encoding="ascii")
STEPS = 8
RATE = 2.0**-6


def normal(*shape):
    return torch.randn(shape, generator=generator)


def write(name, tensor):
    dims = ",".join(map(str, tensor.shape)) or "-"
    print(name, "f64", dims, *[repr(v) for v in tensor.detach().flatten().tolist()], file=out)


start = {"weight": normal(3, 4), "bias": normal(4)}
gradients = [{"weight": normal(3, 4) * 2, "bias": normal(4)} for _ in range(STEPS)]
print("case", "given", file=out)
for key, value in start.items():
    write(f"start.{key}", value)
for step, pair in enumerate(gradients):
    for key, value in pair.items():
        write(f"gradient.{step}.{key}", value)


def case(name, make, clip=None, rates=None):
    print("case", name, file=out)
    parameters = {k: v.clone().requires_grad_() for k, v in start.items()}
    optimizer = make(list(parameters.values()))
    for step, pair in enumerate(gradients):
        for key, parameter in parameters.items():
            parameter.grad = pair[key].clone()
        if clip:
            torch.nn.utils.clip_grad_norm_(parameters.values(), clip)
        if rates:
            optimizer.param_groups[0]["lr"] = rates(step)
        optimizer.step()
        for key, parameter in parameters.items():
            write(f"after.{step}.{key}", parameter)


optim = torch.optim
case("sgd", lambda p: optim.SGD(p, RATE))
case("sgd_decay", lambda p: optim.SGD(p, RATE, weight_decay=0.1))
case("sgd_momentum", lambda p: optim.SGD(p, RATE, momentum=0.9, weight_decay=0.1))
case("sgd_nesterov", lambda p: optim.SGD(p, RATE, momentum=0.9, nesterov=True))
case("adam", lambda p: optim.Adam(p, RATE))
case("adam_decay", lambda p: optim.Adam(p, RATE, betas=(0.8, 0.95), weight_decay=0.1))
case("adamw", lambda p: optim.AdamW(p, RATE))
case("adamw_decay", lambda p: optim.AdamW(p, RATE, betas=(0.9, 0.95), weight_decay=0.1))
case("adamw_matrices", lambda p: optim.AdamW([{"params": p[:1]}, {"params": p[1:], "weight_decay": 0.0}], RATE))
case("sgd_clipped", lambda p: optim.SGD(p, RATE), clip=1.0)
case("adamw_clipped_little", lambda p: optim.AdamW(p, RATE), clip=100.0)
out.close()
