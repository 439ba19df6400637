# calanque/_dlpack.py -- arrays for other libraries by DLPack 1.0, writable and without a copy.
# SPDX-License-Identifier: BSD-3-Clause
"""Tensor: memory of NumPy's that torch.from_dlpack, jax.dlpack.from_dlpack and numpy.from_dlpack share.

NumPy's own capsules are read-only for older consumers and unversioned before 2.1; these are versioned wherever the
consumer can read that.
"""
from __future__ import annotations

import ctypes
from typing import Any

import numpy as np

from .errors import InvalidError

Array = np.ndarray[Any, Any]
CPU = (1, 0)  # kDLCPU, device 0
CODES = {"i": 0, "u": 1, "f": 2}


class _Device(ctypes.Structure):
    _fields_ = [("type", ctypes.c_int32), ("id", ctypes.c_int32)]


class _DType(ctypes.Structure):
    _fields_ = [("code", ctypes.c_uint8), ("bits", ctypes.c_uint8), ("lanes", ctypes.c_uint16)]


class _DLTensor(ctypes.Structure):
    _fields_ = [("data", ctypes.c_void_p), ("device", _Device), ("ndim", ctypes.c_int32), ("dtype", _DType),
                ("shape", ctypes.POINTER(ctypes.c_int64)), ("strides", ctypes.POINTER(ctypes.c_int64)),
                ("byte_offset", ctypes.c_uint64)]


_Deleter = ctypes.CFUNCTYPE(None, ctypes.c_void_p)


class _Managed(ctypes.Structure):
    _fields_ = [("tensor", _DLTensor), ("context", ctypes.c_void_p), ("deleter", _Deleter)]


class _Versioned(ctypes.Structure):
    _fields_ = [("major", ctypes.c_uint32), ("minor", ctypes.c_uint32), ("context", ctypes.c_void_p),
                ("deleter", _Deleter), ("flags", ctypes.c_uint64), ("tensor", _DLTensor)]


_lent: dict[int, Any] = {}  # address of a managed tensor -> what must live until its deleter is called


def _let_go(address: int) -> None:
    _lent.pop(address, None)


_delete = _Deleter(_let_go)


_Destructor = ctypes.PYFUNCTYPE(None, ctypes.c_void_p)
_capsules = ctypes.pythonapi
_new = ctypes.PYFUNCTYPE(ctypes.py_object, ctypes.c_void_p, ctypes.c_char_p, _Destructor)(("PyCapsule_New", _capsules))
_is_valid = ctypes.PYFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_char_p)(("PyCapsule_IsValid", _capsules))
_pointer = ctypes.PYFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_char_p)(("PyCapsule_GetPointer", _capsules))
NAMES = (b"dltensor_versioned", b"dltensor")  # a consumer renames what it has taken


def _let_go_unused(capsule: int) -> None:
    for name in NAMES:
        if _is_valid(capsule, name):
            _lent.pop(_pointer(capsule, name), None)


_drop = _Destructor(_let_go_unused)


def _describe(tensor: _DLTensor, array: Array) -> Any:
    shape = (ctypes.c_int64 * max(array.ndim, 1))(*array.shape)
    strides = (ctypes.c_int64 * max(array.ndim, 1))(*(s // array.itemsize for s in array.strides))
    tensor.data, tensor.ndim = array.ctypes.data, array.ndim
    tensor.device = _Device(*CPU)
    tensor.dtype = _DType(CODES[array.dtype.kind], 8 * array.itemsize, 1)
    tensor.shape, tensor.strides = shape, strides
    return shape, strides


def capsule_of(array: Array, versioned: bool) -> Any:
    managed = _Versioned(major=1, minor=0, flags=0) if versioned else _Managed()
    managed.deleter = _delete
    keep = _describe(managed.tensor, array)
    address = ctypes.addressof(managed)
    _lent[address] = (managed, array, keep)
    return _new(address, NAMES[0] if versioned else NAMES[1], _drop)


class Tensor:
    """Numbers in the host's memory: `array` is NumPy's view, torch.from_dlpack(tensor) PyTorch's. [any thread]"""

    def __init__(self, array: Array) -> None:
        if array.dtype.kind not in CODES or not array.dtype.isnative or not array.flags.writeable:
            raise InvalidError(f"a tensor is of native, writable numbers, got {array.dtype.str}")
        self.array = array

    def __dlpack__(self, *, stream: Any = None, max_version: tuple[int, int] | None = None,
                   dl_device: tuple[int, int] | None = None, copy: bool | None = None) -> Any:
        if dl_device is not None and tuple(int(x) for x in dl_device) != CPU:
            raise BufferError(f"the numbers are in the host's memory, wanted device {dl_device}")
        if stream is not None:
            raise BufferError(f"the host's memory has no streams, got {stream}")
        array = self.array.copy() if copy else self.array
        return capsule_of(array, max_version is not None and max_version[0] >= 1)

    def __dlpack_device__(self) -> tuple[int, int]:
        return CPU

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        array = self.array if dtype is None else self.array.astype(dtype, copy=False)
        return array.copy() if copy else array

    def __repr__(self) -> str:
        return f"Tensor({self.array!r})"
