# tests/evidence/vocabulary/ops.py -- every op on every backend: formula, gradient, tolerance, shapes that hurt.
# SPDX-License-Identifier: BSD-3-Clause
"""On cpu_ref in F64 against closed forms and central differences; what clq validate says of both backends in F32.
With --write the worst of each becomes docs/evidence-ops.md, which is held to what is measured. The controls: a wrong
gradient rule, tables of cases and of shapes that lack one, a backend whose results are 0.001 off, results of F32 for
those of F64, a document without an op, and with a wrong figure.
"""
import json
import pathlib
import random
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from evidence import ROOT, Check, last_line, run  # noqa: E402

FORMULA_BOUND, GRADIENT_BOUND = 1e-12, 1e-6
NOTHING, NEAR = 1e-12, 10  # figures of the document: those below are equal, others are within this factor
DOCUMENT = ROOT / "docs/evidence-ops.md"
FLAT = {"floor/1", "sign/1", "stop_gradient/1"}  # no factor makes a gradient of zero wrong
KINDS = ["reference", "formula", "gradient", "non_finite"]
EVIL = {"gelu/1", "exp/1"}  # the controls try a wrong backend with these
SIZES = {"size 0", "size 1", "odd", "prime"}
CHANNELS = {f"channels {n}" for n in (1, 3, 5, 64)}
BROADCASTS = {f"broadcast axis {n}" for n in range(4)}
BINARY = {"add", "sub", "mul", "div", "maximum", "minimum", "pow", "compare", "select", "broadcast"}
HEAD = """# Every op, measured
What `bash tests/evidence/vocabulary.sh --only ops` says of each op and backend:

| claim | bound | control |
|---|---|---|
| gradient of each op against central differences in F64, relative to its largest entry | 1e-6 | a gradient rule that is wrong by 0.1 % or in its sign |
| ops without a closed form, without a numerical gradient (or the word that they have none) | 0 | cases that lack an op |
| ops without a gradient that are differentiated without an error of op and layer | 0 | a list with one that has a gradient |
| ops that one of both backends is not tried with: formula; with `cpu_onednn` also `cpu_ref`'s result, gradient, what is not finite | 0 | one of them is left out |
| ops that `cpu_ref` does not pass: formula | 0 | a backend whose results are 0.001 off |
| ops that `cpu_onednn` does not pass: formula, `cpu_ref`'s result, gradient, what is not finite | 0 | the same |
| each op against its closed form in F64 on `cpu_ref` | 1e-12 | results that were computed in F32 |
| each op against its closed form in F32 on both, in units of what [ops.md](ops.md) allows, at most 5e-5 | 1 | a backend whose results are 0.001 off |
| ops of `cpu_onednn` from `cpu_ref`'s over shapes that hurt, in units of what ops.md allows | 1 | the same |
| kinds of shapes that an op is not tried with: sizes 0, 1, odd, prime, strides beyond kernels, 1, 3, 5, 64 channels, broadcasts on each axis | 0 | the shapes of one kind are left out |
| ops that the table below lacks or has too many | 0 | a table of one more |
| its figures that are not those measured: by more than a factor of 10 where above 1e-12; "within" and "cases" at all | 0 | a table with one that is 1000 times as large |

Below: the largest differences, written by `python3 tests/evidence/vocabulary/ops.py --write`. From the closed form and from
central differences in F64 on `cpu_ref`; from the closed form in F32 on each backend; of `cpu_onednn` from `cpu_ref` over the
shapes that hurt, beside what ops.md allows, and in gradients in F32. "-": the op has no gradient.

| op | formula F64 | gradient F64 | formula F32, cpu_ref | formula F32, cpu_onednn | from cpu_ref | within | gradient from cpu_ref | cases |
|---|---|---|---|---|---|---|---|---|
"""


def short(op):
    return op.split("/")[0]


