# tests/evidence/hosts/zero_copy.py -- arrays of a host cross calanque.h where they lie, shown by their addresses.
# SPDX-License-Identifier: BSD-3-Clause
"""The programs of tests/hosts/lent, in C, C++, Fortran and GDL, with NumPy and with DLPack, each give a network their arrays and
say the address at which they have each: lent to a source, given to a prediction, and that which it answers in. spy.c, which
stands between the program and the library, writes the address that the library was given in each call that did well. The
k-th of both, of one function, field and argument, must be equal. And what a host writes into an array after lending it must
be what the source reads; with DLPack also what a consumer writes into an answer must be in the answer.

GDL's clq_train is measured too, its clq_predict is not: it gives 1024 samples at a time, and IDL copies parts of arrays.

Controls: every other row, a part of a variable, another type: what the host or its binding must copy. All addresses must
then differ, and the value that is read must be the old one.
"""
import pathlib
import shutil
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from installed import PYTHON, Installed, last_line  # noqa: E402
from evidence import ROOT, Check, run  # noqa: E402
import spying  # noqa: E402

LENT = ROOT / "tests/hosts/lent"
COMPILED = {"C": (["cc", "-std=c99", "-O2"], "lent.c", "calanque"), "C++": (["c++", "-std=c++17", "-O2"], "lent.cpp", "calanque"),
            "Fortran 2008": (["gfortran", "-O2"], "lent.f90", "calanque-fortran"),
            "F77 style": (["gfortran", "-O2"], "lent_f77.f", "calanque-fortran")}
NEEDS = {"C": "cc", "C++": "c++", "Fortran 2008": "gfortran", "F77 style": "gfortran", "GDL": "gdl", "NumPy": PYTHON,
         "DLPack": PYTHON}


class Hosts:
    def __init__(self, check):
        self.check, self.installed = check, Installed(check)
        self.spy = spying.build(check, self.installed)

    def command(self, host):
        how = ["packed"] if self.check.controls else []
        if host == "GDL":
            batch = self.check.work / "lent_batch.pro"
            batch.write_text("!quiet = 1\nlent\nexit, status=6\n", encoding="utf-8")
            return ["gdl", "-q", "--no-use-wx", batch]
        if host in ("NumPy", "DLPack"):
            return [PYTHON, LENT / "lent.py", host.lower(), *how]
        compiler, source, package = COMPILED[host]
        program = self.check.work / f"program-{source.replace('.', '-')}"
        self.installed.must(run([*compiler, LENT / source, "-o", program, *self.installed.flags(package)]), f"building {source}")
        return [program, *how]

    def environment(self, host):
        given = self.installed.environment() | {"LD_PRELOAD": str(self.spy), "CALANQUE_LIB": str(self.spy),
                                                "SPY": str(self.check.work / f"{host}-spied")}
        if host != "GDL":
            return given
        inside = self.check.work / "libinside.so"
        self.installed.must(run(["cc", "-shared", "-fPIC", ROOT / "tests/hosts/idl/inside.c", "-o", inside, "-lm"]), "inside.c")
        return given | {"GDL_PATH": f"{LENT}:{given['GDL_PATH']}", "GDL_DISABLE_WX_PLOTS": "1", "CLQ_INSIDE": str(inside),
                        "LENT": "packed" if self.check.controls else ""}

    def lend(self, host):
        """What the program said, and what the spy saw, each as lines of words."""
        done = run(self.command(host), env=self.environment(host), cwd=self.check.work, stdin=subprocess.DEVNULL)
        said = [line.split() for line in done.stdout.splitlines() if line.startswith(("clq_", "changed"))]
        if done.returncode != 0 or len(said) < 4:
            sys.exit(f"zero_copy: {host}: {last_line(done)}")
        return said, [line.split() for line in (self.check.work / f"{host}-spied").read_text(encoding="utf-8").splitlines()]


def by_call(lines):
    found = {}
    for *call, address in lines:
        found.setdefault(" ".join(call), []).append(address)
    return found


def tell(check, host, said, spied):
    theirs, ours = by_call(words for words in said if words[0] != "changed"), by_call(spied)
    uneven = [call for call in theirs if len(theirs[call]) != len(ours.get(call, []))]
    if uneven:
        sys.exit(f"zero_copy: {host}: other calls than the program says: {uneven}")
    pairs = [(call, a, b) for call, places in theirs.items() for a, b in zip(places, ours[call])]
    copied = [call for call, a, b in pairs if a != b]
    if check.controls and len(copied) != len(pairs):
        sys.exit(f"zero_copy: {host}: a copy has the address of what was copied: {set(theirs) - set(copied)}")
    words = f": {', '.join(copied)}" if copied else ""
    check.line(not copied and len(pairs) > 3, f"{host}: arrays that cross with another address than the host's",
               f"{len(copied)} of {len(pairs)}{words}", "0")
    changes = [(float(a), float(b)) for _, a, b in (words for words in said if words[0] == "changed")]
    missed = [f"{b:g} for {a:g}" for a, b in changes if a != b]
    if check.controls and len(missed) != len(changes):
        sys.exit(f"zero_copy: {host}: a copy changes with what was copied")
    check.line(not missed and changes, f"{host}: values written after lending that the other side does not see",
               f"{len(missed)} of {len(changes)}{': ' if missed else ''}{', '.join(missed)}", "0")


def main():
    check = Check(__doc__)
    hosts = Hosts(check)
    for host, needed in NEEDS.items():
        if shutil.which(needed) is None:
            check.skip(f"{host}: arrays that cross with another address than the host's", f"there is no {needed} here")
        else:
            tell(check, host, *hosts.lend(host))
    check.exit()


main()
