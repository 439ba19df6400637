# tests/docs/run_snippets.py -- runs every snippet of the documents with a finished build.
# SPDX-License-Identifier: BSD-3-Clause
"""run_snippets.py --build DIR [--sanitize LIST] [DOCUMENT...]

Each document gets an empty folder that holds the parts of the tree that documents speak of, its build as build/tour,
and clq in PATH. Exit 1 and a line a failure when a snippet does not do what its tag promises (documents.py).
"""
import argparse
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile

from documents import ROOT, BadFence, documents, snippets

SECONDS = 120  # a hang, not a slow machine: alone, the longest snippet takes 15 s; a sanitizer makes it five times that
COPIED = ("README.md", "docs", "projects", "capi/include")

# A report of ThreadSanitizer; one that names OpenMP, whose threads it does not see wait for one another (tests/tsan.supp), is none.
RACE = re.compile(r"=+\nWARNING: ThreadSanitizer: .*?\n=+\n", re.DOTALL)
COUNTED = re.compile(r"ThreadSanitizer: reported \d+ warnings\n")

# Too long for a test of the documents, recognised by their exact text; each is what another test does.
BUILD = """\
cmake --preset release -DCLQ_TESTS=OFF -B build/tour
cmake --build build/tour
export PATH=$PWD/build/tour/bin:$PATH"""
LONG = {
    "bash projects/deepdip/demo.sh": "tests/evidence/spine/readme.py",
    "bash projects/deepdip/demo.sh --networks 5": "tests/evidence/spine/readme.py",
    "bash tests/run.sh": "continuous integration runs it",
    BUILD: "projects/deepdip/demo.sh builds so",
    "bash tests/evidence/spine.sh --controls": "tests/evidence",
    "bash tests/evidence/spine.sh": "tests/evidence",
    "bash tests/evidence/images.sh --controls": "tests/evidence",
    "bash tests/evidence/images.sh": "tests/evidence",
    "bash tests/evidence/vocabulary.sh --controls": "tests/evidence",
    "bash tests/evidence/vocabulary.sh": "tests/evidence",
    "bash tests/evidence/hosts.sh --controls": "tests/evidence",
    "bash tests/evidence/hosts.sh": "tests/evidence",
    "bash tests/evidence/foundations.sh --controls": "tests/evidence",
    "bash tests/evidence/foundations.sh": "tests/evidence",
}


def without_comments(text):
    """Shell lines without their comments and the blanks before them."""
    return "\n".join(re.sub(r"\s*(?<!\S)#.*", "", line) for line in text.strip().splitlines())


class Desk:
    """A folder in which one document's snippets are tried, one after the other."""

    def __init__(self, folder, build, sanitize):
        self.folder, self.sanitize = folder, sanitize
        self.seconds = 5 * SECONDS if sanitize else SECONDS
        for name in COPIED:
            source = ROOT / name
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, target)
            elif source.exists():
                shutil.copy(source, target)
        (folder / "build").mkdir()
        (folder / "build/tour").symlink_to(build)
        self._make_compiler()
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith("CLQ_")}
        self.environment["PYTHONPATH"] = str(ROOT / "capi/bindings/python")
        self.environment["CALANQUE_LIB"] = f"{build}/lib/libcalanque.so"
        self.environment["PATH"] = f"{folder}/build/tools:{build}/bin:{os.environ['PATH']}"
        self.environment["TSAN_OPTIONS"] = f"{os.environ.get('TSAN_OPTIONS', '')}:exitcode=0"  # run() looks at the reports

    # A program that loads a sanitized library must itself be sanitized.
    def _make_compiler(self):
        flags = f"-fsanitize={self.sanitize}" if self.sanitize else ""
        tool = self.folder / "build/tools/cc"
        tool.parent.mkdir()
        tool.write_text(f'#!/bin/sh\nexec {shutil.which("cc")} {flags} "$@"\n', encoding="utf-8")
        tool.chmod(0o755)

    def run(self, command):
        """(exit status, stdout and stderr as the terminal shows them)."""
        with subprocess.Popen(command, cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, start_new_session=True) as shell_and_its_own:
            try:
                output, _ = shell_and_its_own.communicate(timeout=self.seconds)
            except subprocess.TimeoutExpired:
                os.killpg(shell_and_its_own.pid, signal.SIGKILL)
                return 1, f"still running after {self.seconds} s"
        if any("libgomp.so" not in report for report in RACE.findall(output)):
            return 66, output
        return shell_and_its_own.returncode, COUNTED.sub("", RACE.sub("", output))

    def keep(self, snippet):
        path = self.folder / snippet.file
        path.write_text(snippet.text, encoding="utf-8")
        return path


def shell(text):
    return ["bash", "-euo", "pipefail", "-c", text]


