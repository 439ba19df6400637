# capi/bindings/generate_idl.py -- idl/clq_idl.c and idl/clq_c.pro, made of what calanque.h declares.
# SPDX-License-Identifier: BSD-3-Clause
"""texts(header) -> {relative path: text}; `generate_idl.py [--check]` writes them, or exits 1 naming the file that differs.

CALL_EXTERNAL passes nothing but addresses and tells no types. So the C side takes (argc, argv) alone, counts, and gives every
64-bit result through an address; the IDL side forces the type of every variable whose address it gives.
"""
import sys
from pathlib import Path

import header as headers

HERE = Path(__file__).resolve().parent
# IDL: type code, zero.
IDL = {"i32": (3, "0L"), "i64": (14, "0LL"), "u64": (15, "0ULL"), "f64": (5, "0d"), "f32": (4, "0."), "handle": (14, "0LL")}
CONVERT = {"i32": "long", "i64": "long64", "handle": "long64", "f32": "float"}
READ = {"i32": "i32", "i64": "i64", "u64": "u64", "f64": "f64", "handle": "i64"}
# Sizes that are not the number of elements of the array before them.
SIZES = {("clq_predict", "n"): None,
         ("clq_predict", "input_size"): "clq_share(n_elements(input), c_n, 'clq_predict: input')",
         ("clq_predict", "output_size"): "clq_share(n_elements(output), c_n, 'clq_predict: output')"}
# The library cannot see how much an address holds where the count is that of another argument.
HOLDS = {"clq_source_add": ["c_n = 0LL", "status = call_external(clq_lib(), 'clq_idl_source_count', c_source, c_n)",
                            "clq_check, status, 'clq_source_add'", "clq_holds, data, [c_n, c_dims], 'clq_source_add: data'"],
         "clq_source_read": ["c_dtype = 0L", "status = call_external(clq_lib(), 'clq_idl_source_dtype', c_source, c_field, c_dtype)",
                             "clq_check, status, 'clq_source_read'",
                             "if c_dtype ne clq_dtype(data, 'clq_source_read: data') then message, /noname, "
                             "'clq_source_read: data must be of the type of the field ' + field + ', got ' + clq_what(data)"],
         "clq_batch_set": ["clq_holds, data, c_dims, 'clq_batch_set: data'"]}

C_HEAD = '''\
/* {path} -- calanque.h as CALL_EXTERNAL of IDL and GDL calls it. Made by capi/bindings/generate_idl.py: do not edit.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * clq_idl_NAME(argc, argv) has the arguments of clq_NAME in their order, each by its address; a text is bytes that end with a
 * NUL; a 64-bit result comes through one more address, the last. The value is 0, a positive information or a negative error,
 * also where the number of arguments or an address is wrong. */
#include <calanque/calanque.h>

#include <stdio.h>
#include <string.h>

static _Thread_local char wrong[400]; /* what the last call here was refused for; "": it reached the library */

/* Leaves `wrong` alone where all is right, for those that read it. */
static int right(const char *function, const char *names, int argc, void *argv[], int wanted) {{
  int i;
  if (argc != wanted || (wanted > 0 && argv == NULL)) {{
    snprintf(wrong, sizeof wrong, "%s wants %d arguments (%s), got %d", function, wanted, names, argc);
    return 0;
  }}
  for (i = 0; i < wanted; ++i) {{
    if (argv[i] != NULL) continue;
    snprintf(wrong, sizeof wrong, "%s: argument %d of (%s) has no address", function, i + 1, names);
    return 0;
  }}
  return 1;
}}

static int fits(const char *function, const char *names, int argc, void *argv[], int wanted) {{
  wrong[0] = '\\0';
  return right(function, names, argc, argv, wanted);
}}

static int32_t i32(const void *p) {{ int32_t v; memcpy(&v, p, sizeof v); return v; }}
static int64_t i64(const void *p) {{ int64_t v; memcpy(&v, p, sizeof v); return v; }}
static uint64_t u64(const void *p) {{ uint64_t v; memcpy(&v, p, sizeof v); return v; }}
static double f64(const void *p) {{ double v; memcpy(&v, p, sizeof v); return v; }}
static const char *text(const char *p) {{ return *p != '\\0' ? p : NULL; }}

static int32_t whole(int64_t value, void *out) {{
  if (value < 0) return (int32_t)value;
  memcpy(out, &value, sizeof value);
  return CLQ_OK;
}}

static int64_t copied(const char *from, char *to, int64_t capacity) {{
  const int64_t needed = (int64_t)strlen(from) + 1;
  if (needed <= capacity) memcpy(to, from, (size_t)needed);
  return needed;
}}
'''

