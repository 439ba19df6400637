# tests/docs/use_plugins.py -- the plugins of docs/writing-a-plugin.md in trainings and predictions of the program clq.
# SPDX-License-Identifier: BSD-3-Clause
"""use_plugins.py CLQ FOLDER [--without-validate]    FOLDER holds the plugins' files; the build may have no helper of clq validate

Each check has a control beside it: the same question of something that must fail it.
"""
import csv
import json
import math
import pathlib
import random
import struct
import subprocess
import sys
import tempfile

ROWS, PIXELS, FIRST_ID = 600, 24, 1000000
RUN = """
[data]
catalog = "survey.spectra"
id = "ID"
scalars = ["FLUX"]
target = "Z"
[split]
valid = 0.2
{layers}
[train]
epochs = 40
batch = 32
optimizer = {{ name = "adam", lr = 0.01 }}
[compute]
devices = ["cpu_ref:0"]
[output]
tensorboard = false
"""
DENSE = """
[[model.layer]]
use = "dense"
units = 16
activation = "relu"
[[model.layer]]
use = "dense"
"""
ASINH = '[[model.layer]]\nuse = "example.asinh"\n' + DENSE
IMAGES = """
[data]
catalog = "deepdip://galaxies?n=400&size=16"
target = "Z"
[[transform]]
use = "sky_asinh"
[[model.layer]]
use = "conv"
channels = 8
kernel = 3
activation = "relu"
[[model.layer]]
name = "weigh"
use = "example.excite"
reduction = 2
[[model.layer]]
use = "global_avg_pool"
[[model.layer]]
use = "dense"
[train]
epochs = 8
batch = 32
optimizer = { name = "adam", lr = 0.01 }
[compute]
devices = ["cpu_ref:0"]
[output]
tensorboard = false
"""


def write_spectra(folder, name="survey"):
    """An emission line whose place is the redshift, and noise."""
    draw = random.Random(5)
    records = b""
    for row in range(ROWS):
        z = draw.random()
        line = 2 + z * (PIXELS - 5)
        flux = [math.exp(-0.5 * ((k - line) / 1.5) ** 2) + draw.gauss(0, 0.02) for k in range(PIXELS)]
        records += struct.pack(f"<qd{PIXELS}f", FIRST_ID + 7 * row, z, *flux)
    (folder / f"{name}.raw").write_bytes(records)
    (folder / f"{name}.spectra").write_text(json.dumps({"pixels": PIXELS, "unit": "nJy"}), encoding="utf-8")


def tensors_of(bundle):
    """{name: bytes} of a safetensors file."""
    data = bundle.read_bytes()
    size = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:8 + size])
    return {name: data[8 + size:][slice(*entry["data_offsets"])] for name, entry in header.items()
            if name != "__metadata__"}


class Desk:
    """A folder with spectra, in which clq is run with the plugins."""

    def __init__(self, clq, plugins, folder):
        self.command, self.folder, self.wrong = [clq, "--plugins", plugins], folder, 0
        write_spectra(folder)

    def check(self, good, claim, shown=""):
        print(f"{'ok' if good else 'WRONG':6} {claim}{f': {shown}' if shown else ''}")
        self.wrong += not good

    def clq(self, *arguments):
        """(exit code, stdout, stderr)."""
        done = subprocess.run([*self.command, *arguments], cwd=self.folder, capture_output=True, text=True,
                              timeout=300, check=False)
        return done.returncode, done.stdout, done.stderr

    def must(self, *arguments):
        code, output, words = self.clq(*arguments)
        if code != 0:
            sys.exit(f"clq {' '.join(arguments)} ended with {code}: {words.strip()}")
        return output

    def train(self, run, text, *overrides):
        """The losses of its epochs, {column: [values]}."""
        (self.folder / f"{run}.toml").write_text(text, encoding="utf-8")
        self.must("train", f"{run}.toml", *overrides, "-o", run)
        with open(self.folder / run / "metrics.csv", encoding="utf-8") as table:
            rows = list(csv.DictReader(table))
        return {column: [float(row[column]) for row in rows] for column in ("train_loss", "valid_loss")}

    def predict(self, run, *options):
        """The bytes of the table that this run's network makes of the spectra."""
        self.must("predict", f"{run}/model.safetensors", "survey.spectra", "-o", f"{run}.csv", *options)
        return (self.folder / f"{run}.csv").read_bytes()

    def refused(self, words, *arguments):
        code, _, error = self.clq(*arguments)
        good = code != 0 and words in error and error.count("clq: ") == 1
        self.check(good, f"clq {' '.join(arguments)} says '{words}'", f"exit {code}: {error.strip().splitlines()[-1:]}")
        return code


