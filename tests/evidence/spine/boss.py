# tests/evidence/spine/boss.py -- a short training on real galaxies, and the bits that it leaves.
# SPDX-License-Identifier: BSD-3-Clause
import csv
import hashlib
import io
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from evidence import ROOT, run  # noqa: E402  (after the path to it)

TABLE = ROOT / "projects/deepdip/data/boss_dr10_train.fits"

RUN_FILE = f"""
task = "photoz"
[data]
catalog = "{TABLE}"
id      = "OBJID"
target  = "Z"
scalars = ["MAG_*", "MAGERR_*"]
where   = "Z > 0.002 && Z < 0.8"
[split]
valid = 0.0
[[transform]]
use    = "standardise"
fields = ["MAG_*", "MAGERR_*"]
[[model.layer]]
use        = "dense"
units      = 64
activation = "relu"
[[model.layer]]
use  = "dropout"
rate = 0.1
[[model.layer]]
use = "dense"
[model]
bins = {{ min = 0.0, max = 0.8, n = 80 }}
[train]
epochs    = 2
batch     = 64
optimizer = {{ name = "adamw", lr = 2e-3, weight_decay = 1e-4 }}
clip_norm = 5.0
schedule  = {{ name = "cosine", warmup = 0.05 }}
checkpoint_minutes = 0
[compute]
devices = ["cpu_ref:0"]
"""


def write_run_file(check):
    path = check.work / "run.toml"
    path.write_text(RUN_FILE)
    return path


def paced(**manner):
    """The same table through the test plugin that reads it slowly or wrongly."""
    settings = ",".join(f"{key}={value}" for key, value in manner.items())
    return f"paced://{settings}{TABLE}"


def plugin(check, name):
    return check.build / f"lib/calanque/test_plugins/clq_{name}.so"


def train_command(check, run_file, folder, overrides, plugins=None):
    front = ["--plugins", plugin(check, plugins)] if plugins else []
    return [check.clq, *front, "train", run_file, *[f"{k}={v}" for k, v in overrides.items()], "-o", folder]


def train(check, run_file, folder, overrides, plugins=None):
    done = run(train_command(check, run_file, folder, overrides, plugins))
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, done.args))}: exit {done.returncode}\n{done.stderr}")
    return done


def tensor_bits(path):
    """The hash of a bundle's tensors, by name, without the text beside them."""
    raw = pathlib.Path(path).read_bytes()
    size = int.from_bytes(raw[:8], "little")
    header = json.loads(raw[8:8 + size])
    digest = hashlib.sha256()
    for name in sorted(set(header) - {"__metadata__"}):
        begin, end = header[name]["data_offsets"]
        digest.update(f"{name} {header[name]['dtype']} {header[name]['shape']} ".encode())
        digest.update(raw[8 + size + begin:8 + size + end])
    return digest.hexdigest()


def timeless_metrics(folder):
    """metrics.csv without its columns of time."""
    rows = list(csv.reader(io.StringIO((pathlib.Path(folder) / "metrics.csv").read_text())))
    keep = [i for i, name in enumerate(rows[0]) if "second" not in name and "time" not in name]
    return "\n".join(",".join(row[i] for i in keep) for row in rows)
