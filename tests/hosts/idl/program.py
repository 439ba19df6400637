# tests/hosts/idl/program.py -- projects/deepdip/hosts/deepdip.pro gives the bits that the C API gives for the same keys.
# SPDX-License-Identifier: BSD-3-Clause
"""program.py GDL LIBCALANQUE: the environment names libclq_idl.so."""
import ctypes
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PATHS = ("projects/deepdip/hosts", "capi/bindings/idl")
EPOCHS, SEED, THREADS = "2", "5", "1"


def by_gdl(gdl, folder):
    path = ":".join([*(str(ROOT / p) for p in PATHS), "/usr/share/gnudatalanguage/lib"])
    command = [gdl, "-q", "--no-use-wx", "-e", "deepdip", "-args", EPOCHS, SEED, str(folder), THREADS]
    done = subprocess.run(command, cwd=ROOT, env=dict(os.environ, GDL_PATH=path), stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, text=True)
    assert done.returncode == 0, f"GDL left with {done.returncode}: {done.stdout}"
    assert "epoch 2 of 2" in done.stdout, "no progress was printed"
    return json.loads(done.stdout.splitlines()[-1])


def by_c(library, folder):
    capi, by = ctypes.CDLL(library), ctypes.byref

    def ok(status):
        if status < 0:
            text = ctypes.create_string_buffer(2000)
            capi.clq_error_text(text, ctypes.c_int64(2000))
            sys.exit(text.value.decode())
        return status

    config, source, model, trainer, held_out, table, result = (ctypes.c_int64() for _ in range(7))
    ok(capi.clq_config_load(b"projects/deepdip/runs/boss_dr10.toml", by(config)))
    for key, value in {"train.epochs": EPOCHS, "train.seed": SEED, "compute.threads": THREADS}.items():
        ok(capi.clq_config_set(config, key.encode(), value.encode()))
    ok(capi.clq_source_from_config(config, by(source)))
    ok(capi.clq_model_create(config, source, by(model)))
    ok(capi.clq_trainer_create(model, source, config, None, by(trainer)))
    while ok(capi.clq_trainer_run(trainer, ctypes.c_double(1))) == 0:
        pass
    capi.clq_trainer_close(trainer)
    ok(capi.clq_source_for_model(model, b"projects/deepdip/data/boss_dr10_train.fits", by(held_out)))
    ok(capi.clq_evaluate(by(model), 1, held_out, None, b'{"part": "valid"}', by(result)))
    text = ctypes.create_string_buffer(65536)
    capi.clq_result_text(result, text, ctypes.c_int64(65536))
    ok(capi.clq_source_for_model(model, b"projects/deepdip/data/boss_dr10_test.fits", by(table)))
    ok(capi.clq_predict_to(by(model), 1, table, str(folder / "predictions.fits").encode(), None, None))
    ok(capi.clq_model_save(model, str(folder / "model.safetensors").encode()))
    return json.loads(text.value)


def main():
    gdl, library = sys.argv[1:3]
    os.chdir(ROOT)
    with tempfile.TemporaryDirectory() as work:
        a, b = Path(work) / "gdl", Path(work) / "c"
        b.mkdir()
        metrics = by_gdl(gdl, a)
        assert metrics == by_c(library, b), "other metrics"
        for name in ("model.safetensors", "predictions.fits"):
            assert (a / name).read_bytes() == (b / name).read_bytes(), f"{name} differs"
    print(f"the same model and predictions, crps {metrics['metrics']['crps']:.5f}")


if __name__ == "__main__":
    main()
