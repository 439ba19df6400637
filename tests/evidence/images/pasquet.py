# tests/evidence/images/pasquet.py -- the network of Pasquet et al. 2019: its size, shapes, and steps against PyTorch's.
# SPDX-License-Identifier: BSD-3-Clause
"""The steps start from the shipped model's own first weights, on images of noise and a galaxy: three of plain SGD in
F64 on cpu_ref and in F32 on the faster backend, and 20 of Adam. The controls: another number of bands, another size of
image, another learning rate, the padding of the module's pooling on the wrong side, a slope that no step moves."""
import json
import math
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

import numpy as np  # noqa: E402
import torch  # noqa: E402

from evidence import Check, run  # noqa: E402
from torch_pasquet import train  # noqa: E402

PARAMETERS = 27_596_372
SHAPES = {"conv": [64, 64, 64], "avg_pool1": [64, 32, 32],
          "inception1": [240, 32, 32], "inception2": [340, 32, 32], "avg_pool2": [340, 16, 16],
          "inception3": [476, 16, 16], "inception4": [476, 16, 16], "avg_pool3": [476, 8, 8],
          "inception5": [348, 8, 8], "features": [22272], "join": [22273],
          "dense1": [1096], "dense2": [1096], "bins": [180]}
BINS = {"min": 0.0, "max": 0.4, "n": 180}
ROWS = {"F64": 2, "F32": 4}
SGD_RATE, ADAM_RATE, ADAM_STEPS = 0.005, 1e-5, 20
FAST = "cpu_onednn"
BOUNDS = {"F64": 1e-8, "F32": 1e-3}


class Steps:
    """network_steps on one batch that `seed` draws, and PyTorch on the same."""

    def __init__(self, check, device, dtype, bands=5, size=64):
        self.check, self.dtype = check, dtype
        self.folder = check.work / f"{device}-{dtype}-{bands}-{size}"
        self.folder.mkdir(exist_ok=True)
        self.task = {"use": "pasquet2019", "inputs": {"images": [bands, size, size], "scalars": [1]},
                     "units": BINS["n"], "target": [], "loss": {"use": "softmax_cross_entropy", "bins": BINS},
                     "device": device, "dtype": dtype.lower(), "rows": ROWS[dtype], "steps": 0,
                     "optimizer": {"name": "sgd"}, "learning_rate": SGD_RATE}

    def draw(self, seed):
        """Images of unit noise with a round galaxy in the middle, brighter from band to band; its bin of redshift."""
        generator = np.random.default_rng(seed)
        rows, (bands, size, _) = self.task["rows"], self.task["inputs"]["images"]
        y, x = np.mgrid[:size, :size] - (size - 1) / 2
        width = generator.uniform(2, 6, rows)[:, None, None, None]
        flux = generator.uniform(1, 20, (rows, bands)).cumsum(1)[:, :, None, None]
        galaxy = flux * np.exp(-(x * x + y * y) / (2 * width ** 2))
        images = np.arcsinh(galaxy + generator.normal(size=(rows, bands, size, size)))
        labels = generator.integers(0, BINS["n"], rows)
        self.batch = images.astype("<f4"), generator.uniform(0, 0.2, (rows, 1)).astype("<f4"), labels
        self.batch[0].tofile(self.folder / "images.bin")
        self.batch[1].tofile(self.folder / "scalars.bin")
        ((labels + 0.5) * BINS["max"] / BINS["n"]).astype("<f8").tofile(self.folder / "target.bin")

    def ours(self, steps, optimizer, rate):
        task = dict(self.task, steps=steps, optimizer={"name": optimizer}, learning_rate=rate)
        done = run([self.check.build / "bin/network_steps", self.folder], input=json.dumps(task))
        if done.returncode != 0:
            sys.exit(f"network_steps: {done.stderr}")
        return json.loads(done.stdout)

    def states(self, answer, name):
        flat, at, states = np.fromfile(self.folder / name, "<f8" if self.dtype == "F64" else "<f4"), 0, {}
        for state in answer["states"]:
            n = math.prod(state["dims"])
            states[state["name"]] = flat[at:at + n].reshape(state["dims"])
            at += n
        assert at == flat.size
        return states


