# tests/evidence/hosts/newcomers.py -- from an empty folder to a trained network, with the documents' commands alone.
# SPDX-License-Identifier: BSD-3-Clause
"""Copies the sources into a folder of their own, and there, as a user who is not root and has an environment of three variables, gives the
commands of docs/install.md once and then those of each language's page. Nothing is typed that no document says. Two builds, minutes
each: --full.

Controls: the same pages without the commands that install.
"""
import os
import pathlib
import re
import shutil
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "docs"))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from documents import snippets  # noqa: E402
from evidence import ROOT, Check, run  # noqa: E402

NOBODY = 65534
# By language: what must be there, its page, how each block that is used begins (a name is of a file that is kept), what the last prints.
PATHS = {
    "C": ("cc", "install.md", ["export PKG_CONFIG_PATH"], r"rms error +0\.0\d+"),
    "C++": ("c++", "hosts/cpp.md", ["c++ -std"], r"rms error +0\.0\d+"),
    "Fortran": ("gfortran", "hosts/fortran.md", ["! learn.f90", "# with pkg-config"], r"rms error +0\.0\d+"),
    "GDL": ("gdl", "hosts/idl.md", ["; stars.pro", "# with GDL"], r"WIDTH: rmse 0?\.[01]\d*"),
    "Python": ("python3", "hosts/python.md", ["# from the root of the sources", "import numpy as np"], r"largest error 0\.[01]\d*"),
    "R": ("Rscript", "hosts/r.md", ["cp docs/examples/r"], r"rms error +0\.0\d+")}
INSTALL = ["cmake --preset release", "cmake --install", "export PKG_CONFIG_PATH"]


def blocks(page, beginnings):
    """The page's snippets that begin so, in this order."""
    found = snippets(ROOT / "docs" / page)
    chosen = [next((s for s in found if s.text.startswith(beginning)), None) for beginning in beginnings]
    if None in chosen:
        sys.exit(f"newcomers: docs/{page} has no block that begins with '{beginnings[chosen.index(None)]}'")
    return chosen


def as_commands(snippet):
    """What bash is given: the block, or, where its first line names a file, an editor's work."""
    name = re.match(r"[!;] (\S+\.\w+)", snippet.text)
    if name:
        return f"cat > {name[1]} <<'END_OF_FILE'\n{snippet.text}END_OF_FILE\n"
    if snippet.tag == "python":
        return f"python3 - <<'END_OF_FILE'\n{snippet.text}END_OF_FILE\n"
    return snippet.text


class Newcomer:
    """Its home with the sources in it, owned by who has no rights beyond it."""

    def __init__(self, check):
        self.home = check.work / "home"
        self.tree = self.home / "calanque-sources"
        for name in run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT).stdout.splitlines():
            if (ROOT / name).is_file():
                (self.tree / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, self.tree / name)
        self.user = []
        if os.geteuid() == 0:
            check.work.chmod(0o755)
            run(["chown", "-R", f"{NOBODY}:{NOBODY}", self.home])
            self.user = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]

    def give(self, commands):
        """To a shell of its own that stops at the first failure; pip's own settings are the machine's."""
        kept = [f"{key}={value}" for key, value in os.environ.items() if key.startswith("PIP_")]
        return run([*self.user, "env", "-i", f"HOME={self.home}", "PATH=/usr/local/bin:/usr/bin:/bin", "LANG=C.UTF-8", *kept, "bash",
                    "-euo", "pipefail", "-c", commands], cwd=self.tree, stdin=open(os.devnull, encoding="utf-8"))


def install(newcomer):
    """The words of install.md; the lines that are to be in each new shell."""
    build, tree, export = (s.text for s in blocks("install.md", INSTALL))
    done = newcomer.give(build + tree)
    if done.returncode != 0:
        sys.exit(f"newcomers: docs/install.md: {tail(done)}")
    return "\n".join(line for line in export.splitlines() if line.startswith("export")) + "\n"


def tail(done):
    return " | ".join((done.stdout + done.stderr).strip().splitlines()[-3:])


def walk(check, newcomer, language, exports):
    program, page, beginnings, wanted = PATHS[language]
    if shutil.which(program) is None:
        return check.skip(f"a newcomer's path in {language}", f"there is no {program} here")
    chosen = blocks(page, beginnings)
    if check.controls and language == "Python":
        chosen = chosen[1:]
    done = newcomer.give(exports + "".join(as_commands(snippet) for snippet in chosen))
    printed = re.findall(wanted, done.stdout)
    ok = done.returncode == 0 and bool(printed)
    commands = sum(len(s.text.splitlines()) for s in chosen)
    check.line(ok, f"a network that a newcomer trained in {language}, by docs/{page} and no root",
               f"{commands} lines of {len(chosen)} blocks, {printed[-1]}" if ok else f"exit {done.returncode}: {tail(done)}",
               "exit 0, and what it learned")


def main():
    check = Check(__doc__, knows_full=True)
    if not check.full and not check.controls:
        check.skip("the paths of newcomers", "two builds: --full")
        check.exit()
    newcomer = Newcomer(check)
    exports = "" if check.controls else install(newcomer)
    for language in PATHS:
        walk(check, newcomer, language, exports)
    check.exit()


main()
