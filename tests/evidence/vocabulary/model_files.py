# tests/evidence/vocabulary/model_files.py -- wrong model files end in one line that says which file, line and value.
# SPDX-License-Identifier: BSD-3-Clause
"""Shipped models and a run file with layers are made wrong in the ways of model_kinds.py, at places drawn from the
seed, and shown to `clq inspect`, which builds the network. The line that it names must be the one that was changed: of
a key the key's, of shapes that clash and of what is missing the first of the layer's table.

Controls: the files as they are, which must not be refused, with two layers that take long and much memory; and wrong
files of which the line before is expected."""
import dataclasses
import os
import pathlib
import random
import re
import subprocess
import sys

import numpy as np
from astropy.io import fits

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from evidence import ROOT, Check, run  # noqa: E402
from model_kinds import KINDS, RUN_KINDS  # noqa: E402
from model_text import Text  # noqa: E402

FILES_A_KIND = 8
LIMIT_S, MOST_CPU_S, MOST_MB = 60, 1.0, 150
LONGEST = 600  # characters
USAGE, MEMORY = 2, 4  # exit codes
MODELS = ["core/models/mlp", "core/models/inception", "core/models/resnet", "core/models/resnet1d",
          "core/models/transformer", "projects/deepdip/models/small_images"]
RUN_FILE = ROOT / "projects/deepdip/runs/boss_dr10.toml"
RUN = """[data]
catalog = "{catalog}"
id = "ID"
scalars = {scalars}
{images}
target = "Z"
[model]
file = "{model}"
"""
PLACE = re.compile(r"^clq: (?P<first>[^ ]*\.toml):(?:(?P<number>\d+):(?:\d+:)?)? |"
                   r"\((?P<file>[^()]*\.toml)(?::(?P<line>\d+))?\)$")


@dataclasses.dataclass
class Wrong:
    """A run file, which of the files was changed, and what must be told of it."""
    kind: str
    run_file: pathlib.Path
    changed: pathlib.Path
    line: int  # None: it is told of the whole file
    says: str


def write_catalog(check):
    """Eight objects with spectra and images, enough to know shapes by."""
    draw, n = np.random.default_rng(check.seed), 8
    path = check.work / "objects.fits"
    columns = [fits.Column("ID", "K", array=np.arange(n)), fits.Column("Z", "D", array=draw.uniform(size=n)),
               fits.Column("EBV", "E", array=draw.uniform(size=n)),
               fits.Column("FLUX", "256E", array=draw.normal(size=(n, 256))),
               fits.Column("IMAGE", "3072E", dim="(32,32,3)", array=draw.normal(size=(n, 3, 32, 32)))]
    fits.BinTableHDU.from_columns(columns).writeto(path, overwrite=True)
    return path


class Base:
    """A right model in two files, or in one: its run file."""

    def __init__(self, check, name, catalog):
        self.check, self.name, self.catalog = check, name, catalog
        self.source = ROOT / f"{name}.toml" if name else RUN_FILE

    def write(self, folder, text):
        """The run file, and the file that has the layers."""
        folder.mkdir(parents=True, exist_ok=True)
        run_file, model = folder / "run.toml", folder / "model.toml" if self.name else folder / "run.toml"
        if self.name:
            run_file.write_text(self.run_text(model))
        model.write_bytes("\n".join([*text.lines, ""]).encode("utf-8", "surrogateescape"))
        return run_file, model

    def run_text(self, model):
        images = "images" in self.source.read_text()
        return RUN.format(catalog=self.catalog, model=model, scalars='["EBV"]' if images else '["FLUX"]',
                          images='images = "[1][IMAGE]"' if images else "")

    def text(self):
        table = ROOT / "projects/deepdip/data/boss_dr10_train.fits"
        return Text(self.source.read_text().replace('"projects/deepdip/data/boss_dr10_train.fits"', f'"{table}"'))

    def planted(self, kind, folder, draw):
        text = self.text()
        if kind in KINDS:
            told = KINDS[kind](text, draw)
            run_file, changed = self.write(folder, text) if told else (None, None)
        else:
            run_file, model = self.write(folder, text)
            text, changed = Text(self.run_text(model)), run_file
            told = RUN_KINDS[kind](text, draw) if self.name else None
            run_file.write_text("\n".join(text.lines) + "\n")
        return Wrong(kind, run_file, changed, *told) if told else None