def must_run(desk, command):
    status, output = desk.run(command)
    return None if status == 0 else f"exit {status}: {output.strip()}"


def check_sh(desk, snippet):
    if without_comments(snippet.text) in LONG:
        return None
    return must_run(desk, shell(snippet.text))


def check_toml(desk, snippet):
    return must_run(desk, ["clq", "train", str(desk.keep(snippet)), "--show-config"])


def check_c(desk, snippet):
    source = desk.keep(snippet)
    command = ["cc", "-std=c99", "-pedantic", "-Wall", "-Wextra", "-Werror", "-Icapi/include", str(source),
               "-Lbuild/tour/lib", f"-Wl,-rpath,{desk.folder}/build/tour/lib", "-lcalanque", "-lm", "-o", "snippet"]
    return must_run(desk, command) or must_run(desk, ["./snippet"])


def check_python(desk, snippet):
    if desk.sanitize and "calanque" in snippet.text:  # the library would want a sanitized Python
        return None
    return must_run(desk, ["/usr/bin/python3", "-c", snippet.text])


def loose(line):
    """A line whose numbers and blanks count as equal to any others."""
    return " ".join(re.sub(r"[-+]?\b\d[\d.]*(e[-+]?\d+)?\b", "#", line).split())


def same_output(wanted, got):
    """Line by line; a wanted `...` stands for any number of lines."""
    if not wanted:
        return not got
    if wanted[0].strip() == "...":
        return any(same_output(wanted[1:], got[skip:]) for skip in range(len(got) + 1))
    return bool(got) and loose(wanted[0]) == loose(got[0]) and same_output(wanted[1:], got[1:])


# An error that is shown is as good as a result, so the exit status is not looked at: the words are.
def check_console(desk, snippet):
    sessions = re.split(r"^\$ ", snippet.text, flags=re.MULTILINE)
    if sessions[0].strip() or len(sessions) < 2:
        return "a console begins with `$ command`"
    for session in sessions[1:]:
        command, *wanted = session.rstrip().splitlines()
        _, output = desk.run(shell(command))
        if not same_output(wanted, output.rstrip().splitlines()):
            return f"{command} printed\n{output.rstrip()}"
    return None


def parts_of(lines):
    """The lines between those that say `...`."""
    parts = [[]]
    for line in lines:
        if line.strip() in ("// ...", "# ..."):
            parts.append([])
        else:
            parts[-1].append(line)
    return parts


def check_excerpt(desk, snippet):
    first, *lines = snippet.text.splitlines() or [""]
    path = desk.folder / first.lstrip("/# ")
    if not path.is_file() or not any(lines):
        return f"its first line names no file, or nothing follows: {first}"
    rest = path.read_text(encoding="utf-8").splitlines()
    for part in parts_of(lines):
        places = [at for at in range(len(rest) - len(part) + 1) if rest[at:at + len(part)] == part]
        if not places:
            return f"{path.name} does not hold these lines, in this order: {part[:1]}"
        rest = rest[places[0] + len(part):]
    return None


CHECKS = {"sh": check_sh, "console": check_console, "toml": check_toml, "c": check_c, "python": check_python,
          "cpp": check_excerpt, "cmake": check_excerpt, "text": lambda desk, snippet: None}


def check_document(document, build, sanitize):
    """(number of snippets, lines that say what is wrong)."""
    try:
        found = snippets(document)
    except BadFence as bad:
        return 0, [str(bad)]
    with tempfile.TemporaryDirectory(prefix="calanque-docs-") as folder:
        desk = Desk(pathlib.Path(folder), build, sanitize)
        problems = []
        for snippet in found:
            problem = CHECKS[snippet.tag](desk, snippet)
            if problem:
                problems.append(f"{snippet.where}: {snippet.tag}: {problem}")
    return len(found), problems


def unused_long(found):
    """A line for each long block that no document holds any more."""
    texts = {without_comments(snippet.text) for snippet in found}
    return [f"run_snippets.py: '{block}' is in no document" for block in LONG if block not in texts]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--sanitize", default="", help="as given to -fsanitize= when the build was made")
    parser.add_argument("documents", nargs="*", type=pathlib.Path)
    arguments = parser.parse_args()
    total, problems = 0, []
    for document in arguments.documents or documents():
        number, wrong = check_document(document, arguments.build.resolve(), arguments.sanitize)
        total += number
        problems += wrong
    if not arguments.documents and not problems:
        problems = unused_long(snippet for document in documents() for snippet in snippets(document))
    for problem in problems:
        print(problem)
    print(f"{total} snippets, {len(problems)} wrong")
    sys.exit(1 if problems or total == 0 else 0)


if __name__ == "__main__":
    main()