def apart(ours, theirs, start):
    """Distance of two ends over the way from the start to the second."""
    way, gap = (np.linalg.norm((a - b).astype("f8")) for a, b in ((theirs, start), (ours, theirs)))
    return gap / way if way > 0 else math.inf if gap > 0 else 0.0


def check_size(check):
    answer = Steps(check, "cpu_ref", "F32", bands=4 if check.controls else 5).ours(0, "sgd", 0)
    found = sum(math.prod(state["dims"]) for state in answer["states"])
    check.line(found == PARAMETERS, "parameters of pasquet2019", f"{found:,}", f"{PARAMETERS:,}")


def check_shapes(check):
    answer = Steps(check, "cpu_ref", "F32", size=60 if check.controls else 64).ours(0, "sgd", 0)
    wrong = {layer: answer["shapes"].get(layer) for layer, dims in SHAPES.items()
             if answer["shapes"].get(layer) != [ROWS["F32"], *dims]}
    figure = " ".join(f"{layer} {dims}" for layer, dims in wrong.items()) or f"{len(SHAPES)} of {len(SHAPES)} layers"
    check.line(not wrong, "output shape of every layer of pasquet2019 as in the paper", figure, "all equal")


# Three mutants of PyTorch's side, each of which must be seen.
MUTANTS = {"": {}, "rate 1 % off": {"rate": 1.01}, "pads swapped": {"swapped_pads": True},
           "a slope left as it is": {"fixed": ("inception3.three.slope",)}}


def check_sgd(check, device, dtype):
    steps = Steps(check, device, dtype)
    steps.draw(check.seed)
    answer = steps.ours(3, "sgd", SGD_RATE)
    start, ours = steps.states(answer, "start.bin"), steps.states(answer, "end.bin")
    for name, mutant in MUTANTS.items():
        if bool(name) != check.controls:
            continue
        mutant = dict(mutant)
        rate = SGD_RATE * mutant.pop("rate", 1)
        theirs, losses = train(start, steps.batch, lambda p: torch.optim.SGD(p, lr=rate), 3, **mutant)
        gaps = {state: apart(ours[state], theirs[state], start[state]) for state in start}
        worst = max(gaps, key=gaps.get)
        check.line(gaps[worst] <= BOUNDS[dtype], f"3 steps of SGD against PyTorch {torch.__version__}, {device} {dtype}"
                   + (f", {name}" if name else ""),
                   f"{gaps[worst]:.3g} ({worst}, the worst of {len(gaps)} tensors; batch of {ROWS[dtype]}, loss "
                   f"{losses[0]:.4f} to {losses[-1]:.4f})", f"<= {BOUNDS[dtype]:g} of the way moved")


def check_adam(check, device):
    steps = Steps(check, device, "F32")
    steps.draw(check.seed)
    answer = steps.ours(ADAM_STEPS + 1, "adam", ADAM_RATE)
    start = steps.states(answer, "start.bin")
    rate = ADAM_RATE * (1.1 if check.controls else 1)
    _, losses = train(start, steps.batch, lambda p: torch.optim.Adam(p, lr=rate), ADAM_STEPS + 1)
    gap = abs(answer["losses"][-1] - losses[-1]) / losses[-1]
    check.line(gap <= 1e-3, f"loss after {ADAM_STEPS} steps of Adam against PyTorch's, {device} F32",
               f"{gap:.3g} ({answer['losses'][-1]:.5f} and {losses[-1]:.5f}, from {losses[0]:.4f})", "<= 0.001 of it")


def main():
    check = Check(__doc__)
    torch.set_num_threads(2)
    check_size(check)
    check_shapes(check)
    check_sgd(check, "cpu_ref", "F64")
    check_sgd(check, FAST, "F32")
    check_adam(check, FAST)
    check.exit()


main()
