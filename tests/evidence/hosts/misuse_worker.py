# tests/evidence/hosts/misuse_worker.py -- calls every function of calanque.h wrongly, as a program in C could.
# SPDX-License-Identifier: BSD-3-Clause
"""misuse_worker.py LIBRARY INCLUDE SEED CALLS PLANT, in a folder of its own; the last line is JSON: what was seen.

Handles are right, of another kind, closed, 0 or made up; texts are right, NULL, empty, no UTF-8, no JSON or long; numbers
are right, negative, 0 or absurd. A pointer is NULL or valid for the size that is given. Before each call its function's
name is written to the file `at`, for who finds this process ended. PLANT: none, crash, silence or mumble.
"""
import ctypes
import json
import math
import os
import pathlib
import random
import sys

LIBRARY, INCLUDE, SEED, CALLS, PLANT = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), sys.argv[5]
ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "capi/bindings"))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import header as headers  # noqa: E402
from words import names_one  # noqa: E402

PLANTED = {"silence": "", "mumble": "that was wrong"}  # what an error says there
ROOM, ROWS = 4096, 32  # bytes behind every pointer; rows of the source
ABSURD = (-2**63, -2**31, -1, 0, 1, 2, 3, 2**31, 2**62, 2**63 - 1)
WRONG_TEXTS = (None, b"", b"\xff\xfe\x80", b"{\"a\":", b"[1]", b"null", b"nothing", b"x" * 5000, b"\x01\n", b"a\tb", b"{\"nothing\": 1}")
RIGHT_TEXTS = {"options_json": (b"{}", b"{\"threads\": 1}"), "data_json": (b"{}",), "toml_text": (b"task = 'regression'",),
               "key": (b"train.epochs", b"loss", b"step"), "value": (b"3", b"'x'"), "uri": (b"out.csv", b"table.csv"),
               "path": (b"model.safetensors", b"out.bin"), "toml_path": (b"run.toml",), "run_folder": (b"run", b"."),
               "field": (b"x", b"y"), "state": (b"dense1.bias",), "parameter": (b"dense1.bias",), "name": (b"x", b"prediction"),
               "prefix": (b"look",), "id_column": (b"",), "id": (b"3",)}
RUN = b"""task = "regression"
[data]
scalars = ["x"]
target = "y"
[split]
valid = 0.25
[[model.layer]]
use = "dense"
[train]
epochs = 2
batch = 8
split_step = true
"""
C_TYPES = {"i32": ctypes.c_int32, "i64": ctypes.c_int64, "u64": ctypes.c_uint64, "f64": ctypes.c_double, "handle": ctypes.c_int64}


class Stage:
    """The library with one open thing of each kind, and one of each that was closed."""

    def __init__(self):
        self.lib = ctypes.CDLL(LIBRARY)
        self.functions = headers.read(INCLUDE).functions
        for function in self.functions:
            call = getattr(self.lib, function.name)
            call.restype = {"status": ctypes.c_int32, "i64": ctypes.c_int64, "void": None, "text": ctypes.c_char_p}[function.returns]
        self.x = (ctypes.c_float * ROWS)(*[i / ROWS for i in range(ROWS)])
        self.y = (ctypes.c_double * ROWS)(*[2 * i / ROWS for i in range(ROWS)])
        self.handles = self.open()
        self.renew()

    def made(self, name, *arguments):
        out = ctypes.c_int64()
        status = getattr(self.lib, name)(*arguments, ctypes.byref(out))
        if status < 0:
            sys.exit(f"{name}: {self.words()}")
        return out.value

    def open(self):
        h = {"config": self.made("clq_config_parse", RUN), "source": self.made("clq_source_create", ctypes.c_int64(ROWS))}
        config, source = ctypes.c_int64(h["config"]), ctypes.c_int64(h["source"])
        self.lib.clq_source_add(source, b"x", self.x, 3, 0, None, 1)
        self.lib.clq_source_add(source, b"y", self.y, 4, 0, None, 1)
        model = ctypes.c_int64(self.made("clq_model_create", config, source))
        self.lib.clq_model_fit(model, source, config)
        h |= {"model": model.value, "batch": self.made("clq_batch_create", model, ctypes.c_int64(4))}
        h["trainer"] = self.made("clq_trainer_create", model, source, config, None)
        models = (ctypes.c_int64 * 1)(model.value)
        h["result"] = self.made("clq_evaluate", models, 1, source, None, None)
        return h

    def renew(self):
        """What is open is closed, and all opened anew."""
        self.closed = self.handles
        for kind in ("result", "batch", "trainer", "model", "source", "config"):
            getattr(self.lib, f"clq_{kind}_close")(ctypes.c_int64(self.closed[kind]))
        self.handles = self.open()

    def words(self):
        text = ctypes.create_string_buffer(ROOM)
        self.lib.clq_error_text(text, ctypes.c_int64(ROOM))
        return text.value.decode("utf-8", "replace")


