# tests/evidence/images/torch_steps.py -- training steps in PyTorch eager, timed on demand: the other side of speed.py.
# SPDX-License-Identifier: BSD-3-Clause
"""torch_steps.py NETWORK THREADS BATCH LAYOUT: network pasquet or table, layout nchw, channels_last or rows. Each line
"run N" of standard input is answered by the seconds that N steps take, and their seconds of CPU; Adam (pasquet) and
AdamW (table) are PyTorch's fused ones."""
import sys
import time

import torch
from torch.nn import functional

from torch_pasquet import Pasquet

BRANCHES = {"inception1": (64, 48, 64), "inception2": (240, 64, 92), "inception3": (340, 92, 128),
            "inception4": (476, 92, 128), "inception5": (476, 92, 128)}


class FastPasquet(Pasquet):
    """The counts of the padded pooling are made once a size."""

    counts = {}

    def mean_of_valid(self, x):
        if x.shape[-1] not in self.counts:
            ones = functional.pad(torch.ones_like(x[:1, :1]), (0, 1, 0, 1))
            self.counts[x.shape[-1]] = 1 / functional.avg_pool2d(ones, 2, 1)
        return functional.avg_pool2d(functional.pad(x, (0, 1, 0, 1)), 2, 1) * self.counts[x.shape[-1]]


def pasquet_weights():
    shapes = {}

    def conv(name, channels_in, channels, kernel, slope):
        shapes[name + ".weights"] = (channels, channels_in, kernel, kernel)
        shapes[name + ".bias"] = shapes[slope] = (channels,)

    conv("conv", 5, 64, 5, "prelu1.slope")
    for name, (channels_in, reduce, channels) in BRANCHES.items():
        branches = [("one", channels_in, channels, 1), ("three_reduce", channels_in, reduce, 1),
                    ("three", reduce, channels, 3), ("pool_reduce", channels_in, reduce, 1)]
        if name != "inception5":
            branches += [("five_reduce", channels_in, reduce, 1), ("five", reduce, channels, 5)]
        for branch, *sizes in branches:
            conv(f"{name}.{branch}", *sizes, f"{name}.{branch}.slope")
    for name, units, features in (("dense1", 1096, 22273), ("dense2", 1096, 1096), ("bins", 180, 1096)):
        shapes[name + ".weights"], shapes[name + ".bias"] = (units, features), (units,)
    assert sum(torch.Size(s).numel() for s in shapes.values()) == 27_596_372
    return {name: torch.randn(shape) * 0.02 for name, shape in shapes.items()}


def pasquet(batch, layout):
    weights = pasquet_weights()
    images = torch.rand(batch, 5, 64, 64)
    if layout == "channels_last":
        images = images.to(memory_format=torch.channels_last)
        for name, value in weights.items():
            if value.dim() == 4:
                weights[name] = value.to(memory_format=torch.channels_last)
    for value in weights.values():
        value.requires_grad_(True)
    network, reddening = FastPasquet(weights), torch.rand(batch, 1)
    labels = torch.randint(0, 180, (batch,))
    optimizer = torch.optim.Adam(weights.values(), lr=1e-4, fused=True)
    return lambda: functional.cross_entropy(network.logits(images, reddening), labels), optimizer


def table(batch, _):
    """The network of projects/deepdip/runs/boss_dr10.toml: 13 columns, soft labels on 100 bins."""
    sizes, layers = (13, 128, 128, 128), []
    for k in range(3):
        layers += [torch.nn.Linear(sizes[k], sizes[k + 1]), torch.nn.SiLU()]
        layers += [torch.nn.Dropout(0.1)] if k < 2 else []
    network = torch.nn.Sequential(*layers, torch.nn.Linear(128, 100))
    x, soft = torch.randn(batch, 13), torch.softmax(torch.randn(batch, 100), 1)
    optimizer = torch.optim.AdamW(network.parameters(), lr=4e-3, weight_decay=0.2, fused=True)
    return lambda: functional.cross_entropy(network(x), soft), optimizer


def main():
    network, threads, batch, layout = sys.argv[1:]
    torch.set_num_threads(int(threads))
    torch.manual_seed(1)
    loss, optimizer = {"pasquet": pasquet, "table": table}[network](int(batch), layout)
    for line in sys.stdin:
        start, cpu = time.perf_counter(), time.process_time()
        for _ in range(int(line.split()[1])):
            optimizer.zero_grad(set_to_none=True)
            loss().backward()
            optimizer.step()
        print(f"{time.perf_counter() - start:.6f} {time.process_time() - cpu:.6f}", flush=True)


main()
