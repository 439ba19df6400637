# tests/evidence/vocabulary/compare.py -- the lines of layers.py and losses.py: cases on a device beside a reference.
# SPDX-License-Identifier: BSD-3-Clause
import collections
import math
import random
import re
import sys

import numpy as np

from evidence import ROOT
from probe import apart, computed

Side = collections.namedtuple("Side", "device dtype bound text")
SIDES = [Side("cpu_ref", "f64", 1e-10, "cpu_ref in F64"), Side("cpu_ref", "f32", 1e-5, "cpu_ref in F32"),
         Side("cpu_onednn", "f32", 1e-5, "cpu_onednn in F32")]


def answers_of(check, side, cases):
    """By the seed of each case, since what is planted changes a copy of it."""
    tasks = [case.task() for case in cases]
    return dict(zip((case.seed for case in cases), computed(check, side.device, side.dtype, tasks)))


def off(tensor, bound):
    """One number of it, wrong by two bounds."""
    out = np.array(tensor)
    largest = np.nanmax(np.abs(out), initial=0)
    places = np.flatnonzero(~np.isnan(out))
    out.flat[places[len(places) // 2]] += 2 * bound * largest if largest > 0 else bound
    return out


def gaps_of(case, side, answer, planted):
    states, ours = answer
    theirs = case.reference(states, side.dtype)
    gaps = {}
    for name in ours.keys() | theirs.keys():
        known = name in ours and name in theirs
        mine = off(ours[name], side.bound) if planted and known else ours.get(name)
        gaps[case, name] = apart(mine, theirs[name]) if known else math.inf
    return gaps


def compare(check, side, claim, cases, answers, planted=False):
    """A line of the worst tensor; returns the worst of each `use`. Planted faults must show in each tensor."""
    gaps = {}
    for case in cases:
        gaps |= gaps_of(case, side, answers[case.seed], planted)
    case, name = worst = (min if planted else max)(gaps, key=gaps.get)
    which = "least" if planted else "largest"
    check.line(gaps[worst] <= side.bound, f"{claim}: {which} max|a - b| / max|b| of a tensor",
               f"{gaps[worst]:.3g} ({name} of {case.text()}; {len(gaps)} tensors of {len(cases)} cases)",
               f"<= {side.bound:g}")
    uses = {}
    for (case, _), gap in gaps.items():
        uses[case.use] = max(gap, uses.get(case.use, 0))
    return uses


def share_line(check, what, every, missing, more=""):
    """What the core has and no case is of."""
    found = len(every) - len(missing)
    check.line(not missing and every, f"{what} of the core that are compared",
               f"{100 * found / len(every):.4g} % ({found} of {len(every)}{more}) {' '.join(sorted(missing))}".strip(),
               "100 %")


def documented(what):
    """The rows of docs/run-file.md: names, and the keys that one or all of them know."""
    text = (ROOT / "docs/run-file.md").read_text(encoding="utf-8").split(f"| {what} | keys |")[1].split("\n\n")[0]
    for uses, keys in re.findall(r"^\| ([\w, ]+) \| ([^|]*) \|", text, re.MULTILINE):
        yield uses.split(", "), set(re.findall(r"(?:^|[,;:] *)([a-z_]+)(?=[,;]| =| *$)", keys))


def check_keys(check, what, cases, starts=frozenset(), elsewhere=frozenset()):
    """Keys that nobody gives are not compared; `starts` say what states are before any training."""
    given = {(case.use, key) for case in cases for key in case.options}
    tried = {f"{key} of {' '.join(uses)}": any((use, key) in given for use in uses)
             for uses, keys in documented(what) for key in keys - starts}
    if check.controls:
        tried[random.Random(check.seed).choice(sorted(key for key, known in tried.items() if known))] = False
    missing = sorted(key for key, known in tried.items() if not known and key not in elsewhere)
    but = ", but those of first weights" if starts else ""
    check.line(not missing and tried, f"keys of a {what} in docs/run-file.md without a case{but}",
               f"{len(missing)} of {len(tried)} {' '.join(missing)}".strip(), "0")


def print_worst(what, worst):
    """The worst tensor of each use on each side, for who reads the log."""
    if worst:
        print(f"{what}: {', '.join(worst)}", file=sys.stderr)
        for use in next(iter(worst.values())):
            print(f"  {use}: " + ", ".join(f"{uses[use]:.2g}" for uses in worst.values()), file=sys.stderr)