class Caller:
    def __init__(self, stage, dice):
        self.stage, self.dice, self.said = stage, dice, []

    def handle(self, name):
        kind = next((k for k in self.stage.handles if name.startswith(k) or name.rstrip("s") == k), "model")
        right = self.stage.handles[kind]
        others = [v for k, v in self.stage.handles.items() if k != kind]
        return self.dice.choice([right] * 8 + others + [self.stage.closed[kind], 0, -1, right ^ (1 << self.dice.randrange(63)),
                                                         self.dice.getrandbits(64) - 2**63])

    def text(self, name):
        right = RIGHT_TEXTS.get(name, (b"nothing",))
        return self.dice.choice(right * 6 + WRONG_TEXTS)

    def number(self, argument, room):
        """room: elements that a pointer beside it has, None where there is none."""
        if argument.type == "f64":
            return self.dice.choice((0.0, 0.001, -1.0, math.nan, math.inf, -math.inf))
        small = [n for n in ABSURD if room is None or n <= room] + [self.dice.randrange(0, 5)]
        value = self.dice.choice(small)
        return max(-2**31, min(value, 2**31 - 1)) if argument.type == "i32" else value

    def given(self, function):
        """The C arguments of one call; what stands behind a pointer is kept until it returns."""
        values, kept, arguments = [], [], function.arguments
        sized = any(a.name in ("dims", "input_size") for a in arguments)
        for place, argument in enumerate(arguments):
            if argument.role == "text":
                values.append(self.text(argument.name))
            elif argument.role in ("buffer", "array", "out_array", "out"):
                there = self.dice.random() < 0.8
                kept.append(ctypes.create_string_buffer(ROOM) if there else None)
                if there and argument.role == "array" and argument.type in ("i64", "handle"):
                    low = [self.handle("models") if argument.type == "handle" else self.dice.choice((0, 1, 2, -1, ROWS, 2**62))
                           for _ in range(8)]
                    if sized:
                        low = [self.dice.choice((1, 2, 4, 0, -1)) for _ in range(8)]
                    ctypes.memmove(kept[-1], (ctypes.c_int64 * 8)(*low), 64)
                values.append(kept[-1])
            elif argument.type == "handle":
                values.append(self.handle(argument.name))
            else:
                beside = [v for a, v in zip(arguments, values) if a.role in ("buffer", "array", "out_array")]
                room = 8 if any(v is not None for v in beside) or sized else None
                if argument.name in ("capacity", "bytes") and room is not None:
                    room = ROOM
                values.append(self.number(argument, room))
        return values, kept

    def call(self, function):
        values, kept = self.given(function)
        passed = [ctypes.c_int64(v) if a.type == "handle" and a.role == "value" else
                  C_TYPES[a.type](v if a.type == "f64" else v) if a.role == "value" else v
                  for a, v in zip(function.arguments, values)]
        status = getattr(self.stage.lib, function.name)(*passed)
        for argument, value in zip(function.arguments, values):
            if argument.role == "out" and argument.type == "handle" and status >= 0 and value is not None:
                made = ctypes.c_int64.from_buffer_copy(value.raw[:8])
                getattr(self.stage.lib, f"clq_{argument.name}_close")(made)
        del kept
        return status, values


def names_its_own(words, function, values):
    return names_one(words, [a.name for a in function.arguments], [v.decode("latin-1") for v in values if isinstance(v, bytes)],
                     [v for v in values if isinstance(v, (int, float))])


def main():
    dice, stage = random.Random(SEED), Stage()
    caller, seen = Caller(stage, dice), {"calls": 0, "errors": 0, "silent": [], "nameless": []}
    at = open("at", "w", encoding="utf-8")
    for function in stage.functions:
        if function.name in ("clq_version", "clq_error_text", "clq_error_code"):
            continue
        at.seek(0)
        at.write(f"{function.name}{' ' * 40}")
        at.flush()
        for turn in range(CALLS):
            if turn % 25 == 24 and (function.name.endswith(("_close", "_stop")) or turn % 100 == 99):
                stage.renew()
            status, values = caller.call(function)
            seen["calls"] += 1
            if PLANT == "crash" and turn == CALLS - 1:
                os.abort()
            if not isinstance(status, int) or status >= 0:
                continue
            words = PLANTED[PLANT] if PLANT in PLANTED else stage.words()
            seen["errors"] += 1
            code = stage.lib.clq_error_code()
            if not words or "\n" in words or code != status:
                seen["silent"].append(f"{function.name}: {status} '{words[:80]}' ({code})")
            elif not names_its_own(words, function, values):
                seen["nameless"].append(f"{function.name}: {words[:120]}")
    print(json.dumps(seen))


main()
