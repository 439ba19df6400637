# tests/evidence/images/torch_pasquet.py -- the network of Pasquet et al. 2019 in PyTorch, written from the paper.
# SPDX-License-Identifier: BSD-3-Clause
"""A&A 621, A26, with the layout of the authors' program: SAME padding, mean pooling, after every convolution a PReLU
with a slope a channel. It shares no line with the toolkit: its weights come as a dictionary of the toolkit's names."""
import torch
from torch.nn import functional


class Pasquet:
    """The forward pass. swapped_pads: a mutant that pads the pooling of stride 1 on the left and at the top."""

    def __init__(self, weights, swapped_pads=False):
        self.w = weights
        self.swapped_pads = swapped_pads

    def conv(self, x, name, slope):
        weights = self.w[name + ".weights"]
        x = functional.conv2d(x, weights, self.w[name + ".bias"], padding=weights.shape[-1] // 2)
        return functional.prelu(x, self.w[slope])

    def mean_of_valid(self, x):
        """2 x 2, stride 1, SAME as TensorFlow has it: the odd row and column lie right and at the bottom, uncounted."""
        pads = (1, 0, 1, 0) if self.swapped_pads else (0, 1, 0, 1)
        counts = functional.avg_pool2d(functional.pad(torch.ones_like(x[:1, :1]), pads), 2, 1)
        return functional.avg_pool2d(functional.pad(x, pads), 2, 1) / counts

    def inception(self, x, name, five=True):
        def conv(y, branch):
            return self.conv(y, f"{name}.{branch}", f"{name}.{branch}.slope")

        branches = [conv(x, "one")]
        if five:
            branches.append(conv(conv(x, "five_reduce"), "five"))
        branches.append(conv(conv(x, "three_reduce"), "three"))
        branches.append(self.mean_of_valid(conv(x, "pool_reduce")))
        return torch.cat(branches, 1)

    def dense(self, x, name):
        return functional.linear(x, self.w[name + ".weights"], self.w[name + ".bias"])

    def logits(self, images, reddening):
        x = functional.avg_pool2d(self.conv(images, "conv", "prelu1.slope"), 2)
        x = self.inception(self.inception(x, "inception1"), "inception2")
        x = functional.avg_pool2d(x, 2)
        x = self.inception(self.inception(x, "inception3"), "inception4")
        x = self.inception(functional.avg_pool2d(x, 2), "inception5", five=False)
        x = torch.cat([x.flatten(1), reddening], 1)
        x = functional.relu(self.dense(x, "dense1"))
        return self.dense(functional.relu(self.dense(x, "dense2")), "bins")


def train(weights, batch, make_optimizer, steps, swapped_pads=False, fixed=()):
    """The weights after some steps on one batch (images, reddening, labels), and the loss before each of them; `fixed`
    are names that no step moves."""
    w = {name: torch.tensor(value, requires_grad=True) for name, value in weights.items()}
    optimizer = make_optimizer([value for name, value in w.items() if name not in fixed])
    network = Pasquet(w, swapped_pads)
    dtype = next(iter(w.values())).dtype
    images, reddening = (torch.tensor(x, dtype=dtype) for x in batch[:2])
    labels = torch.tensor(batch[2])
    losses = []
    for _ in range(steps):
        for value in w.values():
            value.grad = None
        loss = functional.cross_entropy(network.logits(images, reddening), labels)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return {name: value.detach().numpy() for name, value in w.items()}, losses
