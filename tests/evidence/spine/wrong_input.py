# tests/evidence/spine/wrong_input.py -- every kind of wrong input ends in one clear line and the documented exit code.
# SPDX-License-Identifier: BSD-3-Clause
"""Each kind is planted with parameters drawn from the seed. The program must end by itself with the exit code of
docs/errors.md and one line that names the file, key or row and the value; an output of an earlier run stays as it was.
The control of a kind is its healthy twin: the same measurement must then find neither the code nor the line."""
import os
import pathlib
import re
import shutil
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from astropy.io import fits  # noqa: E402

from evidence import ROOT, Check, run  # noqa: E402
from wrong_kinds import KINDS, RUN_FILE, state_of, Bench  # noqa: E402

LIMIT = 60  # seconds
LEAST_KINDS = 30
CODES = {2, 3, 4, 6, 7}  # 75 and 130 answer signals; 5 is a bug, and 1 what no other code says: no input leads there
LOG = re.compile(r"(info|warning|debug): |epoch \d|step \d|\S+: \d+ rows, ")


def prepare(check, source):
    """A run, its bundle and its predictions on healthy data."""
    bench = Bench(check, source, "healthy")
    catalog = bench.table()
    run_file = bench.write("run.toml", RUN_FILE.replace("CATALOG", str(catalog)))
    bundle = bench.folder / "run/model.safetensors"
    for command in [["train", run_file, "-o", bench.folder / "run"],
                    ["predict", bundle, catalog, "-o", bench.folder / "predictions.fits"]]:
        done = run([check.clq, *command])
        if done.returncode != 0:
            sys.exit(f"the healthy run fails: {done.stderr}")
    shutil.copy(bundle, bench.folder)


def find_another_user(check):
    """How a command runs as a user who may not write everywhere; root may."""
    check.as_nobody, check.no_other_user = [], ""
    if os.geteuid() != 0:
        return
    check.as_nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    inspect = ["inspect", check.work / "healthy/cat.fits"]
    seen = run([*check.as_nobody, check.clq, *inspect])
    if seen.returncode != 0:  # the build may lie in a folder that is root's alone
        run(["cmake", "--install", check.build, "--prefix", check.work / "prefix"])
        check.clq = check.work / "prefix/bin/clq"
        seen = run([*check.as_nobody, check.clq, *inspect])
    if seen.returncode != 0:
        check.no_other_user = f"another user cannot run the program here: {seen.stderr.strip()}"


def end_of(attempt, clq):
    """The exit code and the lines on stderr; a negative code is a signal, 124 no end within the limit."""
    try:
        done = run([*attempt.before, clq, *attempt.arguments], env=attempt.environment, timeout=LIMIT)
    except subprocess.TimeoutExpired:
        return 124, [], ""
    return done.returncode, done.stderr.splitlines(), done.stdout


def faults(attempt, code, lines, output, before, after):
    """What is wrong with the end of an attempt."""
    errors = [line for line in lines if line.startswith("clq: ")]
    found = []
    if code != attempt.code:
        found.append(f"exit {code}")
    if attempt.code == 0:
        if errors or not re.search(attempt.says, "\n".join(lines) + output):
            found.append("wrong words")
        return found
    others = [line for line in lines if not line.startswith("clq: ") and not LOG.match(line)]
    if len(errors) != 1 or others or not lines[-1].startswith("clq: "):
        found.append(f"{len(errors)} error lines and {len(others)} strange ones")
    elif not re.search(attempt.says, errors[0]):
        found.append("wrong words")
    if errors and (len(errors[0]) > 600 or not errors[0].isprintable()):
        found.append("a line of more than 600 characters or with control characters")
    if attempt.run_folder and attempt.run_folder.exists() and not (attempt.run_folder / "run.toml").exists():
        found.append("left a run folder without a run")
    if after != before:
        found.append("changed " + ", ".join(sorted({k for k, _ in before.items() ^ after.items()})))
    return found


def measure(check, kind, source):
    bench = Bench(check, source, kind)
    attempt = KINDS[kind](bench)
    wanted = f"exit {attempt.code}, /{attempt.says}/"
    if attempt.cannot:
        check.missed.append(kind)
        return check.line(False, kind, f"not planted: {attempt.cannot}", wanted)
    before = state_of(attempt.keeps)
    code, lines, output = end_of(attempt, check.clq)
    found = faults(attempt, code, lines, output, before, state_of(attempt.keeps))
    said = lines[-1] if lines else "no words"
    check.seen.add(code) if not found else check.missed.append(kind)
    check.line(not found, kind, f"exit {code}: {said.replace(str(check.work) + '/', '')[:160]}"
               + (f" ({'; '.join(found)})" if found else ""), wanted)


def main():
    check = Check(__doc__)
    check.seen, check.missed = set(), []  # exit codes, kinds
    source = fits.getdata(ROOT / "projects/deepdip/data/boss_dr10_train.fits", 1)
    check.work.chmod(0o755)  # for another user
    prepare(check, source)
    find_another_user(check)
    for kind in KINDS:
        measure(check, kind, source)
    caught = len(KINDS) - len(check.missed)
    check.line(caught == len(KINDS) >= LEAST_KINDS, "kinds of wrong input that end as documented",
               f"{caught} of {len(KINDS)}", f"all, and >= {LEAST_KINDS}")
    check.line(check.seen >= CODES, "exit codes reached", " ".join(map(str, sorted(check.seen))) or "none",
               " ".join(map(str, sorted(CODES))))
    check.exit()


main()
