"""Writes torch_numbers.txt beside itself: what PyTorch 2.13 makes of layers and losses, in float64.

A case has inputs, parameters, state, an output, the weights (cotangent) of the scalar that is differentiated, the
gradients, and state after. Parameters are in Ashlar's layout: the weight of a dense layer is [in, units].
"""
import pathlib

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
generator = torch.Generator().manual_seed(1)
out = open(pathlib.Path(__file__).with_suffix(".txt"), "w", encoding="ascii")


def normal(*shape):
    return torch.randn(shape, generator=generator)


def integers(below, *shape):
    return torch.randint(below, shape, generator=generator, dtype=torch.int32)


def write(name, tensor):
    dtype = {torch.float64: "f64", torch.int32: "i32"}[tensor.dtype]
    dims = ",".join(map(str, tensor.shape)) or "-"
    print(name, dtype, dims, *[repr(v) for v in tensor.detach().flatten().tolist()], file=out)


def case(name, function, inputs, parameters=None, state=None, after=None):
    """Calls function(**inputs, **parameters, **state); `after` gives what state became."""
    parameters, state = parameters or {}, state or {}
    print("case", name, file=out)
    leaves = {f"input.{k}": v for k, v in inputs.items()} | {f"parameter.{k}": v for k, v in parameters.items()}
    for key, value in leaves.items():
        write(key, value)
        if value.is_floating_point():
            value.requires_grad_()
    for key, value in state.items():
        write(f"state.{key}", value)
    simple = {k.replace(".", "_"): v for k, v in (inputs | parameters | state).items()}
    result = function(**simple)
    write("output", result)
    cotangent = normal(*result.shape)
    write("cotangent", cotangent)
    (result * cotangent).sum().backward()
    for key, value in leaves.items():
        if value.is_floating_point():
            write("gradient." + key.split(".", 1)[1], value.grad)
    for key, value in (after() if after else {}).items():
        write(f"after.{key}", value)


# Activations.
for name, function in {
    "relu": F.relu, "gelu": F.gelu, "gelu_tanh": lambda x: F.gelu(x, approximate="tanh"), "silu": F.silu,
    "sigmoid": torch.sigmoid, "tanh": torch.tanh, "softplus": F.softplus, "softmax": lambda x: F.softmax(x, -1),
    "log_softmax": lambda x: F.log_softmax(x, -1), "leaky_relu": lambda x: F.leaky_relu(x, 0.01),
}.items():
    case(name, lambda value, f=function: f(value), {"value": normal(2, 3, 4) * 2})

# Dense.
case("dense", lambda value, weight, bias: F.linear(value, weight.T, bias),
     {"value": normal(3, 4)}, {"weight": normal(4, 5), "bias": normal(5)})
case("dense_rows", lambda value, weight: torch.tanh(F.linear(value, weight.T)),
     {"value": normal(2, 3, 4)}, {"weight": normal(4, 5)})

# Convolution and pooling.
case("conv2d", lambda value, weight, bias: F.conv2d(value, weight, bias),
     {"value": normal(2, 3, 5, 6)}, {"weight": normal(4, 3, 3, 3), "bias": normal(4)})
case("conv2d_same", lambda value, weight, bias: F.relu(F.conv2d(value, weight, bias, padding="same")),
     {"value": normal(2, 2, 4, 5)}, {"weight": normal(3, 2, 3, 3), "bias": normal(3)})
case("conv2d_same_even", lambda value, weight: F.conv2d(value, weight, padding="same"),
     {"value": normal(1, 2, 5, 5)}, {"weight": normal(3, 2, 4, 4)})
case("conv2d_strided", lambda value, weight, bias: F.conv2d(value, weight, bias, stride=2, padding=1),
     {"value": normal(2, 2, 6, 7)}, {"weight": normal(3, 2, 3, 3), "bias": normal(3)})
case("conv2d_grouped", lambda value, weight, bias: F.conv2d(value, weight, bias, padding=2, dilation=2, groups=2),
     {"value": normal(2, 4, 6, 5)}, {"weight": normal(6, 2, 3, 3), "bias": normal(6)})
case("max_pool2d", lambda value: F.max_pool2d(value, 2), {"value": normal(2, 3, 4, 6)})
case("max_pool2d_padded", lambda value: F.max_pool2d(value, 3, 2, 1), {"value": normal(2, 3, 5, 6)})
case("avg_pool2d", lambda value: F.avg_pool2d(value, 2), {"value": normal(2, 3, 4, 6)})
case("avg_pool2d_padded", lambda value: F.avg_pool2d(value, 3, 2, 1, count_include_pad=False),
     {"value": normal(2, 3, 5, 6)})
case("global_avg_pool2d", lambda value: value.mean((2, 3)), {"value": normal(2, 3, 4, 5)})

# Normalization.
case("layer_norm", lambda value, scale, shift: F.layer_norm(value, (6,), scale, shift),
     {"value": normal(2, 3, 6)}, {"scale": normal(6), "shift": normal(6)})
case("rms_norm", lambda value, scale: F.rms_norm(value, (6,), scale, 1e-6),
     {"value": normal(2, 3, 6)}, {"scale": normal(6)})


