# tests/evidence/foundations/fuzz.py -- the readers and the borders under inputs that nobody meant.
# SPDX-License-Identifier: BSD-3-Clause
"""Builds the targets of tests/fuzz with clang, for libFuzzer and AddressSanitizer, and gives each its share of 2*10^5 inputs, with
--full of 10^7. Then builds the readers for gcov and counts the lines of them that the corpora and the readers' ordinary tests reach.

Controls: a reader of tensor files that does not compare a tensor's range with its shape; fewer inputs than were asked for; the lines
that an empty file reaches.
"""
import collections
import concurrent.futures
import json
import os
import pathlib
import re
import shutil
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from evidence import ROOT, Check, last_line, run  # noqa: E402

CORPUS = ROOT / "tests/fuzz/corpus"
QUICK, FULL = 200_000, 10_000_000
# A target's part of all inputs, in thousandths: the cheaper an input, the more of them; the dearest begin.
SHARES = {"run_file": 15, "capi_calls": 5, "fits_table": 15, "fits_images": 15, "bundle_json": 40, "csv": 50, "fits_header": 60,
          "safetensors": 100, "plugin_entry": 270, "expression": 430}
LEAST_LINES, LEAST_EDGES = 95, 400
SANITIZER = {"ASAN_OPTIONS": "detect_leaks=1:allocator_may_return_null=0:intercept_tls_get_addr=0"}
# What reads bytes that may come from anybody, and the tests that are about it.
READERS = ["core/src/train/safetensors_read.cpp", "core/src/train/safetensors_header.cpp", "core/src/train/bundle.cpp",
           "core/src/train/bundle_json.cpp", "core/src/config/expression*.cpp", "core/src/config/key_check.cpp",
           "core/src/config/model_chain.cpp", "core/src/config/run_file*.cpp", "core/src/config/text_file.cpp",
           "core/src/config/toml_*.cpp", "core/src/runtime/entry_check.cpp", "core/src/runtime/offers.cpp",
           "plugins/csv/[!s]*.cpp", "plugins/csv/source.cpp", "plugins/csv/table/[!rw]*.cpp", "plugins/fits/io/*.cpp",
           "plugins/fits/images/*.cpp", "plugins/fits/[!s]*.cpp", "plugins/fits/source.cpp"]
TESTS = ["core_train_files", "core_train_predictor", "config_run_file", "config_run_file_errors", "config_model",
         "data_expression", "core_runtime_registry", "csv_source", "csv_cells", "fits_convert", "fits_source", "fits_reader",
         "fits_damage", "fits_header", "fits_images", "fits_image_bands", "fits_image_facts", "fits_image_values",
         "fits_image_damage", "fits_image_readers"]


def build(folder, targets, environment=None, **options):
    """A build folder of its own under build/, with these targets."""
    settings = [f"-D{key}={value}" for key, value in options.items()]
    commands = [["cmake", "-S", ROOT, "-B", folder, "-G", "Ninja", *settings],
                ["cmake", "--build", folder, "-j", os.cpu_count(), "--target", *targets]]
    for command in commands:
        done = run(command, env=environment or {})
        if done.returncode != 0:
            sys.exit(f"fuzz: {folder.name} cannot be built: {(done.stdout.strip().splitlines() or [last_line(done)])[-1]}")


def build_fuzzers():
    folder = ROOT / "build/fuzz"
    build(folder, [f"libfuzzer_{target}" for target in SHARES], {"CC": "clang", "CXX": "clang++"}, CLQ_FUZZ="ON",
          CLQ_SANITIZE="fuzzer-no-link,address", CMAKE_BUILD_TYPE="RelWithDebInfo", CLQ_WERROR="OFF", CLQ_PCH="ON",
          CMAKE_UNITY_BUILD="ON", CMAKE_CXX_FLAGS_RELWITHDEBINFO="-O1 -g1",
          CMAKE_C_FLAGS_RELWITHDEBINFO="-O1 -g1")
    return folder / "bin"


def fuzz(check, program, target, inputs):
    """Inputs run, edges of the code that they reached, seconds, and what ended the program before that, "" for nothing."""
    work = check.work / target
    work.mkdir()
    begin = time.monotonic()
    done = run([program, f"-runs={inputs}", f"-seed={check.seed}", "-max_len=20000", "-timeout=60", "-rss_limit_mb=4096",
                "-print_final_stats=1", f"-artifact_prefix={work}/", work, CORPUS / target], env=SANITIZER, cwd=check.work)
    executed = re.search(r"stat::number_of_executed_units: (\d+)", done.stderr)
    edges = re.findall(r"cov: (\d+)", done.stderr)
    wrong = re.search(r"^(fault: .*|.*(?:ERROR|SUMMARY).*)$", done.stderr, re.MULTILINE)
    words = "" if done.returncode == 0 else wrong.group(1) if wrong else f"exit {done.returncode}"
    return int(executed.group(1)) if executed else 0, int(edges[-1]) if edges else 0, time.monotonic() - begin, words


def share(check, asked, target):
    return asked * SHARES[target] // 1000 // (2 if check.controls else 1)