class Core:
    """What the tests of the core say of each op."""

    def __init__(self, check, environment):
        report = check.work / "ops.json"
        done = run([check.build / "bin/test_ops", "--gtest_filter=Op.*:Gradient.*Every*",
                    f"--gtest_output=json:{report}"], env=environment)
        if not report.exists():
            sys.exit(f"ops: test_ops left no report: {last_line(done)}")
        tests = {t["name"]: t for suite in json.loads(report.read_text())["testsuites"] for t in suite["testsuite"]}
        report.unlink()
        self.formulas = self._figures(tests["ComputesItsFormula"])
        self.gradients = self._figures(tests["EqualsCentralDifferencesForEveryOp"])
        self.ops = set(tests["HasACaseForEveryOpThatHasOne"]["ops"].split())
        self.without = set(tests["HasACaseForEveryOpThatHasOne"]["without"].split())
        self.refused = set(tests["IsRefusedByEveryOpThatHasNone"]["refused"].split())

    @staticmethod
    def _figures(test):
        words = test["figures"].split()
        return dict(zip(words[::2], map(float, words[1::2])))


def validate(check, plugin, kinds, ops, environment=None):
    """{op: {kind: its case}} of clq validate, over the named ops."""
    only = [word for op in sorted(ops) for kind in kinds for word in ("--only", f"op.{short(op)}.{kind}")]
    done = run([check.clq, "validate", plugin, "--json", "--jobs", 2, "--seed", check.seed, *only],
               env=environment or {})
    if done.returncode not in (0, 1):
        sys.exit(f"ops: clq validate: {last_line(done)}")
    found = {}
    for case in json.loads(done.stdout)["cases"]:
        _, op, kind = case["name"].split(".")
        found.setdefault(f"{op}/1", {})[kind] = case
    return found


def figure(case, note):
    return float(case["notes"].get(note, "inf"))  # a case that ended its process left no note


def worst_line(check, figures, bound, claim):
    worst = max(figures, key=figures.get)
    check.line(figures[worst] <= bound, claim, f"{figures[worst]:.3g} ({worst}, the worst of {len(figures)} ops)",
               f"<= {bound:g}")


def none_line(check, bad, of, claim):
    check.line(not bad and len(of) > 0, claim, f"{len(bad)} of {len(of)} {' '.join(sorted(bad))}".strip(), "0")


def check_core(check, right, draw):
    """The ops on cpu_ref in F64; returns what the tests say of the ops as they are."""
    found = right
    if check.controls:
        wrong = draw.choice(sorted(set(right.gradients) - FLAT))
        found = Core(check, {"CLQ_WRONG_RULE": f"{wrong} {draw.choice([1.001, 0.999, -1])}"})
    worst_line(check, found.gradients, GRADIENT_BOUND, "gradient of each op against central differences, F64")
    if check.controls:
        lost = draw.choice(sorted(right.gradients))
        found = Core(check, {"CLQ_CASES_WITHOUT": lost})
    none_line(check, right.ops - set(found.formulas), right.ops, "ops without a closed form")
    none_line(check, right.ops - set(found.gradients) - right.without, right.ops,
              "ops with neither a numerical gradient nor the word that they have none")
    none = right.without | ({"tanh/1"} if check.controls else set())
    none_line(check, none - right.refused, none,
              "ops without a gradient that are differentiated without an error of op and layer")


def far_off(cases, kind, note):
    """{op: how far off it is, in units of what it may be}: above 1 is too far."""
    off = {}
    for op, kinds in cases.items():
        most, distance = figure(kinds[kind], "within"), figure(kinds[kind], note)
        off[op] = distance / most if most > 0 else (0.0 if distance == 0 else float("inf"))
    return off


def worst_of(off):
    worst = max(off, key=off.get)
    return off[worst], f"{off[worst]:.3g} ({worst}, the worst of {len(off)} ops)"


