# tests/hosts/idl/glue.py -- libclq_idl.so called as IDL would, wrongly as well: by ctypes, against calanque.h itself.
# SPDX-License-Identifier: BSD-3-Clause
"""glue.py LIBCLQ_IDL [SEED]"""
import ctypes
import random
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "capi/bindings"))
import header as headers  # noqa: E402
from called import addresses, call, capi, error_text, glue, i32, i64, ok, text  # noqa: E402

SEED = int(sys.argv[2]) if len(sys.argv) > 2 else 1
HANDLES = (0, -1, 1, 2**63 - 1, -2**63, 1 << 56, 3 << 56 | 1 << 32)
EMPTY = 4096


def wanted(function):
    """How many addresses: those of the C arguments, and one more for a 64-bit result; a text that is returned has a buffer."""
    return len(function.arguments) + {"i64": 1, "text": 3}.get(function.returns, 0)


def zeros(n):
    return [ctypes.create_string_buffer(EMPTY) for _ in range(n)]


def wrong_counts(function):
    n, name = wanted(function), function.name[4:]
    for argc in [c for c in (-2**31, -1, *range(n + 3), 2**31 - 1) if c != n]:
        status = call(name, argc, addresses(*zeros(n + 3)))
        assert status == -1, f"{name}({argc} arguments) gave {status}"
        said = error_text()
        assert f"clq_idl_{name} wants {n} arguments" in said and f"got {argc}" in said, said
    if n > 0:
        assert call(name, n, None) == -1, f"{name} without argv"


def missing_addresses(function):
    n, name = wanted(function), function.name[4:]
    for place in range(n):
        things = zeros(n)
        things[place] = None
        status = glue(name, *things)
        assert status == -1, f"{name} without address {place + 1} gave {status}"
        said = error_text()
        assert f"clq_idl_{name}: argument {place + 1} of (" in said and "has no address" in said, said


def wrong_handles(function, dice):
    """Handles that never were: an error, and no output is written."""
    places = [i for i, a in enumerate(function.arguments) if a.type == "handle" and a.role == "value"]
    for _ in range(20 if places else 0):
        things = zeros(wanted(function))
        for place in places:
            handle = dice.choice(HANDLES + (dice.getrandbits(63),))
            things[place] = i64(handle)
        for place, argument in enumerate(function.arguments):
            if argument.role == "out":
                things[place] = i64(4711)
        status = glue(function.name[4:], *things)
        assert status < 0 or function.returns == "void" or handle == 0, f"{function.name} with handle {handle} gave {status}"
        for place, argument in enumerate(function.arguments):
            assert argument.role != "out" or status >= 0 or things[place].value == 4711, f"{function.name} wrote on an error"


def misuse(functions):
    dice = random.Random(SEED)
    for function in functions:
        wrong_counts(function)
        missing_addresses(function)
        wrong_handles(function, dice)


RUN = """
[data]
scalars = ["x"]
target = "y"
[split]
valid = 0.2
[[model.layer]]
use = "dense"
units = 4
activation = "tanh"
[[model.layer]]
use = "dense"
[train]
epochs = 3
batch = 16
[compute]
threads = 1
"""


def arrays(n):
    dice = random.Random(7)
    x = (ctypes.c_float * (2 * n))(*(dice.gauss(0, 1) for _ in range(2 * n)))
    return x, (ctypes.c_double * n)(*(x[2 * i] - 2 * x[2 * i + 1] for i in range(n)))


def trained_by_glue(x, y):
    n, two = len(y), (ctypes.c_int64 * 1)(2)
    config, source, model, trainer = i64(), i64(), i64(), i64()
    ok(glue("config_parse", text(RUN), config))
    ok(glue("source_create", i64(n), source))
    ok(glue("source_add", source, text("x"), x, i32(3), i32(1), two, i32(1)))
    ok(glue("source_add", source, text("y"), y, i32(4), i32(0), two, i32(1)))
    ok(glue("model_create", config, source, model))
    ok(glue("trainer_create", model, source, config, text(""), trainer))  # "": no run folder
    while ok(glue("trainer_run", trainer, ctypes.c_double(0.2))) == 0:
        pass
    return config, source, model, trainer


