# tests/evidence/foundations/plugins.py -- what clq validate and clq plugins say of plugins that are right, and of those that are not.
# SPDX-License-Identifier: BSD-3-Clause
"""Tries the plugins of the build, and plugins that are wrong in one way at a time.

Control: a wrong plugin of the same kind stands for each of the build: a backend of F32 alone whose results are 0.1 % too large, a source with wrong bytes,
ids or fields. Plugins that are right stand for those that are wrong.
"""
import json
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from evidence import ROOT, Check, last_line, run  # noqa: E402

WANTED = 30  # ways of each kind
NO_FILE = "its data are no plain file"
# Its data, what it does not take and the words why, and what stands for it in the controls.
SHIPPED = {
    "cpu_ref": ("", {}, ("evil_backend", "wrong_in_f32_alone")),
    "cpu_onednn": ("", {}, ("evil_backend", "wrong_in_f32_alone")),
    "csv": ("", {}, ("evil_source", "source_depends_on_order")),
    "fits": ("", {}, ("evil_source", "source_ids_change")),
    "deepdip": ("deepdip://?n=300", {"source.damaged": NO_FILE, "source.errors": NO_FILE},
                ("evil_source", "source_mixes_up_three")),
}


def shipped(check, name):
    """Every case that a plugin of the build is tried with passes, but for those that it is known not to take."""
    data, known, (wrong, how) = SHIPPED[name]
    library = check.build / "lib/calanque"
    plugin = library / (f"evil/clq_{wrong}.so" if check.controls else f"plugins/clq_{name}.so")
    if check.controls:
        data = "evil://rows" if wrong == "evil_source" else ""
    claim = f"cases of clq validate that {name} passes, of those that it takes"
    if not plugin.exists():
        return check.skip(claim, "it is not built")
    command = [check.clq, "validate", plugin, "--json", "--jobs", "2", "--seed", check.seed]
    done = run(command + (["--data", data] if data else []), env={"CLQ_EVIL": how} if check.controls else {})
    if done.returncode not in (0, 1):
        sys.exit(f"plugins: {name}: {last_line(done)}")
    report = json.loads(done.stdout)
    taken = len(report["cases"]) - report["unsupported"]
    check.line(report["passed"] == taken > 0, claim, f"{report['passed']} of {taken}", "all")
    refused = {c["name"]: c["notes"].get("reason", "") for c in report["cases"] if c["result"] == "unsupported"}
    check.line(refused == known, f"cases that {name} does not take", len(refused),
               ", ".join(f"{case}: {why}" for case, why in known.items()) or "0")


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
    for name in SHIPPED:
        shipped(check, name)
    library = check.build / "lib/calanque"
    right = {"backend": library / "plugins/clq_cpu_ref.so", "source": library / "evil/clq_right_source.so"}
    evil = {name: library / f"evil/clq_{name}.so" for name in ("evil", "evil_backend", "evil_source")}
    switches(check, "ways in which a backend or a source is wrong that clq validate finds", "validate_test.py",
             right.values() if check.controls else (evil["evil_backend"], evil["evil_source"]))
    switches(check, "ways to misbehave while being loaded that clq plugins reports", "evil_test.py",
             [right["backend"] if check.controls else evil["evil"]])
    check.exit()


if __name__ == "__main__":
    main()
