# calanque/_export_text.py -- the text of an exported PyTorch module.
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

from typing import Any

from ._export_layers import Layer
from ._export_transforms import finish_lines, prepare_lines

HEAD = '''\
# {name}.py -- the network of the Calanque model {id}; its weights are in {name}.npz.
"""net = load(); predict(net, {inputs}) gives what the model gives, {prediction}.

The inputs are as the data have them: {described}.
To train it further call net.train() and net(*prepare({inputs})), whose output is before finish().
"""
import pathlib

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
'''

MEAN_POOL = '''

def mean_pool{n}d(x, kernel, stride, pads):
    """The mean of each window, of what lies within x alone."""
    ones = torch.ones_like(x[:1, :1])
    return F.avg_pool{n}d(F.pad(x, pads), kernel, stride) / F.avg_pool{n}d(F.pad(ones, pads), kernel, stride)
'''

WAVES = '''

def waves(places, channels):
    """Sines in even channels, cosines in odd ones (Vaswani et al. 2017)."""
    channel = torch.arange(channels, dtype=torch.float64)
    angle = torch.arange(places, dtype=torch.float64)[:, None] / 10000 ** ((channel - channel % 2) / channels)
    return torch.where(channel % 2 == 0, torch.sin(angle), torch.cos(angle)).float()
'''

INCEPTION = '''

def convolution(channels_in, channels, kernel):
    return nn.Sequential(nn.Conv2d(channels_in, channels, kernel, padding=kernel // 2), nn.PReLU(channels))


class Inception(nn.Module):
    """The module of Pasquet et al. 2019: branches side by side, [N, C, H, W] -> [N, 3 channels + reduce, H, W]."""

    def __init__(self, channels_in, reduce, channels, five=True):
        super().__init__()
        self.one = convolution(channels_in, channels, 1)
        self.three_reduce = convolution(channels_in, reduce, 1)
        self.three = convolution(reduce, channels, 3)
        self.pool_reduce = convolution(channels_in, reduce, 1)
        if five:
            self.five_reduce = convolution(channels_in, reduce, 1)
            self.five = convolution(reduce, channels, 5)
        self.has_five = five

    def forward(self, x):
        branches = [self.one(x)]
        if self.has_five:
            branches.append(self.five(self.five_reduce(x)))
        branches.append(self.three(self.three_reduce(x)))
        branches.append(mean_pool2d(self.pool_reduce(x), 2, 1, [0, 1, 0, 1]))
        return torch.cat(branches, dim=1)
'''

TAIL = '''

def prepare({inputs}):
    """What the model does to its inputs."""
{prepare}


def finish(y):
    """The network's output as a prediction."""
{finish}


def load(path=pathlib.Path(__file__).with_suffix(".npz")):
    net = Net()
    weights = np.load(path)
    net.load_state_dict({{name: torch.from_numpy(weights[name]) for name in weights.files}})
    return net.eval()


@torch.no_grad()
def predict(net, {inputs}):
    return finish(net(*prepare({inputs})))
'''


def indented(lines: list[str], by: int) -> str:
    return "\n".join(" " * by + line for line in lines)


def folded(line: str) -> list[str]:
    """A statement over 112 characters, broken behind a comma."""
    out, rest = [], line
    while len(rest) > 108 and ", " in rest[:108]:
        at = rest.rindex(", ", 0, 108) + 1
        out.append(rest[:at])
        rest = "    " + rest[at:].lstrip()
    return [*out, rest]


def net_lines(layers: list[Layer], inputs: list[str]) -> str:
    modules = [part for layer in layers for line in layer.modules for part in folded(f"self.{line}")]
    lines = [part for layer in layers for line in layer.lines for part in folded(line)]
    head = ["class Net(nn.Module):", "    def __init__(self):", "        super().__init__()"]
    return "\n\n" + "\n".join(head) + "\n" + indented(modules, 8) + (
        f"\n\n    def forward(self, {', '.join(inputs)}):\n{indented(lines, 8)}\n        return {layers[-1].ident}\n")


def described(bundle: dict[str, Any]) -> str:
    layout, words = bundle["layout"], []
    for number, tensor in enumerate(layout["tensors"]):
        columns = [column["name"] for column in layout["columns"] if column["tensor"] == number]
        if tensor["name"] == "scalars":
            words.append(f"scalars [n, {sum(c['count'] for c in layout['columns'] if c['tensor'] == number)}], "
                         f"{', '.join(columns)}")
        elif tensor["name"] == "images":
            words.append(f"images {['n', *tensor['dims']]}".replace("'", ""))
    return "; ".join(words)


def text_of_module(bundle: dict[str, Any], layers: list[Layer], name: str, model_id: str) -> str:
    inputs = [entry["name"] for entry in bundle["spec"]["inputs"]]
    given = [entry for entry in inputs if entry != "mask"]  # the mask is made of the images
    helpers = {helper for layer in layers for helper in layer.helpers}
    prediction = f"[n, {', '.join(str(size) for size in layers[-1].shape)}]"
    parts = [HEAD.format(name=name, id=model_id, inputs=", ".join(given), prediction=prediction,
                         described="\n".join(folded(described(bundle))))]
    parts += [MEAN_POOL.format(n=n) for n in (1, 2) if f"mean_pool{n}d" in helpers]
    parts += [WAVES] if "waves" in helpers else []
    parts += [INCEPTION] if "Inception" in helpers else []
    parts.append(net_lines(layers, inputs))
    prepare = prepare_lines(bundle, inputs)
    prepare[-1] += "," if len(inputs) == 1 else ""
    parts.append(TAIL.format(inputs=", ".join(given), prepare=indented(prepare, 4),
                             finish=indented(finish_lines(bundle["spec"]), 4)))
    return "".join(parts)
