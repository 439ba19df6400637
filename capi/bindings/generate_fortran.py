# capi/bindings/generate_fortran.py -- the Fortran files that follow from calanque.h alone.
# SPDX-License-Identifier: BSD-3-Clause
"""generate_fortran.py [--check] [--include DIR] [--output DIR]

Writes calanque_c.f90 (every function, as C has it), calanque_arrays.f90 (a specific procedure for each kind and rank),
calanque_f77.f90 (six-letter subroutines) and calanque.inc (parameters). --check: exit 1 and the name of the file that differs.
"""
import argparse
import sys
from pathlib import Path

import fortran_arrays
import fortran_f77
import header as c_header

HERE = Path(__file__).resolve().parent
TYPES = {"i32": "integer(c_int32_t)", "i64": "integer(c_int64_t)", "u64": "integer(c_int64_t)", "f32": "real(c_float)",
         "f64": "real(c_double)", "handle": "integer(c_int64_t)", "status": "integer(c_int32_t)",
         "char": "character(kind=c_char)", "bytes": "type(c_ptr)"}


def head(path, what, comment="!"):
    return [f"{comment} capi/bindings/{path} -- {what}", f"{comment} SPDX-License-Identifier: BSD-3-Clause",
            f"{comment} Made by capi/bindings/generate_fortran.py from calanque.h and types.h: change those."]


def declaration(argument):
    kind, name = TYPES[argument.type], argument.name
    if argument.type == "bytes":
        return f"{kind}, value :: {name}"
    if argument.role == "value":
        return f"{kind}, value :: {name}"
    intent = "in" if argument.role in ("text", "array") else "inout"
    shape = "" if argument.role == "out" else "(*)"
    return f"{kind}, intent({intent}), optional :: {name}{shape}"


def local_name(name):
    """Another one than C's, which compilers keep global."""
    return "c_" + name.removeprefix("clq_")


def interface(function):
    names = ", ".join(a.name for a in function.arguments)
    returns = {"status": TYPES["status"], "i64": TYPES["i64"], "text": "type(c_ptr)", "void": None}[function.returns]
    word = "function" if returns else "subroutine"
    name = local_name(function.name)
    first = f"    {word} {name}({names}) &"
    lines = [first, f"      bind(c, name='{function.name}'){' result(answer)' if returns else ''}", "      import"]
    lines += [f"      {declaration(a)}" for a in function.arguments]
    if returns:
        lines.append(f"      {returns} :: answer")
    return lines + [f"    end {word} {name}"]


def module(header):
    lines = head("fortran/calanque_c.f90", "calanque.h in Fortran: its constants, and clq_<name> as c_<name>.")
    lines += ["!", "! Every argument that is a pointer in C is OPTIONAL: one that is absent is NULL. Texts end with c_null_char.",
              "! What C writes is INTENT(INOUT), for an error leaves it alone. Dimensions are C's: the last one is the fastest.",
              "module calanque_c",
              "  use, intrinsic :: iso_c_binding, only: c_char, c_double, c_float, c_int32_t, c_int64_t, c_ptr",
              "  implicit none", "  public", ""]
    lines.append(f"  character(*), parameter :: CLQ_VERSION_TEXT = '{header.version}'")
    lines += [f"  integer(c_int32_t), parameter :: {name} = {value}" for name, value in header.constants]
    lines += ["", "  interface"]
    section = None
    for function in header.functions:
        if function.section != section:
            section = function.section
            lines.append(f"    ! {section}")
        lines += interface(function)
    return "\n".join(lines + ["  end interface", "end module calanque_c", ""])


def parameters(header):
    """Lines that fixed and free form read alike: columns 7 to 72, no continuation."""
    lines = ["! capi/bindings/fortran/calanque.inc -- constants of calanque.h.", "! SPDX-License-Identifier: BSD-3-Clause",
             "! Made by capi/bindings/generate_fortran.py: change types.h."]
    for name, value in header.constants:
        lines += [f"      INTEGER*4 {name}", f"      PARAMETER ({name} = {value})"]
    return "\n".join(lines + [""])


def texts(header):
    return {"fortran/calanque_c.f90": module(header),
            "fortran/calanque.inc": parameters(header),
            "fortran/calanque_arrays.f90": "\n".join(head("fortran/calanque_arrays.f90", fortran_arrays.WHAT)
                                                     + fortran_arrays.lines()),
            "fortran/calanque_f77.f90": "\n".join(head("fortran/calanque_f77.f90", fortran_f77.WHAT)
                                                  + fortran_f77.lines(header))}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--include", default=HERE.parent / "include")
    parser.add_argument("--output", type=Path, default=HERE)
    arguments = parser.parse_args()
    differing = []
    for name, text in texts(c_header.read(arguments.include)).items():
        path = arguments.output / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            differing.append(path)
            if not arguments.check:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
    for path in differing if arguments.check else ():
        print(f"{path}: differs from what generate_fortran.py makes of the header", file=sys.stderr)
    return 1 if arguments.check and differing else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except ValueError as error:  # a header that cannot be read, a function without a name of six letters
        sys.exit(f"generate_fortran.py: {error}")
