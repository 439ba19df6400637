# tests/evidence/vocabulary/optimizers.py -- steps of every optimizer on given gradients against PyTorch's and NumPy.
# SPDX-License-Identifier: BSD-3-Clause
"""Twenty, in F64 on cpu_ref, through the program that takes the sums of a step's micro-batches. PyTorch steps SGD,
Adam, AdamW and RMSprop, and clips; LAMB, the averages and the penalties are NumPy's. The controls: a key that our
side does not know of, a momentum among them and a decay that biases are spared from; a limit 1 % off; averages a step
late; a table that has one more optimizer, and one more key."""
import json
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

import pinned_torch  # noqa: E402

pinned_torch.go_on_in_it()

import numpy as np  # noqa: E402
import torch  # noqa: E402

from evidence import ROOT, Check, run  # noqa: E402

STEPS, RATE, COLUMNS, BOUND = 20, 0.02, 5, 1e-12
LAYERS = [{"use": "dense", "name": "hidden", "units": 7, "activation": "tanh"},
          {"use": "dense", "name": "out", "units": 1}]
SHAPES = {"hidden.weights": (7, COLUMNS), "hidden.bias": (7,), "out.weights": (1, 7), "out.bias": (1,)}
CASES = {
    "sgd": [{}, {"momentum": 0.9}, {"momentum": 0.8, "nesterov": True, "weight_decay": 0.01},
            {"momentum": 0.5, "weight_decay": 0.1, "decay_bias": False}],
    "adam": [{}, {"beta1": 0.8, "beta2": 0.95, "eps": 1e-3, "weight_decay": 0.05},
             {"weight_decay": 0.1, "decay_bias": False}],
    "adamw": [{}, {"beta1": 0.7, "beta2": 0.99, "eps": 1e-4, "weight_decay": 0.3},
              {"weight_decay": 0.5, "decay_bias": False}],
    "rmsprop": [{}, {"alpha": 0.9, "eps": 0.01, "weight_decay": 0.1}, {"momentum": 0.8},
                {"centered": True, "momentum": 0.5, "weight_decay": 0.2, "decay_bias": False}],
    "lamb": [{}, {"beta1": 0.8, "beta2": 0.95, "eps": 0.01, "weight_decay": 0.1},
             {"weight_decay": 0.5, "decay_bias": False}],
}
LOST = {"sgd": "momentum", "adam": "beta2", "adamw": "decay_bias", "rmsprop": "centered", "lamb": "decay_bias"}
TORCH = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam, "adamw": torch.optim.AdamW, "rmsprop": torch.optim.RMSprop}


class Walk:
    """Weights of order 1 and a gradient of them for each step, small ones and large ones."""

    def __init__(self, seed):
        draw = np.random.default_rng(seed)
        self.start = {name: draw.normal(size=shape) for name, shape in SHAPES.items()}
        self.gradients = [{name: draw.normal(size=shape) * 10 ** draw.uniform(-2, 0.5)
                           for name, shape in SHAPES.items()} for _ in range(STEPS)]

    def ours(self, check, optimizer, **more):
        def lists(values):
            return {name: value.ravel().tolist() for name, value in values.items()}

        task = {"layers": LAYERS, "columns": COLUMNS, "optimizer": optimizer, "learning_rate": RATE,
                "states": lists(self.start), "gradients": [lists(g) for g in self.gradients], **more}
        done = run([check.build / "bin/optimizer_steps"], input=json.dumps(task))
        if done.returncode != 0:
            sys.exit(f"optimizer_steps: {done.stderr}")
        return {name: np.array(v).reshape(SHAPES[name.removeprefix("ema.")])
                for name, v in json.loads(done.stdout).items()}


def torch_options(name, options):
    """Our keys by PyTorch's names."""
    options = {key: value for key, value in options.items() if key not in ("beta1", "beta2", "decay_bias")}
    return options | ({"weight_decay": 0.01} if name == "adamw" and "weight_decay" not in options else {})


def torch_walk(walk, name, options, clip=None):
    w = {key: torch.tensor(value, requires_grad=True) for key, value in walk.start.items()}
    spared = [value for key, value in w.items() if "bias" in key and not options.get("decay_bias", True)]
    groups = [{"params": [value for value in w.values() if not any(value is s for s in spared)]}]
    groups += [{"params": spared, "weight_decay": 0.0}] if spared else []
    betas = {"betas": (options.get("beta1", 0.9), options.get("beta2", 0.999))} if "adam" in name else {}
    optimizer = TORCH[name](groups, lr=RATE, **torch_options(name, options), **betas)
    clipped = 0
    for gradients in walk.gradients:
        for key, value in w.items():
            value.grad = torch.tensor(gradients[key])
        if clip:
            clipped += bool(torch.nn.utils.clip_grad_norm_(list(w.values()), clip) > clip)
        optimizer.step()
    if clip and not 0 < clipped < STEPS:
        sys.exit(f"a limit of {clip} cuts {clipped} of {STEPS} gradients: nothing is shown")
    return {key: value.detach().numpy() for key, value in w.items()}


