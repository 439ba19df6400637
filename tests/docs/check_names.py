# tests/docs/check_names.py -- what the documents name is there: links, paths of the tree, functions of the core.
# SPDX-License-Identifier: BSD-3-Clause
"""check_names.py [DOCUMENT...]

  [text](path)            a file or folder, seen from the document
  `core/src/data/x.cpp`   a path of the tree, where it begins with one of its top folders; {a,b} and * as in a shell
  `Pump::next`            both words stand together in one source file of the tree

And docs/run-file.md has a row for every layer, loss, optimizer and transform of the core, and no file of docs/examples has 150 lines or more.
"""
import itertools
import pathlib
import re
import sys

from documents import ROOT, documents

TOP = ("core", "capi", "plugins", "projects", "tests", "docs")
LONGEST_EXAMPLE = 150


def alternatives(text):
    """`a/{b,c}` as `a/b`, `a/c`."""
    parts = [part[1:-1].split(",") if part.startswith("{") else [part] for part in re.split(r"(\{[^}]*\})", text)]
    return ["".join(choice) for choice in itertools.product(*parts)]


def prose(text):
    """The text without its fenced snippets."""
    return re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)


def sources():
    """The words of every source file."""
    files = [path for top in TOP[:4] for path in (ROOT / top).rglob("*") if path.suffix in (".cpp", ".hpp", ".h")]
    return [set(re.findall(r"\w+", path.read_text(encoding="utf-8"))) for path in files]


def missing_links(document, text):
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text):
        if "://" not in target and not (document.parent / target).exists():
            yield f"{document.name}: the link to {target} leads nowhere"


def missing_paths(document, text):
    for token in re.findall(r"`([\w{},.*/<>-]+)`", text):
        if token.split("/")[0] not in TOP or "/" not in token or "<" in token:
            continue
        for path in alternatives(token):
            if not any(ROOT.glob(path.rstrip("/"))):
                yield f"{document.name}: there is no {path}"


def missing_functions(document, text, words):
    for name, member in re.findall(r"`(\w+)::(\w+)", text):
        if name not in ("calanque", "std") and not any({name, member} <= file for file in words):
            yield f"{document.name}: there is no {name}::{member}"


def undocumented_words():
    """What a run file may name and docs/run-file.md has no row for: the core's tables of layers, losses and so on."""
    tables = [ROOT / f"core/src/{room}/table.cpp" for room in ("layers", "losses", "optimizers")]
    tables += [ROOT / "core/src/data" / name for name in ("transform_table.cpp", "image_transform.cpp")]
    rows = re.findall(r"^\| (?!`)([\w, ]+?) \|", (ROOT / "docs/run-file.md").read_text(encoding="utf-8"), re.MULTILINE)
    known = {word for row in rows for word in row.split(", ")}
    for table in tables:
        for name in re.findall(r'\{"(\w+)",(?: true,| false,)?\s*make_', table.read_text(encoding="utf-8")):
            if name not in known:
                yield f"run-file.md: {table.relative_to(ROOT)} has '{name}', which no row explains"


def long_examples(folder):
    """Files that nobody reads to the end."""
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines >= LONGEST_EXAMPLE:
            yield f"{path.name}: has {lines} lines, an example has fewer than {LONGEST_EXAMPLE}"


def problems_of(document, words):
    text = prose(document.read_text(encoding="utf-8"))
    return [*missing_links(document, text), *missing_paths(document, text), *missing_functions(document, text, words)]


def main():
    words = sources()
    problems = [*undocumented_words(), *long_examples(ROOT / "docs/examples")]
    for document in [pathlib.Path(name).resolve() for name in sys.argv[1:]] or documents():
        problems += problems_of(document, words)
    for problem in problems:
        print(problem)
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
