# tests/evidence/foundations/coverage.py -- how much of the core the tests run.
# SPDX-License-Identifier: BSD-3-Clause
"""Builds everything for gcov, runs every test, and counts the lines of core/src that ran. Takes half an hour: --full.
A process that a test kills while gcov writes leaves a file of counts that takes no more: lines are missed then, never gained,
and gcov's words about it go to a file, since tests look at stderr.

Control: the lines that one test alone runs.
"""
import os
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from evidence import ROOT, Check, failed_tests, run  # noqa: E402
from fuzz import build_for_coverage, count_lines  # noqa: E402

LEAST_LINES = 90
FORKS = "^guest_fork$"  # at each fork gcov writes its files, under locks that its time limits do not know


def main():
    check = Check(__doc__, knows_full=True)
    if not check.full:
        check.skip("lines of the core that the tests run", "takes half an hour: --full")
        check.exit()
    folder = build_for_coverage(["all"])
    tests = ["-R", "^base$"] if check.controls else ["-E", FORKS]
    words = check.work / "gcov.txt"
    ctest = ["ctest", "--test-dir", folder, "-j", os.cpu_count(), *tests]
    failed, n = failed_tests(run(ctest, env={"GCOV_ERROR_FILE": str(words)}))
    damaged = set(re.findall(r"[^/\s]+\.gcda", words.read_text(encoding="utf-8"))) if words.exists() else set()
    sources = set((ROOT / "core/src").rglob("*.cpp"))
    counted = count_lines(folder, sources)
    absent = sources - set(counted)
    of, ran = (sum(pair[i] for pair in counted.values()) for i in (0, 1))
    least = sorted(counted, key=lambda path: counted[path][1] / max(1, counted[path][0]))[:3]
    shown = ", ".join(f"{path.name} {100 * counted[path][1] / max(1, counted[path][0]):.0f} %" for path in least)
    wrong = [f"nothing is known of {path.name}" for path in absent] + [f"{name} fails" for name in failed]
    check.line(100 * ran >= LEAST_LINES * of > 0 and not wrong,
               f"lines of {len(sources)} sources of the core that the tests run",
               f"{100 * ran / max(of, 1):.1f} %, {ran} of {of}, by {n} tests (least: {shown}; files of counts damaged by kills: "
               f"{len(damaged)})" + "".join(f"; {w}" for w in wrong),
               f">= {LEAST_LINES} %")
    check.exit()


if __name__ == "__main__":
    main()
