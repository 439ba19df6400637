# capi/cli/manual/cli_help.py -- what `clq --help` and the help of each command say, as plain data.
# SPDX-License-Identifier: BSD-3-Clause
import re
import subprocess
from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    flags: tuple  # "-o", "--output"; of a positional argument its name alone
    value: str  # "DIR", or "" for a switch
    words: str


@dataclass(frozen=True)
class Command:
    name: str  # "" for the program itself
    words: str
    usage: str
    positionals: tuple
    options: tuple
    commands: tuple  # names


def entry(head, words):
    """'-o,--output DIR' or 'RUN.toml TEXT REQUIRED'."""
    first, _, rest = head.partition(" ")
    flags = tuple(first.split(",")) if first.startswith("-") else (first,)
    value = re.sub(r"\b(TEXT|REQUIRED)\b", "", rest).strip()
    return Entry(flags, value, words)


def parse(name, text):
    usage, section, sections = "", "", {}
    lines = text.splitlines()
    for line in lines[1:]:
        found = re.match(r"^  (\S.*?)(?: {2,}(\S.*))?$", line)
        if line.startswith("Usage: "):
            usage = line[len("Usage: "):]
        elif re.match(r"^\w+:$", line):
            section = line[:-1]
        elif found:
            sections.setdefault(section, []).append([found.group(1), found.group(2) or ""])
        elif line.strip() and section:
            sections[section][-1][1] += (" " if sections[section][-1][1] else "") + line.strip()
        elif line.strip():
            raise ValueError(f"clq {name} --help: cannot read '{line}'")
    made = {key: tuple(entry(*each) for each in value) for key, value in sections.items()}
    unknown = set(made) - {"Positionals", "Options", "Subcommands"}
    if unknown or not usage:
        raise ValueError(f"clq {name} --help: {unknown or 'no usage'}")
    commands = tuple(each.flags[0] for each in made.get("Subcommands", ()))
    return Command(name, lines[0].strip(), usage, made.get("Positionals", ()), made.get("Options", ()), commands)


def read(clq):
    """(the program, its commands in their order) of the program clq, a path."""

    def ask(*words):
        done = subprocess.run([clq, *words, "--help"], stdout=subprocess.PIPE, text=True, check=True)
        return parse(" ".join(words), done.stdout)

    program = ask()
    return program, tuple(ask(name) for name in program.commands)


def version(clq):
    return subprocess.run([clq, "--version"], stdout=subprocess.PIPE, text=True, check=True).stdout.split()[-1]