def columns_of(table):
    rows = list(csv.DictReader(line for line in table.decode("utf-8").splitlines() if not line.startswith("#")))
    return {name: [float(row[name]) for row in rows] for name in ("ID", "PRED")}


def farthest(a, b):
    return max(abs(x - y) for x, y in zip(columns_of(a)["PRED"], columns_of(b)["PRED"]))


def fall(losses):
    return f"loss {losses[0]:.5f} to {losses[-1]:.5f}"


def check_source(desk):
    losses = desk.train("plain", RUN.format(layers=DENSE))["valid_loss"]
    spread = 1 / 12  # of a redshift that is uniform in [0, 1)
    desk.check(losses[-1] < 0.02 * spread, "a network learns from the source", fall(losses))
    one = desk.predict("plain")
    ids = columns_of(one)["ID"]
    desk.check(ids == [FIRST_ID + 7 * row for row in range(ROWS)], "the predictions have the source's ids")
    desk.train("readers", RUN.format(layers=DENSE), "compute.readers=3")
    desk.check(desk.predict("readers") == one, "three readers leave the bytes of one")
    desk.train("seed", RUN.format(layers=DENSE), "train.seed=2")
    desk.check(desk.predict("seed") != one, "control: another seed leaves others")
    rows = json.loads(desk.must("scan", "survey.spectra", "--id", "ID", "--json"))["rows"]
    desk.check(rows == ROWS, "clq scan reads every row", rows)


def check_damage(desk):
    header, raw = desk.folder / "bad.spectra", desk.folder / "bad.raw"
    inspect = ("inspect", "bad.spectra")
    write_spectra(desk.folder, "bad")
    desk.check(desk.clq(*inspect)[0] == 0, "control: the healthy twin is read")
    whole = raw.read_bytes()
    codes = set()
    raw.write_bytes(whole[:-5])
    codes.add(desk.refused(f"bad.raw: ends within record {ROWS}", *inspect))
    raw.unlink()
    codes.add(desk.refused("bad.raw", *inspect))
    raw.write_bytes(whole)
    for text, words in (("{", "bad.spectra: is no JSON object"), ("[24]", "bad.spectra: is no JSON object"),
                        ('{"unit": "nJy"}', "pixels is null"), ('{"pixels": 0}', "pixels is 0"),
                        ('{"pixels": "64"}', 'pixels is "64", an integer'), ('{"pixels": 24.5}', "pixels is 24.5, an integer"),
                        ('{"pixels": 9000000000000000000}', "pixels is 9"), ('{"pixels": 24, "unit": 3}', "unit is 3, a text")):
        header.write_text(text, encoding="utf-8")
        codes.add(desk.refused(words, *inspect))
    desk.check(codes == {3}, "data that are wrong end with 3", codes)
    for key, words in (("data.id=Z", "their ids in ID, not in Z"), ("data.crop=8", "data.crop")):
        desk.refused(words, "train", "plain.toml", key, "-o", "none")


def check_op(desk):
    losses = desk.train("asinh", RUN.format(layers=ASINH))["valid_loss"]
    desk.check(losses[-1] < 0.1 * losses[0], "a network with the op learns", fall(losses))
    states = tensors_of(desk.folder / "asinh/model.safetensors")
    softening = [value for name, value in states.items() if name.endswith("log_softening")]
    desk.check(len(softening) == 1 and any(softening[0]), "it has learned the softening", [len(s) for s in softening])
    one = desk.predict("asinh")
    desk.train("threads", RUN.format(layers=ASINH), "compute.threads=1")
    desk.check(desk.predict("threads") == one, "one thread leaves the bytes of two")
    distance = farthest(desk.predict("asinh", "--device", "cpu"), one)
    desk.check(distance < 1e-5, "the fastest backend runs its kernel, too", f"{distance:.1e}")


