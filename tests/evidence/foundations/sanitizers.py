# tests/evidence/foundations/sanitizers.py -- the whole suite under the sanitizers of gcc.
# SPDX-License-Identifier: BSD-3-Clause
"""Builds the presets asan (AddressSanitizer, LeakSanitizer, UndefinedBehaviorSanitizer) and tsan (ThreadSanitizer)
and runs every test that they have; a report ends its test. GCC's OpenMP is not instrumented: what its threads do to one
another in cpu_onednn is not seen (tests/tsan.supp). Takes an hour: --full.

Controls: programs with one fault each, compiled with a preset's flags and run with its environment.
"""
import json
import os
import pathlib
import shlex
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from evidence import ROOT, Check, failed_tests, last_line, run  # noqa: E402

WHAT = {"asan": "address and undefined behaviour", "tsan": "races, but for those of OpenMP's threads in cpu_onednn"}
FAULTS = {
    "asan": {"reads_behind": "int* p = new int[4]; int x = p[argc + 3]; delete[] p; return x == 77;",
             "leaks": "auto* p = new int[100]; return p[argc] == 77 ? 1 : (p = nullptr, 0);",
             "overflows": "int x = 2147483647; return x + argc == 77;"},
    "tsan": {"races": "int n = 0; std::thread t([&] { n = argc; }); n = 2; t.join(); return n == 77;"}}


def configure(preset):
    done = run(["cmake", "--preset", preset, "-DCLQ_WHOLE_SUITE=ON"], cwd=ROOT)
    if done.returncode != 0:
        sys.exit(f"sanitizers: {preset} cannot be configured: {last_line(done)}")
    return ROOT / "build" / preset


def build(preset):
    done = run(["cmake", "--build", "--preset", preset, "-j", os.cpu_count(), "--", "--quiet"], cwd=ROOT)
    if done.returncode != 0:
        sys.exit(f"sanitizers: {preset} cannot be built: {(done.stdout.strip().splitlines() or ['?'])[-1]}")


def suite(preset):
    configure(preset)
    build(preset)
    return failed_tests(run(["ctest", "--preset", preset, "-j", os.cpu_count(), "--no-tests=error"], cwd=ROOT))


def environment(preset):
    presets = json.loads((ROOT / "CMakePresets.json").read_text(encoding="utf-8"))["testPresets"]
    found = next(p for p in presets if p["name"] == preset).get("environment", {})
    return {key: value.replace("${sourceDir}", str(ROOT)) for key, value in found.items()}


def faulty_suite(check, preset):
    """Tests that are programs with a fault each, compiled as a source of the core is."""
    words = shlex.split(commands_of(configure(preset)))
    flags = [word for word in words if word.startswith(("-fsanitize", "-fno-", "-O", "-g"))]
    folder = check.work / preset
    folder.mkdir()
    tests = []
    for name, body in FAULTS[preset].items():
        source, program = folder / f"{name}.cpp", folder / name
        source.write_text(f"#include <thread>\nint main(int argc, char**) {{ {body} }}\n", encoding="utf-8")
        done = run(["c++", "-std=c++20", *flags, source, "-o", program, "-pthread"])
        if done.returncode != 0:
            sys.exit(f"sanitizers: a fault cannot be compiled: {last_line(done)}")
        tests.append(f'add_test({name} "{program}")\n')
    (folder / "CTestTestfile.cmake").write_text("".join(tests), encoding="utf-8")
    return failed_tests(run(["ctest", "--test-dir", folder], env=environment(preset)))


def commands_of(folder):
    """How a source of the core is compiled there."""
    return run(["ninja", "-C", folder, "-t", "commands", "core/src/base/all"]).stdout.splitlines()[0]


def main():
    check = Check(__doc__, knows_full=True)
    if not check.full and not check.controls:
        check.skip("tests that a sanitizer ends", "takes an hour: --full")
        check.exit()
    for preset, what in WHAT.items():
        wrong, n = faulty_suite(check, preset) if check.controls else suite(preset)
        if check.controls and len(wrong) != n:
            sys.exit(f"sanitizers: {preset} says nothing of {set(FAULTS[preset]) - set(wrong)}")
        check.line(not wrong, f"tests that {preset} ends ({what})",
                   f"{len(wrong)} of {n}" + (f": {', '.join(wrong[:5])}" if wrong else ""), "0")
    check.exit()


if __name__ == "__main__":
    main()
