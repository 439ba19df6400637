# tests/evidence/vocabulary/plugin.py -- a plugin outside of the tree, in C, with a part of every kind that a network is made of.
# SPDX-License-Identifier: BSD-3-Clause
"""Builds tests/evidence/vocabulary/plugin in a clean folder with nothing but cc and the headers: a layer with running
statistics, a layer made of an op with its own gradient, a loss, an optimizer with a moment, a task with metrics. It is
validated, trained, killed, resumed, predicted and evaluated, and its numbers are held against the same network in NumPy.

Controls: the plugin with a wrong gradient, a layer that keeps no statistics, an optimizer that ignores its moment; a
training that starts from the weights of a killed one instead of going on with it; the plugin there where it is to be
missed; options that its schemas take.
"""
import csv
import json
import pathlib
import signal
import subprocess
import sys
import time

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from evidence import ROOT, Check, last_line, run  # noqa: E402

SOURCES = ROOT / "tests/evidence/vocabulary/plugin"
FLAGS = "-std=c99 -O2 -Wall -Wextra -Werror -pedantic -fPIC -shared -fvisibility=hidden".split()
ROWS, STEPS, RATE, BETA, MOMENTUM, EPS, SCALE = 96, 5, 0.5, 0.8, 0.3, 1e-3, 0.5
CLOSE = 1e-5  # of the largest value: five steps of a network in F32
RUN_FILE = f"""
task = "vocabulary.line"
[data]
catalog = "table.csv"
id = "ID"
target = "Y"
scalars = ["A", "B", "C"]
[split]
valid = 0.0
[[model.layer]]
use = "dense"
units = 8
[[model.layer]]
use = "vocabulary.norm"
momentum = {MOMENTUM}
eps = {EPS}
[[model.layer]]
use = "vocabulary.bend"
[[model.layer]]
use = "dense"
[model.loss]
use = "vocabulary.log_cosh"
scale = {SCALE}
[train]
epochs = {STEPS}
batch = {ROWS}
optimizer = {{ name = "vocabulary.heavy_ball", lr = {RATE}, beta = {BETA} }}
[output]
tensorboard = false
"""
WRONG_OPTIONS = (  # what stands in the run file, what in its place, and the words
    (f"momentum = {MOMENTUM}", "momentum = 0", "model.layer[1].momentum must be above 0, got 0"),
    (f"eps = {EPS}", 'eps = "x"', 'model.layer[1].eps must be a number, got "x"'),
    ('use = "vocabulary.bend"', 'use = "vocabulary.bend"\nbent = 1', "model.layer[2].bent is unknown, there are no options"),
    (f"scale = {SCALE}", "scale = -1", "model.loss.scale must be above 0, got -1"),
    (f"beta = {BETA}", "beta = 1", "train.optimizer.beta must be below 1, got 1"),
    (f"beta = {BETA}", "bata = 0.5", "train.optimizer.bata is unknown, did you mean 'beta'?"))


class Desk:
    """A folder with a table, in which clq is run with the plugin."""

    def __init__(self, check):
        self.check, self.folder = check, check.work
        generator = np.random.default_rng(check.seed)
        self.x = generator.uniform(-1, 1, (ROWS, 3)).astype("f4")
        self.y = np.sin(2 * self.x[:, 0]) + self.x[:, 1] * self.x[:, 2] + generator.normal(0, 0.1, ROWS)
        with open(self.folder / "table.csv", "w", encoding="utf-8", newline="") as table:
            rows = csv.writer(table)
            rows.writerow(["ID", "A", "B", "C", "Y"])
            rows.writerows([i, *map(repr, map(float, x)), repr(float(y))] for i, (x, y) in enumerate(zip(self.x, self.y)))
        (self.folder / "run.toml").write_text(RUN_FILE, encoding="utf-8")
        self.plugins = self.build("plugins")

    def build(self, name, *defines):
        """The plugin alone in a folder, by one line of cc."""
        folder = self.folder / name
        folder.mkdir()
        done = run(["cc", *FLAGS, *defines, f"-I{ROOT / 'capi/include'}", *sorted(SOURCES.glob("*.c")), "-o",
                    folder / "clq_vocabulary.so", "-lm"])
        if done.returncode != 0:
            sys.exit(f"plugin: cc: {last_line(done)}")
        return folder

    def clq(self, *arguments, plugins=None):
        with_them = ["--plugins", plugins or self.plugins] if plugins is not False else []
        return run([self.check.clq, *with_them, *arguments], cwd=self.folder)

    def must(self, *arguments, plugins=None):
        done = self.clq(*arguments, plugins=plugins)
        if done.returncode != 0:
            sys.exit(f"plugin: clq {' '.join(map(str, arguments))}: {last_line(done)}")
        return done.stdout

    def train(self, folder, *overrides, plugins=None):
        self.must("train", "run.toml", *overrides, "-o", folder, plugins=plugins)
        return self.folder / folder


