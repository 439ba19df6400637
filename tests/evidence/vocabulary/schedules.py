# tests/evidence/vocabulary/schedules.py -- the learning rates of every schedule against those of PyTorch.
# SPDX-License-Identifier: BSD-3-Clause
"""Of every step of a run whose length `seed` draws, with and without a warm-up, counted in epochs and in steps.
PyTorch's schedulers take their steps one after the other, so that their own rounding grows. The controls: each
schedule of ours a step or an epoch late; a table that has one more schedule, and one more key."""
import json
import math
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

import pinned_torch  # noqa: E402

pinned_torch.go_on_in_it()

import numpy as np  # noqa: E402
import torch  # noqa: E402
from torch.optim import lr_scheduler as torch_lr  # noqa: E402

from evidence import ROOT, Check, run  # noqa: E402

PEAK, BOUND = 0.3, 1e-12
COUNTS = ("epoch", "step")


def ours(check, config, length, losses=None):
    task = {"schedule": config, "peak": PEAK, "steps": length.steps, "per_epoch": length.per_epoch}
    if losses is not None:
        task["losses"] = [None if math.isnan(loss) else loss for loss in losses]
    done = run([check.build / "bin/schedule_rates"], input=json.dumps(task))
    if done.returncode != 0:
        sys.exit(f"schedule_rates: {done.stderr}")
    return json.loads(done.stdout)


def theirs(make, calls, losses=None):
    """The rate in front of each call of the scheduler's step; with losses it is told of one at each."""
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=PEAK)
    scheduler = make(optimizer)
    rates = []
    for i in range(calls):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step(*([] if losses is None else [losses[i]]))
    return rates


class Length:
    """Of a run, in steps, and a warm-up of it."""

    def __init__(self, draw):
        self.per_epoch = int(draw.integers(3, 8))
        self.epochs = int(draw.integers(20, 30))
        self.steps = self.per_epoch * self.epochs
        self.warmup = int(draw.integers(5, 12))

    def every_step(self, make):
        return theirs(make, self.steps)

    def counted(self, unit, make):
        """A scheduler that is called once an epoch, or once a step."""
        if unit == "step":
            return self.every_step(make)
        return [rate for rate in theirs(make, self.epochs) for _ in range(self.per_epoch)]

    def risen(self, rates):
        """LinearLR beside another schedule, whose rates it multiplies."""
        w = self.warmup
        rise = self.every_step(lambda o: torch_lr.LinearLR(o, 1 / w, 1, w - 1))
        return [rate * factor / PEAK for rate, factor in zip(rates, rise)]


def warm(config, length, rates):
    """A schedule without a warm-up, and with one of so many steps."""
    return [(config, rates), (dict(config, warmup=length.warmup), length.risen(rates))]


def constant(length, draw):
    return warm({"name": "constant"}, length, length.every_step(lambda o: torch_lr.ConstantLR(o, 1, 1)))


def cosine(length, draw):
    final, w = float(draw.uniform(0.001, 0.2)), length.warmup
    plain = length.every_step(lambda o: torch_lr.CosineAnnealingLR(o, length.steps, PEAK * final))
    behind = theirs(lambda o: torch_lr.CosineAnnealingLR(o, length.steps - w, PEAK * final), length.steps - w)
    return [({"name": "cosine", "warmup": 0, "final": final}, plain),
            ({"name": "cosine", "warmup": w / length.steps, "final": final}, length.risen([PEAK] * w + behind))]


def step(length, draw):
    every, gamma, cases = int(draw.integers(2, 6)), float(draw.uniform(0.2, 0.9)), []
    for unit in COUNTS:
        cases += warm({"name": "step", "every": every, "gamma": gamma, "unit": unit}, length,
                      length.counted(unit, lambda o: torch_lr.StepLR(o, every, gamma)))
    return cases


def multistep(length, draw):
    marks = sorted(map(int, draw.choice(range(1, 18), 4, replace=False)))
    gamma, cases = float(draw.uniform(0.2, 0.9)), []
    for unit in COUNTS:
        cases += warm({"name": "multistep", "milestones": marks, "gamma": gamma, "unit": unit}, length,
                      length.counted(unit, lambda o: torch_lr.MultiStepLR(o, marks, gamma)))
    return cases


def exponential(length, draw):
    gamma, cases = float(draw.uniform(0.8, 0.98)), []
    for unit in COUNTS:
        cases += warm({"name": "exponential", "gamma": gamma, "unit": unit}, length,
                      length.counted(unit, lambda o: torch_lr.ExponentialLR(o, gamma)))
    return cases