def trained_by_c(x, y):
    n, two = len(y), (ctypes.c_int64 * 1)(2)
    config, source, model, trainer = i64(), i64(), i64(), i64()
    by = ctypes.byref
    ok(capi.clq_config_parse(RUN.encode(), by(config)))
    ok(capi.clq_source_create(i64(n), by(source)))
    ok(capi.clq_source_add(source, b"x", x, 3, 1, two, 1))
    ok(capi.clq_source_add(source, b"y", y, 4, 0, None, 1))
    ok(capi.clq_model_create(config, source, by(model)))
    ok(capi.clq_trainer_create(model, source, config, None, by(trainer)))
    while ok(capi.clq_trainer_run(trainer, ctypes.c_double(0.2))) == 0:
        pass
    return model


def same_bits():
    x, y = arrays(300)
    config, source, model, trainer = trained_by_glue(x, y)
    other = trained_by_c(x, y)
    a, b = (ctypes.c_float * 8)(), (ctypes.c_float * 8)()
    ok(glue("model_get", model, text("dense1.weights"), a, i32(3), i64(32)))
    ok(capi.clq_model_get(other, b"dense1.weights", b, 3, i64(32)))
    assert bytes(a) == bytes(b) and any(a), "a network trained through the glue has other bits"
    return config, source, model, trainer, x


def one_memory(source, x):
    """A borrowed array is read where it is."""
    two, row = (ctypes.c_float * 2)(), i64(11)
    x[22] = 0.25
    ok(glue("source_read", source, row, i64(1), text("x"), two, i64(8)))
    assert list(two) == [0.25, x[23]]


def absurd_sizes(source, model):
    room, out = ctypes.create_string_buffer(EMPTY), i64(4711)
    for n in (-1, 0, 2**62, -2**63):
        assert n > 0 or glue("source_create", i64(n), out) < 0 and out.value == 4711, n
        assert glue("batch_create", model, i64(n), out) < 0 and out.value == 4711, n
    for size in (-1, 0, 7, 2**62):
        assert glue("model_get", model, text("dense1.weights"), room, i32(3), i64(size)) < 0
        assert glue("source_read", source, i64(0), i64(1), text("x"), room, i64(size)) < 0
    for dtype in (0, -1, 13, 99):
        assert glue("model_get", model, text("dense1.weights"), room, i32(dtype), i64(32)) < 0
    for sample in (-1, 300, 2**62):
        assert glue("source_read", source, i64(sample), i64(1), text("x"), room, i64(8)) < 0
    ok(glue("batch_create", model, i64(2), out))
    for rank in (-1, 0, 9, 2**31 - 1):
        assert glue("batch_set", out, text("scalars"), room, i32(3), i32(rank), room) < 0
    assert glue("batch_close", out) == 0
    assert glue("model_describe", model, room, i64(-5), out) == -1 and "must not be negative, got -5" in error_text()
    assert glue("model_describe", model, room, i64(7), out) == 0 and out.value > 100 and not room.value, "nothing is written"
    assert glue("predict", model, room, i64(-1), i64(2), room, i64(1)) < 0
    assert bytes(room) == bytes(EMPTY), "an error wrote"


def empty_texts(config):
    room, needed = ctypes.create_string_buffer(EMPTY), i64()
    ok(glue("config_set", config, text("data.where"), text("")))  # here "" is a text
    ok(glue("config_get", config, text("data.where"), room, i64(EMPTY), needed))
    assert room.value == b"" and needed.value == 1
    assert glue("config_load", text(""), i64()) < 0 and "NULL" in error_text()  # and here it is none


def closed_twice(config, source, model, trainer):
    for name, handle in {"trainer": trainer, "model": model, "source": source, "config": config}.items():
        assert glue(name + "_close", handle) == 0 and glue(name + "_close", handle) == 0, name
    assert glue("model_n_parameters", model, i64()) == -1 and "closed" in error_text()


def main():
    functions = headers.read(ROOT / "capi/include").functions
    config, source, model, trainer, x = same_bits()
    one_memory(source, x)
    absurd_sizes(source, model)
    empty_texts(config)
    closed_twice(config, source, model, trainer)
    misuse(functions)
    print(f"{len(functions)} functions: counts, addresses, handles, sizes; seed {SEED}")


main()
