# tests/evidence/foundations/small_run.py -- a training of a second, with all that makes bits hard to keep.
# SPDX-License-Identifier: BSD-3-Clause
"""A table of 523 rows, so that the last batch of an epoch is not full; a tenth of the weights is 0; dropout."""
import json
import pathlib
import sys

import numpy as np
from astropy.table import Table

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from evidence import last_line, run  # noqa: E402  (after the path to it)

RUN_FILE = """
[data]
catalog = "table.fits"
id = "ID"
target = "Z"
scalars = ["A", "B", "C"]
weight = "W"
[split]
valid = 0.2
[[model.layer]]
use = "dense"
units = 24
activation = "tanh"
[[model.layer]]
use = "dropout"
rate = 0.2
[[model.layer]]
use = "dense"
[model.loss]
use = "mse"
[train]
epochs = 3
batch = 32
micro_batch = 8
optimizer = { name = "sgd", lr = 0.05 }
[compute]
threads = 1
"""


def write_table(folder, seed):
    generator = np.random.default_rng(seed)
    n = 523
    a, b, c = generator.uniform(-1, 1, (3, n)).astype("f4")
    table = Table({"ID": np.arange(n), "A": a, "B": b, "C": c, "Z": 2 * a - b + a * c + generator.normal(0, 0.2, n),
                   "W": np.where(generator.random(n) < 0.1, 0.0, generator.uniform(0.5, 2, n))})
    table.write(folder / "table.fits", overwrite=True)


def devices(name, number):
    return "compute.devices=" + json.dumps([name] * number)


def train(check, run_file, folder, *overrides):
    done = run([check.clq, "train", run_file, *overrides, "-o", folder], cwd=check.work)
    if done.returncode != 0:
        sys.exit(f"training ended with {done.returncode}: {last_line(done)}")
    return folder
