# tests/evidence/hosts/misuse.py -- functions that are called wrongly answer, and say what was wrong.
# SPDX-License-Identifier: BSD-3-Clause
"""misuse_worker.py calls each function of calanque.h a thousand times, drawn from --seed, in a process of its own that has
12 GB of addresses; once more with the library of `asan` beside the build, as it was built last, where there is one.

Controls: a host that ends in the last call; one that hears no words; one whose errors all say that something is wrong.
"""
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from installed import PYTHON, ROOT  # noqa: E402
from evidence import Check, last_line, run  # noqa: E402

WORKER = pathlib.Path(__file__).resolve().parent / "misuse_worker.py"
CALLS, LIMIT = 1000, 12_000_000  # kB


def misuse(check, library, name, plant="none", environment=None, limit=LIMIT):
    """What the worker saw, and how it ended where it said nothing."""
    folder = check.work / name
    folder.mkdir()
    command = f"ulimit -v {limit}; exec {PYTHON} -B {WORKER} {library} {ROOT / 'capi/include'} {check.seed} {CALLS} {plant}"
    done = run(["bash", "-c", command], cwd=folder, env=environment or {})
    if done.returncode == 0:
        return json.loads(done.stdout.splitlines()[-1]), done
    return None, done


def tell(check, seen, done, folder):
    ended = "" if seen else f"1, in {(folder / 'at').read_text(encoding='utf-8').strip()} (exit {done.returncode}: {last_line(done)})"
    check.line(seen is not None, "calls that end the host", ended or f"0 of {seen['calls']}", "0")
    return seen or {"calls": 0, "errors": 0, "silent": ["?"], "nameless": ["?"]}


WORDS = {"silent": "errors without one line of words, or with another code",
         "nameless": "errors whose words name no argument, nor what it was"}


def tell_words(check, seen, kinds=tuple(WORDS)):
    for kind in kinds:
        found, claim = seen[kind], WORDS[kind]
        check.line(not found and seen["errors"] > 0, claim, f"{len(found)} of {seen['errors']}{': ' + found[0] if found else ''}", "0")


def under_asan(check):
    """Its records stand on the standard error; one with a frame of ours counts."""
    library = check.build.parent / "asan/lib/libcalanque.so"
    if not library.exists():
        return check.skip("misuse under AddressSanitizer", f"{library} is not built")
    # The second for its __cxa_throw, which the first looks for when it is loaded.
    runtime = ":".join(run(["gcc", f"-print-file-name={name}"]).stdout.strip() for name in ("libasan.so", "libstdc++.so.6"))
    seen, done = misuse(check, library, "asan", environment={"LD_PRELOAD": runtime, "ASAN_OPTIONS": "detect_leaks=0"}, limit="unlimited")
    records = [line for line in done.stderr.splitlines() if "ERROR: AddressSanitizer" in line or "runtime error" in line]
    why = records[0] if records else "" if seen else f"the calls ended with exit {done.returncode}: {last_line(done)}"
    check.line(seen is not None and not records, "records of the sanitizers", f"{len(records)}{': ' + why if why else ''}", "0")


def main():
    check = Check(__doc__)
    library = check.build / "lib/libcalanque.so"
    if check.controls:
        tell(check, *misuse(check, library, "crash", "crash"), check.work / "crash")
        tell_words(check, misuse(check, library, "silence", "silence")[0], ["silent"])
        tell_words(check, misuse(check, library, "mumble", "mumble")[0], ["nameless"])
    else:
        seen = tell(check, *misuse(check, library, "plain"), check.work / "plain")
        tell_words(check, seen)
        under_asan(check)
    check.exit()


main()
