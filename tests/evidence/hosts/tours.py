# tests/evidence/hosts/tours.py -- the tours of tests/hosts/guest, built against an installation as a user would.
# SPDX-License-Identifier: BSD-3-Clause
"""For the checks beside it. A tour makes the same calls in each language, wrong ones among them, and looks at its own process
four times: looks.c leaves a file each, named 0 to 3, in the folder that it is given."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from installed import PYTHON  # noqa: E402
from evidence import ROOT, run  # noqa: E402

GUEST = ROOT / "tests/hosts/guest"
COMPILED = {"C": (["cc", "-std=c99"], "tour.c", "calanque"), "C++": (["c++", "-std=c++17"], "tour.cpp", "calanque"),
            "Fortran 2008": (["gfortran"], "tour.f90", "calanque-fortran"),
            "F77 style": (["gfortran"], "tour_f77.f", "calanque-fortran")}
LAST = "3"  # the file of the last look


class Tours:
    def __init__(self, work, installed, flags=("-O2",)):
        self.work, self.installed, self.flags = work, installed, flags
        self.looks = work / "liblooks.so"
        installed.must(run(["cc", "-std=gnu99", "-O1", "-shared", "-fPIC", GUEST / "looks.c", "-o", self.looks, "-lm"]),
                       "building looks.c")

    def command(self, language):
        if language == "GDL":
            batch = self.work / "tour_batch.pro"  # by -e an error ends the session, also one that is caught
            batch.write_text("!quiet = 1\ntour\nexit, status=6\n", encoding="utf-8")
            return ["gdl", "-q", "--no-use-wx", batch]
        if language == "Python":
            return [PYTHON, GUEST / "tour.py", self.looks]
        compiler, source, package = COMPILED[language]
        program = self.work / f"program-{source.replace('.', '-')}"
        self.installed.must(run([*compiler, *self.flags, GUEST / source, "-o", program, *self.installed.flags(package),
                                 self.looks, f"-Wl,-rpath,{self.work}"]), f"building {source}")
        return [program]

    def environment(self, folder):
        given = self.installed.environment()
        return given | {"LOOKS": str(folder), "LOOKS_LIBRARY": str(self.looks), "GDL_PATH": f"{GUEST}:{given['GDL_PATH']}",
                        "GDL_DISABLE_WX_PLOTS": "1"}