def wanted_kinds(op, core):
    return set(KINDS) - ({"gradient"} if op in core.without else set())


def wanted_shapes(op):
    """What clq validate must try it with, by the names in its note of shapes."""
    window = op.startswith("conv") or "_pool" in op
    channels = window or op.startswith(("resize", "prelu", "batch_norm", "layer_norm"))
    wanted = SIZES | ({"stride > kernel"} if window else set()) | (CHANNELS if channels else set())
    return wanted | (BROADCASTS if short(op) in BINARY else set())


def shapes_of(kinds):
    """{a kind of shape: so many cases}; a case without the note has none."""
    note = kinds["reference"]["notes"].get("shapes", "")
    return {kind: int(n) for kind, n in (entry.rsplit(": ", 1) for entry in note.split(", ") if entry)}


def check_distances(check, right, ref, ours):
    """`ref`, `ours`: what clq validate found; for the controls of a backend that is 0.001 off. `right`: of cpu_ref."""
    note = "largest distance in f32" if check.controls else "largest distance in f64"
    worst_line(check, {op: figure(kinds["formula"], note) for op, kinds in right.items()}, FORMULA_BOUND,
               "each op against its closed form in F64 on cpu_ref")
    off = [worst_of(far_off(cases, "formula", "largest distance in f32")) for cases in (ref, ours)]
    check.line(all(f <= 1 for f, _ in off),
               "each op against its closed form in F32 on cpu_ref and cpu_onednn, in units of what docs/ops.md allows, "
               "at most 5e-5", "; ".join(w for _, w in off), "<= 1; <= 1")
    f32, words = worst_of(far_off(ours, "reference", "largest distance"))
    check.line(f32 <= 1, "ops of cpu_onednn from cpu_ref's over shapes that hurt, in units of what docs/ops.md allows",
               words, "<= 1")


def check_shapes(check, ours, draw):
    shapes = {op: shapes_of(kinds) for op, kinds in ours.items()}
    if check.controls:
        op = draw.choice(sorted(shapes))
        shapes[op].pop(draw.choice(sorted(wanted_shapes(op))), None)
    lacks = {f"{op} {kind}" for op, tried in shapes.items() for kind in wanted_shapes(op) if tried.get(kind, 0) == 0}
    wanted = [kind for op in shapes for kind in wanted_shapes(op)]
    none_line(check, lacks, wanted, "kinds of shapes that an op is not tried with: sizes 0, 1, odd, prime, strides "
              "beyond kernels, 1, 3, 5, 64 channels, broadcasts on each axis")


def failed(found):
    return {op for op, kinds in found.items() if any(case["result"] != "passed" for case in kinds.values())}


def check_backends(check, core, draw):
    """Returns what clq validate found of cpu_ref and of cpu_onednn."""
    plugins = check.build / "lib/calanque/plugins"
    onednn = plugins / "clq_cpu_onednn.so"
    if not onednn.exists():
        check.skip("ops of cpu_onednn", "this build has none")
        return None
    ops = EVIL | set(draw.sample(sorted(core.ops - EVIL), 2)) if check.controls else core.ops
    asked = ops - {draw.choice(sorted(ops))} if check.controls else ops
    right = (validate(check, plugins / "clq_cpu_ref.so", ["formula"], asked), validate(check, onednn, KINDS, asked))
    tried = [{op: set(found.get(op, {})) for op in ops} for found in right]
    none_line(check, {op for op in ops if "formula" not in tried[0][op] or not wanted_kinds(op, core) <= tried[1][op]},
              ops, "ops that a backend is not tried with: formula; cpu_onednn also: cpu_ref's result, gradient, what "
              "is not finite")
    ref, ours = right
    if check.controls:
        evil, how = check.build / "lib/calanque/evil/clq_evil_backend.so", {"CLQ_EVIL": "wrong_result"}
        ref, ours = (validate(check, evil, kinds, EVIL, how) for kinds in (["formula"], KINDS))
    none_line(check, failed(ref), ref, "ops of cpu_ref that do not pass clq validate: formula")
    none_line(check, failed(ours), ours,
              "ops of cpu_onednn that do not pass clq validate: formula, cpu_ref's result, gradient, not finite")
    check_distances(check, right[0], ref, ours)
    check_shapes(check, right[1], draw)
    return right


