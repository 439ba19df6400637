# tests/evidence/vocabulary/layer_cases.py -- every layer in its options, on shapes that hurt, here and in PyTorch.
# SPDX-License-Identifier: BSD-3-Clause
"""Sizes of 1, odd and prime, channels of 1, 3 and 5, and 16 and 33, which fill and overfill a vector."""
import numpy as np
import torch

import layer_functions
from probe import drawn, seeded, uniform

NORMS = ("batch_norm", "layer_norm")
RANGES = {"running_variance": [0.5, 1.5], "gamma": [0.5, 1.5]}
CELLS = {"seed": 11, "step": 5, "first_sample": 2 ** 32 - 2}  # samples of the batch on both sides of 2^32


class Case:
    """One layer with its options on inputs of these shapes; of whole numbers many are equal, or 0."""

    def __init__(self, use, options, *shapes, mode="train", low=-2.0, high=2.0, whole=False):
        self.use, self.options, self.mode, self.name = use, dict(options), mode, "layer"
        how = {"low": low, "high": high, **({"whole": True} if whole else {})}
        self.inputs = {name: {"dims": list(dims), **how} for name, dims in zip("abc", shapes)}
        self.seed, self.cotangent_shift, self.cells, self.next = 0, 0, dict(CELLS), {}

    @property
    def trains(self):
        return self.mode == "train"

    def task(self):
        layer = {"use": self.use, "name": self.name, **self.options}
        if len(self.inputs) > 1:
            layer["from"] = [f"input.{name}" for name in self.inputs]
        return {"layers": [layer], "mode": self.mode, "inputs": self.inputs, "seed": self.seed,
                **({"states": RANGES} if self.use in NORMS else {}), **({"cells": self.cells} if self.drops() else {})}

    def drops(self):
        return self.use == "dropout" or "dropout" in self.options

    def traits(self):
        """What of the layer it tries: keys, and texts among their values, or none; the mode, the rank."""
        yield from ((key, value if isinstance(value, str) else "") for key, value in self.options.items())
        yield from ((self.mode, not self.options), (len(self.inputs["a"]["dims"]), "whole" in self.inputs["a"]))

    def text(self):
        shapes = " ".join("x".join(map(str, of["dims"])) for of in self.inputs.values())
        options = " ".join(f"{key}={value}" for key, value in self.options.items())
        kind = ("whole numbers " if "whole" in self.inputs["a"] else "") + ("" if self.trains else "prediction")
        return " ".join(filter(None, [self.use, options, shapes, kind and f"({kind.strip()})"]))

    def kept(self, shape, rate):
        return layer_functions.kept(self, shape, rate)

    def reference(self, states, dtype):
        """The tensors of computed.hpp, computed in F64 from what `dtype` holds of the numbers."""
        place, tensors, w = self.seed, {}, {}
        for name, of in self.inputs.items():
            tensors[name] = torch.tensor(drawn(of, place, dtype), requires_grad=True)
            place += 1
        inputs = list(tensors.values())
        for name, dims in states:
            last = name.split(".")[-1]
            low, high = RANGES.get(last, [-1, 1])
            values = drawn({"dims": dims, "low": low, "high": high}, place, dtype)
            w[last] = torch.tensor(values, requires_grad=not last.startswith("running"))
            if w[last].requires_grad:
                tensors[name] = w[last]
            place += 1
        y = layer_functions.LAYERS[self.use](self.options, inputs, w, self)
        cotangent = uniform(y.shape, -1, 1, place + self.cotangent_shift)
        y.backward(torch.tensor(cotangent.astype(np.float32 if dtype == "f32" else "f8").astype("f8")))
        zero = {name: torch.zeros_like(t) if t.grad is None else t.grad for name, t in tensors.items()}
        return {"y": y.detach().numpy(), **{f"d.{name}": t.numpy() for name, t in zero.items()},
                **{f"next.{self.name}.{name}": t.numpy() for name, t in self.next.items()}}


SAME, VALID = {"padding": "same"}, {"padding": "valid"}


