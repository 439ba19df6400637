# tests/evidence/vocabulary/losses.py -- every loss in its options beside PyTorch's, values, predictions and gradients.
# SPDX-License-Identifier: BSD-3-Clause
"""PyTorch computes in F64 from the same numbers, and differentiates. What it has no function for is a formula of
another kind than the code's: the scores are integrated numerically. The controls: faults in PyTorch's side, one number
of each tensor off by two bounds, a loss or a key without a case."""
import pathlib
import random
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

import pinned_torch  # noqa: E402

pinned_torch.go_on_in_it()

import torch  # noqa: E402

from compare import SIDES, answers_of, check_keys, compare, print_worst, share_line  # noqa: E402
from evidence import Check  # noqa: E402
from loss_cases import loss_cases  # noqa: E402
from loss_functions import TORCH  # noqa: E402
from probe import names  # noqa: E402


def options(**changed):
    return lambda case: case.options.update(changed)


def next_weights(case):
    case.weights = case.weights[1:] + case.weights[:1]


# The fault, the loss, the key that its cases give, and what PyTorch's side is given.
FAULTS = [
    ("a delta 1 % off", "huber", "delta", options(delta=0.303)),
    ("the gaps counted", "mse", "mask_nan", options(all_count=True)),
    ("a weight of 3.01 of the positives", "bce", "positive_weight", options(positive_weight=3.01)),
    ("no smoothing", "softmax_cross_entropy", "label_smoothing", options(label_smoothing=0.0)),
    ("a label_sigma 1 % off", "softmax_cross_entropy", "label_sigma", options(label_sigma=0.505)),
    ("bins from -1.99", "crps", "bins", options(bins={"min": -1.99, "max": 2.0, "n": 7})),
    ("logarithms of sigma for those of the variance", "gaussian_nll", "mask_nan", options(log_sigma=True)),
    ("the weights of the next row", "mixture_crps", "mask_nan", next_weights),
    ("a temperature of 0.101", "nt_xent", "temperature", options(temperature=0.101)),
]


def faulty(cases, use, key, change):
    """The first case that shows the fault."""
    case = next(c for c in cases if c.use == use and key in c.options)
    change(case)
    return [case]


def check_sides(check):
    worst = {}
    for side in SIDES:
        claim = f"losses on {side.text} against PyTorch {torch.__version__}"
        cases = loss_cases(check.seed)
        answers = answers_of(check, side, cases)
        if not check.controls:
            worst[side.text] = compare(check, side, claim, cases, answers)
            continue
        compare(check, side, f"{claim}, one number off by two bounds", cases, answers, planted=True)
        for fault, use, key, change in FAULTS:
            wrong = faulty(loss_cases(check.seed), use, key, change)
            compare(check, side, f"{claim}, {use} with {fault}", wrong, answers)
    print_worst("loss", worst)


def check_share(check):
    every, cases = names(check)["losses"], loss_cases(check.seed)
    if check.controls:
        lost = random.Random(check.seed).choice(every)
        cases = [case for case in cases if case.use != lost]
    missing = set(every) - {case.use for case in cases}
    by_formula = set(every) - missing - TORCH.keys()
    share_line(check, "losses", every, missing, f", by a formula {' '.join(sorted(by_formula))}")


def main():
    check = Check(__doc__)
    torch.set_num_threads(1)
    check_sides(check)
    check_share(check)
    check_keys(check, "loss", loss_cases(check.seed))
    check.exit()


main()