def check_inputs(check):
    asked = FULL if check.full else QUICK
    bin_folder = build_fuzzers()
    programs = {target: bin_folder / f"libfuzzer_{target}" for target in SHARES}
    if check.controls:
        programs["safetensors"] = faulty_reader(check)
    total, crashed = 0, []
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        fuzzed = pool.map(lambda target: fuzz(check, programs[target], target, share(check, asked, target)), SHARES)
        for target, (executed, edges, seconds, words) in zip(SHARES, fuzzed):
            total += executed
            if words:
                crashed.append(f"{target}: {words}")
            if not check.controls:
                check.line(not words and edges >= LEAST_EDGES, f"inputs to {target} that no check objects to",
                           f"{executed} in {seconds:.0f} s, {edges} edges" + (f", then {words}" if words else ""),
                           f"{share(check, asked, target)}, all, and {LEAST_EDGES} edges")
    check.line(total >= asked, "inputs to all targets", total, f">= {asked}")
    check.line(not crashed, "targets that an input ends" + (" (a comparison taken out of a reader)" if check.controls else ""),
               "; ".join(crashed) or "0", "0")


def faulty_reader(check):
    """libfuzzer_safetensors with a copy of the reader that takes a tensor's range as the file gives it."""
    folder, source = ROOT / "build/fuzz", ROOT / "core/src/train/safetensors_read.cpp"
    text, times = re.subn(r"entry\.end < entry\.begin \|\| entry\.end - entry\.begin != bytes", "bytes < 0",
                          source.read_text(encoding="utf-8"))
    if times != 1:
        sys.exit("fuzz: the comparison to take out of the reader is not there")
    copy, made, program = (check.work / name for name in ("faulty_read.cpp", "faulty_read.o", "faulty_safetensors"))
    copy.write_text(text, encoding="utf-8")
    entry = next(e for e in json.loads((folder / "compile_commands.json").read_text(encoding="utf-8"))
                 if "/clq_train.dir/Unity/" in e["file"])  # any of its folder: the flags are the same
    compiling = re.sub(r" -o \S+ -c \S+$", f" -o {made} -c {copy}", entry["command"])
    linking = run(["ninja", "-C", folder, "-t", "commands", "libfuzzer_safetensors"]).stdout.strip().splitlines()[-1]
    first = f"-o {program} -Wl,--allow-multiple-definition {made}"  # the linker takes what it sees first
    for command in (compiling, linking.replace("-o bin/libfuzzer_safetensors", first)):
        done = run(["sh", "-c", command], cwd=folder)
        if done.returncode != 0:
            sys.exit(f"fuzz: the faulty reader cannot be built: {last_line(done)}")
    return program


def build_for_coverage(targets):
    folder = ROOT / "build/coverage"
    build(folder, targets, CMAKE_BUILD_TYPE="Debug", CMAKE_CXX_FLAGS="--coverage", CMAKE_CXX_FLAGS_DEBUG="-O0 -g1",
          CLQ_PCH="ON", CLQ_WERROR="OFF")
    for counts in folder.rglob("*.gcda"):
        counts.unlink()
    return folder


def run_readers(check, folder):
    """The corpora and the tests; for a control an empty file, and no test."""
    empty = check.work / "empty"
    empty.write_bytes(b"")
    for target in SHARES:
        done = run([folder / f"bin/fuzz_{target}", "--inputs", 0, empty if check.controls else CORPUS / target])
        if done.returncode != 0:
            sys.exit(f"fuzz: {target}: {last_line(done)}")
    if check.controls:
        return
    done = run(["ctest", "--test-dir", folder, "-j", os.cpu_count(), "-R", f"^({'|'.join(TESTS)})$"])
    if done.returncode != 0:
        sys.exit(f"fuzz: a test of the readers fails in {folder}")


def count_lines(folder, sources):
    """By source: its lines, and those of them that ran."""
    names = {path.name for path in sources}
    counts = [str(p) for p in folder.rglob("*.gcno") if p.name.removesuffix(".gcno") in names]  # run or not
    lines = collections.defaultdict(lambda: collections.defaultdict(int))
    for i in range(0, len(counts), 20):
        done = run(["gcov", "--json-format", "--stdout", *counts[i:i + 20]], cwd=folder)
        for report in done.stdout.splitlines():
            for file in json.loads(report)["files"]:
                path = (folder / file["file"]).resolve()
                for line in file["lines"] if path in sources else []:
                    lines[path][line["line_number"]] += line["count"]
    return {path: (len(found), sum(count > 0 for count in found.values())) for path, found in lines.items()}


def check_lines(check):
    readers = {path for pattern in READERS for path in ROOT.glob(pattern)}
    folder = build_for_coverage([f"fuzz_{target}" for target in SHARES] + [f"test_{test}" for test in TESTS])
    run_readers(check, folder)
    counted = count_lines(folder, readers)
    if set(counted) != readers and not check.controls:
        sys.exit(f"fuzz: gcov says nothing of {', '.join(p.name for p in readers - set(counted))}")
    of, ran = (sum(pair[i] for pair in counted.values()) for i in (0, 1))
    worst = sorted(counted, key=lambda path: counted[path][1] - counted[path][0])[:3]
    missed = ", ".join(f"{path.name} {counted[path][0] - counted[path][1]}" for path in worst)
    check.line(100 * ran >= LEAST_LINES * of, f"lines of {len(readers)} sources of the readers that corpora and tests reach",
               f"{100 * ran / max(of, 1):.1f} %, {ran} of {of} (not reached most: {missed})", f">= {LEAST_LINES} %")


def main():
    check = Check(__doc__, knows_full=True)
    if shutil.which("clang++") is None:
        check.skip("inputs to the fuzz targets", "no clang, whose libFuzzer makes the inputs")
    else:
        check_inputs(check)
    check_lines(check)
    check.exit()


if __name__ == "__main__":
    main()