def wrong_files(check, bases):
    """FILES_A_KIND of each kind, in bases that can be wrong in that way."""
    for kind in [*KINDS, *RUN_KINDS]:
        draw, made = random.Random(f"{check.seed} {kind}"), 0
        while made < FILES_A_KIND:
            folder = check.work / re.sub(r"\W+", "-", f"{kind} {made}")
            wrong = draw.choice(bases).planted(kind, folder, draw)
            made += wrong is not None
            if wrong:
                yield wrong


class Tally:
    """How many attempts a claim holds of, and the kinds of the others."""

    def __init__(self):
        self.all, self.held, self.others = 0, 0, []

    def add(self, holds, kind):
        self.all += 1
        self.held += bool(holds)
        self.others += [] if holds or kind in self.others else [kind]

    def line(self, check, claim):
        others = f" ({', '.join(self.others[:5])})" if self.others else ""
        check.line(self.held == self.all > 0, claim, f"{self.held} of {self.all}{others}", "all")


def inspect(check, run_file):
    """The exit code, the lines on stderr, seconds of CPU and MB of memory."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("CLQ_")}
    with open(check.work / "words", "w+b") as words:
        child = subprocess.Popen(["prlimit", f"--cpu={LIMIT_S}", "--", str(check.clq), "inspect", str(run_file)],
                                 stdout=subprocess.DEVNULL, stderr=words, env=environment)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        words.seek(0)
        said = words.read().decode("utf-8", "replace").splitlines()
    return child.returncode, said, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def place_of(words):
    found = PLACE.search(words)
    if not found:
        return None, None
    number = found["number"] or found["line"]
    return found["first"] or found["file"], int(number) if number else None


class Claims:
    def __init__(self):
        self.refused, self.one_line, self.placed, self.quoted = Tally(), Tally(), Tally(), Tally()
        self.seconds = self.memory = 0.0

    def add(self, check, wrong, told_of_line):
        code, said, seconds, memory = inspect(check, wrong.run_file)
        words = said[-1] if said else ""
        codes = (USAGE, MEMORY) if wrong.kind == "10^12 parameters" else (USAGE,)
        self.refused.add(code in codes, wrong.kind)
        right = words.startswith("clq: ") and len(words) <= LONGEST and words.isprintable()
        self.one_line.add(len(said) == 1 and right, wrong.kind)
        self.placed.add(place_of(words) == (str(wrong.changed), told_of_line), wrong.kind)
        self.quoted.add(wrong.says in words, wrong.kind)
        self.seconds, self.memory = max(self.seconds, seconds), max(self.memory, memory)

    def print(self, check, kinds):
        self.refused.line(check, f"wrong model files, {kinds} kinds: clq inspect ends with the code of errors.md")
        self.one_line.line(check, f"one line of at most {LONGEST} characters")
        self.placed.line(check, "the file and the line that was changed")
        self.quoted.line(check, "the value")
        check.at_most(self.seconds, MOST_CPU_S, "CPU time of the longest", " s")
        check.at_most(self.memory, MOST_MB, "memory of the largest", " MB")


def heavy(text):
    """A right file that takes long: 2 x 10^8 weights are drawn."""
    wide = ["[[model.layer]]", 'use = "dense"', "units = 14000"]
    text.insert(text.layers[-1].header, *wide, *wide)
    return text


def right_files(check, bases):
    for i, base in enumerate(bases):
        folder = check.work / f"right-{i}"
        text = heavy(base.text()) if base.name.endswith("mlp") else base.text()
        yield Wrong("right", *base.write(folder, text), 1, "?")


def main():
    check = Check(__doc__)
    catalog = write_catalog(check)
    bases = [Base(check, name, catalog) for name in [*MODELS, ""]]
    claims = Claims()
    if check.controls:
        for wrong in right_files(check, bases):
            claims.add(check, wrong, None)
        claims.placed = Tally()
        neighbours = Claims()
        for wrong in wrong_files(check, bases):
            neighbours.add(check, wrong, (wrong.line or 0) - 1)
        claims.placed = neighbours.placed
    else:
        for base in bases:
            healthy = inspect(check, base.write(check.work / "healthy", base.text())[0])
            if healthy[0] != 0:
                sys.exit(f"model_files: {base.source} is refused: {healthy[1]}")
        for wrong in wrong_files(check, bases):
            claims.add(check, wrong, wrong.line)
    claims.print(check, len(KINDS) + len(RUN_KINDS))
    check.exit()


main()
