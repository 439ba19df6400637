# tests/hosts/lent/lent.py -- as lent.c, by the package calanque, with arrays of NumPy or with tensors of DLPack.
# SPDX-License-Identifier: BSD-3-Clause
"""lent.py numpy|dlpack [packed]

dlpack: what is given has __dlpack__ and __dlpack_device__ and nothing else; what comes back is read and written through its
capsule. packed: every other row of an array, which the package copies.
"""
import ctypes
import sys

import numpy as np

import calanque

ROWS = 8
KIND, PACKS = sys.argv[1], sys.argv[2:] == ["packed"]
RUN = {"task": "regression", "data": {"scalars": ["x"], "target": "y"}, "split": {"valid": 0.25},
       "model": {"layer": [{"use": "dense"}]}}


class Lent:
    """An array of which a consumer sees its DLPack protocol alone."""

    def __init__(self, array):
        self.array = array

    def __dlpack__(self, **options):
        return self.array.__dlpack__(**options)

    def __dlpack_device__(self):
        return self.array.__dlpack_device__()


class DLTensor(ctypes.Structure):
    """The first fields of dlpack.h's, all that is read here."""

    _fields_ = [("data", ctypes.c_void_p), ("device_type", ctypes.c_int32), ("device_id", ctypes.c_int32),
                ("ndim", ctypes.c_int32), ("dtype", ctypes.c_uint32), ("shape", ctypes.c_void_p),
                ("strides", ctypes.c_void_p), ("byte_offset", ctypes.c_uint64)]


def address(array):
    return array.__array_interface__["data"][0]


def floats_of(tensor):
    """Where a tensor's capsule says that its numbers are, as floats that may be written."""
    get = ctypes.pythonapi.PyCapsule_GetPointer
    get.restype, get.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]
    capsule = tensor.__dlpack__()
    found = DLTensor.from_address(get(capsule, b"dltensor"))
    return found.data + found.byte_offset, (ctypes.c_float * ROWS).from_address(found.data + found.byte_offset), capsule


def say(call, place):
    print(call, place)


given = Lent if KIND == "dlpack" else np.asarray
whole = np.stack([np.arange(2 * ROWS), np.arange(2 * ROWS) ** 2 % 7], axis=1).astype("f4")
x = whole[::2] if PACKS else whole[:ROWS]
arrays = {"x": given(x), "y": given(x[:, 0] - x[:, 1].astype("f8"))}
source = calanque.Source.from_arrays(arrays, borrow=not PACKS)
say("clq_source_add x data", address(x))
x[1, 0] = 0.25
out = np.empty((ROWS, 2), "f4")
found = source.read("x", out=None if PACKS else out)
print("changed", 0.25, found[1, 0])
say("clq_source_read x data", address(out))

config = calanque.Config(RUN)
model = calanque.Model.create(config, source)
model.fit(source, config)
answer = model.predict(given(x))
say("clq_batch_set scalars data", address(x))
values = answer.values.copy() if PACKS else answer.values
if KIND == "numpy":
    say("clq_batch_get prediction data", address(values))
else:
    place, floats, capsule = floats_of(calanque._dlpack.Tensor(values) if PACKS else answer.tensor())
    say("clq_batch_get prediction data", place)
    floats[1] = 0.5
    print("changed", 0.5, answer.values.reshape(-1)[1])
