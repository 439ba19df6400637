# tests/evidence/vocabulary/torch_spectra.py -- the shipped networks for tables and spectra in PyTorch, from the papers.
# SPDX-License-Identifier: BSD-3-Clause
"""They share no line with the toolkit. Parameters are registered in the order in which the model files name the layers,
or, where they are not, given in that order by `parameters_in_order`."""
import math

import torch
from torch import nn
from torch.nn import functional


class Mlp(nn.Sequential):
    def __init__(self, columns, outputs=1, width=64, depth=3):
        sizes = [columns, *[width] * depth]
        hidden = [layer for a, b in zip(sizes, sizes[1:]) for layer in (nn.Linear(a, b), nn.ReLU())]
        super().__init__(*hidden, nn.Linear(width, outputs))


class AutoEncoder(nn.Sequential):
    def __init__(self, columns, width=64, depth=2, code=4):
        there = Mlp(columns, code, width, depth)
        super().__init__(*there, *Mlp(code, columns, width, depth))


class SameConv1d(nn.Conv1d):
    """Padded as TensorFlow does: a size is divided by the stride and rounded up, the odd place lies at the end."""

    odd_in_front = False

    def forward(self, x):
        kernel, stride, size = self.kernel_size[0], self.stride[0], x.shape[-1]
        total = max(0, (math.ceil(size / stride) - 1) * stride + kernel - size)
        less, more = total // 2, total - total // 2
        return super().forward(functional.pad(x, (more, less) if self.odd_in_front else (less, more)))


class Halving(nn.Module):
    """A residual block to half the length."""

    def __init__(self, source, channels, kernel):
        super().__init__()
        self.body = nn.Sequential(SameConv1d(source, channels, kernel, 2, bias=False), nn.BatchNorm1d(channels),
                                  nn.ReLU(), SameConv1d(channels, channels, kernel, bias=False),
                                  nn.BatchNorm1d(channels))
        self.around = SameConv1d(source, channels, 1, 2, bias=False)

    def forward(self, x):
        return functional.relu(self.body(x) + self.around(x))


class ResNet1d(nn.Sequential):
    def __init__(self, pixels, outputs=1, width=32, kernel=7):
        blocks = [Halving(width * 2 ** i, width * 2 ** (i + 1), kernel) for i in range(3)]
        last = math.ceil(math.ceil(math.ceil(pixels / 2) / 2) / 2)
        super().__init__(nn.Unflatten(1, (1, pixels)), SameConv1d(1, width, kernel, bias=False), nn.BatchNorm1d(width),
                         nn.ReLU(), *blocks, nn.Flatten(), nn.Linear(8 * width * last, outputs))


class Transformer(nn.Module):
    """Vaswani et al. 2017 by PyTorch's own encoder layers, normalised before, over pieces of a spectrum."""

    def __init__(self, pixels, outputs=1, width=64, heads=4, depth=3, patch=8):
        super().__init__()
        self.pieces = nn.Conv1d(1, width, patch, patch)
        self.blocks = nn.ModuleList(
            nn.TransformerEncoderLayer(width, heads, 4 * width, dropout=0.0, activation="gelu", batch_first=True,
                                       norm_first=True) for _ in range(depth))
        self.norm, self.out = nn.LayerNorm(width), nn.Linear(width, outputs)
        place, channel = torch.arange(pixels // patch)[:, None], torch.arange(0, width, 2)[None, :]
        angle = place.double() / 10000 ** (channel.double() / width)
        self.register_buffer("places", torch.stack([angle.sin(), angle.cos()], 2).flatten(1))

    def forward(self, x):
        x = self.pieces(x[:, None, :]).transpose(1, 2)
        x = x + self.places.to(x.dtype)
        for block in self.blocks:
            x = block(x)
        return self.out(self.norm(x).mean(1))

    def parameters_in_order(self):
        parts = [self.pieces]
        for block in self.blocks:
            parts += [block.norm1, block.self_attn, block.norm2, block.linear1, block.linear2]
        return [p for part in [*parts, self.norm, self.out] for p in part.parameters()]


class QuasarNet(nn.Module):
    """Busca & Balland 2018: confidences and offsets of `lines` lines in `boxes` boxes of a spectrum."""

    def __init__(self, pixels, lines=6, boxes=13):
        super().__init__()
        layers, source = [], 1
        for _ in range(4):
            layers += [nn.Conv1d(source, 100, 10, 2), nn.BatchNorm1d(100, eps=1e-3), nn.ReLU()]
            source, pixels = 100, (pixels - 10) // 2 + 1
        self.convs = nn.Sequential(*layers)
        self.dense = nn.Sequential(nn.Linear(100 * pixels, 100), nn.BatchNorm1d(100, eps=1e-3), nn.ReLU())
        self.confidence, self.offset = nn.Linear(100, lines * boxes), nn.Linear(100, lines * boxes)

    def forward(self, x):
        maps = self.convs(x[:, None, :])
        features = self.dense(maps.transpose(1, 2).flatten(1))  # the places first, as the first program flattens
        return torch.sigmoid(torch.cat([self.confidence(features), self.offset(features)], 1))
