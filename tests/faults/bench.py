# tests/faults/bench.py -- one operation with one call that fails, and what is wrong with what it did.
# SPDX-License-Identifier: BSD-3-Clause
"""For tests/evidence/foundations/faults.py, which says what is tried."""
import collections
import os
import random
import re
import shutil
import subprocess
import sys

from evidence import last_line, run

PLUGINS = ("clq_cpu_ref.so", "clq_csv.so", "clq_fits.so")
HANGS_AFTER = 30
# nlohmann::json needs memory to destroy an object, ends the process without, and loses blocks where it is half made:
# what its code asks for, which the compiler put into ours, does not fail here, also where it asks by a function of the
# standard library. docs/memory.md says so.
JSON = re.compile(r"_ZN?K?(8nlohmann|St|N9__gnu_cxx)\S*8nlohmann|_ZN?K?8nlohmann")
STD = re.compile(r"_ZN?K?(St|9__gnu_cxx)(?!\S*(8nlohmann|3clq))")
TABLE_ROWS, IMAGES = 96, 24
OLDER_TABLE = b"ID,PRED\nan older table,0\n"
# Three replicas and two readers: threads of the trainer, of each device, and of the data.
RUN_FILE = """
[data]
catalog = "table.csv"
id = "ID"
target = "Z"
scalars = ["A", "B"]
[split]
valid = 0.25
[[transform]]
use = "standardise"
[[model.layer]]
name = "first"
use = "dense"
units = 6
activation = "tanh"
[[model.layer]]
use = "dense"
[train]
epochs = 2
batch = 24
micro_batch = 4
checkpoint_minutes = 0.0
log_every = 2
[compute]
devices = ["cpu_ref:0", "cpu_ref:0", "cpu_ref:0"]
threads = 2
readers = 2
"""
Case = collections.namedtuple("Case", "operation call k")


