# tests/evidence/foundations/kills.py -- a run folder survives SIGKILL, at random moments and at every system call.
# SPDX-License-Identifier: BSD-3-Clause
"""Kills trainings on one and on two replicas: at random moments, and, with strace, at each system call by which a
checkpoint is written. After each kill every file of weights that is there must be read whole (`clq inspect`); then the
training goes on, from time to time in two copies of the folder, from a checkpoint if there is one, and its end is
compared with the undisturbed run's.

Controls: a library that is loaded first makes clq write its files in place and keep no older one: files tear and
trainings cannot go on. Another keeps it from forcing them to the disk.
"""
import json
import os
import pathlib
import random
import re
import shutil
import signal
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from evidence import Check, last_line, run  # noqa: E402
from small_run import RUN_FILE, devices, write_table  # noqa: E402

KILLS = 100       # at random moments, for each number of replicas: at least, and until as many files were looked at
MOST = 5 * KILLS  # where most fall into the start of a process, before there is a file
REPLICAS = (1, 2)
TWICE = 0.1       # of the kills: the training goes on in two copies of its folder
MOVED = "fallocate,fsync,fdatasync,pwrite64,writev,mkdir,link,linkat,open,openat,rename,renameat,renameat2,unlink,unlinkat,write,close,ftruncate"
OFTEN = "train.checkpoint_minutes=0.0005"  # for kills at random
EACH = "train.checkpoint_minutes=0"        # a checkpoint an epoch: the same calls in each run
END = ("model.safetensors", "model-last.safetensors", "metrics.csv")
CHECKPOINTS = ("last.safetensors", "previous.safetensors")


def timeless(folder):
    """The rows of metrics.csv without the seconds."""
    rows = [line.split(",") for line in (folder / "metrics.csv").read_text(encoding="utf-8").split()]
    timed = rows[0].index("seconds")
    return [row[:timed] + row[timed + 1:] for row in rows]


def first_step(folder):
    """Where the last process that trained there began."""
    lines = (folder / "log.jsonl").read_text(encoding="utf-8").splitlines()
    return [entry["step"] for entry in map(json.loads, lines) if entry.get("event") in ("start", "resume")][-1]


def end_of(folder):
    return [timeless(folder) if name.endswith(".csv") else (folder / name).read_bytes() for name in END]


class Desk:
    """Trainings on a number of replicas; in the controls they write in place."""

    def __init__(self, check, number, manner):
        self.check, self.number, self.manner = check, number, manner
        self.random = random.Random(f"{check.seed} {number}")
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith("CLQ_")}
        if check.controls:
            self.environment["LD_PRELOAD"] = str(check.work / "in_place.so")
        self.kills = self.looked = self.torn = self.stuck = self.other = self.anew = self.later = self.ends = 0

    def enough(self):
        return self.kills >= KILLS and (self.looked >= KILLS or self.kills >= MOST)

    def command(self, folder, *overrides):
        return [str(c) for c in (self.check.clq, "train", "run.toml", "train.epochs=30", self.manner, *overrides,
                                 devices("cpu_ref:0", self.number), "-o", folder, "--auto-resume")]

    def start(self, command):
        return subprocess.Popen(command, cwd=self.check.work, env=self.environment, stdout=subprocess.DEVNULL,
                                stderr=subprocess.PIPE, text=True)

    def look(self, folder):
        """Counts a kill that tore a file. `previous` counts too: it is what a damaged `last` falls back to."""
        for path in sorted(folder.rglob("*.safetensors")):
            self.looked += 1
            if run([self.check.clq, "inspect", path]).returncode != 0:
                self.torn += 1
                return

    def go_on(self, folder, wanted, *overrides):
        """To the end, whose bits are compared. A run that begins anew would have them, too: its checkpoint is lost."""
        had = any((folder / "checkpoints" / name).exists() for name in CHECKPOINTS)
        process = self.start(self.command(folder, *overrides))
        process.communicate()
        self.ends += 1
        if process.returncode != 0:
            self.stuck += 1
            return
        step = first_step(folder)
        self.later += step > 0
        self.anew += had and step == 0
        self.other += end_of(folder) != wanted

    def go_on_somewhere(self, folder, wanted, *overrides):
        """In a copy, too, for some."""
        if folder.exists() and self.random.random() < TWICE:
            twin = folder.with_name(folder.name + "-twin")
            shutil.copytree(folder, twin)
            self.go_on(twin, wanted, *overrides)
            shutil.rmtree(twin)


