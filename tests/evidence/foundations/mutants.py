# tests/evidence/foundations/mutants.py -- the tests notice small errors in ops, sampler, checkpoint and replicas.
# SPDX-License-Identifier: BSD-3-Clause
"""Builds a copy of the tree, plants one error of mutants_list.py after another, builds what it touches and runs a few
tests. An error is seen when one of them fails; one that does not compile is none. Takes half an hour: --full.

Controls: changes that change nothing, which no test may notice; so every line says SHORT.
"""
import pathlib
import re
import shutil
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from evidence import ROOT, Check, last_line, run  # noqa: E402
from mutants_list import MUTANTS  # noqa: E402

PLANTED, SEEN = 40, 38
SECONDS = 300  # for the tests of one error: a deadlock is seen, too


class Tree:
    """A copy of the sources that git knows or would know, built as the release is, with tests that are not optimised."""

    def __init__(self, check):
        self.folder, self.build = check.work / "tree", check.work / "tree/build/release"
        names = run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT).stdout.splitlines()
        for name in names:
            if (ROOT / name).is_file():
                (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, self.folder / name)
        done = run(["cmake", "--preset", "release"], cwd=self.folder)
        if done.returncode != 0:
            sys.exit(f"mutants: cmake: {last_line(done)}")

    def passes(self, tests):
        """Whether these tests pass, or None where they cannot be built."""
        listed = run(["ctest", "--test-dir", self.build, "-N", "-R", tests]).stdout
        programs = [f"test_{name}" for name in re.findall(r"Test +#\d+: (\S+)", listed)]
        build = ["cmake", "--build", "build/release", "--target", *programs, "--", "--quiet"]
        if not programs or run(build, cwd=self.folder).returncode != 0:
            return None
        done = subprocess.run(["timeout", str(SECONDS), "ctest", "--test-dir", str(self.build), "-R", tests, "--stop-on-failure",
                               "--no-tests=error"], capture_output=True, text=True, check=False)
        return done.returncode == 0

    def require_sound(self, patterns):
        for tests in patterns:
            if not self.passes(tests):
                sys.exit(f"mutants: {tests} does not pass as it is")

    def try_out(self, file, old, new, tests):
        """'seen', 'not seen', or why it was not tried."""
        path = self.folder / file
        text = path.read_text(encoding="utf-8")
        if text.count(old) != 1:
            return f"stands there {text.count(old)} times"
        path.write_text(text.replace(old, new), encoding="utf-8")
        try:
            passed = self.passes(tests)
            return "does not compile" if passed is None else "not seen" if passed else "seen"
        finally:
            path.write_text(text, encoding="utf-8")


def main():
    check = Check(__doc__, knows_full=True)
    if not check.full:
        check.skip("planted errors that the tests notice", "takes half an hour: --full")
        check.exit()
    tree = Tree(check)
    tree.require_sound({tests for mutants in MUTANTS.values() for *_, tests in mutants})
    answers = {}
    for part, mutants in MUTANTS.items():
        for number, (file, old, new, tests) in enumerate(mutants[:2] if check.controls else mutants):
            answer = tree.try_out(file, old, f"{old} /* the same */" if check.controls else new, tests)
            answers[part, number] = answer
            if answer != "seen":
                print(f"mutants: {file}: {old!r}: {answer}", file=sys.stderr)
    seen = sum(answer == "seen" for answer in answers.values())
    parts = ", ".join(f"{part} {sum(a == 'seen' for (p, _), a in answers.items() if p == part)} of "
                      f"{sum(p == part for p, _ in answers)}" for part in MUTANTS)
    if check.controls and "does not compile" in answers.values():
        sys.exit("mutants: a change that changes nothing does not compile")
    whole = check.controls or len(answers) >= PLANTED
    check.line(seen * PLANTED >= SEEN * len(answers) and whole, f"planted errors that the tests notice, of {PLANTED}",
               f"{seen} of {len(answers)} ({parts})", f">= {SEEN}")
    check.exit()


if __name__ == "__main__":
    main()
