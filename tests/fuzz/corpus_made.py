# tests/fuzz/corpus_made.py -- tensor files and the JSON of bundles: made by the library, and changed.
# SPDX-License-Identifier: BSD-3-Clause
"""Trains networks of a few weights through the C API, and takes their files apart."""
import copy
import ctypes
import json
import math
import struct

RUN = """task = "regression"
[data]
scalars = ["A", "B"]
target = "Y"
{data}
[split]
valid = 0.25
[[transform]]
use = "standardise"
fields = ["A"]
{layers}
[train]
epochs = 1
batch = 4
[compute]
devices = ["cpu_ref:0"]
"""
DENSE = "[[model.layer]]\nuse = \"dense\"\n"
WIRED = """[[model.layer]]
use = "dense"
name = "a"
units = 2
from = "input.A"
activation = "relu"
[[model.layer]]
use = "concat"
from = ["a", "input.scalars[1:3]"]
[[model.layer]]
use = "batch_norm"
[[model.layer]]
use = "dropout"
rate = 0.1
""" + DENSE


def library(build):
    loaded = ctypes.CDLL(str(build / "lib/libcalanque.so"))
    for name in ("clq_source_create", "clq_source_add"):
        getattr(loaded, name).restype = ctypes.c_int32
    loaded.clq_error_text.restype = ctypes.c_int64
    return loaded


def checked(lib, status):
    if status < 0:
        words = ctypes.create_string_buffer(4096)
        lib.clq_error_text(words, ctypes.c_int64(4096))
        raise SystemExit(f"corpus_made.py: {words.value.decode()}")


def train(lib, work, name, run):
    """Paths of a bundle and a checkpoint after one epoch of 16 rows."""
    handles = {kind: ctypes.c_int64() for kind in ("source", "config", "model", "trainer")}
    source, config, model, trainer = handles.values()
    checked(lib, lib.clq_source_create(ctypes.c_int64(16), ctypes.byref(source)))
    for column, phase in (("A", 0.0), ("B", 1.0), ("Y", 2.0)):
        values = (ctypes.c_double * 16)(*(math.sin(i + phase) for i in range(16)))
        checked(lib, lib.clq_source_add(source, column.encode(), values, 4, 0, None, 0))
    checked(lib, lib.clq_config_parse(run.encode(), ctypes.byref(config)))
    checked(lib, lib.clq_model_create(config, source, ctypes.byref(model)))
    checked(lib, lib.clq_trainer_create(model, source, config, None, ctypes.byref(trainer)))
    checked(lib, lib.clq_trainer_steps(trainer, ctypes.c_int64(2)))
    bundle, checkpoint = work / f"{name}.safetensors", work / f"{name}-checkpoint.safetensors"
    checked(lib, lib.clq_model_save(model, str(bundle).encode()))
    checked(lib, lib.clq_trainer_checkpoint(trainer, str(checkpoint).encode()))
    lib.clq_trainer_close(trainer)
    return bundle.read_bytes(), checkpoint.read_bytes()


def head_of(data):
    size = struct.unpack("<Q", data[:8])[0]
    return json.loads(json.loads(data[8:8 + size])["__metadata__"]["calanque"])


def bundle_heads(where):
    """Heads as they are, and with one member replaced."""
    build, work = where
    lib = library(build)
    bundle, checkpoint = train(lib, work, "dense", RUN.format(data="", layers=DENSE))
    wired, _ = train(lib, work, "wired", RUN.format(data="derived = { C = \"A - B\" }", layers=WIRED))
    plain = head_of(bundle)
    heads = {"dense": plain, "wired": head_of(wired), "checkpoint": head_of(checkpoint)}
    del plain["hash"]  # so that any weights will do
    heads["no-hash"], heads["wired-no-hash"] = plain, {k: v for k, v in heads["wired"].items() if k != "hash"}
    changes = [("format", 99), ("spec/layers", 5), ("spec/layers/0/use", "teleport"), ("spec/layers/0/units", 2**62),
               ("spec/layers/0/units", -1), ("spec/inputs/0/dims", [-2]), ("spec/inputs/0/dims", [2**40, 2**40]),
               ("spec/inputs/0/dtype", "a\nb"), ("spec/target", [3]), ("spec/dtype", "f64"), ("spec/dtype", "u8"),
               ("spec/loss", {"use": "crps"}), ("spec/task", "a\u001bb"), ("layout/columns/0/tensor", 77),
               ("layout/columns/0/offset", 2**63 - 1), ("layout/columns/1/offset", 0), ("layout/nulls", ["x"]),
               ("layout/derived", [{"name": "C", "expression": "A -"}]), ("layout/images/zeropoint", [None, 1e300]),
               ("layout/tensors/0/name", "images"), ("transforms", "x"), ("transforms/chain/0/use", "log10"),
               ("transforms/inputs/0/mean", 1e308), ("data", []), ("provenance", None), ("fitted", 1)]
    files = {name: json.dumps(head, separators=(",", ":")) for name, head in heads.items()}
    for i, (path, value) in enumerate(changes):
        changed = copy.deepcopy(plain)
        *parents, last = path.split("/")
        at = changed
        for key in parents:
            at = at[int(key) if isinstance(at, list) else key]
        at[int(last) if isinstance(at, list) else last] = value
        files[f"changed-{i:02}"] = json.dumps(changed, separators=(",", ":"))
    files["deep"] = "[" * 100 + "]" * 100
    files["twice"] = '{"format":1,"format":1}'
    files["list"] = "[1]"
    return files