def one_cycle(length, draw):
    def rates(**options):
        return length.every_step(lambda o: torch_lr.OneCycleLR(o, PEAK, total_steps=length.steps, cycle_momentum=False,
                                                               **options))

    share, first, last = (float(draw.uniform(*ends)) for ends in ((0.15, 0.5), (0.02, 0.3), (1e-5, 0.01)))
    return [({"name": "one_cycle"}, rates()),
            ({"name": "one_cycle", "warmup": share, "start": first, "final": last},
             rates(pct_start=share, div_factor=1 / first, final_div_factor=first / last))]


def reduce_on_plateau(length, draw):
    """Losses that fall, then wander about, then fall by less than the threshold; one is not finite."""
    losses = [1 / (1 + i) for i in range(5)] + list(map(float, draw.uniform(0.15, 0.4, 12)))
    losses += [math.nan] + [0.1 - 1e-6 * i for i in range(12)]
    cases = []
    for options in ({"factor": 0.5, "patience": 2}, {"factor": 0.3, "patience": 1, "threshold": 0.05, "min_lr": 0.01}):
        rates = theirs(lambda o: torch_lr.ReduceLROnPlateau(o, eps=0, **options), len(losses), losses)
        config = {"name": "reduce_on_plateau", **options}
        cases.append((config, rates, losses))
        rise = length.risen([PEAK] * length.steps)[::length.per_epoch][:len(losses)]
        rise += [PEAK] * (len(losses) - len(rise))
        cases.append((dict(config, warmup=length.warmup), [a * b / PEAK for a, b in zip(rates, rise)], losses))
    return cases


SCHEDULES = [constant, cosine, step, multistep, exponential, one_cycle, reduce_on_plateau]


def apart(found, wanted):
    """The worst rate's |a - b| / b."""
    assert len(found) == len(wanted)
    return max(abs(a - b) / b for a, b in zip(found, wanted))


def check_schedule(check, schedule, length):
    cases, figures = schedule(length, np.random.default_rng([check.seed, 2])), []
    for config, wanted, *losses in cases:
        if check.controls and min(wanted) == max(wanted):  # which has no late
            continue
        found = ours(check, config, length, *losses)
        figures.append(apart(found[:1] + found[:-1] if check.controls else found, wanted))
    # A fault that one case does not show is a control that failed.
    value = min(figures) if check.controls else max(figures)
    check.line(value <= BOUND, f"learning rates of {schedule.__name__} against PyTorch {torch.__version__}"
               + (", a step or epoch late" if check.controls else ""),
               f"{value:.3g} ({len(figures)} settings, {length.steps} steps, {length.per_epoch} an epoch)",
               f"<= {BOUND:g} of the rate")
    return [config for config, *_ in cases]


def documented():
    """The keys of each schedule in docs/run-file.md."""
    text = (ROOT / "docs/run-file.md").read_text()
    table = re.search(r"^\| schedule \| keys .*\n\|[-|]+\n((?:\|.*\n)+)", text, re.MULTILINE)[1]
    rows = [row.split("|")[1:3] for row in table.splitlines()]
    return {name.strip(): {re.match(r"\w+", key)[0] for key in re.split(r"[,;] *", keys.strip())}
            for name, keys in rows}


def check_completeness(check, tried):
    wanted = documented()
    coded = set(re.findall(r'\{"(\w+)", \w+_curve', (ROOT / "core/src/train/schedule.cpp").read_text()))
    if check.controls:
        coded.add("planted")
        wanted["step"].add("planted")
    missing = sorted((coded | set(wanted)) - set(tried))
    every = len(coded | set(wanted))
    check.line(not missing, "schedules of the code and of docs/run-file.md that are compared with PyTorch's",
               f"{100 * (every - len(missing)) / every:.0f} % of {every} {' '.join(missing)}".strip(), "100 %")
    untried = sorted(f"{name}.{key}" for name, keys in wanted.items()
                     for key in keys - {key for config in tried.get(name, []) for key in config})
    check.line(not untried, "keys of schedules that no comparison sets",
               f"{len(untried)} of {sum(map(len, wanted.values()))} {' '.join(untried)}".strip(), "0")


def main():
    check = Check(__doc__)
    length = Length(np.random.default_rng([check.seed, 1]))
    tried = {schedule.__name__: check_schedule(check, schedule, length) for schedule in SCHEDULES}
    check_completeness(check, tried)
    check.exit()


main()