def lamb_walk(walk, options):
    """Algorithm 2 of You et al. 2020 with phi(x) = x and the corrections of Adam, a tensor a layer."""
    beta1, beta2 = options.get("beta1", 0.9), options.get("beta2", 0.999)
    eps, decay = options.get("eps", 1e-6), options.get("weight_decay", 0.01)
    ends = {}
    for name, w in walk.start.items():
        rate = 0 if "bias" in name and not options.get("decay_bias", True) else decay
        m = v = np.zeros_like(w)
        for t in range(1, STEPS + 1):
            g = walk.gradients[t - 1][name]
            m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g ** 2
            u = m / (1 - beta1 ** t) / (np.sqrt(v / (1 - beta2 ** t)) + eps) + rate * w
            w = w - RATE * np.linalg.norm(w) / np.linalg.norm(u) * u
        ends[name] = w
    return ends


def sgd_walk(walk, l1=0.0, l2=0.0):
    """The weights after each step of plain descent; penalties are of weights alone."""
    w, path = dict(walk.start), []
    for gradients in walk.gradients:
        w = {name: value - RATE * (gradients[name] + (0 if "bias" in name else l1 * np.sign(value) + 2 * l2 * value))
             for name, value in w.items()}
        path.append(w)
    return path


def averages(walk, decay, late=0):
    mean = dict(walk.start)
    for step, w in enumerate(sgd_walk(walk)):
        t = step - late
        share = 1 - min(decay, (1 + t) / (10 + t))
        mean = {name: value + share * (w[name] - value) for name, value in mean.items()}
    return mean


def apart(ours, theirs):
    """The worst tensor's max|a - b| / max|b|."""
    return max(np.abs(ours[name] - theirs[name]).max() / np.abs(theirs[name]).max() for name in theirs)


def check_optimizer(check, walk, name):
    against = "the formula of You et al. in NumPy" if name == "lamb" else f"PyTorch {torch.__version__}"
    worst, figures = 0.0, []
    for options in CASES[name]:
        lost = LOST[name]
        if check.controls and lost not in options:
            continue
        theirs = lamb_walk(walk, options) if name == "lamb" else torch_walk(walk, name, options)
        known = {key: value for key, value in options.items() if not (check.controls and key in (lost, "nesterov"))}
        figures.append(apart(walk.ours(check, {"name": name, **known}), theirs))
        worst = max(worst, figures[-1])
    # A fault that one case does not show is a control that failed.
    value = min(figures) if check.controls else worst
    check.line(value <= BOUND, f"{STEPS} steps of {name} on given gradients against {against}"
               + (f", {LOST[name]} left out" if check.controls else ""),
               f"{value:.3g} ({len(figures)} settings)", f"<= {BOUND:g} of the largest weight")


def check_around(check, walk):
    """What stands between a gradient and its optimizer, and behind it."""
    off, sgd, limit = check.controls, {"name": "sgd"}, 5.0
    check.at_most(apart(walk.ours(check, sgd, clip_norm=limit * (1.01 if off else 1)),
                        torch_walk(walk, "sgd", {}, limit)), BOUND,
                  f"clip_norm against clip_grad_norm_ of PyTorch {torch.__version__}, {STEPS} steps", digits=3)
    found = walk.ours(check, sgd, ema=0.6)
    check.at_most(apart({name: found["ema." + name] for name in SHAPES}, averages(walk, 0.6, 1 if off else 0)), BOUND,
                  "running averages of the weights against NumPy", digits=3)
    penalty = {"l1": 0 if off else 0.03, "l2": 0.2}
    check.at_most(apart(walk.ours(check, sgd, penalty=penalty), sgd_walk(walk, 0.03, 0.2)[-1]), BOUND,
                  "penalties l1 and l2 against NumPy", digits=3)


def documented():
    """The keys of each optimizer in docs/run-file.md."""
    text = (ROOT / "docs/run-file.md").read_text()
    table = re.search(r"^\| optimizer \| keys .*\n\|[-|]+\n((?:\|.*\n)+)", text, re.MULTILINE)[1]
    rows = [row.split("|")[1:3] for row in table.splitlines()]
    keys = {name.strip(): re.findall(r"(\w+) = ", text) for name, text in rows}
    adam = set(keys["adam"])
    return {name: adam | set(found) if name == "adamw" else set(found) for name, found in keys.items()}


def check_completeness(check):
    wanted = documented()
    coded = set(re.findall(r'\{"(\w+)", make_', (ROOT / "core/src/optimizers/table.cpp").read_text()))
    if check.controls:
        coded.add("planted")
        wanted["sgd"].add("planted")
    missing = sorted((coded | set(wanted)) - set(CASES))
    check.line(not missing, "optimizers of the code and of docs/run-file.md without a comparison",
               f"{len(missing)} of {len(coded | set(wanted))} {' '.join(missing)}".strip(), "0")
    untried = sorted(f"{name}.{key}" for name, keys in wanted.items()
                     for key in keys - {key for case in CASES.get(name, []) for key in case})
    check.line(not untried, "keys of optimizers that no comparison sets",
               f"{len(untried)} of {sum(map(len, wanted.values()))} {' '.join(untried)}".strip(), "0")


def main():
    check = Check(__doc__)
    torch.set_num_threads(1)
    walk = Walk(check.seed)
    for name in CASES:
        check_optimizer(check, walk, name)
    check_around(check, walk)
    check_completeness(check)
    check.exit()


main()
