# tests/evidence/images/onednn.py -- cpu_onednn against cpu_ref: every op, and the ops that gradients are made of.
# SPDX-License-Identifier: BSD-3-Clause
"""Each op of docs/ops.md in F32, alone, over shapes that hurt: the worst tensor's max|a - b| / max|b|. The controls: in
each result one number is wrong by 0.0002 of the largest; a table of ops with one more; windows that are never drawn."""
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from evidence import ROOT, Check, run  # noqa: E402

BOUND = 1e-4
WINDOWS = 40
SIZES = {"batch1", "batch33", "1", "3", "5", "92", "prime"}
WINDOWED = {"stride>kernel", "asymmetric", "odd"}


def documented():
    """The names in the first column of docs/ops.md."""
    rows = re.findall(r"^\| ([a-z][a-z0-9_ ]*) \|", (ROOT / "docs/ops.md").read_text(), re.MULTILINE)
    return {f"{name}/1" for row in rows if row != "op" for name in row.split()}


def measure(check, windows, *fault):
    done = run([check.build / "bin/bench_onednn_ops", check.seed, windows, *fault], check=True)
    rows = [line.split("\t") for line in done.stdout.splitlines()]
    return {op: (int(cases), float(distance), set(shapes.split())) for op, cases, distance, shapes in rows}


def main():
    check = Check(__doc__)
    ops = measure(check, WINDOWS, *(["fault"] if check.controls else []))
    worst = max(ops, key=lambda op: ops[op][1])
    least = min(ops, key=lambda op: ops[op][1])
    # A fault that one op does not show is a control that failed.
    ok = ops[least if check.controls else worst][1] <= BOUND
    cases = sum(count for count, _, _ in ops.values())
    check.line(ok, "ops of cpu_onednn against cpu_ref's: the worst max|a - b| / max|b| of a tensor",
               f"{ops[worst][1]:.3g} ({worst}; {len(ops)} ops, {cases} cases)"
               + (f", the least {ops[least][1]:.3g} ({least})" if check.controls else ""), f"<= {BOUND:g}")
    named = documented() | ({"planted/1"} if check.controls else set())
    missing = sorted(named - set(ops))
    check.line(not missing, "ops of docs/ops.md without a case",
               f"{len(missing)} of {len(named)} {' '.join(missing)}".strip(), "0")
    shapes = measure(check, 0) if check.controls else ops
    lacks = {op: lack for op, (_, _, found) in shapes.items() if (lack := SIZES - found)}
    windows = [op for op in named if "conv" in op or "pool" in op]
    lacks |= {op: lack for op in windows if (lack := (SIZES | WINDOWED) - shapes.get(op, (0, 0, set()))[2])}
    figure = "; ".join(f"{op} lacks {' '.join(sorted(lack))}" for op, lack in sorted(lacks.items())[:3])
    check.line(not lacks, "ops not tried with sizes 1, 3, 5, 92 and a larger prime, batches of 1 and 33; windows also "
               "with an odd size, a stride beyond the kernel, asymmetric padding",
               f"{len(lacks)} of {len(named)} {figure}".strip(), "0")
    check.exit()


main()
