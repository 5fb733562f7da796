"""Writes operations.txt: what PyTorch says of each operation and its gradient, in double precision.

Run beside this file: python operations.py > operations.txt        (made with PyTorch 2.13)

A case is a name; its operands; the result; and, where the result is a floating-point number, the gradients of
sum(result * cotangent), one for each floating-point operand. Each array is a line: what, type, extents, values.
Operands lie away from kinks, so that differences can be taken, but in cases whose name begins with edge_.
The same names stand in OperationCases.java.
"""
import math
import numpy as np
import torch
import torch.nn.functional as F

rng = np.random.default_rng(20)


def wide(*shape):
    """No two closer than 0.1, none near a half or a whole number."""
    n = int(np.prod(shape))
    values = (np.arange(n) - n // 2) * 0.13
    return (np.round(rng.permutation(values), 2) + 0.007).reshape(shape)


def normal(*shape):
    return np.round(rng.standard_normal(shape), 2)


def positive(*shape):
    return np.round(rng.uniform(0.3, 2.5, shape), 2)


def indices(limit, *shape):
    return rng.integers(0, limit, shape).astype(np.int32)


def array(what, values):
    values = values.detach().numpy() if torch.is_tensor(values) else np.asarray(values)
    if values.dtype == np.float64:
        kind, texts = "f64", [f"{v:.14g}" for v in values.reshape(-1)]
    elif values.dtype == np.bool_:
        kind, texts = "bool", [str(int(v)) for v in values.reshape(-1)]
    else:
        kind, texts = "i32", [str(int(v)) for v in values.reshape(-1)]
    extents = ",".join(str(d) for d in values.shape) or "-"
    print(what, kind, extents, *texts)


def case(name, function, *operands):
    print("case", name)
    tensors = []
    for operand in operands:
        array("operand", operand)
        t = torch.tensor(operand)
        tensors.append(t.requires_grad_() if t.is_floating_point() else (t if t.dtype == torch.bool else t.long()))
    result = function(*tensors)
    array("result", result)
    if result.is_floating_point():
        cotangent = torch.tensor(np.round(rng.standard_normal(tuple(result.shape)), 2))
        array("cotangent", cotangent)
        (result * cotangent).sum().backward()
        for t in tensors:
            if t.is_floating_point():
                array("gradient", torch.zeros_like(t) if t.grad is None else t.grad)
    print()


# ---- one number
for name, function in {
    "neg": torch.neg, "abs": torch.abs, "sign": torch.sign, "exp": torch.exp, "expm1": torch.expm1,
    "sin": torch.sin, "cos": torch.cos, "tanh": torch.tanh, "sigmoid": torch.sigmoid, "erf": torch.erf,
    "floor": torch.floor, "ceil": torch.ceil, "round": torch.round, "is_finite": torch.isfinite,
}.items():
    case(name, function, wide(2, 7))
for name, function in {
    "log": torch.log, "log1p": torch.log1p, "sqrt": torch.sqrt, "rsqrt": torch.rsqrt,
    "reciprocal": torch.reciprocal,
}.items():
    case(name, function, positive(6))
case("edge_round_halves", torch.round, np.array([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5]))
case("edge_abs_zero", torch.abs, np.array([0.0, -1.0, 1.0]))

# ---- two numbers
for name, function in {
    "add": torch.add, "sub": torch.sub, "mul": torch.mul, "maximum": torch.maximum, "minimum": torch.minimum,
    "eq": torch.eq, "ne": torch.ne, "lt": torch.lt, "le": torch.le, "gt": torch.gt, "ge": torch.ge,
}.items():
    both = wide(2, 9)
    case(name, function, both[0], both[1])
case("div", torch.div, normal(7), positive(7))
case("rem", torch.fmod, wide(8), positive(8))
case("pow", torch.pow, positive(6), normal(6))
case("pow_2", lambda x: x ** 2, normal(5))
case("pow_3", lambda x: x ** 3, normal(5))
case("pow_half", lambda x: x ** -2.5, positive(5))
case("broadcast_add", torch.add, normal(3, 1), normal(2, 1, 4))
case("square_of_sum", lambda x: (x + x) * x, normal(4))
case("edge_maximum_ties", torch.maximum, np.array([1.0, 2.0, 3.0]), np.array([1.0, 5.0, 3.0]))
case("edge_minimum_ties", torch.minimum, np.array([1.0, 2.0, 3.0]), np.array([1.0, 5.0, 3.0]))
case("edge_pow_zero", torch.pow, np.array([0.0, 0.0, 2.0]), np.array([0.0, 2.0, 0.0]))
case("edge_pow_0", lambda x: x ** 0, np.array([0.0, -1.0, 2.0]))
case("edge_pow_1", lambda x: x ** 1, np.array([0.0, -1.0, 2.0]))
case("edge_reduce_infinite", lambda x: torch.logsumexp(x, 1), np.array([[1.0, -np.inf], [2.0, 3.0]]))
case("where", torch.where, rng.integers(0, 2, (3, 3)).astype(bool), normal(3, 3), normal(3, 3))
case("cast_integer", lambda x: x.trunc().int(), wide(5))
case("detach", lambda x: x * x.detach(), normal(4))

# ---- along axes
case("sum_0", lambda x: x.sum(0, keepdim=True), normal(3, 4))
case("sum_0_2", lambda x: x.sum((0, 2), keepdim=True), normal(2, 3, 4))
case("mean_all", torch.mean, normal(2, 3))
case("max_1", lambda x: x.amax(1, keepdim=True), wide(3, 4))
case("max_0_2", lambda x: x.amax((0, 2), keepdim=True), wide(2, 3, 2))
case("min_0", lambda x: x.amin(0, keepdim=True), wide(3, 4))
case("edge_max_ties", lambda x: x.amax(1, keepdim=True), np.array([[1.0, 3.0, 3.0], [2.0, 2.0, 2.0]]))
case("prod_1", lambda x: x.prod(1, keepdim=True), normal(3, 5))
case("prod_0_1", lambda x: x.reshape(-1).prod().reshape(1, 1), positive(3, 2))
case("prod_zero", lambda x: x.prod(1, keepdim=True), np.array([[2.0, 0.0, 3.0], [0.0, 0.0, 5.0]]))
case("arg_max", lambda x: x.argmax(1, keepdim=True), wide(4, 5))
case("cum_sum", lambda x: x.cumsum(1), normal(2, 4, 2))
case("cum_sum_reverse", lambda x: x.flip(0).cumsum(0).flip(0), normal(4, 2))
case("sort", lambda x: x.sort(1).values, wide(2, 5, 2))
case("sort_descending", lambda x: x.sort(0, descending=True).values, wide(4, 3))
case("sort_positions", lambda x: x.sort(1).indices, wide(3, 5))
case("top_k", lambda x: x.topk(3).values, wide(2, 6))
case("top_k_positions", lambda x: x.topk(3).indices, wide(2, 6))

# ---- movement
case("reshape", lambda x: x.reshape(3, 4), normal(2, 6))
case("permute", lambda x: x.permute(2, 0, 1), normal(2, 3, 4))
case("broadcast", lambda x: x.expand(2, 3, 4), normal(2, 1, 4))
case("slice", lambda x: x[1:5:2, 0:3], normal(6, 4))
case("slice_uneven", lambda x: x[0:6:4], normal(7))
case("flip", lambda x: x.flip((0, 2)), normal(2, 2, 3))
case("pad", lambda x: F.pad(x, (1, 2, 0, 1), value=-3.0), normal(2, 3))


def interior(x):
    out = torch.full((1 + 3 + 2 * 2 + 2,), 0.5, dtype=x.dtype)
    return out.index_put((torch.tensor([1, 4, 7]),), x)


case("pad_interior", interior, normal(3))
case("concat", lambda *x: torch.cat(x, 1), normal(2, 1), normal(2, 3), normal(2, 2))
case("dynamic_slice", lambda x, i, j: x[i.item():i.item() + 2, j.item():j.item() + 3],
     normal(4, 5), np.int32(1), np.int32(2))
case("dynamic_slice_clamped", lambda x, i: x[3:5], normal(5), np.int32(9))


def update(x, u, i, j):
    rows = torch.arange(u.shape[0])[:, None] + i
    columns = torch.arange(u.shape[1])[None, :] + j
    return x.index_put((rows, columns), u)


case("dynamic_update", update, normal(4, 5), normal(2, 3), np.int32(2), np.int32(1))

# ---- rows by number
case("gather", lambda x, i: x[i], normal(4, 3), indices(4, 2, 3))
case("gather_elements", lambda x, i: x[i], normal(5), indices(5, 4))
case("gather_batched", lambda x, i: torch.stack([x[b][i[b]] for b in range(2)]), normal(2, 4, 3), indices(4, 2, 5))
case("gather_batched_2", lambda x, i: x.gather(2, i), normal(2, 2, 5), indices(5, 2, 2, 3))
case("gather_single", lambda x, i: x[i], normal(4, 3), np.int32(2))
case("scatter_add", lambda x, i, u: x.index_put((i,), u, accumulate=True),
     normal(4, 2), indices(4, 2, 3), normal(2, 3, 2))
case("scatter_add_batched", lambda x, i, u: x.scatter_add(1, i, u), normal(2, 5), indices(5, 2, 7), normal(2, 7))

# ---- contractions
case("matmul", torch.matmul, normal(3, 4), normal(4, 2))
case("matmul_batched", torch.matmul, normal(2, 2, 3, 4), normal(2, 2, 4, 2))
case("matmul_rows", torch.matmul, normal(2, 3, 4), normal(4, 2))
case("matmul_broadcast", torch.matmul, normal(2, 1, 3, 2), normal(3, 2, 2))
case("conv_1d", lambda x, k: F.conv1d(x, k), normal(2, 2, 6), normal(3, 2, 3))
case("conv_2d_padded", lambda x, k: F.conv2d(x, k, padding=1), normal(2, 2, 4, 4), normal(3, 2, 3, 3))
case("conv_2d_strided", lambda x, k: F.conv2d(x, k, stride=2, padding=1), normal(1, 2, 6, 5), normal(2, 2, 3, 3))
case("conv_2d_uneven", lambda x, k: F.conv2d(x, k, stride=(2, 3)), normal(1, 1, 6, 6), normal(2, 1, 3, 2))
case("conv_2d_dilated", lambda x, k: F.conv2d(x, k, padding=2, dilation=2), normal(1, 2, 5, 5), normal(2, 2, 3, 3))
case("conv_2d_grouped", lambda x, k: F.conv2d(x, k, padding=1, groups=2), normal(2, 4, 3, 3), normal(6, 2, 3, 3))
case("conv_2d_depthwise", lambda x, k: F.conv2d(x, k, stride=2, padding=1, groups=3),
     normal(1, 3, 5, 5), normal(3, 1, 3, 3))
case("conv_2d_asymmetric", lambda x, k: F.conv2d(F.pad(x, (2, 0, -1, 1)), k), normal(1, 1, 5, 4), normal(1, 1, 2, 3))
case("conv_3d", lambda x, k: F.conv3d(x, k, stride=(1, 2, 1)), normal(1, 1, 3, 4, 3), normal(2, 1, 2, 2, 2))
# Transposed: the kernel [c, o, K..] with its channels exchanged and its elements turned round.
case("conv_2d_transposed", lambda x, k: F.conv_transpose2d(x, k, stride=2, padding=1, output_padding=1),
     normal(1, 2, 3, 3), normal(2, 3, 3, 3))
case("max_pool", lambda x: F.max_pool2d(x, 2), wide(1, 2, 4, 4))
case("max_pool_overlapping", lambda x: F.max_pool2d(x, 3, stride=2, padding=1), wide(1, 2, 5, 5))
case("max_pool_positions", lambda x: F.max_pool2d(x, 3, stride=2, padding=1, return_indices=True)[1],
     wide(1, 2, 5, 5))
case("max_pool_1d_dilated", lambda x: F.max_pool1d(x, 2, stride=1, dilation=2), wide(2, 1, 6))
case("sum_pool", lambda x: F.avg_pool2d(x, 2, divisor_override=1), normal(1, 2, 4, 4))
case("sum_pool_overlapping", lambda x: F.avg_pool2d(x, 3, stride=2, padding=1, divisor_override=1),
     normal(2, 1, 5, 4))

# ---- functions
case("relu", torch.relu, wide(9))
case("gelu", F.gelu, normal(9))
case("gelu_tanh", lambda x: F.gelu(x, approximate="tanh"), normal(9))
case("softmax", lambda x: torch.softmax(x, -1), normal(3, 4))
case("softmax_0", lambda x: torch.softmax(x, 0), normal(3, 4))
case("log_softmax", lambda x: torch.log_softmax(x, 1), normal(3, 4))
case("edge_log_softmax_large", lambda x: torch.log_softmax(x, 1), np.array([[1000.0, -1000.0, 999.0]]))
case("normalize", lambda x: F.layer_norm(x, (5,), eps=1e-5), normal(3, 5))
case("cross_entropy", lambda x, i: F.cross_entropy(x, i), normal(4, 3), indices(3, 4))


case("softmax_cross_entropy", lambda x, i: F.cross_entropy(x, i, reduction="none"), normal(4, 3), indices(3, 4))
case("layer_norm", lambda x, w, b: F.layer_norm(x, (5,), w, b, eps=1e-5), normal(2, 3, 5), normal(5), normal(5))
case("rms_norm", lambda x, w: F.rms_norm(x, (5,), w, eps=1e-5), normal(3, 5), normal(5))


def causal(q, k, v, position):
    sees = torch.arange(k.shape[-2])[None, :] <= torch.arange(q.shape[-2])[:, None] + position
    return F.scaled_dot_product_attention(q, k, v, attn_mask=sees)


case("causal_attention", causal, normal(1, 2, 3, 4), normal(1, 2, 3, 4), normal(1, 2, 3, 4), np.int32(0))
case("causal_attention_cached", causal, normal(2, 2, 3), normal(2, 6, 3), normal(2, 6, 2), np.int32(2))


def attention(q, k, v):
    scores = q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])
    return torch.softmax(scores.masked_fill(torch.ones(3, 3).triu(1).bool(), -1e9), -1) @ v


