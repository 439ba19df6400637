# capi/bindings/header.py -- what calanque.h and types.h declare, as plain data for the generators beside it.
# SPDX-License-Identifier: BSD-3-Clause
"""read(include) -> Header: the functions in their order, with the role of each argument, and the constants.

The header keeps to one manner of writing, and what is written in another is an error here: a binding is never made of
half a header.
"""
import re
from dataclasses import dataclass
from pathlib import Path

VALUES = {"int32_t": "i32", "int64_t": "i64", "uint64_t": "u64", "double": "f64", "clq_handle": "handle",
          "float": "f32", "void": "bytes", "clq_status": "status"}
# Texts in which "" is another answer than none at all.
EMPTY_IS_A_TEXT = {("clq_source_find", "id_column"), ("clq_source_find", "id"), ("clq_config_set", "value")}


@dataclass(frozen=True)
class Argument:
    name: str
    # text: UTF-8 in, or none; buffer: text out, the next argument is its capacity; value: in; out: one value out;
    # array: several in; out_array: several out. Of an array the number of elements, or of bytes, is an argument behind it.
    role: str
    type: str  # one of VALUES' values, "char" for texts
    empty_is_none: bool = False


@dataclass(frozen=True)
class Function:
    name: str
    returns: str  # "status", "i64", "void" or "text"
    arguments: tuple
    section: str


@dataclass(frozen=True)
class Header:
    version: str
    functions: tuple
    constants: tuple  # (name, value)


def argument(function, text, following):
    match = re.fullmatch(r"(const )?(\w+) (\*?)(\w+)", text)
    if not match:
        raise ValueError(f"{function}: cannot read the argument '{text}'")
    const, base, star, name = match.groups()
    if base == "char":
        if const:
            return Argument(name, "text", "char", (function, name) not in EMPTY_IS_A_TEXT)
        return Argument(name, "buffer", "char")
    if base not in VALUES:
        raise ValueError(f"{function}: no binding knows the type {base}")
    if not star:
        return Argument(name, "value", VALUES[base])
    if const:
        return Argument(name, "array", VALUES[base])
    counted = following is not None and re.fullmatch(r"(int32_t|int64_t) \w+", following)
    return Argument(name, "out_array" if counted else "out", VALUES[base])


def functions(text):
    section, out = "", []
    token = re.compile(r"/\* -- (.*?) -+ \*/|CLQ_API ([^;]*);", re.S)
    for match in token.finditer(text):
        if match.group(1):
            section = match.group(1)
            continue
        declaration = re.sub(r"/\*.*?\*/", "", match.group(2), flags=re.S)
        declaration = " ".join(declaration.split())
        head = re.fullmatch(r"(const char \*|\w+ )(clq_\w+)\((.*)\)", declaration)
        if not head:
            raise ValueError(f"cannot read '{declaration}'")
        returns = {"const char *": "text", "clq_status ": "status", "int64_t ": "i64", "void ": "void"}[head.group(1)]
        parts = [p.strip() for p in head.group(3).split(",") if p.strip() != "void"]
        followers = parts[1:] + [None]
        arguments = tuple(argument(head.group(2), p, f) for p, f in zip(parts, followers))
        out.append(Function(head.group(2), returns, arguments, section))
    return tuple(out)


def constants(text):
    out = [(n, int(v)) for n, v in re.findall(r"^#define (CLQ_\w+) +(-?\d+)", text, re.M)]
    for names in re.findall(r"enum \{(.*?)\}", text, re.S):
        value = 0
        for part in names.replace("\n", " ").split(","):
            name, _, given = part.partition("=")
            value = int(given) if given else value + 1
            out.append((name.strip(), value))
    return tuple(out)


def read(include):
    include = Path(include) / "calanque"
    version = re.search(r'CLQ_VERSION_TEXT +"([^"]+)"', (include / "version.h").read_text())
    text = re.sub(r"^#.*$", "", (include / "calanque.h").read_text(), flags=re.M)
    found = functions(text)
    declared = len(re.findall(r"\bCLQ_API\b", text))
    if declared != len(found):
        raise ValueError(f"calanque.h declares {declared} functions, {len(found)} could be read")
    return Header(version.group(1) if version else "", found, constants((include / "types.h").read_text()))
