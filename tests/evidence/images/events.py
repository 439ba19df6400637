# tests/evidence/images/events.py -- TensorBoard itself reads what a training left, also one that was killed twice.
# SPDX-License-Identifier: BSD-3-Clause
"""A training on real galaxies, whole and killed twice: TensorBoard's own reader (PyPI, in an environment of its own)
must find the numbers of metrics.csv, histograms of every weight each epoch, and no step twice. Skipped where PyPI
cannot be reached. The controls: a metrics.csv with one changed number, and events of which a part is there twice."""
import csv
import json
import pathlib
import shutil
import signal
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from evidence import ROOT, Check, last_line, run  # noqa: E402

TENSORBOARD = "2.21.0"
EPOCHS = 4
OVERRIDES = [f"train.epochs={EPOCHS}", "train.log_every=5", "train.checkpoint_minutes=0"]
READER = """
import json, sys
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
events = EventAccumulator(sys.argv[1], size_guidance={"scalars": 0, "histograms": 0, "images": 0},
                          purge_orphaned_data=False)
events.Reload()
tags = events.Tags()
scalars = {tag: [(e.step, e.value) for e in events.Scalars(tag)] for tag in tags["scalars"]}
histograms = {tag: [(e.step, e.histogram_value.num) for e in events.Histograms(tag)] for tag in tags["histograms"]}
print(json.dumps({"scalars": scalars, "histograms": histograms}))
"""


def reader(check):
    """The Python of an environment with TensorBoard."""
    python = check.work / "tensorboard/bin/python"
    if not python.exists():
        run([sys.executable, "-m", "venv", python.parents[1]], check=True)
        done = run([python, "-m", "pip", "install", "-q", f"tensorboard=={TENSORBOARD}"])
        if done.returncode != 0:
            check.skip("events in TensorBoard", f"TensorBoard {TENSORBOARD} cannot be installed: {last_line(done)}")
            check.exit()
    return python


def read(python, folder):
    return json.loads(run([python, "-c", READER, folder], check=True).stdout)


def train(check, folder, kills):
    """Ends whole; killed so often on the way, each time behind one more checkpoint."""
    last = folder / "checkpoints/last.safetensors"
    run_file = ROOT / "projects/deepdip/runs/boss_dr10.toml"
    command = [check.clq, "train", run_file, *OVERRIDES, "-o", folder, "--auto-resume"]
    for _ in range(kills):
        process = subprocess.Popen([str(c) for c in command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                   cwd=ROOT)
        before = last.stat().st_mtime_ns if last.exists() else 0
        limit = time.monotonic() + 120
        while time.monotonic() < limit and process.poll() is None:
            if last.exists() and last.stat().st_mtime_ns != before:
                break
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        process.wait()
    run(command, check=True, cwd=ROOT)


def double(folder):
    """The fault of the controls: the first file of events once more, as an uncut resume would leave it."""
    first = sorted(folder.glob("events.out.tfevents.*"))[0]
    shutil.copy(first, folder / "events.out.tfevents.9999999999.again.1")


def main():
    check = Check(__doc__)
    python = reader(check)
    for name, kills in (("whole", 0), ("killed twice", 2)):
        folder = check.work / name.replace(" ", "-")
        train(check, folder, kills)
        if check.controls:
            double(folder)
        found = read(python, folder)
        rows = list(csv.DictReader(open(folder / "metrics.csv")))
        if check.controls:
            rows[0]["valid_loss"] = str(float(rows[0]["valid_loss"]) * 1.001)
        valid = dict(found["scalars"].get("valid/loss", []))
        losses = {int(row["step"]): float(row["valid_loss"]) for row in rows}
        off = sum(abs(valid.get(step, -1) - loss) > 1e-6 * abs(loss) for step, loss in losses.items())
        check.line(off == 0 and len(losses) == EPOCHS,
                   f"validation losses of metrics.csv that TensorBoard does not show, {name}",
                   f"{off} of {len(rows)}", "0")
        steps = [[step for step, _ in values] for values in found["scalars"].values()]
        twice = sum(len(s) - len(set(s)) + sum(b < a for a, b in zip(s, s[1:])) for s in steps)
        files = len(list(folder.glob("events.out.tfevents.*")))  # one more for each kill, or none was one
        check.line(twice == 0 and len(steps) >= 4 and files == kills + 1,
                   f"steps that are there twice or out of order, {name}",
                   f"{twice} of {sum(map(len, steps))} in {len(steps)} curves, {files} files", "0")
        histograms = found["histograms"]
        whole = sum(len(values) == EPOCHS for values in histograms.values())
        check.line(whole == len(histograms) > 0, f"weights with a histogram each epoch, {name}",
                   f"{whole} of {len(histograms)}", "all")
    check.exit()


main()