def convolutions():
    yield from (
        Case("conv", {"channels": 4, "kernel": 3}, (2, 3, 7, 11)),
        Case("conv", {"channels": 1, "kernel": 1, "bias": False}, (1, 1, 1, 1)),
        Case("conv", {"channels": 5, "kernel": 4, **SAME}, (2, 3, 5, 6)),  # an odd row of padding, at the end
        Case("conv", {"channels": 5, "kernel": [2, 5], "stride": [2, 3], **SAME}, (3, 1, 7, 13)),
        Case("conv", {"channels": 3, "kernel": 3, "stride": 2}, (2, 5, 8, 9)),
        Case("conv", {"channels": 3, "kernel": 2, "stride": 3, **VALID}, (2, 3, 10, 11)),
        Case("conv", {"channels": 6, "kernel": 3, "dilation": [2, 3]}, (2, 3, 9, 11)),
        Case("conv", {"channels": 6, "kernel": 3, "groups": 3, "padding": 2}, (2, 3, 5, 7)),
        Case("conv", {"channels": 5, "kernel": 3, "groups": 5}, (3, 5, 7, 5)),
        Case("conv", {"channels": 16, "kernel": 3, "activation": "relu"}, (2, 16, 13, 13)),
        Case("conv", {"channels": 33, "kernel": 5, "padding": [1, 2], "activation": "prelu"}, (2, 16, 11, 8)),
        Case("conv", {"channels": 64, "kernel": 3}, (2, 64, 28, 28)),  # large enough for other algorithms
        Case("conv", {"channels": 3, "kernel": 3}, (2, 5, 17)),
        Case("conv", {"channels": 4, "kernel": 4, "stride": 2, "dilation": 3, "groups": 2}, (3, 2, 23)),
        Case("conv", {"channels": 1, "kernel": 7, "padding": 3, "activation": "silu"}, (1, 1, 1)),
        Case("conv_transpose", {"channels": 5, "kernel": 2, "stride": 2}, (2, 3, 5, 7)),
        Case("conv_transpose", {"channels": 3, "kernel": 4, "stride": 2, "padding": 1}, (2, 5, 3, 4)),
        Case("conv_transpose", {"channels": 3, "kernel": 4, "stride": 2}, (2, 1, 5, 1)),
        Case("conv_transpose", {"channels": 4, "kernel": 3, "stride": 2, **SAME}, (2, 3, 5, 4)),  # one cut at the end
        Case("conv_transpose", {"channels": 4, "kernel": 2, "stride": 3}, (1, 3, 4, 5)),  # one added at the end
        Case("conv_transpose", {"channels": 4, "kernel": 3, "stride": [2, 3], "output_padding": [1, 2], **VALID},
             (2, 2, 4, 3)),
        Case("conv_transpose", {"channels": 6, "kernel": 3, "groups": 3, "dilation": 2, "padding": 2, "bias": False},
             (2, 3, 7, 5)),
        Case("conv_transpose", {"channels": 16, "kernel": 2, "stride": 2, "activation": "elu"}, (2, 33, 7, 7)),
        Case("conv_transpose", {"channels": 3, "kernel": 4, "stride": 2, "padding": 1}, (2, 5, 11)),
    )


def pools():
    yield from (
        Case("max_pool", {"kernel": 2}, (2, 3, 8, 6)),
        Case("max_pool", {"kernel": 3, "stride": 2, "padding": 1}, (2, 5, 7, 11)),
        Case("max_pool", {"kernel": [2, 3], "stride": 1, **SAME}, (1, 1, 5, 7)),
        Case("max_pool", {"kernel": 5, "stride": 3, **SAME}, (2, 16, 13)),
        Case("max_pool", {"kernel": 1}, (1, 1, 1, 1)),
        Case("avg_pool", {"kernel": 2}, (2, 3, 8, 6)),
        Case("avg_pool", {"kernel": 3, "stride": 2, "padding": 1}, (2, 5, 7, 11)),
        Case("avg_pool", {"kernel": 3, "stride": 2, "padding": 1, "count_padding": True}, (2, 5, 7, 11)),
        Case("avg_pool", {"kernel": 2, "stride": 1, **SAME}, (2, 3, 5, 7)),
        Case("avg_pool", {"kernel": [4, 2], "stride": 1, "count_padding": True, **SAME}, (2, 16, 5, 1)),
        Case("avg_pool", {"kernel": 3, "stride": 2, **SAME}, (3, 1, 13)),
        Case("global_max_pool", {}, (2, 3, 7, 5)), Case("global_max_pool", {}, (3, 1, 13)),
        Case("global_avg_pool", {}, (2, 5, 7, 11)), Case("global_avg_pool", {}, (3, 1, 1)),
        Case("upsample", {}, (2, 3, 5, 7)), Case("upsample", {"scale": [3, 1]}, (1, 1, 1, 3)),
        Case("upsample", {"scale": 3}, (2, 5, 11)), Case("upsample", {"mode": "bilinear"}, (2, 3, 5, 7)),
        Case("upsample", {"mode": "bilinear"}, (1, 5, 1, 2)), Case("upsample", {"mode": "bilinear"}, (2, 3, 11)),
        Case("upsample", {"scale": [2, 3], "mode": "bilinear"}, (3, 1, 7, 4)),
    )


