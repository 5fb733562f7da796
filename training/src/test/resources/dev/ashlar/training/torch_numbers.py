"""Writes torch_numbers.txt beside itself: what loops of PyTorch 2.13 make of a small network, in float64.

22 examples of three classes, in their order, in batches of 4; 10 others to compare epochs with. Every case has the
loss of each update, where it matters what was measured after each epoch, and the parameters that are kept.
"""
import copy
import pathlib

import torch
import torch.nn.functional as F
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

torch.set_default_dtype(torch.float64)
generator = torch.Generator().manual_seed(4)
out = open(pathlib.Path(__file__).with_suffix(".txt"), "w", encoding="ascii")
EPOCHS, BATCH = 3, 4
WEIGHTS = torch.tensor([1.0, 0.5, 3.0])


def normal(*shape):
    """Numbers that are the same in float32."""
    return (torch.randn(shape, generator=generator) * 1024).round() / 1024


def write(name, tensor, kind="f64"):
    dims = ",".join(map(str, tensor.shape)) or "-"
    print(name, kind, dims, *[repr(v) for v in tensor.detach().flatten().tolist()], file=out)


def examples(count):
    x = normal(count, 3)
    return x, (x @ torch.tensor([[1.0, -1.0, 0.0], [0.0, 1.0, -1.0], [0.5, 0.0, 0.5]]) + normal(count, 3)).argmax(1)


train, validation = examples(22), examples(10)
start = {"first.weight": normal(3, 5) / 2, "first.bias": normal(5) / 4, "last.weight": normal(5, 3) / 2,
         "last.bias": normal(3) / 4}
print("case", "given", file=out)
for part, (x, y) in {"train": train, "validation": validation}.items():
    write(f"{part}.input", x)
    write(f"{part}.target", y, "i32")
for key, value in start.items():
    write(f"start.{key}", value)


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.p = torch.nn.ParameterDict({k.replace(".", "_"): v.clone() for k, v in start.items()})

    def forward(self, x):
        return torch.tanh(x @ self.p["first_weight"] + self.p["first_bias"]) @ self.p["last_weight"] + self.p["last_bias"]

    def named(self):
        return {k: self.p[k.replace(".", "_")] for k in start}


def smoothed(logits, target):
    return F.cross_entropy(logits, target, weight=WEIGHTS, label_smoothing=0.1)


def ignoring(logits, target):
    return F.cross_entropy(logits, target, ignore_index=1)


class Lookahead:
    """Algorithm 1 of Zhang et al., 2019, as it stands there."""

    def __init__(self, inner, every, alpha):
        self.inner, self.every, self.alpha, self.count = inner, every, alpha, 0
        self.parameters = [p for group in inner.param_groups for p in group["params"]]
        self.slow = [p.detach().clone() for p in self.parameters]

    def zero_grad(self):
        self.inner.zero_grad()

    @torch.no_grad()
    def step(self):
        self.inner.step()
        self.count += 1
        if self.count % self.every == 0:
            for p, slow in zip(self.parameters, self.slow):
                slow.add_(p - slow, alpha=self.alpha)
                p.copy_(slow)


def case(name, optimizer, loss=F.cross_entropy, accumulate=1, clip=None, ema=None, plateau=None, patience=None,
         epochs=EPOCHS):
    print("case", name, file=out)
    model = Net()
    optimizer = optimizer(model)
    average = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(ema)) if ema else None
    scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, eps=0, **plateau) if plateau else None
    losses, measured, rates = [], [], []
    best, best_epoch, kept = float("inf"), 0, None
    x, y = train
    starts = list(range(0, len(x), BATCH))
    for epoch in range(1, epochs + 1):
        for first in range(0, len(starts), accumulate):
            # Accumulated or not, an update is that of one large batch.
            group = slice(starts[first], starts[first] + BATCH * accumulate)
            optimizer.zero_grad()
            total = loss(model(x[group]), y[group])
            total.backward()
            losses.append(total.item())
            if clip:
                torch.nn.utils.clip_grad_norm_(model.parameters(), clip)
            optimizer.step()
            if average:
                average.update_parameters(model)
        judged = average.module if average else model
        with torch.no_grad():
            measured.append(loss(judged(validation[0]), validation[1]).item())
        if scheduler:
            scheduler.step(measured[-1])
            rates.append(optimizer.param_groups[0]["lr"])
        if measured[-1] < best:
            best, best_epoch, kept = measured[-1], epoch, copy.deepcopy(judged)
        if patience and epoch - best_epoch >= patience:
            break
    write("losses", torch.tensor(losses))
    write("measured", torch.tensor(measured))
    if rates:
        write("rates", torch.tensor(rates))
    write("best_epoch", torch.tensor(best_epoch), "i32")
    for key, value in kept.named().items():
        write(f"kept.{key}", value)


def sgd(rate, **settings):
    return lambda model: torch.optim.SGD(model.parameters(), rate, **settings)


def groups(model):
    named = model.named()
    return torch.optim.AdamW([
        {"params": [v for k, v in named.items() if k.endswith("bias")], "weight_decay": 0.0, "lr": 2.0**-5},
        {"params": [v for k, v in named.items() if not k.endswith("bias")], "weight_decay": 0.25}], 2.0**-6)


case("plain", sgd(0.25, momentum=0.875))
case("accumulated", sgd(0.25, momentum=0.875), accumulate=3)
case("accumulated_clipped", sgd(0.5, momentum=0.875), accumulate=4, clip=0.25)
case("ema", sgd(0.25), ema=0.875)
case("ema_accumulated", sgd(0.5), ema=0.5, accumulate=3)
case("lookahead", lambda m: Lookahead(torch.optim.SGD(m.parameters(), 0.5, momentum=0.5), 4, 0.5))
case("groups", groups)
case("groups_accumulated_clipped", groups, accumulate=2, clip=0.5)
case("weighted_smoothed", sgd(0.25), loss=smoothed)
case("weighted_smoothed_accumulated", sgd(0.25), loss=smoothed, accumulate=3)
case("plateau", sgd(2.0), plateau={"patience": 1, "factor": 0.5, "cooldown": 1, "threshold": 0.01}, epochs=12)
case("patience", sgd(1.5, momentum=0.5), patience=3, epochs=20)
case("patience_ema", sgd(2.0), patience=2, ema=0.75, epochs=20)
case("ignored", sgd(0.25), loss=ignoring)
case("ignored_accumulated", sgd(0.25), loss=ignoring, accumulate=2)
out.close()
