# tests/evidence/wrong_kinds/bench.py -- what a kind of wrong input starts from: a right catalogue, run file and bundle.
# SPDX-License-Identifier: BSD-3-Clause
"""A kind is a function of a Bench that returns an Attempt. It spoils its input only when bench.planted is set:
otherwise the same attempt is made with the healthy twin."""
import dataclasses
import hashlib
import pathlib
import random
import re
import shutil

import numpy as np
from astropy.io import fits

NOBODY = 65534
BANDS = ["MAG_U", "MAG_G", "MAG_R", "MAG_I", "MAG_Z"]
RUN_FILE = """task = "regression"
[data]
catalog = "CATALOG"
id = "OBJID"
scalars = ["MAG_?"]
target = "Z"
where = "Z > 0.01"
[split]
valid = 0.2
[[transform]]
use = "standardise"
fields = ["MAG_?"]
[[model.layer]]
use = "dense"
units = 8
activation = "tanh"
[[model.layer]]
use = "dense"
[model.loss]
use = "mse"
[train]
epochs = 2
batch = 64
optimizer = { name = "adam", lr = 1e-3 }
[compute]
threads = 1
"""


@dataclasses.dataclass
class Attempt:
    """One run of the program. `says` is searched in its one line of error, or, for code 0, in all it prints. `keeps`
    are folders that the run must leave as they are."""
    arguments: list
    code: int
    says: str
    keeps: list = dataclasses.field(default_factory=list)
    before: list = dataclasses.field(default_factory=list)   # of the program's name: setpriv, prlimit, a shell
    environment: dict = dataclasses.field(default_factory=dict)
    run_folder: pathlib.Path = None                           # of a training: not there in the end, or with a run in it
    cannot: str = ""                                          # why this machine cannot plant it


class Bench:
    """The inputs of one kind, in a folder of their own; every number drawn follows from seed and kind."""

    def __init__(self, check, source, kind):
        self.check, self.kind = check, kind
        self.planted = not check.controls
        self.draw = random.Random(f"{check.seed} {kind}")
        self.folder = check.work / re.sub(r"\W+", "-", kind)
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        start = self.draw.randrange(0, len(source) - 600)
        self.rows = np.array(source[start:start + 600])
        self.rows["OBJID"] = np.arange(600) + 10_000 * self.draw.randrange(1, 1000)

    def row(self):
        return self.draw.randrange(0, len(self.rows))

    def band(self):
        return self.draw.choice(BANDS)

    def typo(self, word):
        """The word with two neighbouring letters exchanged."""
        places = [i for i in range(len(word) - 1) if word[i] != word[i + 1]]
        i = self.draw.choice(places)
        return word[:i] + word[i + 1] + word[i] + word[i + 2:]

    def columns(self, rows=None):
        rows = self.rows if rows is None else rows
        return list(fits.BinTableHDU(rows).columns)

    def table(self, columns=None, name="cat.fits"):
        path = self.folder / name
        fits.BinTableHDU.from_columns(columns or self.columns()).writeto(path, overwrite=True)
        return path

    def without(self, *names):
        return [c for c in self.columns() if c.name not in names]

    def csv(self, rows=None, name="cat.csv"):
        rows = self.rows if rows is None else rows
        lines = [",".join(rows.dtype.names)] + [",".join(str(v) for v in row) for row in rows]
        return self.write(name, "\n".join(lines) + "\n")

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text)
        return path

    def spoil(self, path, change):
        """change(bytearray) when a fault is planted; the drawing is done in both cases."""
        data = bytearray(path.read_bytes())
        changed = change(data)
        if self.planted:
            path.write_bytes(data if changed is None else changed)
        return path

    def hand_over(self, path):
        """Another user owns it: that the program is refused then depends on the mode alone."""
        if self.check.as_nobody:
            shutil.chown(path, NOBODY, NOBODY)
        return path

    def cut(self, path, first, last):
        """Cuts the file at a byte drawn from [first, last)."""
        at = self.draw.randrange(first, last)
        return self.spoil(path, lambda data: data[:at])

    def train(self, code, says, catalog=None, text=None, changes=(), out=None, **more):
        """clq train with the run file `text`; `changes` are given as key=value where a fault is planted."""
        text = (text or RUN_FILE).replace("CATALOG", str(catalog or self.table()))
        run = self.write("run.toml", text)
        changes = list(changes) if self.planted else []
        out = out or self.folder / "run"
        return Attempt(["train", run, *changes, "-o", out], code, says, run_folder=out, **more)

    def train_lines(self, code, says, right, wrong, **more):
        """A line of the run file is replaced where a fault is planted; returns the attempt and the line's number."""
        lines = RUN_FILE.splitlines()
        number = lines.index(right) + 1
        if self.planted:
            lines[number - 1] = wrong
        return self.train(code, says.replace("LINE", str(number)), text="\n".join(lines) + "\n", **more)

    def bundle(self):
        """A model trained on healthy data, copied."""
        return shutil.copy(self.check.work / "healthy/model.safetensors", self.folder / "model.safetensors")

    def old_output(self, name="predictions.fits"):
        """A folder with predictions of an earlier run, which no failure may touch."""
        out = self.folder / "out"
        out.mkdir(exist_ok=True)
        shutil.copy(self.check.work / "healthy/predictions.fits", out / name)
        return out / name

    def predict(self, code, says, bundle=None, catalog=None, out=None, extra=(), keeps=None, **more):
        out = out or self.old_output()
        keeps = [out.parent] if keeps is None else keeps
        extra = list(extra) if self.planted else []
        return Attempt(["predict", bundle or self.bundle(), catalog or self.table(), "-o", out, *extra], code, says,
                       keeps=keeps, **more)


def data_start(path):
    """Where the data of the table begin, and end without their filling."""
    with fits.open(path) as hdus:
        info = hdus[1].fileinfo()
        return info["datLoc"], info["datLoc"] + hdus[1].header["NAXIS1"] * hdus[1].header["NAXIS2"]


def card(data, keyword):
    """The place of a card of the table's header."""
    at = data.index(b"XTENSION")
    while data[at:at + 8].rstrip().decode() != keyword:
        at += 80
    return at


def state_of(folders):
    """Every file below the folders with what it holds."""
    files = {}
    for folder in folders:
        for path in sorted(pathlib.Path(folder).rglob("*")):
            files[str(path)] = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "folder"
    return files
