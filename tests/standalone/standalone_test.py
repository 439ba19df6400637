# tests/standalone/standalone_test.py -- every source of the product includes what it uses of the product's own headers.
# SPDX-License-Identifier: BSD-3-Clause
"""standalone_test.py SOURCE_FOLDER BUILD_FOLDER

The presets that are tested compile neighbouring sources together, where one may live on another's includes. Here the
compiler looks at each by itself, and makes no code. Headers of the standard library and of others are compiled before,
which takes half of the time away: what a source takes from those without including them is not found.
Control: a source that uses a header that it does not include.
"""
import concurrent.futures
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys

GIVEN = ("algorithm", "chrono", "cmath", "cstdint", "filesystem", "functional", "map", "memory", "mutex", "optional",
         "span", "sstream", "string", "thread", "unordered_map", "vector", "fmt/format.h", "fmt/ranges.h", "nlohmann/json.hpp")
PRODUCT = ("core", "capi", "plugins", "projects")
COMPILER = ("g++", "-std=c++20", "-w", "-DFMT_SHARED")
CONTROL = '#include <calanque/core/error.hpp>\nclq::Tensor nowhere_included();\n'


def given_headers(work):
    header, compiled = work / "given.hpp", work / "given.hpp.gch"
    header.write_text("".join(f"#include <{name}>\n" for name in GIVEN), encoding="utf-8")
    subprocess.run([*COMPILER, "-x", "c++-header", str(header), "-o", str(compiled)], check=True)
    return header


def commands(source, work):
    """Each C++ source of the product, with its folders of headers and its definitions."""
    configured = subprocess.run(["cmake", "--preset", "dev", "-B", work / "build", "-DCLQ_TESTS=OFF",
                                 "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON"], cwd=source, capture_output=True, text=True,
                                check=False)
    if configured.returncode != 0:
        sys.exit(f"standalone: cmake: {configured.stderr}")
    found = {}
    for entry in json.loads((work / "build/compile_commands.json").read_text(encoding="utf-8")):
        file = pathlib.Path(entry["file"])
        if file.suffix != ".cpp" or not file.is_relative_to(source) or file.relative_to(source).parts[0] not in PRODUCT:
            continue
        words, wanted = shlex.split(entry["command"]), []
        for word, after in zip(words, words[1:]):
            if re.match(r"-[ID].", word) and word != "-DFMT_SHARED":
                wanted.append(word)
            elif word == "-isystem":
                wanted += [word, after]
        found[file] = wanted
    return found


def look_at(file, flags, given):
    done = subprocess.run([*COMPILER, "-fsyntax-only", "-include", str(given), *flags, str(file)], capture_output=True,
                          text=True, check=False)
    if done.returncode == 0:
        return None
    return next((line for line in done.stderr.splitlines() if "error:" in line), done.stderr)


def main():
    source, work = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve() / "standalone"
    work.mkdir(exist_ok=True)
    given = given_headers(work)
    found = commands(source, work)
    written = sum(len(list((source / part).rglob("*.cpp"))) for part in PRODUCT)
    control = work / "control.cpp"
    control.write_text(CONTROL, encoding="utf-8")
    if look_at(control, [f"-I{source}/core/include", f"-I{source}/capi/include"], given) is None:
        sys.exit("standalone: the control, which lacks an include, passes")
    with concurrent.futures.ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        answers = pool.map(lambda item: look_at(*item, given), found.items())
        wrong = [answer for answer in answers if answer]
    print("\n".join(wrong))
    print(f"{len(found)} sources of {written} that there are, {len(wrong)} do not stand alone")
    sys.exit(1 if wrong or len(found) < 0.9 * written else 0)


main()
