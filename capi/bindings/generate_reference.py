# capi/bindings/generate_reference.py -- docs/c-api.md: every function of calanque.h, with an example that a test runs.
# SPDX-License-Identifier: BSD-3-Clause
"""generate_reference.py [--check]

What a function does is the header's own text; an example and what a call costs are those of tests/hosts/c/examples, where

    /* clq_config_set: checks one value. */
    ok(clq_config_set(config, "train.epochs", "40"));

begins one, which an empty line ends. A function without one, or with two, is an error. --check writes nothing and exits 1
where docs/c-api.md would be another.
"""
import argparse
import re
import sys
from pathlib import Path

import header

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = "tests/hosts/c/examples"
HEAD = """\
<!-- made by capi/bindings/generate_reference.py of calanque.h and tests/hosts/c/examples -->
# The C API, function by function

`libcalanque.so` has these functions and no other; [calanque.h](../capi/include/calanque/calanque.h) declares them, and
[types.h](../capi/include/calanque/types.h) the statuses and dtypes. [hosts.md](hosts.md) says which other languages have them;
[errors.md](errors.md) when which status comes. In the examples `ok` ends the program with the words of `clq_error_text` where a number is below 0:
[example.h](../tests/hosts/c/examples/example.h). Each example is part of a program that a test compiles as strict C99 and runs.

"""


def plain(comment):
    """The words of a C comment."""
    return " ".join(re.sub(r"^/\*|\*/$", "", comment.strip()).replace("\n *", "\n").split()).replace("*_close(0)", "`*_close(0)`")


def preamble(text):
    """What the header says of all its functions: its first comment, without the name of the file and the licence."""
    words = plain(re.search(r"/\*.*?\*/", text, re.S).group())
    return words.split("BSD-3-Clause", 1)[1].strip()


def signature(declaration):
    return " ".join(re.sub(r"/\*.*?\*/", "", declaration, flags=re.S).split()).replace("( ", "(")


def described(text):
    """name -> (signature, words): of each declaration and the comments above it and beside it."""
    out, above = {}, ""
    token = re.compile(r"^/\*(?P<own>.*?)\*/$|^CLQ_API (?P<what>[^;]*);(?P<beside>[^\n]*)$", re.S | re.M)
    for match in token.finditer(text[text.index('extern "C" {'):]):
        if match.group("own") is not None:
            own = match.group("own")
            above = "" if own.startswith(" -- ") else plain("/*" + own + "*/")
            continue
        declaration = signature(match.group("what"))
        name = re.search(r"\b(clq_\w+)\(", declaration).group(1)
        beside = re.search(r"/\*.*\*/", match.group("beside"))
        words = [part for part in (above, plain(beside.group()) if beside else "") if part]
        out[name], above = (declaration, " ".join(words)), ""
    return out


def examples():
    """name -> (file, what a call costs, the lines)."""
    out, begin = {}, re.compile(r"^ *(?:/\*) (clq_\w+): (.*?) ?\*/$")
    for path in sorted((ROOT / EXAMPLES).glob("*.c")):
        lines = path.read_text(encoding="utf-8").splitlines()
        for number, line in enumerate(lines):
            found = begin.match(line)
            if not found:
                continue
            end = next(i for i in range(number, len(lines)) if not lines[i].strip() or lines[i] == "}")
            body = lines[number + 1:end]
            name, cost = found.groups()
            if name in out:
                raise ValueError(f"{path.name}:{number + 1}: {name} has an example already, in {out[name][0]}")
            if not any(name + "(" in text for text in body):
                raise ValueError(f"{path.name}:{number + 1}: the example of {name} does not call it")
            indent = min(len(text) - len(text.lstrip()) for text in body)
            out[name] = (path.name, cost, [text[indent:] for text in body])
    return out


def entry(name, declared, example):
    file, cost, lines = example
    declaration, words = declared
    text = f"### `{name}`\n```text\n{declaration}\n```\n"
    text += (words[0].upper() + words[1:] if words else "")
    text += ("" if not words else "  \n" if words.endswith((".", ":")) else ".  \n")
    text += f"Costs: {cost}\n```text\n" + "\n".join(lines) + f"\n```\n[{file}](../{EXAMPLES}/{file})\n\n"
    return text


def section_title(section):
    title, threads = re.fullmatch(r"(.*?) \[(.*)\]", section).groups()
    threads = threads.replace("any-thread", "any thread, several at once")
    return f"## {title[0].upper() + title[1:]}\nThreads: {threads}.\n\n"


def texts(found):
    """{relative path: text} of a Header that header.read gave."""
    text = (ROOT / "capi/include/calanque/calanque.h").read_text(encoding="utf-8")
    declared, shown = described(text), examples()
    names = [function.name for function in found.functions]
    for name in names:
        if name not in declared:
            raise ValueError(f"calanque.h: {name} is not declared at the begin of a line")
        if name not in shown:
            raise ValueError(f"{EXAMPLES}: no example of {name}, a comment '/* {name}: what it costs. */' begins one")
    for name in shown:
        if name not in names:
            raise ValueError(f"{EXAMPLES}/{shown[name][0]}: calanque.h has no {name}")
    out, section = HEAD + preamble(text) + "\n\n", ""
    for function in found.functions:
        if function.section != section:
            section = function.section
            out += section_title(section)
        out += entry(function.name, declared[function.name], shown[function.name])
    return {"docs/c-api.md": out.rstrip() + "\n"}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    try:
        made = texts(header.read(ROOT / "capi/include"))
    except ValueError as wrong:
        sys.exit(f"generate_reference.py: {wrong}")
    stale = [path for path, text in made.items()
             if not (ROOT / path).exists() or (ROOT / path).read_text(encoding="utf-8") != text]
    for path in stale:
        if check:
            print(f"{path} is not what generate_reference.py makes")
        else:
            (ROOT / path).write_text(made[path], encoding="utf-8")
    sys.exit(1 if check and stale else 0)


if __name__ == "__main__":
    main()
