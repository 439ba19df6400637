# tests/evidence/spine/gradients.py -- gradients of every op against central differences, three steps against PyTorch's.
# SPDX-License-Identifier: BSD-3-Clause
"""The ops: in F64 on cpu_ref, relative to the largest entry of a gradient. The steps: plain SGD in F64 on rows of real
galaxies. The controls: one op's rule wrong by a factor, a table of cases that lacks an op, a rate 1 % off."""
import json
import pathlib
import random
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

import numpy as np  # noqa: E402
import torch  # noqa: E402
from astropy.io import fits  # noqa: E402

from evidence import ROOT, Check, run  # noqa: E402

GRADIENT_BOUND, STEP_BOUND = 1e-6, 1e-5
FLAT = {"floor/1", "sign/1", "stop_gradient/1"}  # no factor makes a gradient of zero wrong
BANDS = ["MAG_U", "MAG_G", "MAG_R", "MAG_I", "MAG_Z"]
LAYERS = [("one", 5, 16, "tanh"), ("two", 16, 8, "silu"), ("out", 8, 1, None)]
ROWS, RATE, STEPS = 64, 0.1, 3


def ops_report(check, environment):
    """What the test program says of every op, by test."""
    report = check.work / "ops.json"
    done = run([check.build / "bin/test_ops", "--gtest_filter=Gradient.*EveryOp*", f"--gtest_output=json:{report}"],
               env=environment)
    if not report.exists():
        sys.exit(f"test_ops left no report: {done.stderr}")
    tests = json.loads(report.read_text())["testsuites"][0]["testsuite"]
    return {test["name"]: test for test in tests}


def check_ops(check):
    figures = figures_of(ops_report(check, {}))
    if check.controls:
        draw = random.Random(check.seed)
        op = draw.choice(sorted(set(figures) - FLAT))
        figures = figures_of(ops_report(check, {"CLQ_WRONG_RULE": f"{op} {draw.choice([1.001, 0.999, -1])}"}))
    worst = max(figures, key=figures.get)
    check.line(figures[worst] <= GRADIENT_BOUND, "gradient of every op against central differences",
               f"{figures[worst]:.3g} ({worst}, the worst of {len(figures)} ops)",
               f"<= {GRADIENT_BOUND:g} of the largest entry")


def figures_of(report):
    words = report["EqualsCentralDifferencesForEveryOp"]["figures"].split()
    return dict(zip(words[::2], map(float, words[1::2])))


def documented_without():
    """The ops of docs/ops.md whose row says "no gradient"."""
    rows = [line for line in (ROOT / "docs/ops.md").read_text().splitlines() if line.startswith("| ")]
    return {f"{name}/1" for row in rows if "no gradient" in row for name in row.split("|")[1].split()}


def check_completeness(check):
    """Every op of the table was measured, or has no gradient by definition and says so."""
    report = ops_report(check, {})
    if check.controls:
        lost = random.Random(check.seed).choice(sorted(figures_of(report)))
        report = ops_report(check, {"CLQ_CASES_WITHOUT": lost})
    measured = set(figures_of(report))
    told = report["HasACaseForEveryOpThatHasOne"]
    every, without = told["ops"].split(), told["without"].split()
    unchecked = sorted(set(every) - measured - (set(without) & documented_without()))
    check.line(not unchecked and len(every) > 0, "ops with neither a checked gradient nor a documented \"no gradient\"",
               f"{len(unchecked)} of {len(every)} ops {' '.join(unchecked)} "
               f"(none by definition: {' '.join(without)})", "0")


def real_rows(draw):
    """Standardised magnitudes and redshifts of galaxies drawn from the survey's table."""
    table = fits.getdata(ROOT / "projects/deepdip/data/boss_dr10_train.fits", 1)
    chosen = draw.choice(len(table), ROWS, replace=False)
    x = np.stack([table[band][chosen].astype(float) for band in BANDS], axis=1)
    return (x - x.mean(0)) / x.std(0), table["Z"][chosen].astype(float)


def torch_steps(x, target, states, rate):
    w = {name: torch.tensor(value, dtype=torch.float64, requires_grad=True) for name, value in states.items()}
    optimizer = torch.optim.SGD(w.values(), lr=rate)
    functions = {"tanh": torch.tanh, "silu": torch.nn.functional.silu, None: lambda y: y}
    for _ in range(STEPS):
        optimizer.zero_grad()
        y = torch.tensor(x)
        for name, _, _, activation in LAYERS:
            y = functions[activation](y @ w[name + ".weights"].T + w[name + ".bias"])
        ((y[:, 0] - torch.tensor(target)) ** 2).mean().backward()
        optimizer.step()
    return {name: value.detach().numpy() for name, value in w.items()}


def our_steps(check, x, target, states):
    layers = [{"use": "dense", "name": name, "units": units, **({"activation": a} if a else {})}
              for name, _, units, a in LAYERS]
    task = {"layers": layers, "loss": "mse", "optimizer": {"name": "sgd"}, "learning_rate": RATE, "steps": STEPS,
            "x": x.tolist(), "target": target.tolist(), "states": {k: v.ravel().tolist() for k, v in states.items()}}
    done = run([check.build / "bin/optimizer_steps"], input=json.dumps(task))
    if done.returncode != 0:
        sys.exit(f"optimizer_steps: {done.stderr}")
    return {name: np.array(value).reshape(states[name].shape) for name, value in json.loads(done.stdout).items()}


def check_steps(check):
    draw = np.random.default_rng(check.seed)
    x, target = real_rows(draw)
    states = {}
    for name, inputs, units, _ in LAYERS:
        states[name + ".weights"] = draw.normal(0, inputs ** -0.5, (units, inputs))
        states[name + ".bias"] = draw.normal(0, 0.1, units)
    ours = our_steps(check, x, target, states)
    theirs = torch_steps(x, target, states, RATE * (1.01 if check.controls else 1))
    apart = {name: np.linalg.norm(ours[name] - theirs[name]) / np.linalg.norm(theirs[name] - states[name])
             for name in states}
    worst = max(apart, key=apart.get)
    check.line(apart[worst] <= STEP_BOUND, f"{STEPS} steps of SGD against PyTorch {torch.__version__}",
               f"{apart[worst]:.3g} ({worst}, the worst of {len(apart)} tensors; {ROWS} galaxies)",
               f"<= {STEP_BOUND:g} of the way moved")


def main():
    check = Check(__doc__)
    check_ops(check)
    check_completeness(check)
    check_steps(check)
    check.exit()


main()