def batch_norm(name, shape, training, real=None):
    channels, rows = shape[1], shape[0] if real is None else real
    mean, variance = normal(channels), normal(channels).abs() + 0.5
    state = {"mean": mean.clone(), "variance": variance.clone()}

    def forward(value, scale, shift, **_):
        y = F.batch_norm(value[:rows], mean, variance, scale, shift, training, 0.1, 1e-5)
        return y if rows == shape[0] else torch.cat([y, torch.zeros(shape[0] - rows, *shape[1:])])

    case(name, forward, {"value": normal(*shape)}, {"scale": normal(channels), "shift": normal(channels)}, state,
         lambda: {"mean": mean, "variance": variance})


batch_norm("batch_norm", (4, 3, 2, 2), True)
batch_norm("batch_norm_rows", (5, 3), True)
batch_norm("batch_norm_padded", (5, 3, 2), True, real=3)
batch_norm("batch_norm_inference", (4, 3, 2, 2), False)

# Sequences.
case("embedding", lambda value, weight: F.embedding(value, weight),
     {"value": integers(7, 2, 5)}, {"weight": normal(7, 3)})
case("position_embedding", lambda value, weight: value + weight[:4], {"value": normal(2, 4, 3)}, {"weight": normal(6, 3)})


def attention(x, weight, bias, output_weight, output_bias, heads):
    b, t, c = x.shape
    q, k, v = (F.linear(x, weight.T, bias)).split(c, dim=2)
    q, k, v = (z.view(b, t, heads, c // heads).transpose(1, 2) for z in (q, k, v))
    y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
    return F.linear(y.transpose(1, 2).reshape(b, t, c), output_weight.T, output_bias)


case("causal_self_attention",
     lambda value, qkv_weight, qkv_bias, output_weight, output_bias: attention(
         value, qkv_weight, qkv_bias, output_weight, output_bias, 2),
     {"value": normal(2, 4, 6)},
     {"qkv.weight": normal(6, 18), "qkv.bias": normal(18), "output.weight": normal(6, 6), "output.bias": normal(6)})


def transformer_block(value, **p):
    a = F.layer_norm(value, (6,), p["norm_1_scale"], p["norm_1_shift"])
    y = value + attention(a, p["attention_qkv_weight"], p["attention_qkv_bias"], p["attention_output_weight"],
                          p["attention_output_bias"], 3)
    m = F.layer_norm(y, (6,), p["norm_2_scale"], p["norm_2_shift"])
    m = F.gelu(F.linear(m, p["up_weight"].T, p["up_bias"]), approximate="tanh")
    return y + F.linear(m, p["down_weight"].T, p["down_bias"])


case("transformer_block", transformer_block, {"value": normal(2, 3, 6)}, {
    "norm_1.scale": normal(6), "norm_1.shift": normal(6), "attention.qkv.weight": normal(6, 18) * 0.5,
    "attention.qkv.bias": normal(18), "attention.output.weight": normal(6, 6), "attention.output.bias": normal(6),
    "norm_2.scale": normal(6), "norm_2.shift": normal(6), "up.weight": normal(6, 24) * 0.5, "up.bias": normal(24),
    "down.weight": normal(24, 6) * 0.5, "down.bias": normal(6)})

# Losses; `weight` says which examples count.
half = torch.tensor([1.0, 1.0, 0.0])
case("mean_squared_error", lambda value, target: F.mse_loss(value, target),
     {"value": normal(3, 4), "target": normal(3, 4)})
case("mean_squared_error_padded", lambda value, target, weight: F.mse_loss(value[:2], target[:2]),
     {"value": normal(3, 4), "target": normal(3, 4)}, state={"weight": half})
case("mean_absolute_error", lambda value, target: F.l1_loss(value, target),
     {"value": normal(3, 4), "target": normal(3, 4)})
case("binary_cross_entropy", lambda value, target: F.binary_cross_entropy_with_logits(value, target),
     {"value": normal(3, 4) * 3}, state={"target": integers(2, 3, 4).double()})
case("cross_entropy", lambda value, target: F.cross_entropy(value, target.long()),
     {"value": normal(3, 5) * 2, "target": integers(5, 3)})
case("cross_entropy_large", lambda value, target: F.cross_entropy(value, target.long()),
     {"value": normal(3, 5) * 1000, "target": integers(5, 3)})
case("cross_entropy_sequence", lambda value, target: F.cross_entropy(value.transpose(1, 2), target.long()),
     {"value": normal(3, 4, 5), "target": integers(5, 3, 4)})
case("cross_entropy_padded", lambda value, target, weight: F.cross_entropy(value[:2].transpose(1, 2), target[:2].long()),
     {"value": normal(3, 4, 5), "target": integers(5, 3, 4)}, state={"weight": half})
ignored = integers(5, 3, 4)
ignored[0, 1:] = -100
ignored[2, 0] = -100
case("cross_entropy_ignored",
     lambda value, target: F.cross_entropy(value.transpose(1, 2), target.long(), ignore_index=-100),
     {"value": normal(3, 4, 5), "target": ignored})

# More activations and losses. The gradient of F.hardsigmoid takes a sixth in single precision.
for name, function in {
    "mish": F.mish, "selu": F.selu, "relu6": F.relu6, "hard_sigmoid": lambda x: F.relu6(x + 3) / 6,
    "hard_swish": F.hardswish,
    "hard_tanh": F.hardtanh, "softsign": F.softsign, "log_sigmoid": F.logsigmoid, "elu": lambda x: F.elu(x, 0.7),
}.items():
    case(name, lambda value, f=function: f(value), {"value": normal(2, 3, 4) * 2})
case("huber", lambda value, target: F.huber_loss(value, target, delta=0.7),
     {"value": normal(3, 4), "target": normal(3, 4)})
case("kl_divergence", lambda value, target: F.kl_div(F.log_softmax(value, -1), target, reduction="batchmean"),
     {"value": normal(3, 4)}, state={"target": F.softmax(normal(3, 4), -1)})
case("cosine_distance", lambda value, target: (1 - F.cosine_similarity(value, target, dim=-1)).mean(),
     {"value": normal(3, 4), "target": normal(3, 4)})
case("hinge", lambda value, target: F.multi_margin_loss(value, target.long()),
     {"value": normal(3, 5), "target": integers(5, 3)})


def focal(value, target):
    losses = F.cross_entropy(value, target.long(), reduction="none")
    return ((1 - torch.exp(-losses))**1.5 * losses).mean()


weights = torch.tensor([0.5, 2.0, 1.0, 3.0, 0.25])
case("cross_entropy_smoothed",
     lambda value, target: F.cross_entropy(value, target.long(), label_smoothing=0.2),
     {"value": normal(4, 5), "target": integers(5, 4)})
case("cross_entropy_weighted", lambda value, target: F.cross_entropy(value, target.long(), weights),
     {"value": normal(6, 5), "target": integers(5, 6)})
some = integers(5, 3, 4)
some[1, 2:] = -100
case("cross_entropy_weighted_smoothed",
     lambda value, target: F.cross_entropy(value.transpose(1, 2), target.long(), weights, ignore_index=-100,
                                           label_smoothing=0.1), {"value": normal(3, 4, 5), "target": some})
case("focal", focal, {"value": normal(3, 5), "target": integers(5, 3)})


# Convolutions over sequences, of other paddings, by channel.
def separable(convolve, value, depthwise_weight, pointwise_weight, pointwise_bias, **options):
    y = convolve(value, depthwise_weight, groups=value.shape[1], **options)
    return convolve(y, pointwise_weight, pointwise_bias)


case("conv1d", lambda value, weight, bias: F.conv1d(value, weight, bias),
     {"value": normal(2, 3, 7)}, {"weight": normal(4, 3, 3), "bias": normal(4)})
case("conv1d_grouped", lambda value, weight, bias: torch.tanh(F.conv1d(value, weight, bias, 2, 3, 2, 2)),
     {"value": normal(2, 4, 9)}, {"weight": normal(6, 2, 3), "bias": normal(6)})
case("conv1d_same", lambda value, weight: F.conv1d(value, weight, padding="same"),
     {"value": normal(2, 3, 6)}, {"weight": normal(2, 3, 4)})
case("conv1d_causal", lambda value, weight, bias: F.conv1d(F.pad(value, (2, 0)), weight, bias),
     {"value": normal(2, 2, 6)}, {"weight": normal(3, 2, 3), "bias": normal(3)})
case("conv2d_oblong", lambda value, weight, bias: F.conv2d(value, weight, bias, (2, 1), (0, 1), (1, 2)),
     {"value": normal(2, 2, 5, 6)}, {"weight": normal(3, 2, 1, 3), "bias": normal(3)})
case("conv2d_sides", lambda value, weight, bias: F.conv2d(F.pad(value, (1, 3, 2, 0)), weight, bias),
     {"value": normal(2, 2, 4, 3)}, {"weight": normal(2, 2, 3, 3), "bias": normal(2)})
case("depthwise_conv1d", lambda value, weight, bias: F.conv1d(value, weight, bias, padding=1, groups=3),
     {"value": normal(2, 3, 6)}, {"weight": normal(3, 1, 3), "bias": normal(3)})
case("depthwise_conv2d", lambda value, weight, bias: F.conv2d(value, weight, bias, 2, 1, groups=3),
     {"value": normal(2, 3, 6, 5)}, {"weight": normal(6, 1, 3, 3), "bias": normal(6)})
case("separable_conv1d", lambda value, **p: separable(F.conv1d, value, **p, dilation=2),
     {"value": normal(2, 3, 8)},
     {"depthwise.weight": normal(3, 1, 3), "pointwise.weight": normal(5, 3, 1), "pointwise.bias": normal(5)})
case("separable_conv2d", lambda value, **p: separable(F.conv2d, value, **p, padding="same"),
     {"value": normal(2, 2, 4, 5)},
     {"depthwise.weight": normal(4, 1, 3, 3), "pointwise.weight": normal(4, 4, 1, 1), "pointwise.bias": normal(4)})

# Transposed convolutions.
case("conv_transpose1d", lambda value, weight, bias: F.conv_transpose1d(value, weight, bias),
     {"value": normal(2, 2, 5)}, {"weight": normal(2, 3, 3), "bias": normal(3)})
case("conv_transpose1d_strided",
     lambda value, weight, bias: F.conv_transpose1d(value, weight, bias, 2, 1, output_padding=1, groups=2),
     {"value": normal(2, 4, 5)}, {"weight": normal(4, 2, 3), "bias": normal(4)})
case("conv_transpose1d_dilated",
     lambda value, weight, bias: F.conv_transpose1d(value, weight, bias, 3, 2, dilation=2),
     {"value": normal(2, 3, 4)}, {"weight": normal(3, 2, 4), "bias": normal(2)})
case("conv_transpose1d_sparse",
     lambda value, weight, bias: F.conv_transpose1d(value, weight, bias, 3, output_padding=2),
     {"value": normal(2, 3, 4)}, {"weight": normal(3, 2, 1), "bias": normal(2)})
case("conv_transpose1d_same", lambda value, weight, bias: F.conv_transpose1d(value, weight, bias, 2, 1),
     {"value": normal(2, 3, 4)}, {"weight": normal(3, 2, 4), "bias": normal(2)})
case("conv_transpose1d_spread", lambda value, weight, bias: F.conv_transpose1d(value, weight, bias, 1, 4, dilation=3),
     {"value": normal(2, 3, 6)}, {"weight": normal(3, 2, 3), "bias": normal(2)})
case("conv_transpose2d", lambda value, weight, bias: F.conv_transpose2d(value, weight, bias, 2, 1),
     {"value": normal(2, 2, 3, 4)}, {"weight": normal(2, 3, 4, 4), "bias": normal(3)})
case("conv_transpose2d_oblong", lambda value, weight, bias: F.conv_transpose2d(
    value, weight, bias, (1, 3), (1, 0), (0, 2), 2, (2, 1)),
     {"value": normal(2, 2, 4, 3)}, {"weight": normal(2, 2, 3, 2), "bias": normal(4)})
case("conv_transpose2d_cut", lambda value, weight: F.conv_transpose2d(value, weight, None, 2, 4),
     {"value": normal(2, 2, 4, 5)}, {"weight": normal(2, 2, 5, 5)})

# Pools.
case("max_pool1d", lambda value: F.max_pool1d(value, 3, 2, 1, 2, ceil_mode=True), {"value": normal(2, 3, 10)})
case("max_pool2d_ceil", lambda value: F.max_pool2d(value, 3, 2, 1, ceil_mode=True), {"value": normal(2, 2, 6, 7)})
case("max_pool2d_dilated", lambda value: F.max_pool2d(value, 2, 1, 0, 2), {"value": normal(2, 2, 4, 5)})
case("max_pool2d_oblong", lambda value: F.max_pool2d(value, (1, 3), (2, 1), (0, 1)), {"value": normal(2, 2, 4, 5)})
case("avg_pool1d", lambda value: F.avg_pool1d(value, 3, 2, 1, count_include_pad=False), {"value": normal(2, 3, 8)})
case("avg_pool1d_counted", lambda value: F.avg_pool1d(value, 4, 3, 2, True, True), {"value": normal(2, 3, 9)})
case("avg_pool2d_ceil", lambda value: F.avg_pool2d(value, 2, 2, 0, True), {"value": normal(2, 2, 5, 7)})
case("avg_pool2d_counted", lambda value: F.avg_pool2d(value, 3, 2, 1), {"value": normal(2, 2, 5, 6)})
case("global_avg_pool1d", lambda value: value.mean(2), {"value": normal(2, 3, 5)})
case("global_max_pool1d", lambda value: value.amax(2), {"value": normal(2, 3, 5)})
case("global_max_pool2d", lambda value: value.amax((2, 3)), {"value": normal(2, 3, 4, 5)})
for name, function, size, shape in [
    ("adaptive_avg_pool1d", F.adaptive_avg_pool1d, 3, (2, 2, 7)),
    ("adaptive_avg_pool1d_parts", F.adaptive_avg_pool1d, 4, (2, 2, 10)),
    ("adaptive_max_pool1d", F.adaptive_max_pool1d, 5, (2, 2, 8)),
    ("adaptive_avg_pool2d", F.adaptive_avg_pool2d, (3, 2), (2, 2, 5, 7)),
    ("adaptive_avg_pool2d_more", F.adaptive_avg_pool2d, (6, 7), (2, 2, 3, 4)),
    ("adaptive_max_pool2d", F.adaptive_max_pool2d, (3, 4), (2, 2, 7, 6)),
    ("adaptive_max_pool2d_even", F.adaptive_max_pool2d, 2, (2, 2, 4, 6)),
]:
    case(name, lambda value, f=function, s=size: f(value, s), {"value": normal(*shape)})

# Padding and resampling. PyTorch names the last axis first.
case("pad1d", lambda value: F.pad(value, (2, 1), value=1.5), {"value": normal(2, 2, 4)})
case("pad1d_reflect", lambda value: F.pad(value, (3, 2), "reflect"), {"value": normal(2, 2, 4)})
case("pad2d", lambda value: F.pad(value, (1, 1, 1, 1)), {"value": normal(2, 2, 3, 4)})
for mode in ["reflect", "replicate", "circular"]:
    case(f"pad2d_{mode}", lambda value, m=mode: F.pad(value, (3, 0, 2, 1), m), {"value": normal(2, 2, 3, 4)})
case("upsample1d", lambda value: F.interpolate(value, scale_factor=3), {"value": normal(2, 2, 4)})
case("upsample1d_linear", lambda value: F.interpolate(value, scale_factor=3, mode="linear"), {"value": normal(2, 2, 4)})
case("upsample1d_aligned", lambda value: F.interpolate(value, scale_factor=2, mode="linear", align_corners=True),
     {"value": normal(2, 2, 4)})
case("upsample2d", lambda value: F.interpolate(value, scale_factor=2), {"value": normal(2, 2, 3, 4)})
case("upsample2d_linear", lambda value: F.interpolate(value, scale_factor=2, mode="bilinear"),
     {"value": normal(2, 2, 3, 4)})
case("upsample2d_aligned", lambda value: F.interpolate(value, scale_factor=2, mode="bilinear", align_corners=True),
     {"value": normal(2, 2, 3, 4)})
case("resize1d", lambda value: F.interpolate(value, 3), {"value": normal(2, 2, 9)})
case("resize2d", lambda value: F.interpolate(value, (7, 2)), {"value": normal(2, 2, 4, 5)})
case("resize2d_linear", lambda value: F.interpolate(value, (7, 3), mode="bilinear"), {"value": normal(2, 2, 4, 5)})
case("resize2d_aligned", lambda value: F.interpolate(value, (7, 3), mode="bilinear", align_corners=True),
     {"value": normal(2, 2, 4, 5)})

# Channels and gates.
case("permute", lambda value: value.permute(0, 3, 1, 2), {"value": normal(2, 2, 3, 4)})
case("group_norm", lambda value, scale, shift: F.group_norm(value, 2, scale, shift),
     {"value": normal(2, 4, 3, 2)}, {"scale": normal(4), "shift": normal(4)})
case("group_norm_rows", lambda value, scale, shift: F.group_norm(value, 3, scale, shift),
     {"value": normal(2, 6)}, {"scale": normal(6), "shift": normal(6)})
case("instance_norm", lambda value: F.instance_norm(value), {"value": normal(2, 3, 3, 2)})
case("instance_norm_affine", lambda value, scale, shift: F.instance_norm(value, weight=scale, bias=shift, eps=1e-3),
     {"value": normal(2, 3, 5)}, {"scale": normal(3), "shift": normal(3)})
case("prelu", lambda value, slope: F.prelu(value, slope), {"value": normal(2, 3, 4)}, {"slope": normal(1)})
case("prelu_slopes", lambda value, slope: F.prelu(value, slope), {"value": normal(2, 3, 4)}, {"slope": normal(3)})
case("glu", lambda value: F.glu(value), {"value": normal(2, 3, 6)})
case("glu_channels", lambda value: F.glu(value, 1), {"value": normal(2, 4, 3)})
case("swiglu", lambda value: value.chunk(2, -1)[0] * F.silu(value.chunk(2, -1)[1]), {"value": normal(2, 3, 6)})
case("geglu", lambda value: value.chunk(2, -1)[0] * F.gelu(value.chunk(2, -1)[1]), {"value": normal(2, 3, 6)})
# Sequences, labels, single scores.
labels = torch.tensor([3.0, 0.5, 1.0, 4.0])
case("binary_cross_entropy_labels", lambda value, target: F.binary_cross_entropy_with_logits(value, target),
     {"value": normal(3, 4) * 3}, state={"target": integers(2, 3, 4).double()})
case("binary_cross_entropy_weighted",
     lambda value, target: F.binary_cross_entropy_with_logits(value, target, pos_weight=labels),
     {"value": normal(3, 4) * 3}, state={"target": integers(2, 3, 4).double()})
case("binary_cross_entropy_weighted_sequence",
     lambda value, target: F.binary_cross_entropy_with_logits(value, target, pos_weight=labels),
     {"value": normal(2, 3, 4) * 3}, state={"target": torch.rand((2, 3, 4), generator=generator)})
case("binary_cross_entropy_weighted_padded", lambda value, target, weight: F.binary_cross_entropy_with_logits(
    value[:2], target[:2], pos_weight=labels), {"value": normal(3, 4)},
    state={"target": integers(2, 3, 4).double(), "weight": half})
case("mean_absolute_error_sequence", lambda value, target: F.l1_loss(value, target),
     {"value": normal(2, 3, 4), "target": normal(2, 3, 4)})
case("huber_sequence", lambda value, target: F.huber_loss(value, target, delta=0.7),
     {"value": normal(2, 3, 4), "target": normal(2, 3, 4)})
case("kl_divergence_sequence", lambda value, target: F.kl_div(
    F.log_softmax(value, -1).flatten(0, 1), target.flatten(0, 1), reduction="batchmean"),
     {"value": normal(2, 3, 4)}, state={"target": F.softmax(normal(2, 3, 4), -1)})
case("cosine_distance_sequence", lambda value, target: (1 - F.cosine_similarity(value, target, dim=-1)).mean(),
     {"value": normal(2, 3, 4), "target": normal(2, 3, 4)})
case("hinge_sequence", lambda value, target: F.multi_margin_loss(value.flatten(0, 1), target.flatten().long()),
     {"value": normal(2, 3, 5), "target": integers(5, 2, 3)})
case("hinge_binary", lambda value, target: (1 - (2 * target - 1) * value[:, 0]).clamp(min=0).mean(),
     {"value": normal(6, 1), "target": integers(2, 6)})
case("focal_sequence", lambda value, target: focal(value.transpose(1, 2), target),
     {"value": normal(2, 3, 5), "target": integers(5, 2, 3)})
case("focal_binary", lambda value, target: focal(torch.cat([-value, value], 1) / 2, target),
     {"value": normal(6, 1), "target": integers(2, 6)})
case("cross_entropy_column", lambda value, target: F.cross_entropy(value, target[:, 0].long()),
     {"value": normal(4, 5), "target": integers(5, 4, 1)})
case("cross_entropy_weighted_padded",
     lambda value, target, weight: F.cross_entropy(value[:2].transpose(1, 2), target[:2].long(), weights,
                                                   label_smoothing=0.1),
     {"value": normal(3, 4, 5), "target": integers(5, 3, 4)}, state={"weight": half})


def batch_hard(value, target, weight=None):
    """Equation 5 of Hermans et al., 2017, pair by pair, with the distance of torch.nn.TripletMarginLoss."""
    count = len(value) if weight is None else int(weight.sum())
    losses = []
    for i in range(count):
        same = [j for j in range(count) if j != i and target[j] == target[i]]
        other = [j for j in range(count) if target[j] != target[i]]
        if same and other:
            farthest = max(same, key=lambda j: float((value[i] - value[j]).norm()))
            nearest = min(other, key=lambda j: float((value[i] - value[j]).norm()))
            losses.append(F.triplet_margin_loss(value[i:i + 1], value[farthest:farthest + 1],
                                                value[nearest:nearest + 1], margin=0.5))
    return torch.stack(losses).mean()


case("triplet", lambda value: F.triplet_margin_loss(value[:, 0], value[:, 1], value[:, 2], margin=0.5),
     {"value": normal(5, 3, 4)})
case("triplet_batch_hard", batch_hard,
     {"value": normal(7, 4), "target": torch.tensor([1, 0, 1, 2, 0, 1, 5], dtype=torch.int32)})
case("triplet_batch_hard_padded", batch_hard,
     {"value": normal(6, 3), "target": torch.tensor([1, 0, 1, 0, 1, 0], dtype=torch.int32)},
     state={"weight": torch.tensor([1.0, 1.0, 1.0, 1.0, 0.0, 0.0])})


def ctc(value, target, blank=0, times=None):
    lengths = (target >= 0).sum(1)
    times = torch.full((len(value),), value.shape[1]) if times is None else times.long()
    return F.ctc_loss(F.log_softmax(value, -1).transpose(0, 1), target.long(), times, lengths, blank)


case("ctc", ctc, {"value": normal(3, 8, 5) * 2, "target": 1 + integers(4, 3, 3)})
spelt = torch.tensor([[2, 2, 1, 2], [3, -1, -1, -1], [0, 1, -1, -1], [-1, -1, -1, -1]], dtype=torch.int32)
case("ctc_lengths", lambda value, target, input_length: ctc(value, target, 4, input_length),
     {"value": normal(4, 9, 5), "target": spelt, "input_length": torch.tensor([9, 4, 7, 5], dtype=torch.int32)})
case("ctc_one_step", ctc, {"value": normal(2, 1, 4), "target": torch.tensor([[2], [-1]], dtype=torch.int32)})
case("ctc_padded", lambda value, target, weight: ctc(value[:2], target[:2]),
     {"value": normal(3, 6, 4), "target": 1 + integers(3, 3, 2)}, state={"weight": half})

# Recurrent layers, with the state after the last step behind the outputs of all steps: [.., time + layers directions].
def recurrent(kind, units, layers=1, both=False, lengths=None):
    """torch.nn's layer on weights as Ashlar has them: [in, gates units], one bias for each gate."""
    def run(value, **given):
        module = kind(value.shape[2], units, layers, batch_first=True, bidirectional=both)
        weights = {}
        for key in [k for k, _ in module.named_parameters()]:
            what, _, number, *back = key.split("_")
            name = f"layer_{number[1:]}" + ("_reverse" if back else "")
            bias = given[name + "_bias"]
            if what == "weight":
                weights[key] = given[name + ("_weight" if "_ih_" in key else "_recurrent")].T
            elif "_ih_" in key:
                weights[key] = bias
            elif kind is torch.nn.GRU:
                weights[key] = torch.cat([torch.zeros(2 * units), given[name + "_recurrent_bias"]])
            else:
                weights[key] = torch.zeros_like(bias)
        state = tuple(given[k].transpose(0, 1).contiguous() for k in ("hidden", "cell") if k in given)
        x = value
        if lengths is not None:
            x = torch.nn.utils.rnn.pack_padded_sequence(value, lengths, batch_first=True, enforce_sorted=False)
        result, last = torch.func.functional_call(module, weights, (x, state if len(state) > 1 else state[0]))
        if lengths is not None:
            result, _ = torch.nn.utils.rnn.pad_packed_sequence(result, batch_first=True, total_length=value.shape[1])
        last = last if isinstance(last, tuple) else (last,)
        return torch.cat([result] + [h.transpose(0, 1).repeat(1, 1, 2 if both else 1) for h in last], 1)
    return run


def recurrent_case(name, kind, gates, units, layers=1, both=False, lengths=None):
    parameters = {}
    width = 3
    for layer in range(layers):
        for back in [""] + (["_reverse"] if both else []):
            key = f"layer_{layer}{back}"
            parameters[f"{key}.weight"] = normal(width, gates * units)
            parameters[f"{key}.recurrent"] = normal(units, gates * units)
            parameters[f"{key}.bias"] = normal(gates * units)
            if kind is torch.nn.GRU:
                parameters[f"{key}.recurrent_bias"] = normal(units)
        width = units * (2 if both else 1)
    rows = layers * (2 if both else 1)
    inputs = {"value": normal(2, 5, 3), "hidden": normal(2, rows, units)}
    if kind is torch.nn.LSTM:
        inputs["cell"] = normal(2, rows, units)
    if lengths is not None:
        inputs["lengths"] = torch.tensor(lengths, dtype=torch.int32)
    run = recurrent(kind, units, layers, both, lengths)
    case(name, lambda lengths=None, **given: run(**given), inputs, parameters)


recurrent_case("simple_rnn", torch.nn.RNN, 1, 4)
recurrent_case("gru", torch.nn.GRU, 3, 4)
recurrent_case("lstm", torch.nn.LSTM, 4, 4)
recurrent_case("simple_rnn_both_ways", torch.nn.RNN, 1, 3, 2, True)
recurrent_case("gru_both_ways", torch.nn.GRU, 3, 3, 2, True)
recurrent_case("lstm_both_ways", torch.nn.LSTM, 4, 3, 2, True)
recurrent_case("gru_lengths", torch.nn.GRU, 3, 3, 2, True, [5, 2])
recurrent_case("lstm_lengths", torch.nn.LSTM, 4, 3, 2, True, [3, 5])
case("add", lambda a, b, c: a + b + c, {"a": normal(2, 3, 4), "b": normal(2, 1, 4), "c": normal(2, 3, 1)})
case("multiply", lambda a, b, c: a * b * c, {"a": normal(2, 1, 1), "b": normal(2, 3, 2), "c": normal(2, 3, 2)})
case("concatenate", lambda a, b, c: torch.cat([a, b, c], -1),
     {"a": normal(2, 3, 4), "b": normal(2, 3, 1), "c": normal(2, 3, 2)})
case("concatenate_channels", lambda a, b: torch.cat([a, b], 1), {"a": normal(2, 1, 2, 3), "b": normal(2, 3, 2, 3)})


def two_towers(left, right, **p):
    """Two inputs, one of them taken twice; nodes are written in another order than they are computed in."""
    one = torch.tanh(left @ p["one_dense_weight"] + p["one_dense_bias"])
    other = right @ p["other_weight"] + p["other_bias"]
    return torch.cat([one * other, left], -1) @ p["end_weight"] + p["end_bias"]


case("graph", two_towers, {"left": normal(3, 2), "right": normal(3, 5)}, {
    "one.dense.weight": normal(2, 4), "one.dense.bias": normal(4),
    "other.weight": normal(5, 4), "other.bias": normal(4),
    "end.weight": normal(6, 3), "end.bias": normal(3)})

# More options of normalization, embedding, activations and losses. The gradient of F.celu has single precision.
batch = {"mean": normal(3), "variance": normal(3).abs() + 0.5}
case("batch_norm_plain_inference",
     lambda value, mean, variance: F.batch_norm(value, mean, variance), {"value": normal(4, 3, 2)}, state=batch,
     after=lambda: batch)
case("layer_norm_plain", lambda value: F.layer_norm(value, (6,)), {"value": normal(2, 3, 6)})
case("layer_norm_scaled", lambda value, scale: F.layer_norm(value, (6,), scale),
     {"value": normal(2, 3, 6)}, {"scale": normal(6)})
vectors = normal(7, 3)
vectors[2] = 0
case("embedding_padding", lambda value, weight: F.embedding(value, weight, padding_idx=2),
     {"value": torch.tensor([[2, 0, 6, 2], [1, 2, 1, 5]], dtype=torch.int32)}, {"weight": vectors})
for name, function in {
    "tanh_shrink": F.tanhshrink, "celu": lambda x: torch.where(x > 0, x, 0.7 * torch.expm1(x / 0.7)),
    "hard_shrink": lambda x: F.hardshrink(x, 0.6), "soft_shrink": lambda x: F.softshrink(x, 0.6),
}.items():
    case(name, lambda value, f=function: f(value), {"value": normal(2, 3, 4) * 2})
counts = integers(6, 3, 4).double()
case("poisson_nll", lambda value, target: F.poisson_nll_loss(value, target), {"value": normal(3, 4)},
     state={"target": counts})
case("poisson_nll_full", lambda value, target: F.poisson_nll_loss(value, target, full=True), {"value": normal(3, 4)},
     state={"target": counts})
case("poisson_nll_rates", lambda value, target: F.poisson_nll_loss(value, target, log_input=False),
     {"value": normal(3, 4).exp()}, state={"target": counts})


def gaussian(value, target, **options):
    return F.gaussian_nll_loss(value[..., :2], target, value[..., 2:].exp(), **options)


case("gaussian_nll", gaussian, {"value": normal(3, 4), "target": normal(3, 2)})
case("gaussian_nll_sequence", lambda value, target: gaussian(value, target, full=True),
     {"value": normal(2, 3, 4), "target": normal(2, 3, 2)})
case("gaussian_nll_padded", lambda value, target, weight: gaussian(value[:2], target[:2]),
     {"value": normal(3, 4), "target": normal(3, 2)}, state={"weight": half})
case("log_cosh", lambda value, target: torch.log(torch.cosh(value - target)).mean(),
     {"value": normal(3, 4) * 2, "target": normal(3, 4)})


def pinball(value, target):
    return torch.maximum(0.2 * (target - value), -0.8 * (target - value)).mean()


case("quantile", pinball, {"value": normal(3, 4), "target": normal(3, 4)})
case("hinge_squared", lambda value, target: F.multi_margin_loss(value, target.long(), p=2, margin=0.7),
     {"value": normal(4, 5), "target": integers(5, 4)})
case("hinge_binary_squared", lambda value, target: (1 - (2 * target - 1) * value[:, 0]).clamp(min=0).square().mean(),
     {"value": normal(6, 1), "target": integers(2, 6)})
case("binary_cross_entropy_smoothed",
     lambda value, target: F.binary_cross_entropy_with_logits(value, target * 0.8 + 0.1),
     {"value": normal(3, 4)}, state={"target": integers(2, 3, 4).double()})


def focal_weights(value, target, alpha):
    losses = F.cross_entropy(value, target.long(), reduction="none")
    return (alpha[target.long()] * (1 - torch.exp(-losses))**1.5 * losses).mean()


case("focal_classes", lambda value, target: focal_weights(value, target, weights),
     {"value": normal(6, 5), "target": integers(5, 6)})
case("focal_alpha", lambda value, target: focal_weights(torch.cat([-value, value], 1) / 2, target,
                                                        torch.tensor([0.75, 0.25])),
     {"value": normal(6, 1), "target": integers(2, 6)})
case("flatten", lambda value: value.flatten(1), {"value": normal(2, 3, 4)})
case("reshape", lambda value: value.unflatten(1, (2, 3)).flatten(2), {"value": normal(2, 6, 2)})
case("residual", lambda value, dense_weight, dense_bias: value + torch.tanh(value @ dense_weight + dense_bias),
     {"value": normal(2, 4)}, {"dense.weight": normal(4, 4), "dense.bias": normal(4)})
case("unembedding", lambda value, embedding_weight: F.embedding(value, embedding_weight) @ embedding_weight.T,
     {"value": integers(5, 2, 3)}, {"embedding.weight": normal(5, 4)})


# Attention of every form, by PyTorch's own function with a mask of what is seen.
def general_attention(value, seen, heads, groups, over=None, **p):
    def by_head(x, name, count):
        y = x @ p[f"{name}_weight"] + p.get(f"{name}_bias", 0)
        return y.view(x.shape[0], x.shape[1], count, -1).transpose(1, 2)

    source = value if over is None else over
    y = F.scaled_dot_product_attention(by_head(value, "query", heads), by_head(source, "key", groups),
                                       by_head(source, "value", groups), attn_mask=seen, enable_gqa=True)
    return y.transpose(1, 2).reshape(*value.shape[:2], -1) @ p["output_weight"] + p.get("output_bias", 0)


def attention_weights(width, queries, keys, source, bias=True):
    weights = {"query.weight": normal(width, queries) * 0.5, "query.bias": normal(queries),
               "key.weight": normal(source, keys) * 0.5, "key.bias": normal(keys),
               "value.weight": normal(source, keys) * 0.5, "value.bias": normal(keys),
               "output.weight": normal(queries, width) * 0.5, "output.bias": normal(width)}
    return {k: v for k, v in weights.items() if bias or not k.endswith("bias")}


def distances(time):
    return torch.arange(time)[:, None] - torch.arange(time)[None, :]


case("attention_grouped", lambda value, **p: general_attention(value, distances(5) >= 0, 4, 2, **p),
     {"value": normal(2, 5, 8)}, attention_weights(8, 24, 12, 8, bias=False))
case("attention_window", lambda value, **p: general_attention(
    value, (distances(6) >= 0) & (distances(6) < 3), 2, 1, **p),
     {"value": normal(2, 6, 8)}, attention_weights(8, 8, 4, 8))
case("attention_both_ways", lambda value, **p: general_attention(value, distances(6).abs() < 3, 2, 2, **p),
     {"value": normal(2, 6, 8)}, attention_weights(8, 8, 8, 8))
case("attention_masked", lambda value, mask, **p: general_attention(
    value, (mask != 0)[:, None, None, :].expand(2, 2, 5, 5), 2, 2, **p),
     {"value": normal(2, 5, 8), "mask": torch.tensor([[1, 1, 1, 0, 0], [0, 1, 1, 1, 1]], dtype=torch.int32)},
     attention_weights(8, 8, 8, 8))
case("attention_cross", lambda value, memory, **p: general_attention(value, None, 2, 2, over=memory, **p),
     {"value": normal(2, 4, 8), "memory": normal(2, 7, 3)}, attention_weights(8, 8, 8, 3))
case("gated_feed_forward", lambda value, gate_weight, up_weight, down_weight: (
    F.silu(value @ gate_weight) * (value @ up_weight)) @ down_weight,
     {"value": normal(2, 3, 4)},
     {"gate.weight": normal(4, 6), "up.weight": normal(4, 6), "down.weight": normal(6, 4)})


def sinusoids(value):
    time, width = value.shape[1:]
    angles = torch.arange(time)[:, None] * 10000.0 ** (-torch.arange(0, width, 2) / width)
    return value + torch.stack([angles.sin(), angles.cos()], -1).reshape(time, width)


case("sinusoidal_positions", sinusoids, {"value": normal(2, 5, 6)})
# What transformers calls quick_gelu.
case("quick_gelu", lambda value: value * torch.sigmoid(1.702 * value), {"value": normal(2, 3, 4) * 2})
out.close()
