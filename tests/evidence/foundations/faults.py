# tests/evidence/foundations/faults.py -- whichever call of the system fails, the library says so and goes on.
# SPDX-License-Identifier: BSD-3-Clause
"""Lets each of the first calls of eight kinds fail, once, that Calanque's own code makes in six operations.

  --first K     each call number up to K (default: 40), and
  --seeded N    N drawn from those behind (default: 20)
  --full        300 and 200
  --case OPERATION CALL K    one of them alone; with --work DIR its files and the preload's report stay there

The program tests/faults/workload.c does an operation before, with and after the call that fails; tests/faults/preload.c
stands before the C library and counts what is ours by the stack; what toml++ and nlohmann::json ask for is left out, since
both end the process where they get no memory (docs/memory.md). The files that the failing operation leaves are looked at
from outside: they are the old ones or the new ones, byte by byte, and a run is gone on with by a process without faults up
to the same weights. A leak is memory that is not freed once every handle is closed, an open descriptor or a thread.
Each case that is wrong is told on the standard error.
Controls: a preload that never fires; a host that crashes at an error, takes it for success, keeps a handle, cuts its
file, or is somewhere else afterwards.
"""
import argparse
import collections
import concurrent.futures
import pathlib
import random
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from evidence import ROOT, Check  # noqa: E402

sys.path.insert(0, str(ROOT / "tests/faults"))
from bench import Bench, Case, run_case  # noqa: E402

CALLS = ("malloc", "open", "read", "write", "fsync", "rename", "mmap", "pthread_create")
# The system gives its list of mapped files, where a library finds itself, in as many pieces as it likes.
COUNTINGS, TRIES = 3, 8
UNUSED = ("mmap",)  # Calanque maps no file and no memory itself; should it ever, its calls fail, too
OPERATIONS = ("load_plugins", "scan", "train", "save", "load", "predict")
WRONG = ("crash", "hang", "lie", "unusable", "damage", "leak")
CONTROLS = {"crash": "crash", "hang": "hang", "lie": "lie", "leak": "leak", "damage": "corrupt", "unusable": "unusable"}


def parse_depth():
    """What of the command line is this check's own."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--first", type=int, default=40)
    parser.add_argument("--seeded", type=int, default=20)
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--case", nargs=3)
    depth, rest = parser.parse_known_args()
    sys.argv[1:] = rest
    if depth.full:
        depth.first, depth.seeded = 300, 200
    return depth


def cases_of(bench, first, seeded):
    """The calls of each kind in each operation are counted by a run in which none fails."""
    draw = random.Random(bench.check.seed)
    cases, made = [], {}
    for operation in OPERATIONS:
        for call in CALLS:
            n = made[operation, call] = min(count(bench, operation, call) for _ in range(COUNTINGS))
            numbers = list(range(1, min(first, n) + 1))
            if n > first:
                numbers += sorted(draw.sample(range(first + 1, n + 1), min(seeded, n - first)))
            cases += [Case(operation, call, k) for k in numbers]
    return cases, made


def count(bench, operation, call):
    counted = run_case(bench, Case(operation, call, 0))
    if counted.wrong:
        sys.exit(f"faults: {operation} without a fault: {counted.wrong}")
    bench.kept[operation] = max(bench.kept.get(operation, 0), counted.kept)
    return counted.calls


def run_until_it_fires(bench, case, control):
    """A call that was made in all countings may be one too many in a run that made fewer."""
    for _ in range(TRIES):
        result = run_case(bench, case, control)
        if result.fired or result.wrong:
            break
    return result


def run_all(bench, cases, control=None):
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda case: run_until_it_fires(bench, case, control), cases))
    for result in results:
        for kind, words in result.wrong.items():
            if control is None:
                print(f"{kind}: --case {' '.join(map(str, result.case))}: {words}", file=sys.stderr)
    return results


def tell_fired(check, results, made):
    """Each call fired that was to, and none of the kinds that the operations make was left out."""
    tried, fired = collections.Counter(), collections.Counter()
    for result in results:
        tried[result.case.call] += 1
        fired[result.case.call] += result.fired
    unmade = [call for call in CALLS if call not in UNUSED and not any(made[o, call] for o in OPERATIONS)]
    whole = all(tried[call] == fired[call] for call in CALLS) and not unmade
    left_out = [f"{operation} {call}" for (operation, call), n in made.items()
                if n > 0 and not any(r.fired and r.case[:2] == (operation, call) for r in results)]
    counts = ", ".join(f"{call} {fired[call]}/{tried[call]} of {sum(made[o, call] for o in OPERATIONS)}"
                       for call in CALLS)
    left_out += [f"anything: {call}" for call in unmade]
    check.line(whole and not left_out and sum(fired.values()) > 0, "calls that fired of those tried, in "
               f"{', '.join(OPERATIONS)}", f"{counts}{'; none in ' + ', '.join(left_out) if left_out else ''}", "all")


CLAIMS = {"crash": "crashes", "hang": "no end within 30 s", "lie": "ok for what is not so, or errors without one line of words",
          "unusable": "hosts for which the same does not work afterwards",
          "damage": "files that are neither the old nor the new one, runs that come to another end, files left beside",
          "leak": "leaks: memory, descriptors, threads"}


def tell_wrong(check, results, kind):
    wrong = [result for result in results if kind in result.wrong]
    shown = "; ".join(" ".join(map(str, r.case)) for r in wrong[:5])
    check.line(not wrong, CLAIMS[kind], f"{len(wrong)} of {len(results)}{f' ({shown})' if wrong else ''}", "0")


def check_controls(check, bench, cases, made):
    """Some cases of each operation with each fault of the host; a control without a case to show it would say ok."""
    draw = random.Random(check.seed)
    some = [case for operation in OPERATIONS
            for case in draw.sample([c for c in cases if c.operation == operation and c.call in ("malloc", "open")], 4)]
    never = [case._replace(k=10**9) for case in some]
    tell_fired(check, [run_case(bench, case) for case in never], made)
    bench.limit = 3
    for kind, control in CONTROLS.items():
        tell_wrong(check, run_all(bench, some, control), kind)


def repeat(bench, operation, call, k):
    """What a developer wants to see of one case."""
    result = run_case(bench, Case(operation, call, int(k)), keep=True)
    print(f"fired: {result.fired}", result.wrong or "as it must be", result.folder, sep="\n")
    sys.exit(1 if result.wrong else 0)


def main():
    depth = parse_depth()
    check = Check(__doc__)
    bench = Bench(check)
    if depth.case:
        repeat(bench, *depth.case)
    cases, made = cases_of(bench, depth.first, depth.seeded)
    if check.controls:
        check_controls(check, bench, cases, made)
    else:
        results = run_all(bench, cases)
        tell_fired(check, results, made)
        for kind in WRONG:
            tell_wrong(check, results, kind)
    check.exit()


main()
