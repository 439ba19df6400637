# tests/hosts/fortran/page_test.py -- the programs of docs/hosts/fortran.md compile and do what the page says.
# SPDX-License-Identifier: BSD-3-Clause
"""page_test.py FORTRAN FOLDER LIBRARIES: FOLDER is build.sh's, LIBRARIES has libcalanque.so."""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
FORTRAN, FOLDER, LIBRARIES = sys.argv[1], pathlib.Path(sys.argv[2]).resolve(), sys.argv[3]
# Each program in its order on the page: its exit, a pattern of all it writes, one of its errors.
WANTED = {"learn.f90": (0, r"rms error  0\.0\d\d\n", r"(epoch +\d+/20  step +\d+  loss +[\d.]+\n)+"),
          "status.f90": (0, r"status 0 2 0\n", ""),
          "errors.f90": (1, r".*no/such/table\.fits.*\n",
                         r"clq_source%add: 'x': the last dimension must count the 2 samples, got \(3\)\nERROR STOP 1\n(.|\n)*"),
          "oldest.f": (0, r"( +-?\d\.\d{3}){3} CLQVER  = '0\.1\.0 *\n", "")}


def programs():
    text = (ROOT / "docs" / "hosts" / "fortran.md").read_text(encoding="utf-8")
    for fence in re.findall(r"```text\n(.*?)```", text, re.S):
        name = re.match(r"[!C#] (\S+)", fence)[1]
        if name != "with":  # commands, which tests/evidence/hosts/newcomers.py gives
            yield name, fence


def run(name, text, folder):
    source = folder / name
    source.write_text(text, encoding="utf-8")
    subprocess.run([FORTRAN, "-Wall", "-Werror", "-Wno-conversion", "-Wno-unused", "-I", FOLDER, "-I", ROOT / "capi/bindings/fortran",
                    "-o", source.with_suffix(""), source, "-L", FOLDER, "-lcalanque_fortran", "-L", LIBRARIES, "-lcalanque",
                    f"-Wl,-rpath,{LIBRARIES}"], check=True, cwd=folder)
    return subprocess.run([source.with_suffix("")], cwd=folder, capture_output=True, text=True, check=False)


def main():
    folder = FOLDER / "page"
    folder.mkdir(exist_ok=True)
    found = dict(programs())
    project = found.pop("CMakeLists.txt").replace("mine", "consumer").replace("consumer.f90)", "consumer.f90 old.f)")
    tried = (ROOT / "tests/hosts/fortran/consumer/CMakeLists.txt").read_text(encoding="utf-8")   # by package_test.sh
    assert all(line in tried.splitlines() for line in project.splitlines()[1:]), f"not what is tried: {project}"
    assert list(found) == list(WANTED), f"the page has {list(found)}, wanted {list(WANTED)}"
    for name, (status, out, err) in WANTED.items():
        done = run(name, found[name], folder)
        for what, pattern, text in (("output", out, done.stdout), ("errors", err, done.stderr)):
            assert re.fullmatch(pattern, text), f"{name}: {what} '{text}', wanted {pattern}"
        assert done.returncode == status, f"{name}: exit {done.returncode}, wanted {status}"
    print(f"{len(WANTED)} programs of the page do what it says")


main()