def undisturbed(desk, name, *overrides):
    folder = desk.check.work / f"{name}-{desk.number}"
    begin = time.monotonic()
    process = desk.start(desk.command(folder, *overrides))
    words = process.communicate()[1]
    if process.returncode != 0:
        sys.exit(f"kills: training ended with {process.returncode}: {words.strip().splitlines()[-1:]}")
    return folder, time.monotonic() - begin


def kill_at_random(desk, wanted, seconds):
    runs = 0
    while not desk.enough():
        folder = desk.check.work / f"random-{desk.number}-{runs}"
        runs += 1
        while not desk.enough() and not leg(desk, folder, seconds):
            desk.look(folder)
            desk.go_on_somewhere(folder, wanted)
        if folder.exists():
            desk.go_on(folder, wanted)
            shutil.rmtree(folder)


def leg(desk, folder, seconds):
    """True when the training ended before it was killed."""
    process = desk.start(desk.command(folder))
    try:
        process.communicate(timeout=desk.random.uniform(0, seconds))
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        desk.kills += process.returncode == -signal.SIGKILL
        return False
    desk.stuck += process.returncode != 0
    return True


def traced(desk, folder, log, extra=()):
    """strace of one more epoch; the exit code of clq, or minus its signal."""
    command = ["strace", "-f", "-y", "-qq", "-s", "0", "-o", str(log), "-e", f"trace={MOVED}", *extra]
    if desk.check.controls:
        command += ["-E", f"LD_PRELOAD={desk.environment['LD_PRELOAD']}"]
    environment = {k: v for k, v in desk.environment.items() if k != "LD_PRELOAD"}
    return subprocess.run(command + desk.command(folder, "train.epochs=31"), cwd=desk.check.work, env=environment,
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode


def calls_of(log, folder):
    """(thread, name, how many-th of that name in the thread, line) of the calls that touch the folder's files."""
    counted, calls = {}, []
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
        match = re.match(r"(\d+)\s+(\w+)\((.*)", line)
        if not match:
            continue
        thread, name, rest = match.groups()
        counted[thread, name] = counted.get((thread, name), 0) + 1
        if str(folder) in rest:
            calls.append((thread, name, counted[thread, name], line))
    return calls


def aim_of(line):
    """The files of a call, whichever process it is of."""
    return [re.sub(r"\d+", "", path) for path in re.findall(r'[<"](/[^>"]*)[>"]', line.split(") = ")[0])]


def writing_calls(calls):
    """From the first call that makes a file to the last: of the thread that makes the most of them."""
    threads = [thread for thread, _, _, _ in calls]
    main = max(set(threads), key=threads.count)
    return [call for call in calls if call[0] == main and ("O_RDONLY" not in call[3] or "O_DIRECTORY" in call[3])]


def order_of(calls):
    """Files that were renamed into place, and those of them without a sync of the file before and of the folder after."""
    renamed, wrong = [], []
    for at, (_, name, _, line) in enumerate(calls):
        if not name.startswith("rename") or ".safetensors.tmp." not in line or "previous" in line:
            continue
        source, target = re.findall(r'"([^"]+)"', line)[:2]
        before = [n for _, n, _, text in calls[:at] if source in text and n in ("write", "fsync")]
        folder = f"<{pathlib.Path(target).parent}>"
        after = next((n for _, n, _, text in calls[at + 1:] if n == "fsync" or n.startswith("rename")), "")
        synced = any(n == "fsync" and folder in text for _, n, _, text in calls[at + 1:at + 4])
        renamed.append(pathlib.Path(target).name)
        if before[-1:] != ["fsync"] or after != "fsync" or not synced:
            wrong.append(pathlib.Path(target).name)
    return renamed, wrong


def trace_epoch(desk, base):
    """The calls by which one more epoch is written."""
    log, folder = desk.check.work / "trace.log", desk.check.work / f"traced-{desk.number}"
    shutil.copytree(base, folder)
    code = traced(desk, folder, log)
    if code != 0:
        sys.exit(f"kills: strace ended with {code}: {log.read_text(errors='replace')[-300:]}")
    calls = writing_calls(calls_of(log, folder))
    shutil.rmtree(folder)
    return calls


def kill_at_calls(desk, base, wanted):
    """One kill at every call of one more epoch; the calls of the trace without a kill."""
    log, folder = desk.check.work / "trace.log", desk.check.work / f"traced-{desk.number}"
    calls, hit = trace_epoch(desk, base), 0
    for _, name, which, line in calls:
        shutil.copytree(base, folder)
        code = traced(desk, folder, log, ["-e", f"inject={name}:signal=KILL:when={which}"])
        met = any(call[1:3] == (name, which) and aim_of(call[3]) == aim_of(line) for call in calls_of(log, folder))
        hit += met and code in (-signal.SIGKILL, 128 + signal.SIGKILL)
        desk.look(folder)
        desk.go_on_somewhere(folder, wanted, "train.epochs=31")
        desk.go_on(folder, wanted, "train.epochs=31")
        shutil.rmtree(folder)
    return calls, hit


def build_preload(check, name):
    source = pathlib.Path(__file__).resolve().with_name(f"{name}.c")
    done = run(["cc", "-shared", "-fPIC", "-O1", source, "-o", check.work / f"{name}.so", "-ldl"])
    if done.returncode != 0:
        sys.exit(f"kills: {last_line(done)}")


def report(desk, what, kills, wanted):
    check = desk.check
    check.line(desk.torn == 0 and kills >= wanted > 0 and desk.looked >= wanted,
               f"{what}: kills that left a file of weights torn or unreadable",
               f"{desk.torn} of {kills}, {desk.looked} files", "0")
    wrong = desk.stuck + desk.anew + desk.other
    check.line(wrong == 0 and 2 * desk.later >= desk.ends > 0,
               f"{what}: trainings that did not go on, began anew beside a checkpoint, or ended with other bits",
               f"{desk.stuck} + {desk.anew} + {desk.other} of {desk.ends}, {desk.later} of them from a checkpoint", "0")


def report_order(desk, base, calls):
    """The control's files are renamed, but not forced to the disk."""
    check = desk.check
    if check.controls:
        desk.environment["LD_PRELOAD"] = str(check.work / "no_sync.so")
        calls = trace_epoch(desk, base)
    renamed, wrong = order_of(calls)
    if check.controls and not renamed:
        sys.exit("kills: the control renames nothing")
    check.line(bool(renamed) and not wrong, "files renamed into place without fsync before and the folder's after",
               f"{len(wrong)} of {len(renamed)} ({', '.join(sorted(set(renamed)))})", "0")


def main():
    check = Check(__doc__)
    write_table(check.work, check.seed)
    (check.work / "run.toml").write_text(RUN_FILE, encoding="utf-8")
    if check.controls:
        for name in ("in_place", "no_sync"):
            build_preload(check, name)
    for number in REPLICAS:
        desk = Desk(check, number, OFTEN)
        whole, seconds = undisturbed(desk, "whole")
        kill_at_random(desk, end_of(whole), seconds)
        report(desk, f"{KILLS} or more kills at random moments, {number} replica{'s' * (number > 1)}", desk.kills, KILLS)
        if shutil.which("strace") is None:
            check.skip("a kill at every system call", "strace is not there")
            continue
        desk = Desk(check, number, EACH)
        base, _ = undisturbed(desk, "base")
        grown, _ = undisturbed(desk, "grown", "train.epochs=31")
        calls, hit = kill_at_calls(desk, base, end_of(grown))
        what = f"a kill at each of {len(calls)} system calls of writing, {number} replica{'s' * (number > 1)}"
        report(desk, what, hit, len(calls))
        report_order(desk, base, calls)
    check.exit()


if __name__ == "__main__":
    main()