def norms_and_sequences():
    yield from (
        Case("batch_norm", {}, (5, 3, 7, 3)), Case("batch_norm", {"eps": 1e-3}, (7, 5)),
        Case("batch_norm", {"eps": 1e-3, "momentum": 0.01}, (3, 1, 5, 5)), Case("batch_norm", {}, (33, 16)),
        Case("batch_norm", {"momentum": 1.0}, (3, 5, 11)),
        Case("batch_norm", {}, (2, 3, 5, 7), mode="infer"), Case("batch_norm", {"eps": 1e-3}, (1, 5), mode="infer"),
        Case("layer_norm", {}, (3, 5)), Case("layer_norm", {"eps": 1e-3}, (2, 7, 16)),
        Case("layer_norm", {"axis": 1}, (2, 5, 3, 7)), Case("layer_norm", {"axis": 2, "eps": 1e-3}, (1, 3, 13, 2)),
        Case("layer_norm", {}, (1, 33)),
        Case("attention", {"heads": 1}, (1, 1, 1)), Case("attention", {"heads": 3}, (2, 7, 15)),
        Case("attention", {"heads": 2, "causal": True}, (3, 5, 6)),
        Case("attention", {"heads": 4, "bias": False, "causal": True}, (2, 11, 16)),
        Case("attention", {"heads": 4}, (2, 67, 32), low=-0.5, high=0.5),
        Case("attention", {"heads": 2, "dropout": 0.3}, (4, 5, 6)),
        Case("attention", {"heads": 2, "dropout": 0.3, "causal": True}, (3, 7, 4)),
        Case("attention", {"heads": 2, "dropout": 0.3}, (4, 5, 6), mode="infer"),
        Case("positional_encoding", {}, (2, 7, 6)), Case("positional_encoding", {}, (1, 33, 5)),
        Case("positional_encoding", {"kind": "learned"}, (3, 5, 4)),
        Case("dropout", {}, (5, 33)), Case("dropout", {"rate": 0.1}, (4, 3, 7, 5)),
        Case("dropout", {"rate": 0.0}, (3, 5)), Case("dropout", {}, (3, 5), mode="infer"),
    )


def of_places():
    yield from (
        Case("dense", {"units": 5}, (7, 3)), Case("dense", {"units": 1, "bias": False}, (1, 1)),
        Case("dense", {"units": 16, "activation": "gelu"}, (33, 13)),
        Case("dense", {"units": 3, "activation": "prelu"}, (2, 5, 7)), Case("dense", {"units": 92}, (3, 1, 11)),
        Case("dense", {"units": 257, "activation": "leaky_relu"}, (33, 1097)),
        Case("flatten", {}, (3, 5, 1, 7)), Case("flatten", {}, (2, 3)),
        Case("concat", {}, (2, 3), (2, 1), (2, 5)), Case("concat", {"axis": 2}, (2, 3, 5, 1), (2, 3, 7, 1)),
        Case("concat", {}, (2, 16, 5, 7), (2, 3, 5, 7)),
        Case("slice", {"begin": 1, "end": -1}, (3, 5)), Case("slice", {"begin": -2, "axis": 2}, (2, 3, 7)),
        Case("slice", {"end": 1, "axis": 3}, (2, 3, 5, 7)),
        Case("reshape", {"shape": [5, -1]}, (3, 2, 5, 7)), Case("reshape", {"shape": [1, 3]}, (2, 3)),
        Case("permute", {"axes": [2, 1]}, (2, 3, 5)), Case("permute", {"axes": [3, 1, 2]}, (2, 3, 5, 7)),
        Case("embedding", {"kinds": 5, "units": 3}, (7, 1), low=0.0, high=5.0),
        Case("embedding", {"kinds": 3, "units": 1}, (11,), low=0.0, high=3.0),
        Case("embedding", {"kinds": 7, "units": 16}, (5, 3), low=0.0, high=7.0),
    )
    for use in ("add", "multiply", "average"):
        yield Case(use, {}, (2, 3, 5, 7), (2, 3, 5, 7))
        yield Case(use, {"activation": "tanh"}, (3, 5), (3, 5), (3, 5))
        yield Case(use, {}, (2, 3, 1, 5), (2, 3))
    for use in ("relu", "gelu", "silu", "sigmoid", "tanh", "softplus", "leaky_relu", "elu", "prelu"):
        yield Case(use, {}, (2, 3, 5, 7), low=-8.0, high=8.0)
        yield Case(use, {}, (33, 1), low=-30.0, high=30.0)
    whole = {"low": -2.0, "high": 3.0, "whole": True}
    for use in ("relu", "leaky_relu", "elu", "prelu"):
        yield Case(use, {}, (5, 3, 7), **whole)
    yield from (Case("max_pool", {"kernel": 3, "stride": 2, "padding": 1}, (2, 3, 7, 11), **whole),
                Case("global_max_pool", {}, (2, 3, 5, 7), **whole))
    yield from (Case("leaky_relu", {"alpha": 0.3}, (5, 3)), Case("elu", {"alpha": 0.5}, (5, 3)),
                Case("prelu", {"slope": 0.1}, (5, 3, 13)), Case("prelu", {}, (1, 16)))


def layer_cases(seed):
    return seeded([*convolutions(), *pools(), *norms_and_sequences(), *of_places()], seed)
