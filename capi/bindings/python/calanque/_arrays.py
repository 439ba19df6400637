# calanque/_arrays.py -- what a host calls an array, as the memory that the library reads.
# SPDX-License-Identifier: BSD-3-Clause
"""native(value, name): a NumPy array in this machine's byte order, C contiguous, of one of the library's types.

Copies are made where one of these is not so, and only then; borrowed(value, name) refuses instead. Masked floats
become NaN, which the library calls missing; masked integers are refused.
"""
from __future__ import annotations

import ctypes
from typing import Any

import numpy as np

from . import _capi
from .errors import InvalidError

CODES = {"f2": _capi.CLQ_F16, "f4": _capi.CLQ_F32, "f8": _capi.CLQ_F64, "i1": _capi.CLQ_I8, "u1": _capi.CLQ_U8,
         "i2": _capi.CLQ_I16, "u2": _capi.CLQ_U16, "i4": _capi.CLQ_I32, "u4": _capi.CLQ_U32, "i8": _capi.CLQ_I64,
         "u8": _capi.CLQ_U64, "b1": _capi.CLQ_U8}
NAMES = {"f16": "f2", "f32": "f4", "f64": "f8", "i8": "i1", "u8": "u1", "i16": "i2", "u16": "u2", "i32": "i4",
         "u32": "u4", "i64": "i8", "u64": "u8"}  # as clq_source_describe says them


def code_of(array: np.ndarray[Any, Any], name: str) -> int:
    code = CODES.get(array.dtype.str[1:])
    if code is None:
        of_texts = array.dtype.kind in "SUT" or array.dtype.kind == "O" and any(isinstance(x, str) for x in array.flat)
        kind = "texts" if of_texts else "numbers"
        raise InvalidError(f"{name}: {kind} of type {array.dtype} are not known, wanted floats or integers of 1 to 8 "
                           "bytes")
    return code


def _plain(value: Any, name: str) -> np.ndarray[Any, Any]:
    """The numbers of an array, a Quantity, a Column, a Series, a tensor or nested lists; masks and units are gone."""
    if is_tensor(value):
        return from_tensor(value, name)
    own = getattr(getattr(value, "dtype", None), "numpy_dtype", None)  # of pandas' types: Float64, Int64, boolean
    if own is not None and own.kind in "fiub":
        return _without(np.asarray(value.isna()), value.to_numpy(own, na_value=0), name)
    mask = np.ma.getmaskarray(value) if isinstance(value, np.ma.MaskedArray) else getattr(value, "mask", None)
    return _without(mask, _array(getattr(value, "unmasked", value), name), name)


def _array(value: Any, name: str) -> np.ndarray[Any, Any]:
    try:
        return np.asarray(value)
    except (RuntimeError, TypeError, ValueError) as error:
        if "inhomogeneous" in str(error):
            raise InvalidError(f"{name}: its lists differ in length, wanted [n] or [n, ...]") from None
        words = " ".join(str(error).split())
        raise InvalidError(f"{name}: NumPy makes no array of {type(value).__name__}: {words}") from None


def _without(mask: Any, array: np.ndarray[Any, Any], name: str) -> np.ndarray[Any, Any]:
    """The array with NaN where it is masked; one of other types than the library's as it is."""
    if not isinstance(mask, np.ndarray) or not mask.any():
        return array
    if array.dtype.kind in "iub":
        raise InvalidError(f"{name}: {int(np.sum(mask))} masked values of type {array.dtype}, which has no NaN: fill "
                           "them, or leave these rows out")
    return np.where(mask, np.array(np.nan, array.dtype), array) if array.dtype.kind == "f" else array


def is_tensor(value: Any) -> bool:
    return hasattr(value, "__dlpack__") and not isinstance(value, np.ndarray)


def from_tensor(value: Any, name: str) -> np.ndarray[Any, Any]:
    """A tensor in the host's memory, without a copy; of PyTorch one that needs no gradient."""
    if getattr(value, "requires_grad", False):
        raise InvalidError(f"{name}: the tensor keeps a gradient, give {name}.detach()")
    if value.__dlpack_device__()[0] not in (1, 3):  # kDLCPU, kDLCUDAHost
        raise InvalidError(f"{name}: the tensor is not in the host's memory, give {name}.cpu()")
    try:
        if hasattr(value, "numpy") and hasattr(value, "is_conj"):  # PyTorch, whose capsules an older NumPy makes read-only
            return np.asarray(value.numpy())
        return np.from_dlpack(value)
    except (BufferError, RuntimeError, TypeError, ValueError) as error:
        kind = getattr(value, "dtype", type(value).__name__)
        advice = f"give {name}.float()" if "bfloat16" in str(kind) else " ".join(str(error).split())
        raise InvalidError(f"{name}: NumPy takes no tensor of {kind}, {advice}") from None


def numbers(value: Any, name: str) -> np.ndarray[Any, Any]:
    """An array of one of the library's types, in whatever order; InvalidError says why it is none."""
    array = _plain(value, name)
    code_of(array, name)
    return array


def native(value: Any, name: str) -> np.ndarray[Any, Any]:
    array = numbers(value, name)
    return np.ascontiguousarray(array, array.dtype.newbyteorder("=")).reshape(array.shape)


def borrowed(value: Any, name: str) -> np.ndarray[Any, Any]:
    """The same memory, or one sentence on why it cannot be lent."""
    array = numbers(value, name)
    if not array.dtype.isnative:
        raise InvalidError(f"{name}: big-endian numbers ({array.dtype.str}) cannot be borrowed: borrow=False copies "
                           "them to this machine's order, or let Calanque read the FITS file")
    if not array.flags.c_contiguous:
        raise InvalidError(f"{name}: an array with strides {array.strides} is not contiguous and cannot be borrowed: "
                           "borrow=False copies it")
    if array.size and not is_tensor(value) and not np.may_share_memory(array, np.asarray(value)):
        raise InvalidError(f"{name}: {type(value).__name__} cannot be borrowed, its numbers had to be copied: "
                           "borrow=False does so")
    return array


def rows_of(rows: Any) -> np.ndarray[Any, Any]:
    """Numbers of samples as int64 [n]. A mask or fractions would be taken for other rows than were meant."""
    array = np.atleast_1d(_array(rows, "rows"))
    if array.size and array.dtype.kind not in "iu":
        advice = ": np.flatnonzero(mask) gives them" if array.dtype.kind == "b" else ""
        raise InvalidError(f"rows must be integers, got {array.dtype}{advice}")
    if array.dtype.kind == "u" and array.size and int(array.max()) > np.iinfo(np.int64).max:
        raise InvalidError(f"rows must be from 0 to {np.iinfo(np.int64).max}, one is {array.max()}")
    if array.ndim != 1:
        raise InvalidError(f"rows must be a list of numbers, got an array of {list(array.shape)}")
    return np.ascontiguousarray(array, np.int64)


def dims_of(shape: tuple[int, ...]) -> Any:
    return (ctypes.c_int64 * len(shape))(*shape) if shape else None
