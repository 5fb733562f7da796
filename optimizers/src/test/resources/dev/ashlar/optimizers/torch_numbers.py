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


class Lion(torch.optim.Optimizer):
    """Algorithm 2 of Chen et al., 2023, as it stands there."""

    def __init__(self, parameters, lr, weight_decay):
        super().__init__(parameters, {"lr": lr})
        self.decay = weight_decay

    @torch.no_grad()
    def step(self):
        for p in self.param_groups[0]["params"]:
            m = self.state[p].setdefault("m", torch.zeros_like(p))
            c = 0.9 * m + 0.1 * p.grad
            p.sub_(self.param_groups[0]["lr"] * (torch.sign(c) + self.decay * p))
            m.copy_(0.99 * m + 0.01 * p.grad)


class Lamb(torch.optim.Optimizer):
    """Algorithm 2 of You et al., 2020, as it stands there, phi the identity."""

    def __init__(self, parameters, lr, weight_decay):
        super().__init__(parameters, {"lr": lr})
        self.decay = weight_decay
        self.count = 0

    @torch.no_grad()
    def step(self):
        self.count += 1
        for p in self.param_groups[0]["params"]:
            m = self.state[p].setdefault("m", torch.zeros_like(p))
            v = self.state[p].setdefault("v", torch.zeros_like(p))
            m.copy_(0.9 * m + 0.1 * p.grad)
            v.copy_(0.999 * v + 0.001 * p.grad**2)
            r = (m / (1 - 0.9**self.count)) / ((v / (1 - 0.999**self.count)).sqrt() + 1e-6)
            r = r + self.decay * p
            p.sub_(self.param_groups[0]["lr"] * p.norm() / r.norm() * r)


class Muon(torch.optim.Optimizer):
    """Matrices: torch.optim.Muon without its rounding to bfloat16; vectors: AdamW."""

    def __init__(self, parameters, lr):
        super().__init__(parameters, {"lr": lr})
        self.rest = torch.optim.AdamW([p for p in parameters if p.dim() != 2], lr)

    @torch.no_grad()
    def step(self):
        self.rest.step()
        lr = self.param_groups[0]["lr"]
        for p in self.param_groups[0]["params"]:
            if p.dim() == 2:
                m = self.state[p].setdefault("m", torch.zeros_like(p))
                m.lerp_(p.grad, 0.05)
                x = p.grad.lerp(m, 0.95)
                tall = x.size(0) > x.size(1)
                x = x.T if tall else x
                x = x / x.norm().clamp(min=1e-7)
                for _ in range(5):
                    gram = x @ x.T
                    x = 3.4445 * x + (-4.775 * gram + 2.0315 * gram @ gram) @ x
                x = x.T if tall else x
                p.mul_(1 - lr * 0.1).sub_(x * lr * max(1, p.size(1) / p.size(0)) ** 0.5)


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
case("adam_amsgrad", lambda p: optim.Adam(p, RATE, amsgrad=True))
case("adamw_amsgrad", lambda p: optim.AdamW(p, RATE, amsgrad=True))
case("rmsprop", lambda p: optim.RMSprop(p, RATE))
case("rmsprop_centered", lambda p: optim.RMSprop(p, RATE, centered=True, momentum=0.9, weight_decay=0.1))
case("adagrad", lambda p: optim.Adagrad(p, RATE))
case("adagrad_decay", lambda p: optim.Adagrad(p, RATE, initial_accumulator_value=0.5, weight_decay=0.1))
case("adadelta", lambda p: optim.Adadelta(p, 1.0, weight_decay=0.1))
case("adamax", lambda p: optim.Adamax(p, RATE, weight_decay=0.1))
case("nadam", lambda p: optim.NAdam(p, RATE, weight_decay=0.1))
case("radam", lambda p: optim.RAdam(p, RATE, weight_decay=0.1))
case("lion", lambda p: Lion(p, RATE, weight_decay=0.1))
case("lamb", lambda p: Lamb(p, RATE, weight_decay=0.1))
# eps1 of float32, which the optimizer takes for parameters of that type.
case("adafactor", lambda p: optim.Adafactor(p, RATE, weight_decay=0.1,
                                            eps=(torch.finfo(torch.float32).eps, 1e-3)))