case("attention", attention, normal(1, 2, 3, 4), normal(1, 2, 3, 4), normal(1, 2, 3, 4))


# ---- loops
def steps(body, state, *sequences, reverse=False):
    """The state after all steps, and the outputs in the order of the sequences."""
    order = range(len(sequences[0]))
    outputs = {}
    for t in (reversed(order) if reverse else order):
        state, outputs[t] = body(state, *(s[t] for s in sequences))
    return state, torch.stack([outputs[t] for t in order])


def rnn(x, h, w, u, b):
    def body(h, x):
        h = torch.tanh(x @ w + h @ u + b)
        return h, h
    return steps(body, h, x)[1]


def lstm(x, h, c, w, u):
    def body(state, x):
        i, f, g, o = (x @ w + state[0] @ u).chunk(4, -1)
        c = torch.sigmoid(f) * state[1] + torch.sigmoid(i) * torch.tanh(g)
        h = torch.sigmoid(o) * torch.tanh(c)
        return (h, c), h
    (h, c), outputs = steps(body, (h, c), x, reverse=True)
    return torch.cat([outputs, h[None], c[None]])


def decay(x, s, w):
    return steps(lambda s, x: (s * torch.exp(-w * w) + x * w[1:2], x), s, x)[0]


def bilinear(x, s, w):
    return steps(lambda s, x: (torch.sigmoid(w @ s + (x * s) @ w[0].T), s), s, x)[1]


def nested(x, s, w):
    def outer(s, row):
        s, outputs = steps(lambda s, y: (torch.sin(s * w + y), s * y), s, row)
        return s, outputs.sum(0)
    s, outputs = steps(outer, s, x)
    return torch.cat([outputs, s[None]])


def chosen(x, s, length):
    def body(state, x):
        s, t = state
        keep = t < length
        s = torch.where(keep, torch.tanh(s + x), s)
        return (s, t + 1), torch.where(keep, s, torch.zeros_like(s))
    return steps(body, (s, 0), x)[1]


case("scan_rnn", rnn, normal(3, 2, 2), normal(2, 3), normal(2, 3), normal(3, 3), normal(3))
case("scan_lstm_reverse", lstm, normal(3, 2, 2), normal(2, 3), normal(2, 3), normal(2, 12), normal(3, 12))
case("scan_decay", decay, normal(4, 2, 3), normal(2, 3), normal(3))
case("scan_bilinear", bilinear, normal(3, 2, 2, 2), normal(2, 2, 2), normal(2, 2, 2))
case("scan_nested", nested, normal(2, 3, 2), normal(2), normal(2))
case("scan_chosen", chosen, normal(3, 2), normal(2), indices(4, 2))
