# tests/numbers_gate.py -- no code of Calanque reads or writes numbers in a way that the host's locale changes: <charconv> and fmt alone.
# SPDX-License-Identifier: BSD-3-Clause
"""numbers_gate.py [--with PROGRAM] [LIBRARY...]

Looks through the sources of core, capi, plugins, the projects' plugins and the examples to copy, through those of the tests, which run in other locales,
for std::stod and its like, and through the symbols of the libraries for std::to_string of a
floating-point number. PROGRAM has such a symbol, by CLI11: it must be found there, as must every line that is planted.
"""
import argparse
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
FOLDERS = ("core", "capi", "plugins", "projects/*/plugin", "docs/examples/plugins")
TESTS = r"\bsto(d|f|ld)\s*\("
SUFFIXES = (".c", ".cpp", ".h", ".hpp", ".in")
CALLS = {
    r"\b(strto(d|f|ld)|strfrom[dfl]|atof|[efg]cvt|v?[fs]?w?scanf)\s*\(": "reads or writes as the locale says, std::from_chars or std::to_chars would be right",
    r"\bsto(d|f|ld)\s*\(": "reads as the locale says, std::from_chars would be right",
    r"\b(setlocale|uselocale|newlocale)\s*\(|\bstd::locale\b|\bimbue\s*\(": "the locale is the host's",
    r"\{[^{}\"\n]*:[^{}\"\n]*L[a-zA-Z]?\}": "formats as the global locale says, without L would be right",
}
PRINTF = re.compile(r"\bv?[sfd]?n?w?printf\s*\([^;]*?%[-+ #0-9.*']*L?[aAeEfFgG]", re.DOTALL)
TO_STRING = re.compile(r"\b(?:std::)?to_string\(\s*([^();]*)\)")
XSTRING = "__gnu_cxx::__to_xstring<"  # of g++: what to_string of a floating-point number calls

# Streams over text, without a number in them.
TEXT_STREAMS = {
    "core/src/runtime/offers.cpp": "splits words",
    "core/src/config/key_check.cpp": "splits at a separator",
    "core/src/train/trainer_resume.cpp": "splits lines",
    "capi/cli/train.cpp": "splits lines",
    "capi/cli/cgroup.cpp": "splits names",
    "capi/cli/main.cpp": "takes the help of CLI11",
}
STREAMS = r"\b([io]?stringstream|[io]stream|cout|cerr|clog)\b"

PLANTED = (
    "double x = std::strtod(text, nullptr);", "x = strtof(text, 0);", "x = atof(text);", "auto x = std::stod(text);", "x = std::stof(text);",
    'sscanf(text, "%lf", &x);', 'std::snprintf(text, sizeof text, "%.3f", x);', 'fprintf(file,\n  "%s %8.2e", name, x);', 'printf("%g", x);',
    "std::setlocale(LC_ALL, \"\");", "stream.imbue(std::locale::classic());", "std::ostringstream out;\nout << x;", "std::cout << 1.5;",
    'fmt::format("{:.3Lf}", x);', "const double x = 2;\ntext += std::to_string(x);", "text += std::to_string(0.5);",
    "text += to_string(float{n});",
)
HARMLESS = ("// not strtod", "/* printf(\"%f\") */", 'std::snprintf(text, sizeof text, "%d %s", n, name);', "text += std::to_string(n);",
            'fmt::format("{:.3f}", x);', "std::from_chars(begin, end, x);", "std::fputs(text, stdout);", 'report("100 % of them");')


def without_comments(text):
    """The text, its comments and includes as their line ends alone; what looks like a comment in a literal stays."""
    pattern = r'("(?:\\.|[^"\\\n])*")|(//[^\n]*|/\*.*?\*/|^#include[^\n]*)'
    return re.sub(pattern, lambda m: m[1] or re.sub(r"[^\n]", "", m[2]), text, flags=re.DOTALL | re.MULTILINE)


def floating(argument, before):
    """Whether the argument of a to_string shows that it is no integer: as it is written, or by the last declaration of its name."""
    if re.search(r"\b\d+\.\d|\b(double|float)\b", argument):
        return True
    name = argument.strip()
    types = re.findall(rf"(\w+)&?\s+{name}\b\s*[=;,){{]", before) if re.fullmatch(r"\w+", name) else []
    return bool(types) and types[-1] in ("double", "float")


def problems_of(name, text):
    text = without_comments(text)
    found = []

    def add(at, why):
        found.append(f"{name}:{text.count(chr(10), 0, at) + 1}: {text[at:].splitlines()[0].strip()[:60]}: {why}")

    for pattern, why in CALLS.items():
        for match in re.finditer(pattern, text):
            add(match.start(), why)
    for match in re.finditer(STREAMS, text) if name not in TEXT_STREAMS else ():
        add(match.start(), "formats as the global locale says, fmt would be right")
    for match in PRINTF.finditer(text):
        add(match.start(), "writes as the locale says, std::to_chars or fmt would be right")
    for match in TO_STRING.finditer(text):
        if floating(match[1], text[:match.start()]):
            add(match.start(), "std::to_string of a floating-point number writes as the locale says, std::to_chars or fmt would be right")
    return found


def source_problems():
    for folder in FOLDERS:
        for top in sorted(ROOT.glob(folder)):
            for path in sorted(path for path in top.rglob("*") if path.suffix in SUFFIXES):
                name = str(path.relative_to(ROOT))
                yield from problems_of(name, path.read_text(encoding="utf-8"))


def test_problems():
    for path in sorted(ROOT.glob("tests/**/*.[ch]pp")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if re.search(TESTS, line):
                yield f"{path.relative_to(ROOT)}:{number}: {line.strip()[:60]}: reads as the locale says, support/number.hpp would be right"


def writes_floating(library):
    """Whether it holds g++'s std::to_string of a floating-point number."""
    return XSTRING in subprocess.run(["nm", "-C", library], capture_output=True, text=True, check=True).stdout


def unseen(program):
    """What was planted and is not found, and what is found though nothing is wrong."""
    yield from (f"not found: {line!r}" for line in PLANTED if not problems_of("planted.cpp", f"void f() {{\n{line}\n}}\n"))
    yield from (f"found: {line!r}" for line in HARMLESS if problems_of("harmless.cpp", f"void f() {{\n{line}\n}}\n"))
    yield from (f"{name}: is excused, and needs no excuse" for name in TEXT_STREAMS
                if not re.search(STREAMS, without_comments((ROOT / name).read_text(encoding="utf-8"))))
    if program and not writes_floating(program):
        yield f"{program}: no {XSTRING} in it, by which the libraries are looked through"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--with", dest="program")
    parser.add_argument("libraries", nargs="*")
    arguments = parser.parse_args()
    problems = [*source_problems(), *test_problems(), *unseen(arguments.program)]
    problems += [f"{library}: has std::to_string of a floating-point number" for library in arguments.libraries
                 if writes_floating(library)]
    for problem in problems:
        print("WRONG", problem)
    sys.exit(1 if problems else 0)


main()
