"""tests/core/ops/window_oracle.py -- ops over maps, batches and rows by PyTorch in F64, their gradients by its autograd."""
# SPDX-License-Identifier: BSD-3-Clause
import json
import sys

import torch
from torch.nn import functional

BOUND = 1e-12  # of the largest entry


def tensor(flat):
    return torch.tensor(flat["values"], dtype=torch.float64).reshape(flat["dims"])


def padded(x, attrs, value=0.0):
    pads = [n for pair in zip(reversed(attrs["pads_begin"]), reversed(attrs["pads_end"])) for n in pair]
    return functional.pad(x, pads, value=value)


def conv(attrs, x, weights, bias):
    convolve = functional.conv1d if x.dim() == 3 else functional.conv2d
    return convolve(padded(x, attrs), weights, bias, attrs["strides"], 0, attrs["dilations"], attrs["groups"][0])


def conv_transpose(attrs, x, weights, bias):
    """By PyTorch's own padding where it is even; else what its transpose without padding has there."""
    transpose = functional.conv_transpose1d if x.dim() == 3 else functional.conv_transpose2d
    begin, end, more = attrs["pads_begin"], attrs["pads_end"], attrs["output_padding"]
    of_kernel = (attrs["groups"][0], attrs["dilations"])
    if begin == end:
        return transpose(x, weights, bias, attrs["strides"], begin, more, *of_kernel)
    whole = transpose(x, weights, None, attrs["strides"], 0, 0, *of_kernel)
    crops = [n for b, e, m in reversed(list(zip(begin, end, more))) for n in (-b, m - e)]
    return functional.pad(whole, crops) + bias.reshape([-1] + [1] * len(begin))


def windows(x, attrs):
    """[N, C, windows ..., elements of the kernel]"""
    for axis, (size, step) in enumerate(zip(attrs["kernel"], attrs["strides"])):
        x = x.unfold(2 + axis, size, step)
    return x.flatten(2 + len(attrs["kernel"]))


def max_pool(attrs, x):
    return windows(padded(x, attrs, -torch.inf), attrs).max(-1).values


def avg_pool(attrs, x):
    inside = windows(padded(x, attrs), attrs)
    counts = windows(padded(torch.ones_like(x), attrs, attrs["count_padding"][0]), attrs)
    return inside.sum(-1) / counts.sum(-1)


def resize(attrs, x):
    mode = "linear" if attrs["mode"] == "bilinear" and x.dim() == 3 else attrs["mode"]
    corners = {} if mode == "nearest" else {"align_corners": False}
    return functional.interpolate(x, scale_factor=[float(s) for s in attrs["scales"]], mode=mode, **corners)


def batch_matmul(attrs, a, b):
    turned = [x.transpose(-1, -2) if attrs[name][0] else x for name, x in (("transpose_a", a), ("transpose_b", b))]
    return torch.matmul(*turned)


FORMULAS = {"conv/1": conv, "conv_transpose/1": conv_transpose, "max_pool/1": max_pool, "avg_pool/1": avg_pool,
            "resize/1": resize, "batch_matmul/1": batch_matmul,
            "layer_norm/1": lambda attrs, x, gamma, beta: functional.layer_norm(x, gamma.shape, gamma, beta),
            "prelu/1": lambda attrs, x, slope: functional.prelu(x, slope)}


def apart(got, wanted):
    if got.shape != wanted.shape:
        return float("inf")
    return ((got - wanted).abs().max() / wanted.abs().max().clamp(min=1e-3)).item()


def main():
    wrong, cases = 0, json.load(open(sys.argv[1], encoding="utf-8"))
    for case in cases:
        inputs = [tensor(flat).requires_grad_() for flat in case["inputs"]]
        y = FORMULAS[case["op"]](case["attrs"], *inputs)
        (y * tensor(case["weights"]).reshape(y.shape)).sum().backward()
        pairs = [("y", case["y"], y.detach())]
        pairs += [(f"d{i}", flat, x.grad) for i, (flat, x) in enumerate(zip(case["diffs"], inputs))]
        for name, got, wanted in pairs:
            distance = apart(tensor(got), wanted)
            if not distance <= BOUND:
                wrong += 1
                print(case["op"], [flat["dims"] for flat in case["inputs"]], case["attrs"], name, distance)
    print(f"{len(cases)} cases, {wrong} wrong")
    sys.exit(1 if wrong or not cases else 0)


main()
