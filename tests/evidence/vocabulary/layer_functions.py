# tests/evidence/vocabulary/layer_functions.py -- every layer as PyTorch computes it, from the words of a run file.
# SPDX-License-Identifier: BSD-3-Clause
"""LAYERS[use](options, inputs, w, case): `w` holds the layer's states by the last part of their names; what training
makes of one it leaves in case.next. What PyTorch has no function for is in NUMPY and written from docs/run-file.md."""
import math

import numpy as np
import torch
from torch.nn import functional

from probe import random_op

PLAIN = {"relu": functional.relu, "gelu": functional.gelu, "silu": functional.silu, "sigmoid": torch.sigmoid,
         "tanh": torch.tanh, "elu": functional.elu, "leaky_relu": functional.leaky_relu, "": lambda x: x,
         "softplus": lambda x: functional.softplus(x, threshold=100)}  # from 20 on PyTorch's would be a line


def activated(o, x, w, axis=1):
    if o.get("activation") == "prelu":
        return functional.prelu(x.movedim(axis, 1), w["slope"]).movedim(1, axis)
    return PLAIN[o.get("activation", "")](x)


def axes(value, x):
    return tuple(value) if isinstance(value, list) else (value,) * (x.dim() - 2)


def window(o, x, padding, stride=1):
    """Kernel, stride, dilation and (begin, end) of each axis of x; "same" divides a size by the stride, rounded up."""
    kernel, stride, dilation = (axes(o.get(key, default), x)
                                for key, default in (("kernel", None), ("stride", stride), ("dilation", 1)))
    padding = o.get("padding", padding)
    if padding == "valid":
        pads = [(0, 0)] * len(kernel)
    elif padding != "same":
        pads = [(p, p) for p in axes(padding, x)]
    else:
        pads = []
        for size, k, s, d in zip(x.shape[2:], kernel, stride, dilation):
            total = max(0, (math.ceil(size / s) - 1) * s + d * (k - 1) + 1 - size)
            pads.append((total // 2, total - total // 2))
    if o.get("swapped_pads"):
        pads = [pair[::-1] for pair in pads]
    return kernel, stride, dilation, pads


def padded(x, pads, value=0.0):
    return functional.pad(x, [p for pair in reversed(pads) for p in pair], value=value)


def by_rank(name, x):
    return getattr(functional, name.format(x.dim() - 2))


def even(pads):
    return all(begin == end for begin, end in pads)


def dense(o, inputs, w, _):
    return activated(o, functional.linear(inputs[0], w["weights"], w.get("bias")), w, axis=-1)


def conv(o, inputs, w, _):
    x = inputs[0]
    _, stride, dilation, pads = window(o, x, "same")
    padding = tuple(begin for begin, _ in pads) if even(pads) else 0
    if o.get("padding", "same") == "same" and set(stride) == {1} and not o.get("swapped_pads"):
        padding = "same"
    elif not even(pads):
        x = padded(x, pads)
    y = by_rank("conv{}d", x)(x, w["weights"], w.get("bias"), stride, padding, dilation, o.get("groups", 1))
    return activated(o, y, w)


def conv_transpose(o, inputs, w, _):
    """With "same" what windows have beyond the stride is cut off, the odd row at the end, or what they lack added."""
    x = inputs[0]
    kernel, stride, dilation, pads = window({**o, "padding": "valid"} if o.get("padding", "same") == "same" else o, x,
                                            "valid")
    more = axes(o.get("output_padding", 0), x)
    if o.get("padding", "same") == "same":
        beyond = [d * (k - 1) + 1 - s for k, s, d in zip(kernel, stride, dilation)]
        pads = [(max(0, b) // 2, max(0, b) - max(0, b) // 2) for b in beyond]
        more = tuple(max(0, -b) for b in beyond)
    cut = tuple(begin for begin, _ in pads) if even(pads) else 0
    y = by_rank("conv_transpose{}d", x)(x, w["weights"], w.get("bias"), stride, cut, more, o.get("groups", 1), dilation)
    for axis, (begin, end) in enumerate([] if even(pads) else pads, 2):
        y = y.narrow(axis, begin, y.shape[axis] - begin - end)
    return activated(o, y, w)


def max_pool(o, inputs, _, __):
    x = inputs[0]
    kernel, stride, _, pads = window(o, x, "valid", o["kernel"])
    if even(pads) and all(2 * begin <= k for k, (begin, _) in zip(kernel, pads)):
        return by_rank("max_pool{}d", x)(x, kernel, stride, tuple(begin for begin, _ in pads))
    return by_rank("max_pool{}d", x)(padded(x, pads, -math.inf), kernel, stride)


def avg_pool(o, inputs, _, __):
    x, counts = inputs[0], o.get("count_padding", False)
    kernel, stride, _, pads = window(o, x, "valid", o["kernel"])
    pool = by_rank("avg_pool{}d", x)
    if even(pads) and all(2 * begin <= k for k, (begin, _) in zip(kernel, pads)):
        return pool(x, kernel, stride, tuple(begin for begin, _ in pads), count_include_pad=counts)
    mean = pool(padded(x, pads), kernel, stride)
    return mean if counts else mean / pool(padded(torch.ones_like(x), pads), kernel, stride)


def upsample(o, inputs, _, __):
    x, mode = inputs[0], o.get("mode", "nearest")
    scale = tuple(float(s) for s in axes(o.get("scale", 2), x))
    if mode == "nearest":
        return functional.interpolate(x, scale_factor=scale)
    return functional.interpolate(x, scale_factor=scale, mode="linear" if x.dim() == 3 else mode, align_corners=False)


def batch_norm(o, inputs, w, case):
    mean, variance = w["running_mean"].clone(), w["running_variance"].clone()
    y = functional.batch_norm(inputs[0], mean, variance, w["gamma"], w["beta"], case.trains, o.get("momentum", 0.1),
                              o.get("eps", 1e-5))
    if case.trains:
        case.next = {"running_mean": mean, "running_variance": variance}
    return y


def layer_norm(o, inputs, w, _):
    axis = o.get("axis", -1)
    x = inputs[0].movedim(axis, -1)
    return functional.layer_norm(x, x.shape[-1:], w["gamma"], w["beta"], o.get("eps", 1e-5)).movedim(-1, axis)


def attention(o, inputs, w, case):
    x, (_, places, channels), heads = inputs[0], inputs[0].shape, o["heads"]
    ahead = torch.ones(places, places).triu(1).bool() if o.get("causal") else None
    rate = o.get("dropout", 0.0)
    if case.trains and rate > 0:
        return dropping_attention(x, w, heads, ahead, case.kept((x.shape[0], heads, places, places), rate))
    x = x.transpose(0, 1)
    y, _ = functional.multi_head_attention_forward(
        x, x, x, channels, heads, w["in_weights"], w.get("in_bias"), None, None, False, 0.0, w["out_weights"],
        w.get("out_bias"), training=False, need_weights=False, attn_mask=ahead)
    return y.transpose(0, 1)


def dropping_attention(x, w, heads, ahead, kept):
    """PyTorch would draw other weights to drop."""
    shape = *x.shape[:2], heads, x.shape[2] // heads
    q, k, v = (part.reshape(shape).transpose(1, 2)
               for part in functional.linear(x, w["in_weights"], w.get("in_bias")).chunk(3, -1))
    scores = q @ k.transpose(2, 3) / math.sqrt(shape[3])
    if ahead is not None:
        scores = scores.masked_fill(ahead, -math.inf)
    mixed = (torch.softmax(scores, -1) * kept) @ v
    return functional.linear(mixed.transpose(1, 2).reshape(x.shape), w["out_weights"], w.get("out_bias"))


def dropout(o, inputs, _, case):
    rate = o.get("rate", 0.5)
    return inputs[0] * case.kept(tuple(inputs[0].shape), rate) if case.trains else inputs[0]


def positional_encoding(o, inputs, w, _):
    """Vaswani et al. 2017, section 3.5: sin(t / 10000^(2i / C)) in channel 2i, the cosine in 2i + 1."""
    if o.get("kind") == "learned":
        return inputs[0] + w["places"]
    _, places, channels = inputs[0].shape
    angles = np.arange(places)[:, None] / 10000.0 ** (np.arange(0, channels, 2) / channels)
    waves = np.stack([np.sin(angles), np.cos(angles)], axis=-1).reshape(places, -1)[:, :channels]
    return inputs[0] + torch.tensor(waves)


def spread(inputs):
    rank = max(x.dim() for x in inputs)
    return [x.reshape(*x.shape, *[1] * (rank - x.dim())) for x in inputs]


def add(o, inputs, w, _):
    return activated(o, sum(spread(inputs)), w)


def multiply(o, inputs, w, _):
    y = torch.ones(())
    for x in spread(inputs):
        y = y * x
    return activated(o, y, w)


def average(o, inputs, w, _):
    return activated(o, torch.stack(torch.broadcast_tensors(*spread(inputs))).mean(0), w)


def embedding(_, inputs, w, __):
    y = functional.embedding(inputs[0].long(), w["weights"])
    return y.squeeze(1) if inputs[0].shape[1:] == (1,) else y


def part(o, inputs, _, __):
    places = [slice(None)] * inputs[0].dim()
    places[o.get("axis", 1)] = slice(o.get("begin", 0), o.get("end"))
    return inputs[0][tuple(places)]


def kept(case, shape, rate):
    """What dropout multiplies by: 0, or 1 over what is left."""
    draws = random_op(shape, stream_of(case.name), **case.cells)
    return torch.tensor((draws >= rate) / (1 - rate))


def stream_of(name):
    """XXH3-64 of 4 to 8 bytes."""
    text, mask = name.encode(), (1 << 64) - 1
    assert 4 <= len(text) <= 8
    first, last = (int.from_bytes(part, "little") for part in (text[:4], text[-4:]))
    h = (last + (first << 32)) ^ 0x1CAD21F72C81017C ^ 0xDB979083E96DD4DE
    h ^= ((h << 49 | h >> 15) ^ (h << 24 | h >> 40)) & mask
    h = h * 0x9FB21C651E98DF25 & mask
    h = (h ^ ((h >> 35) + len(text))) * 0x9FB21C651E98DF25 & mask
    return h ^ h >> 28


NUMPY = {"positional_encoding": positional_encoding, "dropout": dropout}
TORCH = {
    "dense": dense, "conv": conv, "conv_transpose": conv_transpose, "max_pool": max_pool, "avg_pool": avg_pool,
    "global_max_pool": lambda o, x, *_: x[0].flatten(2).amax(2),  # the largest share the gradient, as docs/ops.md says
    "global_avg_pool": lambda o, x, *_: by_rank("adaptive_avg_pool{}d", x[0])(x[0], 1).flatten(1),
    "upsample": upsample, "batch_norm": batch_norm, "layer_norm": layer_norm, "attention": attention,
    "flatten": lambda o, x, *_: torch.nn.Flatten()(x[0]),
    "concat": lambda o, x, *_: torch.cat(x, o.get("axis", 1)),
    "add": add, "multiply": multiply, "average": average, "slice": part,
    "reshape": lambda o, x, *_: x[0].reshape(len(x[0]), *o["shape"]),
    "permute": lambda o, x, *_: x[0].permute(0, *o["axes"]),
    "embedding": embedding,
    "leaky_relu": lambda o, x, *_: functional.leaky_relu(x[0], o.get("alpha", 0.01)),
    "elu": lambda o, x, *_: functional.elu(x[0], o.get("alpha", 1.0)),
    "prelu": lambda o, x, w, _: functional.prelu(x[0], w["slope"]),
    **{name: lambda o, x, *_, f=PLAIN[name]: f(x[0])
       for name in ("relu", "gelu", "silu", "sigmoid", "tanh", "softplus")},
}
LAYERS = {**TORCH, **NUMPY}
