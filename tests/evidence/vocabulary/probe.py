# tests/evidence/vocabulary/probe.py -- Calanque's side of a comparison, and the numbers that both sides draw.
# SPDX-License-Identifier: BSD-3-Clause
"""A task is what tests/vocabulary/computed.hpp says. Random numbers are written after docs/ops.md alone."""
import json
import math
import sys
import zlib

import numpy as np

from evidence import run

LOW = np.uint64(0xFFFFFFFF)
TYPES = {"f32": np.float32, "f64": np.float64}


def philox(key, counters):
    """Philox4x32-10 of counters [n, 4] -> words [n, 4] (Salmon et al. 2011)."""
    c = [column.astype(np.uint64) for column in np.asarray(counters).T]
    keys = [key & 0xFFFFFFFF, key >> 32]
    half = np.uint64(32)
    for _ in range(10):
        first, second = np.uint64(0xD2511F53) * c[0], np.uint64(0xCD9E8D57) * c[2]
        k0, k1 = (np.uint64(k) for k in keys)
        c = [(second >> half) ^ c[1] ^ k0, second & LOW, (first >> half) ^ c[3] ^ k1, first & LOW]
        keys = [(keys[0] + 0x9E3779B9) & 0xFFFFFFFF, (keys[1] + 0xBB67AE85) & 0xFFFFFFFF]
    return np.stack(c, axis=1)


def units(words):
    return (words >> np.uint64(8)).astype("f8") * 2.0 ** -24


def uniform(dims, low, high, seed):
    n = math.prod(dims)
    blocks = np.zeros((-(-n // 4), 4), "u8")
    blocks[:, 0] = np.arange(len(blocks))
    return (low + (high - low) * units(philox(seed, blocks)).ravel()[:n]).reshape(dims)


def random_op(shape, stream, seed=0, step=0, first_sample=0):
    """random/1 of docs/ops.md, uniform."""
    rows, n = shape[0], math.prod(shape[1:])
    blocks = -(-n // 4)
    element, sample = np.tile(np.arange(blocks), rows), np.repeat(np.arange(rows), blocks) + first_sample
    counters = np.stack([element, np.full(rows * blocks, step), sample & 0xFFFFFFFF, sample >> 32], axis=1)
    return units(philox(seed ^ stream, counters)).reshape(rows, blocks * 4)[:, :n].reshape(shape)


def drawn(of, seed, dtype):
    """What computed.hpp calls a DRAW, in the dtype's own rounding and as F64."""
    values = uniform(of["dims"], of["low"], of["high"], seed)
    if of.get("whole"):
        values = np.floor(values)
    values.flat[of.get("nan", [])] = np.nan
    return values.astype(TYPES[dtype]).astype("f8")


def seeded(cases, seed):
    """A case draws its own numbers, whatever stands beside it: of two seeds others."""
    for case in cases:
        case.seed = (seed << 32) + zlib.crc32(case.text().encode())
    assert len({case.seed for case in cases}) == len(cases)
    return cases


def names(check):
    """The layers and losses that the core has."""
    return json.loads(run([check.build / "bin/vocabulary_probe"], check=True).stdout)


def ask(program, path, device, dtype, tasks):
    done = run([program, path], input=json.dumps({"device": device, "dtype": dtype, "tasks": tasks}))
    if done.returncode != 0:
        sys.exit(f"vocabulary_probe: {done.stderr}")
    return json.loads(done.stdout)


def states_of(program, folder, tasks):
    """[name, dims] of each state of each task."""
    return [answer["states"] for answer in ask(program, folder / "tensors.bin", "cpu_ref", "f64", tasks)]


def computed(check, device, dtype, tasks):
    """Of each task its states and its tensors by name."""
    path = check.work / f"{device}-{dtype}.bin"
    told = ask(check.build / "bin/vocabulary_probe", path, device, dtype, tasks)
    flat, at, answers = np.fromfile(path, "<f8"), 0, []
    for answer in told:
        tensors = {}
        for name, dims in answer["tensors"]:
            tensors[name] = flat[at:at + math.prod(dims)].reshape(dims)
            at += math.prod(dims)
        answers.append((answer["states"], tensors))
    assert at == flat.size
    return answers


def apart(ours, theirs):
    """max |a - b| / max |b|; infinite where shapes differ, or one is NaN and the other is not."""
    if ours.shape != theirs.shape or not np.array_equal(np.isnan(ours), np.isnan(theirs)):
        return math.inf
    gap, size = (np.nanmax(np.abs(v), initial=0) for v in (ours - theirs, theirs))
    return gap / size if size > 0 else math.inf if gap > 0 else 0.0
