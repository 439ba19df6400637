# tests/evidence/hosts/spying.py -- a library that stands before every function of calanque.h, made of that header.
# SPDX-License-Identifier: BSD-3-Clause
"""For the checks beside it: tests/hosts/guest/spy.c says what it counts and writes."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from evidence import ROOT, run  # noqa: E402

sys.path.insert(0, str(ROOT / "capi/bindings"))
import header as headers  # noqa: E402

GUEST = ROOT / "tests/hosts/guest"
C_TYPES = {"i32": "int32_t", "i64": "int64_t", "u64": "uint64_t", "f64": "double", "f32": "float", "handle": "clq_handle",
           "bytes": "void", "status": "clq_status", "char": "char", "void": "void", "text": "const char *"}


def declared(argument):
    kind = C_TYPES[argument.type]
    before = "const " if argument.role in ("text", "array") else ""
    return f"{before}{kind} {'' if argument.role == 'value' else '*'}{argument.name}"


def arrays(function):
    """A line of C for each array of numbers that goes in or out, and was taken."""
    text = next((a.name for a in function.arguments if a.role == "text"), '"-"')
    return [f'  if (answer >= 0) write_array("{function.name}", {text}, "{a.name}", {a.name});' for a in function.arguments
            if a.role in ("array", "out_array") and a.type in ("bytes", "f32")]


def forwarding(function):
    kind, names = C_TYPES[function.returns], ", ".join(a.name for a in function.arguments)
    takes = ", ".join(declared(a) for a in function.arguments) or "void"
    answers = function.returns != "void"
    return "\n".join([f"CLQ_API {kind} {function.name}({takes}) {{", f"  {kind} (*next)({takes});", "  visit now;",
                      *([f"  {kind} answer;"] if answers else []),
                      f'  *(void **)&next = next_of("{function.name}");', "  now = came();",
                      f"  {'answer = ' if answers else ''}next({names});", "  went(now);", *arrays(function),
                      *(["  return answer;"] if answers else []), "}\n"])


def build(check, installed, name="libspy.so"):
    """The path of the library; it needs libcalanque.so, which comes with it wherever it is loaded."""
    functions = headers.read(installed.prefix / "include").functions
    folder = check.work / "spy"
    folder.mkdir(exist_ok=True)
    (folder / "spy_functions.h").write_text("\n".join(map(forwarding, functions)), encoding="utf-8")
    path = folder / name
    installed.must(run(["cc", "-std=gnu99", "-O1", "-fno-builtin", "-g", "-Wall", "-Werror", "-shared", "-fPIC", "-I", folder,
                        "-Wl,--no-as-needed", GUEST / "spy.c", "-o", path, *installed.flags("calanque"),
                        "-ldl", "-lm", "-lpthread"]), "building spy.c")
    return path