def with_length(length, header, data):
    return struct.pack("<Q", length) + header + data


def tensor_file(header, n_bytes=16):
    text = header if isinstance(header, bytes) else json.dumps(header, separators=(",", ":")).encode()
    return with_length(len(text), text, bytes(n_bytes))


def entry(dtype="F32", shape=(4,), offsets=(0, 16)):
    return {"dtype": dtype, "shape": list(shape), "data_offsets": list(offsets)}


def tensor_files(where):
    build, work = where
    bundle, _ = train(library(build), work, "dense", RUN.format(data="", layers=DENSE))
    hole = {"a": entry(shape=[1], offsets=[0, 4]), "b": entry(shape=[2], offsets=[8, 16])}
    files = {
        "bundle": bundle, "empty": b"", "short": b"1234567", "no-header": with_length(0, b"", b""),
        "long-header": with_length(1000, b"{}", b""), "endless-header": with_length(2**64 - 1, b"{}", b""),
        "foreign": tensor_file(b'{"z":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"I64","shape":[],'
                               b'"data_offsets":[8,16]}}  '),
        "metadata": tensor_file({"__metadata__": {"a": "b", "c": ""}, "w": entry()}),
        "no-elements": tensor_file({"w": entry(shape=[0, 3], offsets=[0, 0]), "v": entry()}),
        "no-elements-of-many": tensor_file({"w": entry(shape=[0, 2**62, 2**62], offsets=[0, 0])}, 0),
        "named-header": tensor_file({"@header": entry()}), "half": tensor_file({"w": entry("BF16", [8])}),
        "list": tensor_file(b"[]", 0), "cut-json": tensor_file(b'{"w":', 0), "escape": tensor_file(b'{"w":\x1b[31m', 0),
        "deep": tensor_file(b'{"w":' + b"[" * 99 + b"]" * 99 + b"}", 0), "nul": tensor_file(b'{"w"\x00:1}', 0),
        "twice": tensor_file(b'{"a\\nb":1,"a\\nb":2}', 0), "no-utf8": tensor_file(b'{"\xff\xfe":1}', 0),
        "number": tensor_file({"w": 1}, 0), "dtype": tensor_file({"w": entry("F8\n")}),
        "negative": tensor_file({"w": entry(shape=[-4])}), "fraction": tensor_file({"w": entry(shape=[4.5])}),
        "overflow": tensor_file({"w": entry(shape=[2**32, 2**32, 4])}), "rank": tensor_file({"w": entry(shape=[1] * 9)}),
        "backwards": tensor_file({"w": entry(offsets=[16, 0])}), "hole": tensor_file(hole),
        "overlap": tensor_file({"a": entry(), "b": entry(shape=[3], offsets=[4, 16])}),
        "behind": tensor_file({"w": entry()}, 17), "cut": tensor_file({"w": entry()}, 15),
        "control-name": tensor_file({"a\nb": entry()}), "no-name": tensor_file({"": entry()}),
        "metadata-number": tensor_file({"__metadata__": {"a\nb": 1}}, 0),
        "metadata-list": tensor_file({"__metadata__": []}, 0),
        "no-checksums": tensor_file({"__metadata__": {"calanque": "{}"}}, 0),
        "checksums-text": tensor_file({"__metadata__": {"xxh3": "}"}}, 0),
        "checksums-wrong": tensor_file({"__metadata__": {"xxh3": '{"@header":"00"}'}}, 0),
        "checksums-deep": tensor_file({"__metadata__": {"xxh3": "[" * 9 + "]" * 9}}, 0),
    }
    return files