case("muon", lambda p: Muon(p, RATE))
case("sgd_clipped", lambda p: optim.SGD(p, RATE), clip=1.0)
case("adamw_clipped_little", lambda p: optim.AdamW(p, RATE), clip=100.0)


def schedule(name, make):
    """The learning rate of 20 steps."""
    print("case", name, file=out)
    optimizer = optim.SGD([torch.zeros(1)], 0.5)
    scheduler = make(optimizer)
    values = []
    for _ in range(20):
        values.append(float(optimizer.param_groups[0]["lr"]))
        optimizer.step()
        scheduler.step()
    write("values", torch.tensor(values))


rates = optim.lr_scheduler
schedule("schedule_step", lambda o: rates.StepLR(o, 6, 0.3))
schedule("schedule_exponential", lambda o: rates.ExponentialLR(o, 0.9))
schedule("schedule_polynomial", lambda o: rates.PolynomialLR(o, 20, 2.0))
schedule("schedule_one_cycle", lambda o: rates.OneCycleLR(o, 0.5, total_steps=21, cycle_momentum=False))
schedule("schedule_cosine", lambda o: rates.CosineAnnealingLR(o, 20, 0.1))
schedule("schedule_linear", lambda o: rates.LinearLR(o, 1.0, 0.2, 20))


class Lookahead(torch.optim.SGD):
    """Algorithm 1 of Zhang et al., 2019, as it stands there, around SGD with momentum."""

    def __init__(self, parameters):
        super().__init__(parameters, RATE, momentum=0.9)
        self.slow, self.count = [p.detach().clone() for p in parameters], 0

    @torch.no_grad()
    def step(self):
        super().step()
        self.count += 1
        if self.count % 3 == 0:
            for p, slow in zip(self.param_groups[0]["params"], self.slow):
                slow.add_(p - slow, alpha=0.25)
                p.copy_(slow)


case("groups", lambda p: optim.AdamW([{"params": p[:1], "weight_decay": 0.1},
                                      {"params": p[1:], "weight_decay": 0.0, "lr": RATE / 4}], RATE))
case("groups_frozen", lambda p: optim.Adam(p[:1], RATE))
case("groups_clipped", lambda p: optim.AdamW([{"params": p[:1], "weight_decay": 0.1},
                                              {"params": p[1:], "weight_decay": 0.0}], RATE), clip=1.0)
case("lookahead", Lookahead)


def plateau(name, measures, **settings):
    """The learning rate after each of some measures."""
    print("case", name, file=out)
    optimizer = optim.SGD([torch.zeros(1)], 0.5)
    scheduler = rates.ReduceLROnPlateau(optimizer, **settings)
    values = []
    for measure in measures:
        optimizer.step()
        scheduler.step(measure)
        values.append(float(optimizer.param_groups[0]["lr"]))
    write("measures", torch.tensor(measures))
    write("values", torch.tensor(values))


falling = [1.0, 0.9, 0.95, 0.9, 0.91, 0.89999, 0.9, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 0.4, 0.5, 0.5, 0.5, 0.5, 0.5]
plateau("plateau", falling, patience=2, factor=0.1, eps=0)
plateau("plateau_cooldown", falling, patience=1, factor=0.5, cooldown=2, threshold=0.05, min_lr=0.02, eps=0)
plateau("plateau_largest", [2 - m for m in falling], mode="max", patience=0, factor=0.5, eps=0)
schedule("schedule_multi_step", lambda o: rates.MultiStepLR(o, [3, 10, 11], 0.4))
schedule("schedule_cosine_restarts", lambda o: rates.CosineAnnealingWarmRestarts(o, 3, 2, 0.1))
schedule("schedule_cosine_restarts_alike", lambda o: rates.CosineAnnealingWarmRestarts(o, 6))
schedule("schedule_inverse_sqrt", lambda o: rates.LambdaLR(o, lambda s: min((s + 1) / 4, (4 / (s + 1)) ** 0.5)))


def clipped_by_value(parameters):
    optimizer = optim.SGD(parameters, RATE)
    optimizer.register_step_pre_hook(lambda *_: torch.nn.utils.clip_grad_value_(parameters, 0.5))
    return optimizer


case("sgd_clipped_by_value", clipped_by_value)
schedule("schedule_warm_up", lambda o: rates.ChainedScheduler([rates.LinearLR(o, 0.25, 1, 3),
                                                               rates.ExponentialLR(o, 0.9)]))
out.close()
