# capi/bindings/generate_python.py -- writes calanque/_capi.py: what ctypes must know of calanque.h.
# SPDX-License-Identifier: BSD-3-Clause
"""generate_python.py [--check]: the prototypes of all functions and the constants, from the headers in capi/include.

With --check nothing is written: exit 1 and the name of each file that differs.
"""
import argparse
import pathlib
import sys

import header

HERE = pathlib.Path(__file__).resolve().parent
INCLUDE = HERE.parent / "include"
PACKAGE = HERE / "python"

C_TYPES = {"i32": "c_int32", "i64": "c_int64", "u64": "c_uint64", "f64": "c_double", "f32": "c_float",
           "handle": "c_int64", "status": "c_int32"}
RETURNS = {"status": "c_int32", "i64": "c_int64", "void": "None", "text": "c_char_p"}

HEAD = '''\
# calanque/_capi.py -- the functions and constants of calanque.h {version}, for ctypes.
# SPDX-License-Identifier: BSD-3-Clause
# Made by capi/bindings/generate_python.py: change that, or the header.
"""PROTOTYPES: name -> (result, arguments). Arrays are addresses: an int, or None."""
from __future__ import annotations

from ctypes import POINTER, c_char_p, c_double, c_int32, c_int64, c_uint64, c_void_p
from typing import Any

VERSION = "{version}"
'''


def argument_type(argument):
    if argument.role in ("text", "buffer"):
        return "c_char_p"
    if argument.role == "value":
        return C_TYPES[argument.type]
    if argument.role == "out":
        return f"POINTER({C_TYPES[argument.type]})"
    return "c_void_p"


def prototype(function):
    types = [argument_type(a) for a in function.arguments]
    arguments = ", ".join(types) + ("," if len(types) == 1 else "")
    line = f'    "{function.name}": ({RETURNS[function.returns]}, ({arguments})),'
    if len(line) <= 120:
        return line
    indent = " " * 8
    return f'    "{function.name}": ({RETURNS[function.returns]}, (\n{indent}{arguments})),'


def prototypes(functions):
    lines, section = [], None
    for function in functions:
        if function.section != section:
            section = function.section
            lines.append(f"    # {section}")
        lines.append(prototype(function))
    return "\n".join(lines)


def texts(declared):
    """{path below the package's folder: text}."""
    constants = "\n".join(f"{name} = {value}" for name, value in declared.constants)
    table = f"PROTOTYPES: dict[str, tuple[Any, tuple[Any, ...]]] = {{\n{prototypes(declared.functions)}\n}}\n"
    text = f"{HEAD.format(version=declared.version)}\n{constants}\n\n{table}"
    return {"calanque/_capi.py": text}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing, exit 1 where a file differs")
    parser.add_argument("--into", type=pathlib.Path, default=PACKAGE, help="the package's folder")
    arguments = parser.parse_args()
    differs = False
    for name, text in texts(header.read(INCLUDE)).items():
        path = arguments.into / name
        if not arguments.check:
            path.write_text(text, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            print(f"{path} differs from calanque.h: run {pathlib.Path(__file__).name}", file=sys.stderr)
            differs = True
    return 1 if differs else 0


if __name__ == "__main__":
    sys.exit(main())
