# tests/evidence/hosts/installed.py -- an installation of the build, and the same program in each language against it.
# SPDX-License-Identifier: BSD-3-Clause
"""For the checks beside it. Nothing here looks into the tree but for the programs' own sources."""
import os
import pathlib
import shutil
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from evidence import ROOT, last_line, run  # noqa: E402

PROGRAMS = ROOT / "projects/deepdip/hosts"
PYTHON = "/usr/bin/python3"
NEEDS = {"C": "cc", "C++": "c++", "Fortran 2008": "gfortran", "F77 style": "gfortran", "GDL": "gdl", "Python": PYTHON}


class Installed:
    """cmake --install into a folder of the check's own; programs are built against that."""

    def __init__(self, check):
        self.check = check
        self.prefix = check.work / "installed"
        self.must(run(["cmake", "--install", check.build, "--prefix", self.prefix]), "cmake --install")
        self.library = self.prefix / "lib/libcalanque.so"

    @staticmethod
    def must(done, what):
        if done.returncode != 0:
            sys.exit(f"{what}: {last_line(done)}")
        return done

    def environment(self):
        """What a user of the installation would have in his own."""
        lib = self.prefix / "lib"
        return {"LD_LIBRARY_PATH": str(lib), "PKG_CONFIG_PATH": str(lib / "pkgconfig"), "CALANQUE_LIB": str(self.library),
                "PYTHONPATH": str(self.prefix / "share/calanque/python"), "PYTHONDONTWRITEBYTECODE": "1",
                "GDL_PATH": f"{PROGRAMS}:{self.prefix / 'share/calanque/idl'}:/usr/share/gnudatalanguage/lib",
                "CLQ_IDL_LIB": str(lib / "libclq_idl.so")}

    def flags(self, package):
        done = run(["pkg-config", "--cflags", "--libs", package], env=self.environment())
        return self.must(done, f"pkg-config {package}").stdout.split()

    def build(self, language):
        """The command that runs projects/deepdip/hosts' program of this language; None where it cannot be run here."""
        if shutil.which(NEEDS[language]) is None:
            return None
        if language == "GDL":
            return ["gdl", "-q", "--no-use-wx", "-e", "deepdip", "-args"]
        if language == "Python":
            return [PYTHON, PROGRAMS / "deepdip.py"]
        compiler, source, package = {
            "C": (["cc", "-std=c99", "-O2"], "deepdip.c", "calanque"),
            "C++": (["c++", "-std=c++17", "-O2"], "deepdip.cpp", "calanque"),
            "Fortran 2008": (["gfortran", "-O2"], "deepdip.f90", "calanque-fortran"),
            "F77 style": (["gfortran", "-O2"], "deepdip_f77.f", "calanque-fortran")}[language]
        program = self.check.work / f"program-{source.replace('.', '-')}"
        self.must(run([*compiler, PROGRAMS / source, "-o", program, *self.flags(package)]), f"building {source}")
        return [program]

    def train(self, command, epochs, seed, folder):
        folder.mkdir()
        with open(os.devnull, encoding="utf-8") as nothing:
            return run([*command, epochs, seed, folder, 1], cwd=ROOT, env=self.environment(), stdin=nothing)