def tensors_of(file):
    """{name: array} of a safetensors file, in F64."""
    data = file.read_bytes()
    size = int.from_bytes(data[:8], "little")
    tensors = {}
    for name, entry in json.loads(data[8:8 + size]).items():
        if name != "__metadata__" and entry["dtype"] in ("F32", "F64"):
            begin, end = (8 + size + offset for offset in entry["data_offsets"])
            tensors[name] = np.frombuffer(data[begin:end], entry["dtype"].lower().replace("f", "<f").replace("32", "4").replace("64", "8"))
            tensors[name] = tensors[name].reshape(entry["shape"]).astype("f8")
    return tensors


class Network:
    """The run file's network with its loss and optimizer, in NumPy and F64."""

    def __init__(self, states):
        self.names = [name for name in states if name.startswith("dense") or name.endswith("gain")]
        self.norm = next(name for name in states if name.endswith(".gain"))[:-len("gain")]
        self.w = {name: states[name].copy() for name in self.names}
        self.velocity = {name: np.zeros_like(value) for name, value in self.w.items()}
        self.mean, self.variance = np.zeros((1, 8)), np.ones((1, 8))

    def forward(self, x, mean, variance):
        normal = (x @ self.w["dense1.weights"].T + self.w["dense1.bias"] - mean) / np.sqrt(variance + EPS)
        scaled = normal * self.w[self.norm + "gain"]
        bent = scaled / (1 + np.abs(scaled))
        return normal, scaled, bent, (bent @ self.w["dense2.weights"].T + self.w["dense2.bias"])[:, 0]

    def step(self, x, y):
        hidden = x @ self.w["dense1.weights"].T + self.w["dense1.bias"]
        mean, variance = hidden.mean(0, keepdims=True), hidden.var(0, keepdims=True)
        normal, scaled, bent, out = self.forward(x, mean, variance)
        diff = SCALE * np.tanh((out - y) / SCALE)[:, None] / len(y)
        diff_scaled = diff @ self.w["dense2.weights"] / (1 + np.abs(scaled)) ** 2
        diff_normal = diff_scaled * self.w[self.norm + "gain"]
        diff_hidden = (diff_normal - diff_normal.mean(0) - normal * (diff_normal * normal).mean(0)) / np.sqrt(variance + EPS)
        gradients = {"dense2.weights": diff.T @ bent, "dense2.bias": diff.sum(0), "dense1.weights": diff_hidden.T @ x,
                     "dense1.bias": diff_hidden.sum(0), self.norm + "gain": (diff_scaled * normal).sum(0, keepdims=True)}
        for name in self.names:
            self.velocity[name] = BETA * self.velocity[name] + gradients[name]
            self.w[name] = self.w[name] - RATE * self.velocity[name]
        self.mean = self.mean + MOMENTUM * (mean - self.mean)
        self.variance = self.variance + MOMENTUM * (variance - self.variance)

    def predict(self, x):
        return self.forward(x, self.mean, self.variance)[3]


def farthest(a, b):
    return float(np.max(np.abs(a - b)) / np.max(np.abs(b)))


def validated(desk):
    plugins = desk.build("wrong", "-DWRONG_GRADIENT") if desk.check.controls else desk.plugins
    done = desk.clq("validate", plugins / "clq_vocabulary.so", "--json", "--jobs", "2", plugins=False)
    if done.returncode not in (0, 1):
        sys.exit(f"plugin: validate: {last_line(done)}")
    report = json.loads(done.stdout)
    families = {c["name"].partition(".")[0] for c in report["cases"]}
    left_out = [note for case in report["cases"] for note in case["notes"] if note == "not tried"]
    good = report["passed"] == len(report["cases"]) and not left_out and families == {"layer", "loss", "optimizer", "metric", "ops"}
    desk.check.line(good, "cases of clq validate that a plugin passes whose layers, loss, optimizer, metrics and op it tries",
                    f"{report['passed']} of {len(report['cases'])}", "all, of five kinds")


def by_numpy(desk, device):
    """Five steps of all rows at once, so that their order is of no account; the first weights are those of a training whose
    rate is too small for a bit."""
    flags = ["-DNO_MOMENT"] if desk.check.controls else []
    plugins = desk.build(f"{device}-steps", *flags)
    at = f'compute.devices=["{device}:0"]'
    start = tensors_of(desk.train(f"{device}-start", "train.epochs=1", "train.optimizer.lr=1e-300", at) / "model-last.safetensors")
    folder = desk.train(f"{device}-few", at, plugins=plugins)
    network = Network(start)
    for _ in range(STEPS):
        network.step(desk.x.astype("f8"), desk.y)
    got = tensors_of(folder / "model-last.safetensors")
    together = [np.concatenate([states[name].ravel() for name in network.names]) for states in (got, network.w)]
    desk.check.at_most(farthest(*together), CLOSE, f"on {device}: weights after {STEPS} steps, from NumPy's, relative")
    return network, folder, got


