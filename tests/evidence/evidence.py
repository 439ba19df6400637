# tests/evidence/evidence.py -- what every check shares: its arguments, its lines, its exit code.
# SPDX-License-Identifier: BSD-3-Clause
"""A check is a program `tests/evidence/<topic>/<name>.py --build DIR --seed N [--controls]`.

It prints one line a claim, tab separated: `ok` or `SHORT`, the claim, the figure measured now, the bound. With
--controls it plants a fault for each claim and measures in the same way: every line must then say SHORT. What cannot be
measured here is a line `skipped` with its reason.
"""
import argparse
import ctypes
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
SKIPPED = 77  # the exit code where nothing is wrong and a part was not measured


class Check:
    """The arguments of one check and the lines it printed."""

    def __init__(self, doc, knows_full=False, writes=None):
        parser = argparse.ArgumentParser(description=doc)
        parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build/release",
                            help="a finished release build")
        parser.add_argument("--seed", type=int, default=1, help="every random choice follows from it")
        parser.add_argument("--controls", action="store_true", help="measure planted faults: every line must say SHORT")
        if knows_full:
            parser.add_argument("--full", action="store_true", help="what takes long, too")
        if writes:
            parser.add_argument("--write", action="store_true", help=f"put the figures into {writes}")
        parser.add_argument("--work", type=pathlib.Path,
                            help="where files are left (default: a folder that is removed)")
        arguments = parser.parse_args()
        self.build = arguments.build.resolve()
        self.clq = self.build / "bin/clq"
        self.seed = arguments.seed
        self.controls = arguments.controls
        self.full = knows_full and arguments.full
        self.write = bool(writes) and arguments.write and not arguments.controls
        self._temporary = None if arguments.work else tempfile.TemporaryDirectory(prefix="calanque-evidence-")
        self.work = arguments.work.resolve() if arguments.work else pathlib.Path(self._temporary.name)
        self.work.mkdir(parents=True, exist_ok=True)
        self.short = 0
        self.lines = 0
        self.skipped = 0

    def line(self, ok, claim, figure, bound):
        """Prints one claim. `figure` is what was measured, `bound` what it is held against, both as text."""
        self.lines += 1
        self.short += not ok
        print("\t".join(["ok" if ok else "SHORT", claim, str(figure), str(bound)]), flush=True)

    def at_most(self, value, bound, claim, unit="", digits=4):
        self.line(value <= bound, claim, f"{value:.{digits}g}{unit}", f"<= {bound:g}{unit}")

    def at_least(self, value, bound, claim, unit="", digits=4):
        self.line(value >= bound, claim, f"{value:.{digits}g}{unit}", f">= {bound:g}{unit}")

    def skip(self, claim, reason):
        """One claim, or several of one kind, that cannot be measured here."""
        self.skipped += 1
        print("\t".join(["skipped", claim, reason]), flush=True)

    def exit(self):
        """0 when every line is as it must be: ok, or SHORT for the controls; a check without a line is a failure."""
        as_wanted = self.lines - self.short if not self.controls else self.short
        if as_wanted != self.lines or self.lines + self.skipped == 0:
            sys.exit(1)
        sys.exit(SKIPPED if self.skipped else 0)


def without_huge_pages():
    """For preexec_fn: the system adds no pages of 2 MB to this process where a few of 4 kB are used (prctl(2))."""
    pr_set_thp_disable = 41
    if ctypes.CDLL(None).prctl(pr_set_thp_disable, 1, 0, 0, 0) != 0:
        raise OSError("huge pages cannot be turned off")


def last_line(done):
    """Of what a program said on its standard error."""
    return (done.stderr.strip().splitlines() or [f"exit {done.returncode}"])[-1]


def failed_tests(done):
    """Names of the tests that failed, and how many there were, by what ctest says."""
    counted = re.search(r"(\d+) tests failed out of (\d+)", done.stdout)
    if counted is None:
        sys.exit(f"ctest: {last_line(done)}")
    return re.findall(r"^\s+\d+ - (\S+) \((?!Skipped|Disabled)", done.stdout, flags=re.MULTILINE), int(counted[2])


def run(command, **options):
    """subprocess.run with text output caught, and the plugins of no other installation."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("CLQ_")}
    environment.update(options.pop("env", {}))
    return subprocess.run([str(c) for c in command], capture_output=True, text=True, env=environment, **options)
