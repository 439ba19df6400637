# tests/evidence/hosts/misuse_gdl_calls.py -- draws wrong calls of clq_c.pro and of libclq_idl.so, and writes them for GDL.
# SPDX-License-Identifier: BSD-3-Clause
"""Calls(functions, seed, calls): .calls in their order; write(folder): things.pro, names.txt and calls.bin for misuse_gdl.pro.

A thing is an expression of IDL. Of each it is known where it is always wrong: there an error must come. Things that are
right, or wrong at times (what is not UTF-8, sizes that nobody has, a call out of order), may be answered.
"""
import random
import struct
from dataclasses import dataclass

import generate_idl

RENEW, WRAPPER, GLUE = 0, 1, 2
KINDS = ("config", "source", "fresh", "model", "batch", "trainer", "result")  # what misuse_gdl.pro opens
NOTHING = -1
ODD = ("{a: 1}", "replicate({a: 1}, 3)", "complex(1, 2)", "dcomplexarr(4)", "ptr_new(1)", "ptr_new()", "ptrarr(4)", "list(1, 2)",
       "obj_new()")
NO_NUMBER = ODD + ("UNDEFINED", "'3'", "''", "['3', '4']", "[1, 2]", "fltarr(7)", "lonarr(2, 3)")
NOT_WHOLE = ("2.5", "!values.d_nan", "-!values.f_infinity", "1d300")
NO_TEXT = ODD + ("3", "2.5", "bytarr(4)", "['a', 'b']")
NO_ARRAY = ODD + ("UNDEFINED", "'3'", "['3', '4']")
NEVER_HANDLES = ("-1LL", "4711LL", "2LL^62", "-2LL^63", "7 + 0d", "281474976710657ULL")
NUMBERS = ("-2LL^63", "-2147483648LL", "-1", "0", "1", "2B", "3U", "2147483648LL", "2LL^62", "9223372036854775807LL", "[3]", "3d",
           "18446744073709551615ULL")
SECONDS = ("0.001", "0", "-1.0", "!values.d_nan", "!values.f_infinity", "0B")
TEXTS = ("''", "string([255B, 254B, 128B])", "'{\"a\":'", "'[1]'", "'null'", "'nothing'", "strjoin(replicate('x', 5000))",
         "string([1B, 10B])", "'a' + string(9B) + 'b'", "'{\"nothing\": 1}'", "['x']")
RIGHT_TEXTS = {"options_json": ("'{}'", "'{\"threads\": 1}'"), "data_json": ("'{}'",), "toml_text": ("\"task = 'regression'\"",),
               "key": ("'train.epochs'", "'loss'"), "value": ("'3'",), "uri": ("'out.csv'",), "path": ("'model.safetensors'",),
               "toml_path": ("'run.toml'",), "run_folder": ("'run'",), "field": ("'x'",), "state": ("'dense1.bias'",),
               "parameter": ("'dense1.bias'",), "name": ("'scalars'", "'prediction'"), "prefix": ("'look'",), "id_column": ("''",),
               "id": ("'3'",)}
RIGHT_NUMBERS = {"n_samples": "32", "epochs": "3", "seed": "1ULL", "epoch": "0LL", "position": "3", "sample": "3", "level": "0",
                 "with_origin": "1", "borrow": "0", "n": "4"}
RIGHT_ARRAYS = {"samples": "[0, 1, 2, 3]", "dims": "0", "input": "fltarr(4)", "output": "fltarr(4)", "per_sample": "lonarr(4)"}
RIGHT_DATA = {"clq_source_add": "fltarr(32)", "clq_batch_set": "fltarr(4)", "clq_batch_get": "fltarr(4)", "clq_source_read": "fltarr(4)"}
INDICES = ("-1", "2LL^62", "[0, 2LL^62]", "[3, -1]", "lonarr(2, 3)", "indgen(7)", "2B", "replicate(1LL, 9)")
SIZED = ("fltarr(7)", "intarr(7)", "bytarr(2, 7)", "dblarr(7)")  # no array of the stage has so many
OTHER = ("0.5", "1L", "intarr(4)", "dblarr(32)")
MORE = ("0LL", "3", "fltarr(4)", "bytarr(4)", "'x'", "open.model", "{a: 1}", "2.5", "lonarr(2, 3)")
NO_HANDLE_IS_NEEDED = {("clq_source_look", "model"), ("clq_trainer_resume", "source"), ("clq_trainer_resume_to", "source")}


