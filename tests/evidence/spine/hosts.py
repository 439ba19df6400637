# tests/evidence/spine/hosts.py -- a small C program, built against the minimal build, trains from arrays and predicts.
# SPDX-License-Identifier: BSD-3-Clause
"""docs/examples/train_predict.c in C99, with a compiler that takes nothing else. The controls are that program with a
statement too many, another header, a GNU extension, a missing declaration and a target that nothing can learn."""
import pathlib
import random
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from evidence import ROOT, Check, run  # noqa: E402

MOST_LINES = 60
STANDARD_C99 = set("assert complex ctype errno fenv float inttypes iso646 limits locale math setjmp signal stdarg "
                   "stdbool stddef stdint stdio stdlib string tgmath time wchar wctype".split())
NOT_C99 = [
    ("GNU extension", "const int64_t two[1] = {2};", "const int64_t two[1] = {({ 2; })};"),
    ("missing declaration", "#include <math.h>\n", ""),
    ("C++ alone", "clq_handle config", "auto half = 0.5; clq_handle config"),
]


def program(check):
    text = (ROOT / "docs/examples/train_predict.c").read_text()
    if not check.controls:
        return text
    text = text.replace("#include <math.h>", "#include <unistd.h>\n#include <math.h>")
    return text.replace("  double squares", "\n" * MOST_LINES + "  double squares")


def check_text(check, text):
    lines = [line for line in text.splitlines()]
    check.at_most(len(lines), MOST_LINES, "lines of the C program")
    included = re.findall(r"#\s*include\s*[<\"](\S+)[>\"]", text)
    foreign = [h for h in included if h != "calanque/calanque.h" and h.removesuffix(".h") not in STANDARD_C99]
    check.line("calanque/calanque.h" in included and not foreign, "headers of the C program", " ".join(included),
               "calanque/calanque.h and those of C99")


def build(check, text, name):
    source, program = check.work / f"{name}.c", check.work / name
    source.write_text(text)
    minimal = check.minimal
    return program, run(["cc", "-std=c99", "-pedantic", "-Wall", "-Werror", f"-I{ROOT}/capi/include", source, "-o",
                         program, f"-L{minimal}/lib", f"-Wl,-rpath,{minimal}/lib", "-lcalanque", "-lm"])


def check_compiler(check, text):
    """The program compiles; with --controls the same text with each thing that C99 does not have."""
    wrong = NOT_C99 if check.controls else [("as it is", "", "")]
    said = []
    for name, old, new in wrong:
        spoilt = text.replace(old, new, 1) if old else text
        if old and spoilt == text:
            sys.exit(f"'{old}' is not in the program")
        built, done = build(check, spoilt, re.sub(r"\W", "_", name))
        words = [line for line in done.stderr.splitlines() if "error" in line]
        said.append((done.returncode == 0, f"{name}: " + (words[0].split("error: ")[-1][:60] if words else "exit 0")))
    check.line(any(ok for ok, _ in said), "compiles as C99 without a warning", "; ".join(words for _, words in said),
               "cc -std=c99 -pedantic -Wall -Werror")


def check_fit(check, text):
    """The rms error on the rows it learned from, of a target y in [-2, 2]; noise in the target must show."""
    if check.controls:
        seed = random.Random(check.seed).randrange(1, 2**16)
        text = text.replace("+ x[2 * i + 1];", f"+ (float)(({seed}u * 2654435761u * (i + 1u) >> 8) % 2000u) / 500.0f;")
    built, done = build(check, text, "fit")
    if done.returncode != 0:
        sys.exit(done.stderr)
    ran = run([built], timeout=120)
    found = re.search(r"rms error (\S+)", ran.stdout)
    figure = f"rms error {found[1]}, exit {ran.returncode}" if found else f"exit {ran.returncode} {ran.stderr.strip()}"
    check.line(bool(found) and ran.returncode == 0 and float(found[1]) <= 0.05, "trains from arrays and predicts",
               figure, "rms error <= 0.05 by its own account, exit 0")


def check_needs(check):
    """What the minimal library loads: no Python, no interpreter of any kind, no library for files or devices."""
    library = check.minimal / "lib/libcalanque.so"
    if check.controls:
        library = check.build / "lib/calanque/plugins/clq_fits.so"
    needed = re.findall(r"NEEDED.*\[(.+?)\]", run(["readelf", "-d", library]).stdout)
    allowed = re.compile(r"lib(c|m|stdc\+\+|gcc_s|fmt|xxhash|tomlplusplus|png16|pthread|dl)\.so|ld-linux")
    foreign = [name for name in needed if not allowed.match(name)]
    check.line(bool(needed) and not foreign, "libraries behind libcalanque.so", " ".join(needed) or "none found",
               "C, C++, fmt, xxhash, toml++, png")


def main():
    check = Check(__doc__)
    check.minimal = check.build.parent / "minimal"
    if not (check.minimal / "lib/libcalanque.so").exists():
        sys.exit(f"no minimal build beside {check.build}: cmake --build --preset minimal")
    original = (ROOT / "docs/examples/train_predict.c").read_text()
    check_text(check, program(check))
    check_compiler(check, original)
    check_fit(check, original)
    check_needs(check)
    check.exit()


main()