class Bench:
    """A folder with the library, a few plugins, a table and two models; cases run in folders of their own."""

    def __init__(self, check):
        self.check = check
        self.home = check.work / "host"
        self.workload = check.build / "bin/fault_workload"
        self.preload = check.build / "lib/calanque/faults/fault_preload.so"
        for file in (self.workload, self.preload):
            if not file.exists():
                sys.exit(f"faults: {file} is not there")
        plugins = self.home / "lib/calanque/plugins"
        plugins.mkdir(parents=True)
        shutil.copy(check.build / "lib/libcalanque.so.0", self.home / "lib")
        for name in PLUGINS:
            if (check.build / "lib/calanque/plugins" / name).exists():
                shutil.copy(check.build / "lib/calanque/plugins" / name, plugins)
        self.write_inputs()
        self.write_foreign()
        self.kept = {}  # blocks that an operation keeps without a fault
        self.limit = HANGS_AFTER

    def write_inputs(self):
        draw = random.Random(self.check.seed)
        rows = ["ID,A,B,Z"]
        for i in range(TABLE_ROWS):
            a, b = draw.uniform(-1, 1), draw.uniform(-1, 1)
            rows.append(f"{i},{a:.6f},{b:.6f},{2 * a - b:.6f}")
        (self.home / "table.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
        (self.home / "run.toml").write_text(RUN_FILE, encoding="utf-8")
        self.clq("simulate", "deepdip", "--n", IMAGES, "--size", 8, "--seed", self.check.seed, "-o", "images.fits")
        for name, seed in (("model", 1), ("old", 2)):
            self.clq("train", "run.toml", f"train.seed={seed}", "-o", self.check.work / name)
            shutil.copy(self.check.work / name / "model.safetensors", self.home / f"{name}.safetensors")

    def clq(self, *words):
        done = run([self.check.clq, *words], cwd=self.home)
        if done.returncode != 0:
            sys.exit(f"faults: clq {words[0]} ended with {done.returncode}: {last_line(done)}")

    def write_foreign(self):
        """Where code of others lies, for tests/faults/foreign.h."""
        found = set()
        for library in [self.home / "lib/libcalanque.so.0", *(self.home / "lib/calanque/plugins").iterdir()]:
            for line in run(["nm", "-S", "--defined-only", library]).stdout.splitlines():
                words = line.split()
                author = "json" if JSON.match(words[-1]) else "std" if STD.match(words[-1]) else None
                if len(words) == 4 and author:
                    begin = int(words[0], 16)
                    found.add((library.name.encode(), begin, begin + int(words[1], 16), author))
        lines = [f"{name.decode()} {begin:x} {end:x} {author}" for name, begin, end, author in sorted(found)]
        (self.home / "foreign").write_text("\n".join(lines) + "\n", encoding="utf-8")

    def folder_of(self, case):
        folder = self.check.work / "-".join(map(str, case))
        for name in ("before", "fault", "after"):
            (folder / name).mkdir(parents=True)
        shutil.copy(self.home / "old.safetensors", folder / "fault/model.safetensors")
        (folder / "fault/predictions.csv").write_bytes(OLDER_TABLE)
        return folder

    def environment(self, case, folder, control):
        names = {k: v for k, v in os.environ.items() if not k.startswith("CLQ_")}
        names.update(LD_LIBRARY_PATH=str(self.home / "lib"), LD_PRELOAD=str(self.preload), CLQ_FAULT_CALL=case.call,
                     CLQ_FAULT_AT=str(case.k), CLQ_FAULT_REPORT=str(folder / "report"),
                     CLQ_FAULT_FOREIGN=str(self.home / "foreign"))
        if control:
            names["CLQ_FAULT_CONTROL"] = control
        return names

    def finish(self, folder):
        """Goes on with the run in another process; its last line."""
        names = {k: v for k, v in os.environ.items() if not k.startswith("CLQ_")}
        names["LD_LIBRARY_PATH"] = str(self.home / "lib")
        done = subprocess.run([self.workload, "finish", folder], cwd=self.home, env=names, capture_output=True, text=True,
                              timeout=HANGS_AFTER, check=False)
        return (done.stdout.strip().splitlines() or [f"exit {done.returncode}"])[-1]


class Result:
    """What one case did."""

    def __init__(self, case, folder):
        self.case, self.folder, self.fired, self.calls, self.kept = case, folder, False, 0, 0
        self.wrong = {}

    def is_wrong(self, kind, words):
        self.wrong.setdefault(kind, words)


def run_case(bench, case, control=None, keep=False):
    folder = bench.folder_of(case)
    result = Result(case, folder)
    names = bench.environment(case, folder, control)
    command = [str(bench.workload), case.operation, str(folder)]
    try:
        done = subprocess.run(command, cwd=bench.home, env=names, capture_output=True, text=True, timeout=bench.limit,
                              check=False)
        judge(bench, result, folder, done)
    except subprocess.TimeoutExpired:
        result.is_wrong("hang", f"over {bench.limit} s")
    read_report(bench, result, folder)
    if not keep:
        shutil.rmtree(folder)
    return result


def judge(bench, result, folder, done):
    lines = done.stdout.splitlines()
    if done.returncode < 0:
        return result.is_wrong("crash", f"signal {-done.returncode}: {last_line(done)}")
    if done.returncode == 2:
        return result.is_wrong("lie", lines[-1] if lines else "no words")
    told = {line.split()[0]: line for line in reversed(lines)}  # the first of each
    if done.returncode != 0 or "after" not in told:
        return result.is_wrong("unusable", f"exit {done.returncode}: {last_line(done)}")
    for name in ("before", "after"):
        if name in told and told[name] != f"{name} ok":
            result.is_wrong("unusable", told[name])
    if told["left"] != "left 0 descriptors 0 threads":
        result.is_wrong("leak", told["left"])
    for file in (folder / "fault").rglob("*"):
        if ".tmp." in file.name or ".rows." in file.name:
            result.is_wrong("damage", f"{file.name} is left")
    whole = told["fault"] == "fault ok" or "fault went on" in lines
    return LOOKS[result.case.operation](bench, result, folder, whole)


def read_report(bench, result, folder):
    """What the preload counted. Of an operation that is done for the first time, what can be reached may stay."""
    lost = 0
    report = folder / "report"
    for line in report.read_text(encoding="utf-8").splitlines() if report.exists() else ():
        words = line.split()
        if words[0] == "fired":
            result.fired = True
        elif words[0] == "calls":
            result.calls = int(words[1])
        elif words[0] == "left":
            if "full" in words:
                sys.exit("faults: tests/faults/blocks.c has no room for all blocks")
            lost, result.kept = int(words[1]), int(words[3])
    allowed = result.kept if result.case.operation == "load_plugins" else bench.kept.get(result.case.operation, 0)
    if lost > 0:
        result.is_wrong("leak", f"{lost} blocks are lost")
    elif result.kept > allowed and result.case.k > 0:
        result.is_wrong("leak", f"{result.kept} blocks are kept, {allowed} without a fault")


def look_at_nothing(bench, result, folder, whole):
    del bench, result, folder, whole


def look_at_file(result, folder, name, older, newer, whole):
    """Either file, and the new one where the library said so."""
    data = (folder / "fault" / name).read_bytes()
    if data not in (older, newer):
        result.is_wrong("damage", f"{name} is neither the old nor the new one")
    elif whole and data != newer:
        result.is_wrong("lie", f"ok, and {name} is the old one")


def look_at_model(bench, result, folder, whole):
    newer = (folder / "before/model.safetensors").read_bytes()
    look_at_file(result, folder, "model.safetensors", (bench.home / "old.safetensors").read_bytes(), newer, whole)


def look_at_table(bench, result, folder, whole):
    del bench
    newer = (folder / "before/predictions.csv").read_bytes()
    look_at_file(result, folder, "predictions.csv", OLDER_TABLE, newer, whole)


def run_files(run_folder):
    """What a run must come to, whatever happened on the way: weights, and scores without the time they took."""
    lines = (run_folder / "metrics.csv").read_text(encoding="utf-8").splitlines()
    rows = [dict(zip(lines[0].split(","), line.split(","))) for line in lines[1:]]
    for row in rows:
        del row["seconds"]
    return [(run_folder / name).read_bytes() for name in ("model.safetensors", "model-last.safetensors")] + rows


def look_at_run(bench, result, folder, whole):
    wanted, run_folder = run_files(folder / "before/run"), folder / "fault/run"
    if whole and run_files(run_folder) != wanted:
        result.is_wrong("damage", "ok, and the run is another")
    words = bench.finish(folder)
    if words != "finish ok":
        result.is_wrong("damage", words)
    elif run_files(run_folder) != wanted:
        result.is_wrong("damage", "the run that went on is another")


LOOKS = {"load_plugins": look_at_nothing, "scan": look_at_nothing, "train": look_at_run, "save": look_at_model,
         "load": look_at_nothing, "predict": look_at_table}