PRO_HEAD = '''\
;+
; NAME:
;   clq_c
; PURPOSE:
;   calanque.h, function by function: clq_c_NAME calls clq_NAME. `clq_c` itself only has this file compiled.
;   Made by capi/bindings/generate_idl.py: do not edit.
; CALLING SEQUENCE:
;   As in the comment above each. Every type is converted, but what clq_c_source_read fills must have that of the field. A text
;   is a string, and none where it is undefined or ''. The number of elements, the bytes and the dtype of an array are not
;   given but taken from it; dims are in the order of IDL. An array that is written to must be a variable of the wanted size,
;   not a part of one.
; OUTPUTS:
;   The text, or the one value, that the C function gives; else its status. STATUS= is the status of any function.
;   On an error MESSAGE, with the words of clq_error_text.
; SPDX-License-Identifier: BSD-3-Clause
;-
'''


def wrapped(line, width=126):
    """An IDL line, continued where it is too long."""
    out = []
    while len(line) > width:
        cut = line.rfind(", ", 0, width) + 2
        out.append(line[:cut] + "$")
        line = "    " + line[cut:]
    return "\n".join(out + [line])


def glue_value(argument, place):
    at = f"argv[{place}]"
    if argument.role == "value":
        return f"{READ[argument.type]}({at})"
    return f"text({at})" if argument.role == "text" and argument.empty_is_none else at


def glue(function):
    """The C function, with one address more than clq_NAME has arguments where there is a 64-bit result."""
    short = "clq_idl_" + function.name[4:]
    names = [a.name for a in function.arguments]
    call = f"{function.name}({', '.join(glue_value(a, i) for i, a in enumerate(function.arguments))})"
    if function.returns == "text":
        names += ["text", "capacity"]
        call = f"copied({call}, argv[0], i64(argv[1]))"
    if function.name == "clq_error_text":
        call = f"wrong[0] != '\\0' ? copied(wrong, argv[0], i64(argv[1])) : {call}"
    if function.returns in ("text", "i64"):
        names.append("result")
        call = f"whole({call}, argv[{len(names) - 1}])"
    body = [f"  return {call};"]
    if function.returns == "void":
        body = [f"  {call};", "  return CLQ_OK;"]
    tells = function.name in ("clq_error_text", "clq_error_code")
    check = f'{"right" if tells else "fits"}("{short}", "{", ".join(names)}", argc, argv, {len(names)})'
    if function.name == "clq_error_code":
        body = ["  return wrong[0] != '\\0' ? CLQ_E_INVALID : clq_error_code();"]
    body.insert(0, f"  if (!{check}) return CLQ_E_INVALID;")
    return "\n".join([f"CLQ_API int32_t {short}(int argc, void *argv[]);",
                      f"int32_t {short}(int argc, void *argv[]) {{", *body, "}", ""])


def sized_by(function, place):
    """The array whose dtype, rank, number of elements or of bytes this argument is, or None."""
    arguments = function.arguments
    argument = arguments[place]
    if argument.role != "value" or (function.name, argument.name) in SIZES:
        return None
    if argument.name == "rank":
        return arguments[place + 1]
    before = [a for a in arguments[:place] if a.role in ("array", "out_array")]
    counts = argument.name in ("n", "bytes", "dtype") or argument.name.startswith("n_")
    return before[-1] if before and counts else None


def prepare(function, place):
    """(the variable given to CALL_EXTERNAL, the lines that make it, whether the caller gives the argument)."""
    argument = function.arguments[place]
    name, mine, what = argument.name, f"c_{argument.name}", f"'{function.name}: {argument.name}'"
    array = sized_by(function, place)
    if (function.name, name) in SIZES and SIZES[function.name, name]:
        return mine, [f"{mine} = {SIZES[function.name, name]}"], False
    if argument.role == "text":
        required = "" if argument.empty_is_none else ", /required"
        return mine, [f"{mine} = clq_bytes({name}, {what}{required})"], True
    if name == "rank":
        return mine, [], False  # with its dims
    if name == "dims":
        return mine, [f"{mine} = clq_dims({name}, {what}, rank=c_rank)"], True
    if array is not None and name in ("dtype", "bytes"):
        return mine, [f"{mine} = clq_dtype({array.name}, '{function.name}: {array.name}'"
                      f"{', /bytes' if name == 'bytes' else ''})"], False
    if array is not None:
        return mine, [f"{mine} = {CONVERT[argument.type]}(n_elements({array.name}))"], False
    if argument.role == "value":
        lines = [f"{mine} = clq_number({name}, {IDL[argument.type][0]}, {what})"]
        if name == "borrow":
            lines.append(f"if {mine} ne 0 and arg_present(data) eq 0 then message, /noname, "
                         f"'{function.name}: data that are borrowed must be a whole variable'")
        return mine, lines, True
    return prepare_array(function, argument, mine, what)


