"""tests/core/train/schedule_reference.py -- rates of PyTorch's schedulers; prints schedule_reference.inc."""
# SPDX-License-Identifier: BSD-3-Clause
import json
import math

import torch
from torch.optim import lr_scheduler as torch_lr

PEAK, STEPS, PER_EPOCH = 0.3, 30, 3


def rates(make, calls, values=None):
    """The rate in front of each call of the scheduler's step; with values it is told of one at each."""
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=PEAK)
    scheduler = make(optimizer)
    out = []
    for i in range(calls):
        out.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step(*([] if values is None else [values[i]]))
    return out


def by_epoch(make):
    return [rate for rate in rates(make, STEPS // PER_EPOCH) for _ in range(PER_EPOCH)]


def one_cycle(**options):
    return rates(lambda o: torch_lr.OneCycleLR(o, PEAK, total_steps=STEPS, cycle_momentum=False, **options), STEPS)


SCHEDULES = [
    ({"name": "constant", "warmup": 5}, rates(lambda o: torch_lr.LinearLR(o, 1 / 5, 1, 4), STEPS)),
    ({"name": "cosine", "warmup": 0, "final": 0.1},
     rates(lambda o: torch_lr.CosineAnnealingLR(o, STEPS, 0.1 * PEAK), STEPS)),
    ({"name": "step", "every": 4}, by_epoch(lambda o: torch_lr.StepLR(o, 4))),
    ({"name": "step", "every": 7, "gamma": 0.5, "unit": "step"}, rates(lambda o: torch_lr.StepLR(o, 7, 0.5), STEPS)),
    ({"name": "multistep", "milestones": [2, 3, 7], "gamma": 0.3},
     by_epoch(lambda o: torch_lr.MultiStepLR(o, [2, 3, 7], 0.3))),
    ({"name": "multistep", "milestones": [5, 21], "unit": "step"},
     rates(lambda o: torch_lr.MultiStepLR(o, [5, 21]), STEPS)),
    ({"name": "exponential", "gamma": 0.8}, by_epoch(lambda o: torch_lr.ExponentialLR(o, 0.8))),
    ({"name": "exponential", "gamma": 0.97, "unit": "step"}, rates(lambda o: torch_lr.ExponentialLR(o, 0.97), STEPS)),
    ({"name": "one_cycle"}, one_cycle()),
    ({"name": "one_cycle", "warmup": 0.25, "start": 0.1, "final": 0.001},
     one_cycle(pct_start=0.25, div_factor=10, final_div_factor=100)),
]

# Losses that fall, stay, fall by less than the threshold, and rise; one is not finite.
LOSSES = [1 / (1 + i) for i in range(6)] + [0.5 + 0.1 * math.sin(i) for i in range(18)] + \
         [0.1666, 0.1665, 0.12, math.nan, 0.12, 0.119, 0.13, 0.14]
PLATEAUS = [
    ({"factor": 0.5, "patience": 2}, LOSSES),
    ({"factor": 0.3, "patience": 4, "threshold": 0.01, "min_lr": 0.01}, LOSSES),
    ({"patience": 0}, [1.0 - 0.01 * i for i in range(10)] + [1.0] * 5 + [0.5 - 0.01 * i for i in range(9)]),
]


def text(value):
    return "kNaN" if value != value else f"{value:.17g}"


def braces(values):
    return "{" + ", ".join(text(v) for v in values) + "}"


def main():
    print("// Printed by schedule_reference.py with PyTorch", torch.__version__)
    print("// SPDX-License-Identifier: BSD-3-Clause")
    print(f"const Follows kSchedules[] = {{  // peak {PEAK}, {STEPS} steps, {PER_EPOCH} an epoch")
    for config, found in SCHEDULES:
        print(f'    {{R"({json.dumps(config)})", {{}}, {braces(found)}}},')
    print("};\nconst Follows kPlateaus[] = {  // of each epoch, before its loss is known")
    for config, losses in PLATEAUS:
        options = {"mode": "min", "factor": 0.1, "patience": 10, "eps": 0, **config}
        found = rates(lambda o: torch_lr.ReduceLROnPlateau(o, **options), len(losses), losses)
        print(f'    {{R"({json.dumps({"name": "reduce_on_plateau", **config})})", {braces(losses)}, {braces(found)}}},')
    print("};")


main()