@dataclass
class Call:
    function: object
    given: tuple  # things, of the wrapper's arguments or of those of the glue
    kind: int = WRAPPER
    copy: int = NOTHING  # which argument is no variable
    wrong: bool = False  # whether an error must come


def wanted(function):
    """The addresses that clq_idl_NAME wants."""
    return len(function.arguments) + {"i64": 1, "text": 3}.get(function.returns, 0)


def closes(function):
    return function.returns == "void"


def part(function):
    """A routine that calls clq_c_NAME with a part of the array that is filled or borrowed. CALL_FUNCTION makes it a variable."""
    arguments = generate_idl.asked(function)
    letters = "abcdefg"[:len(arguments)]
    filled = [i for i, a in enumerate(arguments) if a.role == "out_array" or (function.name, a.name) == ("clq_source_add", "data")]
    if not filled:
        return ""
    given = ", ".join(letter + "[*]" if i in filled else letter for i, letter in enumerate(letters))
    return "\n".join([f"function part_{function.name[4:]}, {', '.join(letters)}", "  compile_opt idl2", "  on_error, 2",
                      f"  return, clq_c_{function.name[4:]}({given})", "end", "", ""])


class Dice:
    def __init__(self, seed):
        self.dice = random.Random(seed)
        self.chance, self.choice, self.below = self.dice.random, self.dice.choice, self.dice.randrange

    def one(self, right, at_times, always):
        """(thing, whether it is always wrong)."""
        drawn = self.chance()
        if drawn < 0.6:
            return self.choice(right), False
        if drawn < 0.8 and at_times:
            return self.choice(at_times), False
        return self.choice(always), True

    def handle(self, function, argument):
        kind = next((k for k in KINDS if argument.name.rstrip("s") == k), "model")
        if function.name == "clq_source_add":
            kind = "fresh"
        never = tuple(f"open.{k}" for k in KINDS if k.replace("fresh", "source") != kind.replace("fresh", "source")) + \
            (f"closed.{kind}",) + NEVER_HANDLES
        if closes(function):
            return self.one((f"open.{kind}",), never + ("0",), NO_NUMBER + NOT_WHOLE)
        if (function.name, argument.name) in NO_HANDLE_IS_NEEDED:
            return self.one((f"open.{kind}",), ("0",), NO_NUMBER + never)
        if argument.role == "array":
            return self.one((f"open.{kind}", f"[open.{kind}, open.{kind}]"), (), NO_ARRAY + never + NOT_WHOLE)
        return self.one((f"open.{kind}",), (), NO_NUMBER + NOT_WHOLE + never + ("0",))

    def argument(self, function, argument):
        name = argument.name
        if argument.type == "handle":
            return self.handle(function, argument)
        if argument.role == "text":
            right = ("'w'",) if function.name == "clq_source_add" else RIGHT_TEXTS.get(name, ("'nothing'",))
            none = ("UNDEFINED",)
            return self.one(right, TEXTS + none, NO_TEXT) if argument.empty_is_none else self.one(right, TEXTS, NO_TEXT + none)
        if argument.role == "value" and argument.type == "f64":
            return self.one(SECONDS[:1], SECONDS, NO_NUMBER)
        if argument.role == "value":
            return self.one((RIGHT_NUMBERS[name],), NUMBERS, NO_NUMBER + NOT_WHOLE)
        if name in ("samples", "dims"):
            right = "[1, 4]" if function.name == "clq_batch_set" else RIGHT_ARRAYS[name]
            return self.one((right,), INDICES, ODD + NOT_WHOLE + ("'3'",) + (("UNDEFINED",) if name == "samples" else ()))
        return self.one((RIGHT_DATA.get(function.name, RIGHT_ARRAYS.get(name, "fltarr(1)")),), OTHER, NO_ARRAY + SIZED)


