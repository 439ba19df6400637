"""tests/core/optimizers/given_gradients.py -- twenty steps on given gradients in F64; prints given_gradients.inc."""
# SPDX-License-Identifier: BSD-3-Clause
import numpy as np
import torch

STEPS, SIZE, RATE = 20, 6, 0.05


def weights(start):
    return start * np.sin(0.9 * np.arange(1, SIZE + 1))


def gradient(step):
    return np.cos(0.7 * (SIZE * step + np.arange(1, SIZE + 1)))


def by_torch(make, start=1.0, **options):
    w = torch.tensor(weights(start), requires_grad=True)
    optimizer = make([w], lr=RATE, **options)
    for step in range(STEPS):
        w.grad = torch.tensor(gradient(step))
        optimizer.step()
    return w.detach().numpy()


def sgd(**options):
    return by_torch(torch.optim.SGD, **options)


def adam(**options):
    return by_torch(torch.optim.Adam, **options)


def adamw(**options):
    return by_torch(torch.optim.AdamW, **options)


def rmsprop(**options):
    return by_torch(torch.optim.RMSprop, **options)


def lamb(start, beta1=0.9, beta2=0.999, eps=1e-6, weight_decay=0.01):
    """Algorithm 2 of You et al. 2020, phi(x) = x."""
    w, m, v = weights(start), np.zeros(SIZE), np.zeros(SIZE)
    for step in range(STEPS):
        g, t = gradient(step), step + 1
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g * g
        u = m / (1 - beta1 ** t) / (np.sqrt(v / (1 - beta2 ** t)) + eps) + weight_decay * w
        norm_w, norm_u = np.linalg.norm(w), np.linalg.norm(u)
        w = w - RATE * (norm_w / norm_u if norm_w > 0 and norm_u > 0 else 1.0) * u
    return w


CASES = [
    ('{"name": "sgd"}', 1.0, sgd()),
    ('{"name": "sgd", "momentum": 0.9, "weight_decay": 0.1}', 1.0, sgd(momentum=0.9, weight_decay=0.1)),
    ('{"name": "sgd", "momentum": 0.8, "nesterov": true}', 1.0, sgd(momentum=0.8, nesterov=True)),
    ('{"name": "adam"}', 1.0, adam()),
    ('{"name": "adam", "beta1": 0.8, "beta2": 0.95, "eps": 0.01, "weight_decay": 0.1}', 1.0,
     adam(betas=(0.8, 0.95), eps=0.01, weight_decay=0.1)),
    ('{"name": "adamw"}', 1.0, adamw(weight_decay=0.01)),
    ('{"name": "adamw", "beta1": 0.7, "beta2": 0.9, "eps": 0.01, "weight_decay": 0.5}', 1.0,
     adamw(betas=(0.7, 0.9), eps=0.01, weight_decay=0.5)),
    ('{"name": "rmsprop"}', 1.0, rmsprop()),
    ('{"name": "rmsprop", "alpha": 0.9, "eps": 0.01, "weight_decay": 0.1}', 1.0,
     rmsprop(alpha=0.9, eps=0.01, weight_decay=0.1)),
    ('{"name": "rmsprop", "momentum": 0.8}', 1.0, rmsprop(momentum=0.8)),
    ('{"name": "rmsprop", "centered": true, "momentum": 0.5}', 1.0, rmsprop(centered=True, momentum=0.5)),
    ('{"name": "lamb"}', 1.0, lamb(1.0)),
    ('{"name": "lamb", "beta1": 0.8, "beta2": 0.95, "eps": 0.01, "weight_decay": 0}', 1.0,
     lamb(1.0, 0.8, 0.95, 0.01, 0.0)),
    ('{"name": "lamb", "weight_decay": 0.5}', 0.0, lamb(0.0, weight_decay=0.5)),
]


def main():
    print("// Printed by given_gradients.py with PyTorch", torch.__version__, "and NumPy", np.__version__)
    print("// SPDX-License-Identifier: BSD-3-Clause")
    for config, start, w in CASES:
        print(f'{{R"({config})", {start}, {{{", ".join(f"{x:.17g}" for x in w)}}}}},')


main()
