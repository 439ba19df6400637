# tests/evidence/vocabulary/torch_twin.py -- a network of PyTorch with given weights, and steps of it.
# SPDX-License-Identifier: BSD-3-Clause
import sys

import numpy as np
import torch
from torch import nn
from torch.nn import functional


def in_order(twin):
    return twin.parameters_in_order() if hasattr(twin, "parameters_in_order") else list(twin.parameters())


def loss_of(network, found, target):
    if network.loss == "bins":
        return functional.cross_entropy(found, target.long())
    function = functional.mse_loss if network.loss == "mse" else functional.binary_cross_entropy_with_logits
    return function(found, target)


def in_front_of_kinks(twin):
    """The batch norms, and the layers that a ReLU follows."""
    found = [module for module in twin.modules() if isinstance(module, nn.modules.batchnorm._BatchNorm)]
    for module in twin.modules():
        layers = list(module) if isinstance(module, nn.Sequential) else []
        found += [a for a, b in zip(layers, layers[1:]) if isinstance(b, (nn.ReLU, nn.PReLU))]
    return dict.fromkeys(found + getattr(twin, "kinked", []))


def off_the_kinks(twin, inputs, seed, certain):
    """Moves biases so that what reaches a ReLU has a mean of two deviations from 0 in each channel or, to be certain,
    lies on one side. Batch norms are made small, which the next one undoes: a step moves them by more of their size."""
    draw = np.random.default_rng(seed)

    def move(module, _, y):
        sides = torch.tensor(draw.choice([-1, 1], y.shape[1]) * draw.uniform(3, 4, y.shape[1]), dtype=y.dtype)
        sides = sides.abs() if getattr(module, "upwards", False) else sides
        columns = [-1] + [1] * (y.dim() - 2)
        if isinstance(module, nn.modules.batchnorm._BatchNorm):
            module.weight.fill_(0.1)
            module.bias.copy_(0.1 * sides)
            return 0.1 * (y + sides.view(columns))
        rest = [axis for axis in range(y.dim()) if axis != 1]
        moved = sides * y.std(rest) - y.mean(rest)
        if certain:
            low, high = y.amin(rest), y.amax(rest)
            moved = torch.where(sides > 0, 0.5 * (high - low) - low, 0.5 * (low - high) - high)
        module.bias += moved
        return y + moved.view(columns)

    hooks = [module.register_forward_hook(move) for module in in_front_of_kinks(twin)]
    with torch.no_grad():
        twin(*inputs)
    for hook in hooks:
        hook.remove()


class Twin:
    """A network in PyTorch with given weights and a batch."""

    def __init__(self, network, dtype, weights, batch, target):
        self.network, self.names = network, list(weights)
        self.dtype = torch.float32 if network.slow and dtype == "f32" else torch.float64
        self.module = network.twin(network.outputs).to(self.dtype).train()
        self.inputs = [torch.tensor(batch[name], dtype=self.dtype) for name in ("images", "scalars") if name in batch]
        self.target = torch.tensor(target, dtype=self.dtype)
        self.set(weights)

    def set(self, weights):
        for parameter, (name, value) in zip(in_order(self.module), weights.items(), strict=True):
            if parameter.shape != value.shape:
                sys.exit(f"{self.network.use}: {name} is {value.shape}, the twin has {tuple(parameter.shape)} there")
            parameter.data.copy_(torch.tensor(value))

    def weights(self):
        return {name: p.detach().numpy().copy() for name, p in zip(self.names, in_order(self.module))}

    def start(self, seed, moved):
        """The weights, rounded to F32."""
        if moved:
            off_the_kinks(self.module, self.inputs, seed, self.network.certain)
        rounded = {name: value.astype("f4") for name, value in self.weights().items()}
        self.set(rounded)
        return rounded

    def steps(self, n_steps):
        """The losses."""
        optimizer, losses = torch.optim.SGD(self.module.parameters(), lr=self.network.rate), []
        for _ in range(n_steps):
            optimizer.zero_grad()
            loss = loss_of(self.network, self.module(*self.inputs), self.target)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        return losses
