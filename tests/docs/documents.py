# tests/docs/documents.py -- the documents of the product and the fenced snippets in them.
# SPDX-License-Identifier: BSD-3-Clause
"""A snippet is what stands between two fences. Its tag says how it is checked:

  sh       run by bash, from the root of a copy of what it needs, after the snippets above it in the same document
  console  each `$ command` is run and its output compared: numbers may differ, `...` stands for any lines
  toml     a run file: `clq train FILE --show-config` accepts it; kept as FILE for the snippets below
  c        a C99 program: compiled without warnings, linked with libcalanque and run
  python   run by Python 3
  cpp, cmake   an excerpt: after a first line `// FILE` or `# FILE` lines of that file as they stand there; a line
           `// ...` or `# ...` leaves some out
  text     for the eye alone

FILE is the first word of a snippet's opening comment where that has the right suffix: `# run.toml`, `/* a.c -- ... */`.
"""
import dataclasses
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
TAGS = ("sh", "console", "toml", "c", "python", "cpp", "cmake", "text")
DEFAULT_NAME = {"toml": "run.toml", "c": "snippet.c"}


@dataclasses.dataclass
class Snippet:
    document: pathlib.Path
    line: int
    tag: str
    text: str

    @property
    def where(self):
        return f"{self.document.name}:{self.line}"

    @property
    def file(self):
        named = re.match(r"(?:#|/\*|//)\s*(\S+)", self.text)
        wanted = "." + self.tag
        return named[1] if named and named[1].endswith(wanted) and "/" not in named[1] else DEFAULT_NAME[self.tag]


class BadFence(Exception):
    """A fence that cannot be checked: no tag, an unknown one, or no end."""


def documents(root=ROOT):
    """README.md, everything of docs, the README of every project."""
    projects = sorted((root / "projects").glob("*/README.md"))
    return [root / "README.md", *sorted((root / "docs").rglob("*.md")), *projects]


def snippets(document):
    """The document's snippets, from top to bottom."""
    found, opened = [], None
    for number, line in enumerate(document.read_text(encoding="utf-8").splitlines(), 1):
        fence = re.match(r"\s*(```+|~~~+)\s*(.*?)\s*$", line)
        if opened is None and fence:
            if fence[2] not in TAGS or fence[1] != "```":
                wanted = f"wanted ``` and one of {', '.join(TAGS)}"
                raise BadFence(f"{document.name}:{number}: the fence says '{fence[0]}', {wanted}")
            opened, lines = number, []
            tag = fence[2]
        elif opened is not None and fence and not fence[2]:
            found.append(Snippet(document, opened, tag, "".join(text + "\n" for text in lines)))
            opened = None
        elif opened is not None:
            lines.append(line)
    if opened is not None:
        raise BadFence(f"{document.name}:{opened}: the fence has no end")
    return found
