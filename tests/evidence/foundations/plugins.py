# tests/evidence/foundations/plugins.py -- what clq validate and clq plugins say of plugins that are right, and of those that are not.
# SPDX-License-Identifier: BSD-3-Clause
"""Tries the plugins of the build, and plugins that are wrong in one way at a time.

Control: a backend whose results are 0.1 % too large stands for those of the build, and plugins that are right for those that are wrong.
"""
import json
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from evidence import ROOT, Check, last_line, run  # noqa: E402

WANTED = 30  # ways of each kind


def shipped(check, name, *more):
    """Every case that a plugin of the build is tried with passes."""
    library = check.build / "lib/calanque"
    plugin = library / ("evil/clq_evil_backend.so" if check.controls else f"plugins/clq_{name}.so")
    environment = {"CLQ_EVIL": "wrong_result"} if check.controls else {}
    claim = f"cases of clq validate that {name} passes"
    if not plugin.exists():
        return check.skip(claim, "it is not built")
    done = run([check.clq, "validate", plugin, "--json", "--jobs", "2", "--seed", check.seed, *more], env=environment)
    if done.returncode not in (0, 1):
        sys.exit(f"plugins: {name}: {last_line(done)}")
    report = json.loads(done.stdout)
    figure = f"{report['passed']} of {len(report['cases'])}, {report['unsupported']} unsupported"
    return check.line(done.returncode == 0 and report["passed"] > 0, claim, figure, "all")


def switches(check, claim, program, plugins):
    """A test of tests/evil counts the ways in which its plugins are wrong, and those that were not seen."""
    done = run([sys.executable, ROOT / "tests/evil" / program, check.clq, *plugins])
    counted = re.search(r"^(\d+) switches, (\d+) wrong", done.stdout, re.M)
    if not counted:
        sys.exit(f"plugins: {program}: {last_line(done)}")
    ways, unseen = int(counted[1]), int(counted[2])
    good = done.returncode == 0 and unseen == 0 and ways >= WANTED
    return check.line(good, claim, f"{max(ways - unseen, 0)} of {ways}", f"all, {WANTED} or more")


def main():
    check = Check(__doc__)
    for name in ("cpu_ref", "cpu_onednn", "csv", "fits"):
        shipped(check, name)
    shipped(check, "deepdip", *([] if check.controls else ["--data", "deepdip://?n=300"]))
    library = check.build / "lib/calanque"
    right = {name: library / f"plugins/clq_{name}.so" for name in ("cpu_ref", "csv")}
    evil = {name: library / f"evil/clq_{name}.so" for name in ("evil", "evil_backend", "evil_source")}
    switches(check, "ways in which a backend or a source is wrong that clq validate finds", "validate_test.py",
             right.values() if check.controls else (evil["evil_backend"], evil["evil_source"]))
    switches(check, "ways to misbehave while being loaded that clq plugins reports", "evil_test.py",
             [right["cpu_ref"] if check.controls else evil["evil"]])
    check.exit()


if __name__ == "__main__":
    main()
