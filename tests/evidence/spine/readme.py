# tests/evidence/spine/readme.py -- the two commands of README.md on a fresh clone.
# SPDX-License-Identifier: BSD-3-Clause
"""Clones the repository as committed and types both commands; builds from nothing, so it takes half an hour.

Control: the clone lacks a source file, so that neither command may succeed.
"""
import pathlib
import re
import sys
import time

import numpy as np
from astropy.io import fits

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from evidence import ROOT, Check, run  # noqa: E402

DEMO_LIMIT_S = 900
TESTS_LIMIT_S = 2400
TEST_ROWS = 6000


def fresh_clone(check):
    clone = check.work / "clone"
    done = run(["git", "clone", "--quiet", ROOT, clone])
    if done.returncode != 0:
        sys.exit(f"readme: git clone ended with {done.returncode}: {done.stderr.strip()}")
    if check.controls:
        (clone / "core/src/base/tensor.cpp").unlink()
    return clone


def timed(command, clone):
    start = time.monotonic()
    done = run(["bash", *command], cwd=clone, env={"CCACHE_DISABLE": "1"})
    return done, time.monotonic() - start


def left_by_demo(prefix):
    """What is wrong with the demo's files; empty when nothing is."""
    try:
        with fits.open(prefix / "predictions.fits", checksum=True) as hdus:
            table = hdus["PREDICT"].data
            if len(table) != TEST_ROWS or not np.isfinite(table["ZPHOT"]).all():
                return f"predictions.fits has {len(table)} rows"
        reports = {name: (prefix / name).read_text(encoding="utf-8") for name in ("report.txt", "image_report.txt")}
        (prefix / "runs/images/report/report.html").stat()
    except (OSError, KeyError) as error:
        return str(error)
    wanted = {"report.txt": ("knn", "forest"), "image_report.txt": ("SIMULATED", "knn", "ceiling")}
    everywhere = ("network", "CRPS", "sigma_MAD", "CRPS skill against n(z)")
    return "; ".join(f"{name} lacks {word}" for name, report in reports.items() for word in wanted[name] + everywhere
                     if word not in report)


def last_line(done):
    lines = (done.stdout + done.stderr).strip().splitlines()
    return lines[-1][:80] if lines else ""


def demo(check, clone):
    prefix = check.work / "prefix"
    done, seconds = timed(["projects/deepdip/demo.sh", "--prefix", prefix], clone)
    wrong = f"exit {done.returncode}: {last_line(done)}" if done.returncode else left_by_demo(prefix)
    check.line(not wrong and seconds < DEMO_LIMIT_S, "bash projects/deepdip/demo.sh on a fresh clone and prefix",
               f"{seconds:.0f} s" + (f", {wrong}" if wrong else ""), f"exit 0, its files, < {DEMO_LIMIT_S} s")


def tests(check, clone):
    done, seconds = timed(["tests/run.sh"], clone)
    passed = re.findall(r"tests passed, 0 tests failed out of (\d+)", done.stdout)
    good = done.returncode == 0 and len(passed) == 3 and seconds < TESTS_LIMIT_S
    figure = f"{seconds:.0f} s, tests " + " + ".join(passed) if done.returncode == 0 else f"exit {done.returncode}"
    check.line(good, "bash tests/run.sh on a fresh clone: release, asan, minimal", figure,
               f"exit 0, every test, < {TESTS_LIMIT_S} s")


def main():
    check = Check(__doc__)
    clone = fresh_clone(check)
    demo(check, clone)
    tests(check, clone)
    check.exit()


if __name__ == "__main__":
    main()
