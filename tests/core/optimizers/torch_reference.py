"""tests/core/optimizers/torch_reference.py -- three steps of PyTorch's optimizers in F64; prints torch_reference.inc."""
# SPDX-License-Identifier: BSD-3-Clause
import math

import torch

CASES = [  # name, run file, clip, optimizer, penalties l1 and l2
    ("sgd", '{"name": "sgd"}', 0.0, lambda p: torch.optim.SGD(p, lr=0.1)),
    ("sgd momentum", '{"name": "sgd", "momentum": 0.9, "weight_decay": 0.01}', 0.0,
     lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, weight_decay=0.01)),
    ("sgd nesterov", '{"name": "sgd", "momentum": 0.8, "nesterov": true}', 0.0,
     lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.8, nesterov=True)),
    ("sgd clipped", '{"name": "sgd"}', 0.05, lambda p: torch.optim.SGD(p, lr=0.1)),
    ("adam", '{"name": "adam", "weight_decay": 0.01}', 0.0, lambda p: torch.optim.Adam(p, lr=0.1, weight_decay=0.01)),
    ("adamw", '{"name": "adamw"}', 0.0, lambda p: torch.optim.AdamW(p, lr=0.1)),
    ("rmsprop", '{"name": "rmsprop", "momentum": 0.5}', 0.0,
     lambda p: torch.optim.RMSprop(p, lr=0.1, momentum=0.5)),
    ("sgd l1", '{"name": "sgd"}', 0.0, lambda p: torch.optim.SGD(p, lr=0.1), 0.3, 0.0),
    ("adam l1 l2 clipped", '{"name": "adam"}', 0.5, lambda p: torch.optim.Adam(p, lr=0.1), 0.02, 0.4),
]
SHAPES = [(4, 3), (4,), (1, 4), (1,)]


def wave(f, n, scale):
    return [f(scale * (i + 1)) for i in range(n)]


def weights():
    flat = wave(math.sin, 21, 0.9)
    out, at = [], 0
    for shape in SHAPES:
        n = math.prod(shape)
        out.append(torch.tensor(flat[at:at + n], dtype=torch.float64).reshape(shape).requires_grad_())
        at += n
    return out


def main():
    x = torch.tensor(wave(math.cos, 15, 0.7), dtype=torch.float64).reshape(5, 3)
    target = torch.tensor(wave(math.sin, 5, 1.3), dtype=torch.float64)
    print("// Printed by torch_reference.py with PyTorch", torch.__version__)
    print("// SPDX-License-Identifier: BSD-3-Clause")
    for name, config, clip, make, *penalty in CASES:
        l1, l2 = penalty or (0, 0)
        p = weights()
        optimizer = make(p)
        for _ in range(3):
            optimizer.zero_grad()
            y = torch.tanh(x @ p[0].T + p[1]) @ p[2].T + p[3]
            loss = ((y[:, 0] - target) ** 2).mean()
            for w in p[0::2]:  # not the biases
                loss = loss + l1 * w.abs().sum() + l2 * (w ** 2).sum()
            loss.backward()
            if clip:
                torch.nn.utils.clip_grad_norm_(p, clip)
            optimizer.step()
        numbers = ", ".join(f"{v:.17g}" for t in p for v in t.detach().flatten().tolist())
        extra = f", {l1}, {l2}" if penalty else ""
        print(f'{{"{name}", R"({config})", {clip}, {{{numbers}}}{extra}}},')


main()
