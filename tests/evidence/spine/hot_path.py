# tests/evidence/spine/hot_path.py -- a step allocates nothing and locks nothing, and a training that waits sleeps.
# SPDX-License-Identifier: BSD-3-Clause
"""Counts the heap, lock and futex calls of 1,000 steps of clq train, and the CPU time of a training without data."""
import json
import os
import re
import signal
import subprocess
import sys
import time

from boss import paced, plugin, run, train_command, write_run_file
from evidence import Check

WARM_UP = 100
STEPS = 1000
BATCH = 8        # 1,000 steps and the warm-up fit in one epoch of 12,000 rows
STARVED_SECONDS = 6.0
ROW_US = 20000   # a batch of 8 rows in 160 ms


def counted(check, run_file, readers):
    """The counts of one window, by the real plugins or by the careless ones."""
    out = check.work / f"counts-{readers}.json"
    overrides = {"train.epochs": 1, "train.batch": BATCH, "train.checkpoint_minutes": 10, "compute.threads": 2,
                 "compute.readers": readers}
    backend, source, plugins = "org.calanque.cpu-ref", "org.calanque.fits", ""
    if check.controls:
        overrides |= {"compute.devices": "careless_ref:0", "data.catalog": paced(locks=3)}
        backend, source = "org.calanque.test.careless-ref", "org.calanque.test.paced"
        plugins = f"{plugin(check, 'careless_ref')}:{plugin(check, 'paced')}"
    environment = {"LD_PRELOAD": str(check.build / "lib/calanque/test_plugins/libhot_path.so"),
                   "HOT_PATH_BACKEND": backend, "HOT_PATH_SOURCE": source, "HOT_PATH_OUT": str(out),
                   "HOT_PATH_FIRST": str(WARM_UP + 1), "HOT_PATH_RUNS": str(STEPS), "CLQ_PLUGIN_PATH": plugins}
    command = train_command(check, run_file, check.work / f"counted-{readers}", overrides)
    done = run(command, env=environment)
    if done.returncode != 0 or not out.exists():
        sys.exit(f"{' '.join(map(str, command))}: exit {done.returncode}, no counts\n{done.stderr}")
    return json.loads(out.read_text())


def report_counts(check, run_file, readers):
    counts = counted(check, run_file, readers)
    inside, outside, steps = counts["inside"], counts["outside"], counts["runs"]
    where = f"over {steps} steps, 2 threads, {readers} reader{'s' if readers > 1 else ''}"
    woken = f"beside the team's wake-up: {inside['futex'] / steps:.2f} futex calls a step"
    check.line(inside["heap"] == 0, f"heap calls inside run, {where}", inside["heap"], "0")
    check.line(inside["lock"] == 0, f"lock calls inside run, {where}", f"{inside['lock']} ({woken})", "0")
    rest = f"{outside['futex'] / steps:.2f} futex and {outside['heap'] / steps:.2f} heap calls a batch beside"
    check.line(outside["lock"] <= 2 * steps, f"lock operations a batch outside run, {where}",
               f"{outside['lock'] / steps:.3f} ({rest})", "<= 2")


def cpu_seconds(pid):
    fields = open(f"/proc/{pid}/stat").read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def starved(check, run_file, readers):
    """CPU seconds a second of a training whose source takes its time, and its steps, in the middle of an epoch."""
    manner = {"row_us": ROW_US, "most": BATCH} | ({"spin": 1} if check.controls else {})
    overrides = {"data.catalog": paced(**manner), "train.batch": BATCH, "train.checkpoint_minutes": 10,
                 "compute.threads": 2, "compute.readers": readers}
    folder = check.work / f"starved-{readers}"
    command = train_command(check, run_file, folder, overrides, "paced")
    with open(check.work / "starved.log", "w+") as log:
        process = subprocess.Popen([str(c) for c in command], stdout=log, stderr=log)
        try:
            while not (folder / "run.toml").exists() and process.poll() is None:
                time.sleep(0.05)
            time.sleep(1)
            begin, used = time.monotonic(), cpu_seconds(process.pid)
            time.sleep(STARVED_SECONDS)
            part = (cpu_seconds(process.pid) - used) / (time.monotonic() - begin)
            process.send_signal(signal.SIGTERM)
            process.wait(30)
        finally:
            process.kill()
        log.seek(0)
        stopped = re.search(r"stopped at step (\d+)", log.read())
    if process.returncode != 75 or not stopped:
        sys.exit(f"the starved training ended with {process.returncode}: {open(log.name).read()}")
    return part, int(stopped[1])


def main():
    check = Check(__doc__)
    run_file = write_run_file(check)
    for readers in (1, 2):
        report_counts(check, run_file, readers)
    for readers in (1, 2):
        part, steps = starved(check, run_file, readers)
        name = f"CPU of a starved training, {readers} reader{'s' if readers > 1 else ''}, {STARVED_SECONDS:.0f} s"
        figure = f"{100 * part:.2f} % of one core, {steps} steps"
        check.line(part < 0.05 and steps > 10, name, figure, "< 5 %, > 10 steps")
    check.exit()


if __name__ == "__main__":
    main()