def check_layer(desk):
    losses = desk.train("images", IMAGES)["train_loss"]
    desk.check(losses[-1] < 0.8 * losses[0], "a network with the layer learns", fall(losses))
    desk.train("start", IMAGES, "train.epochs=1", "train.optimizer.lr=1e-12")
    start, end = (tensors_of(desk.folder / run / "model-last.safetensors") for run in ("start", "images"))
    own = [name for name in start if name.startswith("weigh.")]
    moved = [name for name in own if start[name] != end[name]]
    desk.check(len(own) == 4 and moved == own, "it has moved the layer's four states", moved)


def targets_of_spectra():
    """As write_spectra drew them."""
    draw, targets = random.Random(5), []
    for _ in range(ROWS):
        targets.append(draw.random())
        for _ in range(PIXELS):
            draw.gauss(0, 0.02)
    return targets


def check_learning(desk):
    """By a loss, an optimizer and metrics of plugins. The noise is small: q says on which side of the target predictions lie."""
    targets, above = targets_of_spectra(), {}
    for q in (0.9, 0.1):
        losses = desk.train(f"quantile{q}", 'task = "example.redshift"\n' + RUN.format(layers=DENSE),
                            "train.optimizer={name='example.lion', lr=0.002}", f"model.loss={{use='example.pinball', q={q}}}")["train_loss"]
        desk.check(losses[-1] < 0.3 * losses[0], f"a network learns by loss and optimizer of plugins, q = {q}", fall(losses))
        desk.must("predict", f"quantile{q}/model-last.safetensors", "survey.spectra", "-o", "quantile.csv")
        with open(desk.folder / "quantile.csv", encoding="utf-8") as table:
            rows = list(csv.DictReader(line for line in table if not line.startswith("#")))
        above[q] = sum(float(row["ZEST"]) > z for row, z in zip(rows, targets)) / ROWS
    desk.check(above[0.9] > 0.7 and above[0.1] < 0.3, "q says how many predictions are above the target", above)
    metrics = json.loads(desk.must("--json", "evaluate", "quantile0.9/model-last.safetensors", "survey.spectra"))["metrics"]
    desk.check({"nmad", "outliers", "outlier_size"} <= set(metrics), "it is evaluated by the metrics of its task", sorted(metrics))


def check_backend(desk):
    """What it computes, tests/docs/plugins/backend.test.cpp compares; networks of run files need more ops."""
    devices = desk.must("devices")
    desk.check("mini:0" in devices, "clq devices has mini:0")
    desk.refused("mini:0 cannot run", "train", "plain.toml", "compute.devices=mini:0", "-o", "none")
    desk.refused("mini computes add, mul, relu, identity and matmul alone", "predict", "plain/model.safetensors",
                 "survey.spectra", "-o", "none.csv", "--device", "mini:0")


def check_validate(desk, plugins, *of_mini):
    others = [(name, ()) for name in ("excite", "pinball", "lion", "redshift", "asinh")]
    for name, rest in (("mini", of_mini), ("spectra", ("--data", "survey.spectra")), *others):
        code, output, words = desk.clq("validate", "--jobs", "2", f"{plugins}/clq_{name}.so", *rest)
        desk.check(code == 0, f"clq validate finds nothing wrong in {name}", (output + words).strip().splitlines()[-1:])


def main():
    clq, plugins = (str(pathlib.Path(name).resolve()) for name in sys.argv[1:3])
    with tempfile.TemporaryDirectory(prefix="calanque-plugins-") as folder:
        desk = Desk(clq, plugins, pathlib.Path(folder))
        for check in (check_source, check_damage, check_op, check_layer, check_learning, check_backend):
            check(desk)
        if "--without-validate" in sys.argv[3:]:
            print("skipped clq validate: this build has not its helper clq-validate")
        else:
            check_validate(desk, plugins)
    sys.exit(1 if desk.wrong else 0)


if __name__ == "__main__":
    main()