def sum_of_cases(kinds):
    return sum(int(case["notes"].get("cases", "0").split()[0]) for case in kinds.values())


def text(value):
    return "0" if value == 0 else f"{value:.0e}".replace("e-0", "e-")


def row_of(op, core, ref, ours):
    kinds = ours[op]
    gradient = back = "-"
    if op not in core.without:
        gradient, back = text(core.gradients[op]), text(figure(kinds["gradient"], "largest distance in f32"))
    f32 = [text(figure(cases["formula"], "largest distance in f32")) for cases in (ref[op], kinds)]
    far, within = (text(figure(kinds["reference"], note)) for note in ("largest distance", "within"))
    f64 = text(figure(ref[op]["formula"], "largest distance in f64"))
    cells = [short(op), f64, gradient, *f32, far, within, back, str(sum_of_cases(kinds))]
    return "| " + " | ".join(cells) + " |\n"


def figures_of(row):
    """{column: its cell} of a row of the document, without the name of the op."""
    columns, cells = ([cell.strip() for cell in line.split("|")[1:-1]] for line in (HEAD.splitlines()[-2], row))
    return dict(zip(columns[1:], cells[1:]))


def is_another(column, written, measured):
    if column in ("within", "cases") or "-" in (written, measured):
        return written != measured
    ratio = max(float(written), NOTHING) / max(float(measured), NOTHING)
    return not 1 / NEAR <= ratio <= NEAR


def plant_figure(written, draw):
    """One that is 1000 times as large."""
    cells = written[draw.choice(sorted(written))]
    column = draw.choice([c for c, cell in cells.items() if cell != "-" and float(cell) > NOTHING])
    cells[column] = text(1000 * float(cells[column]))


def check_figures(check, core, measured, rows, draw):
    now = {op: figures_of(row_of(op, core, *measured)) for op in sorted(measured[1])}
    written = {op: figures_of(rows[short(op)]) for op in now if short(op) in rows}
    if check.controls:
        plant_figure(written, draw)
    other = {f"{op} {column}: {cell} is now {now[op][column]};" for op, cells in written.items()
             for column, cell in cells.items() if is_another(column, cell, now[op][column])}
    none_line(check, other, [cell for cells in written.values() for cell in cells],
              f"figures of docs/{DOCUMENT.name} that are not those measured")


def rows_by_op(document):
    """The rows of its table of ops, whose first column is their name."""
    table = document.read_text(encoding="utf-8").split("| op |", 1)[1]
    rows = [line for line in table.splitlines()[2:] if line.startswith("| ")]
    return {row.split("|")[1].strip(): row for row in rows}


def check_document(check, core, measured, draw):
    if check.write and measured:
        order = [f"{op}/1" for op in rows_by_op(ROOT / "docs/ops.md")]
        rows = [row_of(op, core, *measured) for op in order if op in core.ops]
        DOCUMENT.write_text(HEAD + "".join(rows))
    rows = rows_by_op(DOCUMENT)
    named = {short(op) for op in core.ops} | ({"planted"} if check.controls else set())
    none_line(check, named ^ set(rows), named, f"ops that docs/{DOCUMENT.name} lacks or has too many")
    if measured:
        check_figures(check, core, measured, rows, draw)


def main():
    check = Check(__doc__, writes="docs/evidence-ops.md")
    draw = random.Random(check.seed)
    core = Core(check, {})
    check_core(check, core, draw)
    measured = check_backends(check, core, draw)
    check_document(check, core, measured, draw)
    check.exit()


main()