def prepare_array(function, argument, mine, what):
    name = argument.name
    if argument.role == "out":
        return mine, [f"{mine} = {IDL[argument.type][1]}"], False
    if argument.role == "array" and argument.type in ("i64", "handle"):
        return mine, [f"{mine} = clq_whole({name}, {what})"], True
    lines = [] if argument.type == "bytes" else [f"dtype = clq_dtype({name}, {what})"]
    if argument.role == "out_array":
        lines.append(f"if arg_present({name}) eq 0 then message, /noname, {what[:-1]} is filled and must be a whole variable'")
    return name, lines, True  # in place; dtype or bytes of `void` look at its type


def asked(function):
    """The arguments that the caller of clq_c_NAME gives."""
    text = any(a.role == "buffer" for a in function.arguments)
    return [a for place, a in enumerate(function.arguments)
            if a.role != "buffer" and not (text and a.name == "capacity") and prepare(function, place)[2]]


def converted(function):
    """The call once more, with a copy, where a large array has not the type that C wants; what is filled stays as it was
    unless that call ends well."""
    lines = []
    for argument in function.arguments:
        if argument.role not in ("array", "out_array") or argument.type not in ("f32", "i32"):
            continue
        name, copy = argument.name, f"{CONVERT[argument.type]}({argument.name})"
        given = ", ".join("other" if a.name == name else a.name for a in asked(function))
        lines += [f"if size({name}, /type) ne {IDL[argument.type][0]} then begin", f"  other = {copy}",
                  f"  value = clq_c_{function.name[4:]}({given}, status=status)"]
        lines += [f"  {name} = temporary(other)"] if argument.role == "out_array" else []
        lines += ["  return, value", "endif"]
    return lines


def wrapper(function):
    short = function.name[4:]
    passed, lines = [], []
    buffer = next((a for a in function.arguments if a.role == "buffer"), None)
    is_text = buffer is not None or function.returns == "text"
    for place, argument in enumerate(function.arguments):
        if argument.role == "buffer" or (buffer and argument.name == "capacity"):
            continue
        variable, made, _ = prepare(function, place)
        passed.append(variable)
        lines += made
    passed += ["text", "capacity", "needed"] if is_text else ["value"] if function.returns == "i64" else []
    call = ", ".join(["status = call_external(clq_lib()", f"'clq_idl_{short}'", *passed]) + ")"
    check = [] if function.name == "clq_error_code" else [f"clq_check, status, '{function.name}'"]
    lines += HOLDS.get(function.name, []) + converted(function)
    lines += ["value = 0LL"] if function.returns == "i64" and not is_text else []
    if is_text:
        lines += ["needed = 65536LL", "repeat begin", "  capacity = needed", "  text = bytarr(capacity)", f"  {call}",
                  *(f"  {c}" for c in check), "endrep until needed le capacity"]
    else:
        lines += [call, *check]
    outs = [f"c_{a.name}" for a in function.arguments if a.role == "out"]
    result = "clq_string(text)" if is_text else "value" if function.returns == "i64" else outs[0] if outs else "status"
    kind = "pro" if function.returns == "void" else "function"
    head = wrapped(", ".join([f"{kind} clq_c_{short}", *(a.name for a in asked(function)), "status=status"]))
    lines += [] if kind == "pro" else [f"return, {result}"]
    comment = f"; {function.name}({', '.join(a.name for a in function.arguments)})"
    return "\n".join([comment, head, "  compile_opt idl2", "  on_error, 2", *(wrapped("  " + line) for line in lines), "end", ""])


def texts(header):
    """The two files by their path relative to capi/bindings."""
    c_path, pro_path = "idl/clq_idl.c", "idl/clq_c.pro"
    c = [C_HEAD.format(path="capi/bindings/" + c_path)] + [glue(f) for f in header.functions]
    pro = [PRO_HEAD] + [wrapper(f) for f in header.functions]
    pro.append("pro clq_c\n  compile_opt idl2\nend\n")
    return {c_path: "\n".join(c), pro_path: "\n".join(pro)}


def main():
    made = texts(headers.read(HERE.parent / "include"))
    for path, text in made.items():
        file = HERE / path
        if "--check" not in sys.argv[1:]:
            file.write_text(text, encoding="utf-8")
        elif not file.exists() or file.read_text(encoding="utf-8") != text:
            sys.exit(f"generate_idl.py: {file} differs from what calanque.h says; run generate_idl.py")


if __name__ == "__main__":
    main()
