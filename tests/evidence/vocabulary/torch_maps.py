# tests/evidence/vocabulary/torch_maps.py -- networks in PyTorch that give maps: UNet and UNet++ from the papers, an auto-encoder.
# SPDX-License-Identifier: BSD-3-Clause
"""They share no line with the toolkit. Parameters are registered in the order in which the model files name layers."""
import torch
from torch import nn


def pair(source, channels):
    """Two convolutions of 3 x 3 with padding, each with batch norm."""
    layers = []
    for s in (source, channels):
        layers += [nn.Conv2d(s, channels, 3, padding=1, bias=False), nn.BatchNorm2d(channels), nn.ReLU()]
    return nn.Sequential(*layers)


class UNet(nn.Module):
    """Ronneberger et al. 2015; upwards by transposed convolutions of 2 x 2."""

    def __init__(self, bands, outputs=1, width=64):
        super().__init__()
        sizes = [width * 2 ** i for i in range(5)]
        self.down = nn.ModuleList(pair(a, b) for a, b in zip([bands, *sizes], sizes))
        self.up = nn.ModuleList(nn.ModuleList([nn.ConvTranspose2d(2 * c, c, 2, 2), pair(2 * c, c)])
                                for c in reversed(sizes[:4]))
        self.pool, self.out = nn.MaxPool2d(2), nn.Conv2d(width, outputs, 1)

    def forward(self, x):
        maps = []
        for step in self.down:
            x = step(self.pool(x) if maps else x)
            maps.append(x)
        for (larger, step), beside in zip(self.up, reversed(maps[:4])):
            x = step(torch.cat([beside, larger(x)], 1))
        return self.out(x)


class UNetPlusPlus(nn.Module):
    """Zhou et al. 2018: node (i, j) sees all nodes (i, < j) and, made twice as large, node (i + 1, j - 1)."""

    def __init__(self, bands, outputs=1, width=64):
        super().__init__()
        sizes = [width * 2 ** i for i in range(5)]
        self.down = nn.ModuleList(pair(a, b) for a, b in zip([bands, *sizes], sizes))
        self.nodes = nn.ModuleList(self.node(c, j) for j in range(1, 5) for c in sizes[:5 - j])
        self.pool = nn.MaxPool2d(2)
        self.outs = nn.ModuleList(nn.Conv2d(width, outputs, 1) for _ in range(4))

    @staticmethod
    def node(channels, j):
        return nn.ModuleList([nn.ConvTranspose2d(2 * channels, channels, 4, 2, 1), nn.Sequential(
            nn.Conv2d((j + 1) * channels, channels, 3, padding=1), nn.ReLU(),
            nn.Conv2d(channels, channels, 3, padding=1), nn.ReLU())])

    def forward(self, x):
        made = []
        for step in self.down:
            x = step(self.pool(made[-1][0]) if made else x)
            made.append([x])
        nodes = iter(self.nodes)
        for j in range(1, 5):
            for i in range(5 - j):
                larger, step = next(nodes)
                made[i].append(step(torch.cat([*made[i], larger(made[i + 1][j - 1])], 1)))
        return sum(out(x) for out, x in zip(self.outs, made[0][1:])) / 4


class AutoEncoder(nn.Sequential):
    """Of square images: convolutions to an eighth of the size, a code, and the way back."""

    def __init__(self, bands, size, width=16, code=16):
        layers, sizes = [], [bands, width, 2 * width, 4 * width]
        for a, b in zip(sizes, sizes[1:]):
            layers += [nn.ZeroPad2d((0, 1, 0, 1)), nn.Conv2d(a, b, 3, 2), nn.ReLU()]  # an odd row at the end
        deep = (4 * width, size // 8, size // 8)
        layers += [nn.Flatten(), nn.Linear(deep[0] * deep[1] * deep[2], code),
                   nn.Linear(code, deep[0] * deep[1] * deep[2]), nn.ReLU(), nn.Unflatten(1, deep)]
        for a, b in ((4 * width, 2 * width), (2 * width, width), (width, width)):
            layers += [nn.ConvTranspose2d(a, b, 4, 2, 1), nn.ReLU()]
        super().__init__(*layers, nn.Conv2d(width, bands, 3, padding=1))