def is_array(thing):
    return thing.startswith(("fltarr", "lonarr", "dblarr", "intarr", "bytarr"))


class Calls:
    def __init__(self, functions, seed, calls):
        self.dice = Dice(seed)
        self.functions = functions
        self.calls = []
        for function in functions:
            for turn in range(calls):
                if turn % (25 if closes(function) else 100) == 0:
                    self.calls.append(Call(function, (), RENEW))
                self.calls.append(self.wrapper(function))
        for function in functions:
            self.calls += [self.glue(function) for _ in range(calls // 10)]
        things = {thing for call in self.calls for thing in call.given}
        self.things = sorted(things - {"UNDEFINED"})

    def wrapper(self, function):
        arguments = generate_idl.asked(function)
        drawn = [self.dice.argument(function, a) for a in arguments]
        given, wrong, copy = [thing for thing, _ in drawn], [w for _, w in drawn], NOTHING
        filled = next((i for i, a in enumerate(arguments) if is_array(given[i]) and a.role == "out_array"), None)
        if filled is not None and self.dice.chance() < 0.1:
            copy, wrong[filled] = filled, True
        if function.name == "clq_source_add" and is_array(given[2]) and given[4] != "0":
            copy, wrong[2] = 2, True  # an array of the worker's, borrowed, would be gone before the source
        drawn = self.dice.chance()
        if drawn < 0.05:
            more = self.dice.below(1, 3)
            return Call(function, (*given, *(self.dice.choice(MORE) for _ in range(more))), wrong=True)
        if drawn < 0.1 and given:
            kept = self.dice.below(len(given))
            missed = any(a.name != "dims" and not (a.role == "text" and a.empty_is_none) for a in arguments[kept:])
            return Call(function, tuple(given[:kept]), wrong=any(wrong[:kept]) or missed)
        return Call(function, tuple(given), copy=copy, wrong=any(wrong))

    def glue(self, function):
        n = wanted(function)
        count = self.dice.choice([c for c in range(n + 4) if c != n])
        return Call(function, tuple(self.dice.choice(MORE) for _ in range(count)), GLUE, wrong=True)

    def write(self, folder):
        """Each call as 16 LONGs: what it is, its function, its number of arguments, which is a copy, and the things."""
        place = {thing: i for i, thing in enumerate(self.things)} | {"UNDEFINED": NOTHING}
        made = [f"t[{i}] = ptr_new({thing})" for i, thing in enumerate(self.things)]
        (folder / "things.pro").write_text("".join(part(f) for f in self.functions) + "\n".join(
            ["function things, open, closed", "  compile_opt idl2", f"  t = ptrarr({len(made)})", *made, "  return, t", "end", ""]),
            encoding="utf-8")
        lines = []
        for function in self.functions:
            made = next((a.name for a in function.arguments if a.role == "out" and a.type == "handle"), "")
            lines.append(f"{function.name[4:]} {int(closes(function))} {made}\n")
        (folder / "names.txt").write_text("".join(lines), encoding="utf-8")
        number = {function.name: i for i, function in enumerate(self.functions)}
        with open(folder / "calls.bin", "wb") as file:
            for call in self.calls:
                codes = [place[thing] for thing in call.given]
                row = [call.kind, number[call.function.name], len(codes), call.copy] + codes
                file.write(struct.pack("<16i", *row, *[NOTHING] * (16 - len(row))))
