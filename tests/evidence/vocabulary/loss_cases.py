# tests/evidence/vocabulary/loss_cases.py -- every loss in its options, with weights and gaps, here and in PyTorch.
# SPDX-License-Identifier: BSD-3-Clause
import torch

from loss_functions import LOSSES, WRITTEN
from probe import drawn, seeded

BINS = {"bins": {"min": -2.0, "max": 2.0, "n": 7}}
WEIGHTS = [0.5, 1.5, 0.0, 2.0, 1.0, 0.25, 3.0]  # by turns


class Case:
    """One loss with its options; `target` says how its numbers are drawn, `gaps` which of them are NaN."""

    def __init__(self, use, options, output, target, low=-2.0, high=2.0, whole=False, gaps=(), weighted=True, wide=2.0,
                 whole_output=False):
        self.use, self.options, self.seed = use, dict(options), 0
        self.output = {"dims": list(output), "low": -wide, "high": wide, "whole": whole_output}
        self.target = {"dims": list(target), "low": low, "high": high, "whole": whole, "nan": list(gaps)}
        self.weights = [WEIGHTS[i % len(WEIGHTS)] if weighted else 1.0 for i in range(output[0])]

    def task(self):
        return {"loss": {"use": self.use, **self.options}, "output": self.output, "target": self.target,
                "weights": self.weights, "seed": self.seed}

    def traits(self):
        """What of the loss it tries: keys, or none; ranks, gaps in the target."""
        yield from ((key,) for key in self.options or ["none"])
        yield from ((len(self.output["dims"]), len(self.target["dims"])), (bool(self.target["nan"]),))

    def text(self):
        options = [f"{key}={value}" for key, value in self.options.items()]
        return " ".join([self.use, *options, "x".join(map(str, self.output["dims"]))])

    def reference(self, _, dtype):
        """The tensors of run_loss() in tests/core/losses."""
        output = torch.tensor(drawn(self.output, self.seed, dtype), requires_grad=True)
        target, weights = torch.tensor(drawn(self.target, self.seed + 1, "f64")), torch.tensor(self.weights).double()
        loss, prediction = LOSSES[self.use](self.options, output, target, weights)
        total = (weights * loss).sum()
        total.backward()
        return {"loss": loss.detach().numpy(), "prediction": prediction.detach().numpy(),
                "total": total.detach().numpy(), "gradient": output.grad.numpy()}


def of_numbers():
    masked = {"mask_nan": True}
    for use in ("mse", "mae", "huber"):
        yield Case(use, {}, (7, 3), (7, 3))
        yield Case(use, {}, (1, 1), (1,), weighted=False)
        yield Case(use, {}, (5, 3, 7, 11), (5, 3, 7, 11))
        yield Case(use, masked, (5, 3), (5, 3), gaps=(0, 4, 9, 10, 11))  # row 3 has none left
        yield Case(use, {}, (7, 5), (7, 5), whole=True, whole_output=True)  # errors of 0, and of just the delta
    yield Case("huber", {"delta": 0.3, **masked}, (13, 1), (13,), gaps=(2, 7))
    yield Case("gaussian_nll", {}, (7, 2), (7,))
    for use in ("gaussian_nll", "gaussian_crps"):
        yield Case(use, {}, (5, 6), (5, 3), wide=1.0)
        yield Case(use, masked, (5, 6), (5, 3), gaps=(1, 9, 10, 11))
    for use in ("mixture_nll", "mixture_crps"):
        yield Case(use, {}, (7, 9), (7,))
        yield Case(use, {}, (3, 3), (3, 1), weighted=False)
        yield Case(use, masked, (5, 15), (5, 1), gaps=(1,))


def of_classes():
    masked = {"mask_nan": True}
    for use in ("bce", "dice"):
        yield Case(use, {}, (5, 3), (5, 3), low=0.0, high=2.0, whole=True)
        yield Case(use, {}, (3, 1, 7, 5), (3, 1, 7, 5), low=0.0, high=1.0, weighted=False)
        yield Case(use, masked, (4, 3, 5, 7), (4, 3, 5, 7), low=0.0, high=1.0, gaps=(0, 41, 42, 200))
    yield Case("bce", {"positive_weight": 3.0}, (7,), (7,), low=0.0, high=2.0, whole=True, wide=20.0)
    yield Case("bce", {"positive_weight": 0.2, **masked}, (5, 2), (5, 2), low=0.0, high=1.0, gaps=(3,))
    yield Case("dice", {"smooth": 0.01}, (5, 3, 11), (5, 3, 11), low=0.0, high=1.0)
    use = "softmax_cross_entropy"
    yield Case(use, {}, (7, 5), (7,), low=0.0, high=5.0, whole=True)
    yield Case(use, {}, (3, 2), (3,), low=0.0, high=2.0, whole=True, weighted=False, wide=30.0)
    yield Case(use, {"label_smoothing": 0.1}, (7, 13), (7,), low=0.0, high=13.0, whole=True)
    yield Case(use, {}, (5, 3), (5, 3), low=0.0, high=1.0)
    yield Case(use, {"label_smoothing": 0.2}, (5, 3), (5, 3), low=0.0, high=1.0)
    for use in (use, "crps"):
        yield Case(use, BINS, (11, 7), (11,), low=-2.5, high=2.5)  # some lie outside of the bins
        yield Case(use, {"bins": {"min": 0.0, "max": 0.8, "n": 160}}, (5, 160), (5,), low=0.0, high=0.8)
    yield Case("softmax_cross_entropy", {"label_sigma": 0.5, **BINS}, (11, 7), (11,), low=-2.5, high=2.5)
    yield Case("softmax_cross_entropy", {"label_sigma": 0.3, "label_smoothing": 0.1, **BINS}, (5, 7), (5,))
    yield Case("nt_xent", {}, (6, 5), (6,), weighted=False)
    yield Case("nt_xent", {}, (8, 3), (8,))
    yield Case("nt_xent", {"temperature": 0.1}, (14, 16), (14,))


def written_down():
    for formula in WRITTEN:
        numbered = "y_1" in formula
        output, target = ((7, 3), (7, 2)) if numbered else ((7, 3), (7, 3))
        yield Case("expression", {"formula": formula}, output, target)
        yield Case("expression", {"formula": formula, "mask_nan": True}, output, target, gaps=(0, 4, 9, 10, 11))


def loss_cases(seed):
    return seeded([*of_numbers(), *of_classes(), *written_down()], seed)
