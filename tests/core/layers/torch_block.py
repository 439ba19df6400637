"""tests/core/layers/torch_block.py -- PyTorch's encoder block in F64, its gradients too; prints torch_block.inc."""
# SPDX-License-Identifier: BSD-3-Clause
import math

import torch

SAMPLES, PLACES, CHANNELS, HEADS, HIDDEN = 2, 3, 4, 2, 5


def wave(f, shape, scale, first=0):
    values = [f(scale * (i + 1 + first)) for i in range(math.prod(shape))]
    return torch.tensor(values, dtype=torch.float64).reshape(shape)


def block():
    """Its weights are one wave, in the order in which the block uses them."""
    layer = torch.nn.TransformerEncoderLayer(CHANNELS, HEADS, HIDDEN, dropout=0, activation="gelu", batch_first=True,
                                             norm_first=True, dtype=torch.float64)
    weights = [p for part in (layer.norm1, layer.self_attn, layer.norm2, layer.linear1, layer.linear2)
               for p in part.parameters()]
    first = 0
    for p in weights:
        p.data.copy_(wave(math.sin, p.shape, 0.9, first))
        first += p.numel()
    assert sum(p.numel() for p in layer.parameters()) == first
    return layer, weights


def main():
    print("// Printed by torch_block.py with PyTorch", torch.__version__)
    print("// SPDX-License-Identifier: BSD-3-Clause")
    for causal in (False, True):
        layer, weights = block()
        x = wave(math.cos, (SAMPLES, PLACES, CHANNELS), 0.7).requires_grad_()
        mask = torch.full((PLACES, PLACES), -math.inf, dtype=torch.float64).triu(1) if causal else None
        y = layer(x, src_mask=mask)
        (y * wave(math.cos, y.shape, 1.3)).sum().backward()
        numbers = [", ".join(f"{v:.17g}" for v in t.flatten().tolist())
                   for t in [y.detach(), x.grad] + [p.grad for p in weights]]
        print(f"{{{str(causal).lower()}, {{", ",\n".join(f"{{{part}}}" for part in numbers), "}},", sep="\n")


main()
