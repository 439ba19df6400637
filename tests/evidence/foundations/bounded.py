# tests/evidence/foundations/bounded.py -- the shipped run files: bounded memory, flat epochs, and any number of readers.
# SPDX-License-Identifier: BSD-3-Clause
"""Trains the run files of the projects for a few epochs and compares the peak of the resident memory with the bound that
was printed before the first step. `process` of that bound, what the program had with its plugins loaded and its source
opened, stands on both sides and is taken away. Huge pages, which the system makes by itself, are turned off. The peak of
each epoch comes from the system, which is told to begin anew at each. Then the same with 1, 2, 4 and 8 readers and the same threads, whose bits must be the same.

Controls: a host of the C API that keeps some bytes of every step; a seed for each number of readers.
"""
import hashlib
import json
import pathlib
import re
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from evidence import ROOT, Check, last_line, run, without_huge_pages  # noqa: E402

EPOCHS = 5
READERS = (1, 2, 4, 8)
GALAXIES = 4000
LEAK_BYTES = 200_000  # a step
FLAT = 5              # per cent
RUNS = {"boss_dr10": {"data.catalog": str(ROOT / "projects/deepdip/data/boss_dr10_train.fits")},
        "sim_images": {"data.catalog": "galaxies.fits"},
        "sim_ceiling": {"data.catalog": "galaxies.fits", "data.scalars": ["FLUX_?", "EBV"]}}
# The host of the controls; clq train otherwise.
LEAK = """
import ctypes, sys
library, leak = ctypes.CDLL(sys.argv[1]), int(sys.argv[2])
library.clq_log_level(3)
def check(status):
    if status < 0:
        words = ctypes.create_string_buffer(4096)
        library.clq_error_text(words, ctypes.c_int64(len(words)))
        sys.exit(words.value.decode())
    return status
config, source, model, trainer = (ctypes.c_int64() for _ in range(4))
check(library.clq_config_load(sys.argv[3].encode(), ctypes.byref(config)))
for pair in sys.argv[5:]:
    check(library.clq_config_set(config, *(word.encode() for word in pair.split("=", 1))))
check(library.clq_source_from_config(config, ctypes.byref(source)))
check(library.clq_model_create(config, source, ctypes.byref(model)))
check(library.clq_trainer_create(model, source, config, sys.argv[4].encode(), ctypes.byref(trainer)))
words = ctypes.create_string_buffer(1 << 16)
while library.clq_log_next(words, ctypes.c_int64(len(words))) > 0:
    print(words.value.decode(), file=sys.stderr)
kept = []
while check(library.clq_trainer_steps(trainer, ctypes.c_int64(1))) == 0:
    kept.append(b"x" * leak)
"""


def overrides_of(name, **more):
    given = RUNS[name] | {"train.epochs": EPOCHS} | {key.replace("_", ".", 1): value for key, value in more.items()}
    return [f"{key}={json.dumps(value)}" for key, value in given.items()]


def make_galaxies(check):
    done = run([check.clq, "simulate", "deepdip", "--n", GALAXIES, "--seed", check.seed, "-o", "galaxies.fits"],
               cwd=check.work)
    if done.returncode != 0:
        sys.exit(f"bounded: clq simulate ended with {done.returncode}: {last_line(done)}")


def status_mb(pid, key):
    text = pathlib.Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    found = re.search(rf"^{key}:\s+(\d+) kB", text, re.MULTILINE)
    return int(found.group(1)) * 1024 / 1e6 if found else 0.0


class Watch:
    """The peaks of a running training, one an epoch, by the rows that metrics.csv has."""

    def __init__(self, pid, folder):
        self.pid, self.metrics, self.peaks, self.rows = pid, folder / "metrics.csv", [0.0], 1

    def look(self):
        peak = status_mb(self.pid, "VmHWM")
        rows = len(self.metrics.read_text(encoding="utf-8").splitlines()) if self.metrics.exists() else 0
        self.peaks[-1] = max(self.peaks[-1], peak)
        if rows > self.rows:
            self.rows = rows
            pathlib.Path(f"/proc/{self.pid}/clear_refs").write_text("5", encoding="ascii")
            self.peaks.append(0.0)


def train_watched(check, name):
    """MB: the bound without `process`, the peak beyond `process`, and the peak of each epoch."""
    folder, run_file = check.work / name, ROOT / f"projects/deepdip/runs/{name}.toml"
    command = [check.clq, "train", run_file, *overrides_of(name), "-o", folder]
    if check.controls:
        library = check.build / "lib/libcalanque.so"
        command = [sys.executable, "-c", LEAK, library, LEAK_BYTES, run_file, folder, *overrides_of(name)]
    log = check.work / f"{name}.log"
    with open(log, "w", encoding="utf-8") as out:
        process = subprocess.Popen([str(word) for word in command], cwd=check.work, stdout=out, stderr=out,
                                   preexec_fn=without_huge_pages)
        watch = Watch(process.pid, folder)
        while process.poll() is None:
            try:
                watch.look()
            except (OSError, ProcessLookupError):
                break
            time.sleep(0.002)
        code = process.wait()
    text = log.read_text(encoding="utf-8")
    if code != 0:
        sys.exit(f"bounded: {name} ended with {code}: {text.strip().splitlines()[-1:]}")
    found = re.search(r"memory of the run at most ([\d.]+) MB: process ([\d.]+) MB", text)
    if not found:
        sys.exit(f"bounded: {name} printed no bound")
    bound, process_mb = (float(word) for word in found.groups())
    return bound - process_mb, max(watch.peaks) - process_mb, watch.peaks


def check_memory(check):
    for name in RUNS:
        bound, peak, epochs = train_watched(check, name)
        ratio = bound / peak if peak > 0 else float("inf")
        check.line(1.0 <= ratio <= 1.3, f"{name}: printed bound over the peak, both beyond `process`",
                   f"{bound:.1f} MB / {peak:.1f} MB = {ratio:.3f}", "1 ... 1.3")
        inner = epochs[1:EPOCHS - 1]  # without the first, which begins, and the last, which ends
        growth = 100 * (max(inner) / min(inner) - 1) if len(inner) >= 3 else float("inf")
        check.at_most(growth, FLAT, f"{name}: spread of the peaks of {len(inner)} epochs", " %", 2)


def bits_of(folder):
    """Without what says when and where: run.json, the log, the events and the rows' seconds."""
    return tuple(hashlib.sha256((folder / name).read_bytes()).hexdigest()
                 for name in ("model.safetensors", "model-last.safetensors"))


def check_readers(check):
    for name in RUNS:
        found = set()
        for readers in READERS:
            folder = check.work / f"{name}-{readers}"
            seed = {"train_seed": readers} if check.controls else {}
            done = run([check.clq, "train", ROOT / f"projects/deepdip/runs/{name}.toml",
                        *overrides_of(name, compute_readers=readers, train_epochs=2, **seed), "-o", folder], cwd=check.work)
            if done.returncode != 0:
                sys.exit(f"bounded: {name} ended with {done.returncode}: {last_line(done)}")
            found.add(bits_of(folder))
        check.line(len(found) == 1, f"{name}: different bits of the models that 1, 2, 4 and 8 readers leave", len(found), "1")


def main():
    check = Check(__doc__)
    make_galaxies(check)
    check_memory(check)
    check_readers(check)
    check.exit()


if __name__ == "__main__":
    main()
