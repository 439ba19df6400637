# tests/evidence/vocabulary/torch_images.py -- the shipped networks for images in PyTorch, from the papers they name.
# SPDX-License-Identifier: BSD-3-Clause
"""They share no line with the toolkit. Parameters are registered in the order in which the model files name layers."""
import torch
from torch import nn
from torch.nn import functional


class MeanOfValid(nn.Module):
    """2 x 2, stride 1, SAME as TensorFlow has it: the odd row and column lie right and at the bottom, uncounted."""

    def __init__(self, counted=False):
        super().__init__()
        self.counted = counted

    def forward(self, x):
        count = 4 if self.counted else 4 * functional.avg_pool2d(functional.pad(torch.ones_like(x), (0, 1, 0, 1)), 2, 1)
        return 4 * functional.avg_pool2d(functional.pad(x, (0, 1, 0, 1)), 2, 1) / count


def conv(source, channels, kernel, activation):
    """With padding that keeps the size."""
    return nn.Sequential(nn.Conv2d(source, channels, kernel, padding=kernel // 2), activation)


def prelu(channels):
    return nn.PReLU(channels)


def relu(_):
    return nn.ReLU()


class Branches(nn.Module):
    """Side by side, one behind the other along the channels."""

    def __init__(self, branches):
        super().__init__()
        self.branches = nn.ModuleList(branches)

    def forward(self, x):
        return torch.cat([branch(x) for branch in self.branches], 1)


def window(source, reduce, channels, kernel, activation):
    return nn.Sequential(conv(source, reduce, 1, activation(reduce)),
                         conv(reduce, channels, kernel, activation(channels)))


def pooled(source, reduce, activation):
    return nn.Sequential(conv(source, reduce, 1, activation(reduce)), MeanOfValid())


class Pasquet(nn.Module):
    """Pasquet et al. 2019, A&A 621, A26."""

    def __init__(self, bands, bins):
        super().__init__()
        self.stem = nn.Sequential(conv(bands, 64, 5, nn.PReLU(64)), nn.AvgPool2d(2))
        sizes = [(64, 48, 64), (240, 64, 92), (340, 92, 128), (476, 92, 128), (476, 92, 128)]
        parts = [self.module(*size, five=i < 4) for i, size in enumerate(sizes)]
        self.body = nn.Sequential(parts[0], parts[1], nn.AvgPool2d(2), parts[2], parts[3], nn.AvgPool2d(2), parts[4])
        self.head = nn.Sequential(nn.Linear(348 * 8 * 8 + 1, 1096), nn.ReLU(), nn.Linear(1096, 1096), nn.ReLU(),
                                  nn.Linear(1096, bins))

    @staticmethod
    def module(source, reduce, channels, five):
        return Branches([conv(source, channels, 1, prelu(channels)),
                         *([window(source, reduce, channels, 5, prelu)] if five else []),
                         window(source, reduce, channels, 3, prelu), pooled(source, reduce, prelu)])

    def forward(self, images, scalars):
        return self.head(torch.cat([self.body(self.stem(images)).flatten(1), scalars], 1))


class Treyer(nn.Module):
    """Treyer et al. 2024, MNRAS 527, 651: the columns are laid on all pixels of the first maps."""

    def __init__(self, bands, scalars, bins):
        super().__init__()
        self.conv1, self.reddening = nn.Conv2d(bands, 96, 5, padding=2), nn.Linear(scalars, 96)
        self.kinked = [self.conv1]  # a ReLU behind no other layer follows
        self.conv2 = conv(96, 96, 3, nn.Tanh())
        sources = [96, *[522] * 5]
        parts = [Branches([window(s, 101, 156, 5, relu), window(s, 101, 156, 3, relu), pooled(s, 101, relu),
                           conv(s, 109, 1, nn.ReLU())]) for s in sources]
        self.body = nn.Sequential(nn.AvgPool2d(2), *parts[:3], nn.AvgPool2d(2), *parts[3:5], nn.AvgPool2d(2), parts[5])
        narrow = [layer for s in (522, 96, 96) for layer in (nn.Conv2d(s, 96, 3), nn.ReLU())]
        self.head = nn.Sequential(*narrow, MeanOfValid(), nn.Flatten(), nn.Linear(4 * 96, 1024), nn.ReLU(),
                                  nn.Linear(1024, bins))

    def forward(self, images, scalars):
        laid = self.reddening(scalars)[:, :, None, None]
        return self.head(self.body(self.conv2(functional.relu(self.conv1(images) + laid))))


class Inception(nn.Sequential):
    """Three modules of parallel convolutions (Szegedy et al. 2015) between poolings."""

    def __init__(self, bands, outputs, width=32):
        def module(source, reduce, channels):
            return Branches([conv(source, channels, 1, nn.ReLU()), window(source, reduce, channels, 3, relu),
                             window(source, reduce, channels, 5, relu), pooled(source, reduce, relu)])

        half, full = 3 * width // 2, 3 * width
        super().__init__(conv(bands, width, 5, nn.ReLU()), nn.AvgPool2d(2), module(width, width, half), nn.AvgPool2d(2),
                         module(3 * half + width, 2 * width, full), nn.AvgPool2d(2),
                         module(3 * full + 2 * width, 2 * width, full), nn.AdaptiveAvgPool2d(1), nn.Flatten(),
                         nn.Linear(3 * full + 2 * width, outputs))


class SmallImages(nn.Module):
    """Three convolutions, each to half the size."""

    def __init__(self, bands, scalars, bins, size=32):
        super().__init__()
        sizes = [(bands, 24, 5), (24, 48, 3), (48, 64, 3)]
        self.body = nn.Sequential(*[layer for s in sizes for layer in (conv(*s, nn.ReLU()), nn.MaxPool2d(2))])
        self.head = nn.Sequential(nn.Linear(64 * (size // 8) ** 2 + scalars, 128), nn.ReLU(), nn.Linear(128, bins))

    def forward(self, images, scalars):
        return self.head(torch.cat([self.body(images).flatten(1), scalars], 1))


class Residual(nn.Module):
    """He et al. 2016: two convolutions around which the input goes on, through a third one where the size is halved."""

    def __init__(self, source, channels, stride=1):
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(source, channels, 3, stride, 1, bias=False), nn.BatchNorm2d(channels),
                                  nn.ReLU(), nn.Conv2d(channels, channels, 3, 1, 1, bias=False),
                                  nn.BatchNorm2d(channels))
        self.around = nn.Identity() if stride == 1 else nn.Sequential(
            nn.Conv2d(source, channels, 1, stride, bias=False), nn.BatchNorm2d(channels))
        for part in (self.body, self.around):  # whose sum a ReLU follows
            list(part.modules())[-1].upwards = True

    def forward(self, x):
        return functional.relu(self.body(x) + self.around(x))


class ResNet18(nn.Sequential):
    def __init__(self, bands, outputs, width=64):
        blocks = [Residual(width, width), Residual(width, width)]
        for source in (width, 2 * width, 4 * width):
            blocks += [Residual(source, 2 * source, 2), Residual(2 * source, 2 * source)]
        super().__init__(nn.Conv2d(bands, width, 7, 2, 3, bias=False), nn.BatchNorm2d(width), nn.ReLU(),
                         nn.MaxPool2d(3, 2, 1), *blocks, nn.AdaptiveAvgPool2d(1), nn.Flatten(),
                         nn.Linear(8 * width, outputs))
