# tests/evidence/vocabulary/layers.py -- every layer in its options beside PyTorch's, values and gradients.
# SPDX-License-Identifier: BSD-3-Clause
"""PyTorch computes in F64 from the same numbers, as F32 holds them where that is compared. What it has no function for,
positional_encoding and the masks of dropout, is written in NumPy after docs/run-file.md and docs/ops.md. The controls:
faults in PyTorch's side, one number of each tensor off by two bounds, a layer or an option that no case has."""
import pathlib
import random
import sys
import warnings

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

import pinned_torch  # noqa: E402

pinned_torch.go_on_in_it()

import torch  # noqa: E402

from compare import SIDES, answers_of, check_keys, compare, print_worst, share_line  # noqa: E402
from evidence import Check  # noqa: E402
from layer_cases import layer_cases  # noqa: E402
from layer_functions import NUMPY  # noqa: E402
from probe import names  # noqa: E402

STARTS = {"init", "bias_init", "slope"}  # what states are before any training
ELSEWHERE = {"sync of batch_norm"}  # several replicas: foundations


def options(**changed):
    return lambda case: case.options.update(changed)


def shift_cotangent(case):
    case.cotangent_shift = 1


def next_step(case):
    case.cells["step"] += 1


# The fault, the layer, the options of the cases that have it, and what PyTorch's side is given.
FAULTS = [
    ("a slope 1 % off", "leaky_relu", {}, lambda c: c.options.update(alpha=1.01 * c.options.get("alpha", 0.01))),
    ("odd rows of padding at the beginning", "conv", {"padding": "same", "kernel": 4}, options(swapped_pads=True)),
    ("odd rows of padding at the beginning", "avg_pool", {"padding": "same"}, options(swapped_pads=True)),
    ("padding counted", "avg_pool", {"padding": 1, "count_padding": None}, options(count_padding=True)),
    ("an eps of 1e-5 for 1e-3", "batch_norm", {"eps": 1e-3}, options(eps=1e-5)),
    ("a momentum of 0.11", "batch_norm", {"momentum": None}, options(momentum=0.11)),
    ("a look ahead", "attention", {"causal": True}, options(causal=False)),
    ("the mask of another step", "dropout", {"rate": 0.1}, next_step),
    ("nearest for bilinear", "upsample", {"mode": "bilinear"}, options(mode="nearest")),
    ("the gradient of another cotangent", "permute", {}, shift_cotangent),
]


def faulty(cases, use, wanted, change):
    """Those that show the fault: of a layer, trained, with these options."""
    chosen = [c for c in cases
              if c.use == use and c.trains and all(c.options.get(key) == value for key, value in wanted.items())]
    assert chosen
    for case in chosen:
        change(case)
    return chosen


def check_sides(check):
    worst = {}
    for side in SIDES:
        claim = f"layers on {side.text} against PyTorch {torch.__version__}"
        cases = layer_cases(check.seed)
        answers = answers_of(check, side, cases)
        if not check.controls:
            worst[side.text] = compare(check, side, claim, cases, answers)
            continue
        compare(check, side, claim + ", one number off by two bounds", cases, answers, planted=True)
        for fault, use, wanted, change in FAULTS:
            compare(check, side, f"{claim}, {use} with {fault}",
                    faulty(layer_cases(check.seed), use, wanted, change), answers)
    print_worst("layer", worst)


def check_share(check):
    every, cases = names(check)["layers"], layer_cases(check.seed)
    if check.controls:
        lost = random.Random(check.seed).choice(every)
        cases = [case for case in cases if case.use != lost]
    missing = set(every) - {case.use for case in cases}
    with_numpy = NUMPY.keys() & set(every) - missing
    share_line(check, "layers", every, missing, f", with NumPy {' '.join(sorted(with_numpy))}")


def main():
    check = Check(__doc__)
    warnings.filterwarnings("ignore", "Using padding='same'")
    torch.set_num_threads(1)
    check_sides(check)
    check_share(check)
    check_keys(check, "layer", layer_cases(check.seed), STARTS, ELSEWHERE)
    check.exit()


main()
