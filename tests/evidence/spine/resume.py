# tests/evidence/spine/resume.py -- a training that is killed at random moments ends with the bits of one that is not.
# SPDX-License-Identifier: BSD-3-Clause
"""Kills clq train with SIGKILL, lets it go on, and compares what it leaves with the undisturbed run's."""
import collections
import ctypes
import json
import math
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import time

from boss import timeless_metrics, train, train_command, write_run_file
from evidence import Check

KILLS = 50         # of each series
SOON = 0.15        # seconds; a fifth of the legs end before them, so that starting is killed on a fast machine, too
READERS = 2
THREADS = 2
# Dropout, an early best epoch (few rows, many weights) and a checkpoint every 30 ms.
OVERRIDES = {"train.epochs": 100, "train.batch": 32, "split.valid": 0.6, "train.optimizer.lr": 0.01,
             "train.schedule.name": "constant", "train.checkpoint_minutes": 0.0005, "compute.readers": READERS,
             "compute.threads": THREADS}
FINAL = ("model.safetensors", "model-last.safetensors", "metrics.csv")


def final_bits(folder):
    return {name: timeless_metrics(folder).encode() if name.endswith(".csv") else (folder / name).read_bytes()
            for name in FINAL}


def names_in(folder):
    return {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()}


def moment_of(folder, pid):
    """What the stopped process was doing. A thread a reader is alive for each table that is being read."""
    try:
        if json.loads((folder / "run.json").read_text())["pid"] != pid:
            return "start-up"
    except (OSError, ValueError, KeyError):
        return "start-up"
    process = pathlib.Path(f"/proc/{pid}")
    if any(".tmp." in str(fd.readlink()) for fd in (process / "fd").iterdir()):
        return "writing a file"
    beside = len(list((process / "task").iterdir())) - THREADS - READERS
    return "evaluation" if beside >= READERS else "writing a model" if beside > 0 else "steps"


def xxh3_of_zeros(count):
    hash_of = ctypes.CDLL("libxxhash.so.0").XXH3_64bits
    hash_of.restype, hash_of.argtypes = ctypes.c_uint64, [ctypes.c_char_p, ctypes.c_size_t]
    return f"{hash_of(bytes(count), count):016x}"


def forget_moment(path):
    """Writes zeros to one moment of the optimizer, under a checksum that says it is right."""
    raw = path.read_bytes()
    size = int.from_bytes(raw[:8], "little")
    header = json.loads(raw[8:8 + size])
    name = max((n for n in header if n.startswith("state.adamw.")),
               key=lambda n: header[n]["data_offsets"][1] - header[n]["data_offsets"][0])
    begin, end = (8 + size + offset for offset in header[name]["data_offsets"])
    sums = next(text for text in header["__metadata__"].values() if '"@header"' in text)
    old, new = json.loads(sums)[name].encode(), xxh3_of_zeros(end - begin).encode()
    head = raw[:8 + size].replace(old, new)
    path.write_bytes(head + raw[8 + size:begin] + bytes(end - begin) + raw[end:])


class Series:
    """Kills of a run, one after another; where it ended before the last of them, they go on with another run."""

    def __init__(self, check, run_file, name, start_up, length):
        self.check, self.run_file, self.name = check, run_file, name
        self.random = random.Random(f"{check.seed} {name}")
        # A leg gets on by 1/KILLS of the run in the mean: (longest - start_up)^2 / (2 longest) = length / KILLS.
        share = start_up + length / KILLS
        self.longest = share + math.sqrt(share**2 - start_up**2)
        self.moments, self.ended, self.kills = collections.Counter(), [], 0
        self.planted = False

    def command(self, folder):
        if (folder / "run.toml").exists() and self.random.random() < 0.5:
            return [self.check.clq, "resume", folder]
        return [*train_command(self.check, self.run_file, folder, OVERRIDES), "--auto-resume"]

    def leg(self, folder):
        """Starts or goes on, and kills after a random time unless all kills are done. True when it ended by itself."""
        log = open(self.check.work / f"{self.name}.log", "a")
        process = subprocess.Popen([str(c) for c in self.command(folder)], stdout=log, stderr=log)
        longest = SOON if self.random.random() < 0.2 else self.longest
        seconds = self.random.uniform(0, longest)
        try:
            process.wait(None if self.kills == KILLS else seconds)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGSTOP)
            while process.poll() is None and "T (" not in pathlib.Path(f"/proc/{process.pid}/status").read_text():
                time.sleep(0.001)
            if process.poll() is None:
                self.moments[moment_of(folder, process.pid)] += 1
                self.moments["before the first checkpoint"] += not (folder / "checkpoints/last.safetensors").exists()
                process.kill()
        code = process.wait()
        self.kills += code == -signal.SIGKILL
        if code not in (0, -signal.SIGKILL):
            sys.exit(f"{process.args}: exit {code}\n{open(log.name).read()[-2000:]}")
        return code == 0

    def plant(self, folder):
        """The fault of the controls, once a run: a moment of the optimizer lost, and a file left behind."""
        last, previous = (folder / f"checkpoints/{name}.safetensors" for name in ("last", "previous"))
        if self.planted or not last.exists() or not previous.exists():
            return
        forget_moment(last)
        forget_moment(previous)
        (folder / "checkpoints/last.safetensors.tmp.elsewhere.1").write_text("")
        self.planted = True

    def run(self):
        while self.kills < KILLS:
            folder = self.check.work / f"{self.name}-{len(self.ended)}"
            self.planted = False
            while not self.leg(folder):
                if self.check.controls:
                    self.plant(folder)
            self.ended.append(folder)
        return self


def undisturbed(check, run_file):
    """The folder, the seconds before its first step and those after it."""
    folder = check.work / "whole"
    begin = time.monotonic()
    train(check, run_file, folder, OVERRIDES)
    length = sum(json.loads(line)["metrics"]["seconds"] for line in (folder / "log.jsonl").read_text().splitlines()
                 if '"epoch"' in line and '"metrics"' in line)
    return folder, time.monotonic() - begin - length, length


def report(check, whole, series):
    wanted, allowed = final_bits(whole), names_in(whole)
    differ = sum(final_bits(folder)[name] != wanted[name] for folder in series.ended for name in FINAL)
    left = sorted(name for name in set().union(*(names_in(folder) for folder in series.ended)) - allowed
                  if not name.startswith("events.out.tfevents."))  # one more a resume, named by its time
    moments = ", ".join(f"{n} {moment}" for moment, n in sorted(series.moments.items()))
    check.line(differ == 0 and series.kills >= KILLS,
               f"final files that differ from the undisturbed run's, {series.name}: kill -9, auto-resume",
               f"{differ} of {len(FINAL) * len(series.ended)} after {series.kills} kills ({moments})", "0")
    figure = f"{len(left)} {' '.join(left)}".strip()
    check.line(not left, f"files that the kills left behind, {series.name}", figure, "0")


def main():
    check = Check(__doc__)
    run_file = write_run_file(check)
    whole, start_up, length = undisturbed(check, run_file)
    for name in ("first series", "second series"):
        series = Series(check, run_file, name.replace(" ", "-"), start_up, length).run()
        report(check, whole, series)
        for folder in series.ended:
            shutil.rmtree(folder)
    check.exit()


if __name__ == "__main__":
    main()