def statistics(desk, device, network, got):
    """In the controls the layer of the plugin moves no statistics."""
    plugins, folder = desk.plugins, f"{device}-few"
    if desk.check.controls:
        plugins, folder = desk.build(f"{device}-forgets", "-DFORGETS"), f"{device}-forgetful"
        got = tensors_of(desk.train(folder, f'compute.devices=["{device}:0"]', plugins=plugins) / "model-last.safetensors")
    apart = np.max([farthest(got[network.norm + name], there)
                    for name, there in (("mean", network.mean), ("variance", network.variance))])  # NaN where one is
    desk.check.at_most(apart, CLOSE, f"on {device}: running statistics in the bundle, from NumPy's, relative")
    return folder, plugins


def used(desk, device, network, folder, plugins):
    """Predictions and metrics of all rows."""
    bundle = f"{folder}/model-last.safetensors"
    desk.must("predict", bundle, "table.csv", "-o", f"{device}.csv", "--device", f"{device}:0", plugins=plugins)
    with open(desk.folder / f"{device}.csv", encoding="utf-8") as table:
        rows = list(csv.DictReader(line for line in table if not line.startswith("#")))
    expected = network.predict(desk.x.astype("f8"))
    desk.check.at_most(farthest(np.array([float(row["LINE"]) for row in rows]), expected), CLOSE,
                       f"on {device}: predictions of the task's column, from NumPy's, relative")
    off = np.abs(expected - desk.y)
    wanted = {"off": off.mean(), "off_90": np.quantile(off, 0.9), "within": np.mean(off <= 0.1)}
    metrics = json.loads(desk.must("--json", "evaluate", bundle, "table.csv", "--device", f"{device}:0", plugins=plugins))["metrics"]
    apart = max(abs(metrics[name] - value) / abs(value) for name, value in wanted.items())
    desk.check.at_most(apart, CLOSE, f"on {device}: metrics off, off_90 and within, from NumPy's, relative")


def resumed(desk):
    """Killed behind its fifth epoch, of small batches; in the controls another training starts from its weights."""
    small = ("train.epochs=400", "train.batch=16", "train.checkpoint_minutes=0", "train.optimizer.lr=0.01", 'compute.devices=["cpu_ref:0"]')
    whole = desk.train("whole", *small) / "model-last.safetensors"
    process = subprocess.Popen([desk.check.clq, "--plugins", desk.plugins, "train", "run.toml", *small, "-o", "killed"], cwd=desk.folder,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    table = desk.folder / "killed/metrics.csv"
    while process.poll() is None and not (table.exists() and table.read_text(encoding="utf-8").count("\n") > 5):
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.wait()
    done = table.read_text(encoding="utf-8").count("\n") - 1
    killed = process.returncode == -signal.SIGKILL and done < 400
    if desk.check.controls:
        desk.train("again", *small, f"train.epochs={400 - done}", "train.init_from=killed/checkpoints/last.safetensors")
        last = desk.folder / "again/model-last.safetensors"
    else:
        desk.must("resume", "killed")
        last = desk.folder / "killed/model-last.safetensors"
    ours, theirs = tensors_of(last), tensors_of(whole)
    same = sum(np.array_equal(ours[name], theirs[name]) for name in theirs)
    desk.check.line(killed and same == len(theirs), "a training killed and resumed ends with the bits of the undisturbed one",
                    f"{same} of {len(theirs)} tensors, killed after {done} epochs", "all, killed before its end")


def missed(desk, folder):
    """What is said where the plugin is not there."""
    done = desk.clq("predict", f"{folder}/model-last.safetensors", "table.csv", "-o", "none.csv",
                    plugins=None if desk.check.controls else False)
    words = last_line(done)
    good = done.returncode != 0 and "org.calanque.vocabulary 0.1.0" in words and not (desk.folder / "none.csv").exists()
    desk.check.line(good, "a bundle whose plugin is missing says which it needs", words, "an error with org.calanque.vocabulary 0.1.0")


def refused(desk):
    """Options that a schema does not take; in the controls those that it takes."""
    named = 0
    for right, wrong, words in WRONG_OPTIONS:
        (desk.folder / "wrong.toml").write_text(RUN_FILE.replace(right, right if desk.check.controls else wrong), encoding="utf-8")
        done = desk.clq("train", "wrong.toml", "train.epochs=1", "-o", f"refused-{named}")
        named += done.returncode == 2 and words in done.stderr and len(done.stderr.strip().splitlines()) == 1
    desk.check.line(named == len(WRONG_OPTIONS), "options that a schema of the plugin does not take are one line that names them",
                    f"{named} of {len(WRONG_OPTIONS)}", "all")


def main():
    check = Check(__doc__)
    desk = Desk(check)
    validated(desk)
    for device in ("cpu_ref", "cpu_onednn"):
        network, _, got = by_numpy(desk, device)
        folder, plugins = statistics(desk, device, network, got)
        used(desk, device, network, folder, plugins)
    resumed(desk)
    missed(desk, "cpu_ref-few")
    refused(desk)
    check.exit()


if __name__ == "__main__":
    main()
