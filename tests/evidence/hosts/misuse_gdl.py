# tests/evidence/hosts/misuse_gdl.py -- routines that are called wrongly from GDL end in an error of IDL, with its words.
# SPDX-License-Identifier: BSD-3-Clause
"""Every routine of clq_c.pro is called a thousand times in one session of GDL that has 12 GB of addresses, and every function of
libclq_idl.so a hundred times by CALL_EXTERNAL with another number of arguments than it wants; misuse_gdl_calls.py draws
them from --seed, misuse_gdl.pro makes them. For GDL's ARG_PRESENT the value of a function, and whatever CALL_FUNCTION passes on,
is a variable: what is none is a part of an array here, in a call that is written out.

Controls: a session that ends in the last call; one that hears no errors; one that hears no words; one whose errors all say
that something is wrong; one whose errors take a variable along.
"""
import pathlib
import re
import shutil
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from installed import ROOT  # noqa: E402
from evidence import Check, last_line, run  # noqa: E402
sys.path.insert(0, str(ROOT / "capi/bindings"))
import generate_idl  # noqa: E402
import header as headers  # noqa: E402
from misuse_gdl_calls import GLUE, WRAPPER, Calls, wanted  # noqa: E402
from words import names_one  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
CALLS, LIMIT, SECONDS = 1000, 12_000_000, 1800  # LIMIT in kB
GDL = shutil.which("gdl") or shutil.which("gnudl")
SHOWN = {"['x']": "x", "strjoin(replicate('x', 5000))": "x" * 40, "string([1B, 10B])": "\x01", "string([255B, 254B, 128B])": "\xff",
         "'a' + string(9B) + 'b'": "\t", "2LL^62": str(2**62), "-2LL^63": str(-2**63)}
MANY = re.compile(r"incorrect number of arguments", re.I)


def session(check, name, plant="none"):
    """The calls, what came of each, and how the session ended."""
    folder = check.work / name
    folder.mkdir()
    drawn = Calls(headers.read(ROOT / "capi/include").functions, check.seed, CALLS // (20 if check.controls else 1))
    drawn.write(folder)
    path = f"{folder}:{HERE}:{ROOT / 'capi/bindings/idl'}"
    (folder / "batch.pro").write_text(f"!path = '{path}:' + !path\n!quiet = 1\n.compile misuse_gdl\nmisuse_gdl, '{plant}'\n"
                                      "exit\n", encoding="utf-8")
    command = f"ulimit -v {LIMIT}; exec {GDL} -q --no-use-wx batch.pro </dev/null"
    environment = {"CLQ_IDL_LIB": str(check.build / "lib/libclq_idl.so"), "GDL_DISABLE_WX_PLOTS": "1"}
    try:
        done = run(["bash", "-c", command], cwd=folder, env=environment, timeout=SECONDS, errors="replace")
    except subprocess.TimeoutExpired as late:
        done = subprocess.CompletedProcess(late.cmd, 124, "", f"a call did not end in {SECONDS} s")
    answers = (folder / "answers.txt").read_text(encoding="latin-1").splitlines() if (folder / "answers.txt").exists() else []
    return drawn.calls, answers, done


def tell_end(check, calls, answers, done):
    """Whether the session came to its end; where it did not, in which call."""
    ended = "misuse_gdl: done" in done.stdout
    n = sum(call.kind != 0 for call in calls)
    at = answers[-1].split("\t")[0] if answers else ""
    where = calls[int(at)].function.name if at.isdigit() else "the beginning"
    check.line(ended, "calls that end or hang the session", f"0 of {n}" if ended else
               f"1, in {where} (exit {done.returncode}: {(done.stdout.splitlines() or [last_line(done)])[-1]})", "0")


def heard(calls, answers):
    """(call, 'ok' or 'error', changed variables, words) of each; words of several lines have their line ends."""
    out = []
    for line in answers:
        head = re.match(r"(\d+)\t(ok|error)\t *(\d+)\t(.*)", line)
        if head:
            out.append([calls[int(head[1])], head[2], int(head[3]), head[4]])
        elif out:
            out[-1][3] += "\n" + line
    return out


def shown(call):
    """Texts and numbers among what was given, as the words of an error may show them."""
    texts = [SHOWN.get(thing, thing[1:-1]) for thing in call.given if thing in SHOWN or thing[0] in "'\""]
    return texts, [thing.rstrip("LUBd") for thing in call.given if re.fullmatch(r"-?[\d.]+[LUBd]*", thing)]


def has_words(call, words):
    """One line that begins with the name of what was called."""
    name = ("clq_idl_" if call.kind == GLUE else "clq_") + call.function.name[4:]
    said = words.lower().replace("clq_c_", "clq_")
    return "\n" not in words and said.startswith((f"{name}:", f"'{name}'", name))


def names_an_argument(call, words):
    if call.kind == GLUE:
        return f"wants {wanted(call.function)} arguments" in words and f"got {len(call.given)}" in words
    texts, numbers = shown(call)
    words = re.sub(r"^\w+: ", "", words)  # the routine's own name has those of arguments in it
    return MANY.search(words) is not None and len(call.given) > len(generate_idl.asked(call.function)) or \
        names_one(words, [a.name for a in call.function.arguments], texts, numbers)


def describe(entry):
    call, _, _, words = entry
    return f": {call.function.name}({', '.join(call.given)}){' copy ' + str(call.copy) if call.copy >= 0 else ''}: {words[:160]!r}"


def tell(check, claim, wrong, entries):
    check.line(not wrong and len(entries) > 0, claim, f"{len(wrong)} of {len(entries)}{describe(wrong[0]) if wrong else ''}", "0")


def tell_answers(check, entries, kinds=("silent", "wordless", "nameless", "changed")):
    always = [entry for entry in entries if entry[0].wrong]
    errors = [entry for entry in entries if entry[1] == "error"]
    lines = {"silent": ("calls that cannot be right and are no error", [e for e in always if e[1] == "ok"], always),
             "wordless": ("errors without one line of words that begins with the routine's name",
                          [e for e in errors if not has_words(e[0], e[3])], errors),
             "nameless": ("errors whose words name no argument, nor what it was",
                          [e for e in errors if not names_an_argument(e[0], e[3])], errors),
             "changed": ("errors that undefine a variable or change its type or size", [e for e in errors if e[2]], errors)}
    for kind in kinds:
        tell(check, *lines[kind])


def main():
    check = Check(__doc__)
    if GDL is None:
        check.skip("misuse from GDL", "there is no gdl here")
        check.exit()
    if not check.controls:
        calls, answers, done = session(check, "plain")
        tell_end(check, calls, answers, done)
        tell_answers(check, heard(calls, answers))
        check.exit()
    tell_end(check, *session(check, "crash", "crash"))
    for plant, kind in {"swallow": "silent", "silence": "wordless", "mumble": "nameless", "spoil": "changed"}.items():
        calls, answers, _ = session(check, plant, plant)
        tell_answers(check, heard(calls, answers), [kind])
    check.exit()


main()
