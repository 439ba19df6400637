# tests/hosts/idl/alarm.py -- SIGALRM a thousand times a second, which IDL's timers send: the same bits as without.
# SPDX-License-Identifier: BSD-3-Clause
"""alarm.py LIBCLQ_IDL"""
import ctypes
import os
import signal
import tempfile
from pathlib import Path

from called import glue, i64, ok, text

ROOT = Path(__file__).resolve().parents[3]
heard = [0]


def hear(*_):
    heard[0] += 1


def train(folder):
    """Two epochs from a FITS table, predictions of another, both as bytes."""
    config, source, model, trainer, table, result = (i64() for _ in range(6))
    ok(glue("config_load", text("projects/deepdip/runs/boss_dr10.toml"), config))
    for key, value in {"train.epochs": "2", "compute.threads": "1"}.items():
        ok(glue("config_set", config, text(key), text(value)))
    ok(glue("source_from_config", config, source))
    ok(glue("model_create", config, source, model))
    ok(glue("trainer_create", model, source, config, text(""), trainer))
    while ok(glue("trainer_run", trainer, ctypes.c_double(0.25))) == 0:
        pass
    ok(glue("source_for_model", model, text("projects/deepdip/data/boss_dr10_test.fits"), table))
    ok(glue("predict_to", model, ctypes.c_int32(1), table, text(f"{folder}/p.fits"), text(""), result))
    ok(glue("model_save", model, text(f"{folder}/m.safetensors")))
    return [(folder / name).read_bytes() for name in ("p.fits", "m.safetensors")]


def main():
    os.chdir(ROOT)
    with tempfile.TemporaryDirectory() as quiet, tempfile.TemporaryDirectory() as loud:
        wanted = train(Path(quiet))
        signal.signal(signal.SIGALRM, hear)
        signal.siginterrupt(signal.SIGALRM, True)  # system calls end with EINTR
        signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
        got = train(Path(loud))
        signal.setitimer(signal.ITIMER_REAL, 0)
    assert got == wanted, "other bytes under alarms"
    assert heard[0] > 3, "too few alarms came"
    print(f"{heard[0]} alarms were heard, and change nothing")


main()
