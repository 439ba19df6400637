# calanque/_library.py -- finds libcalanque, declares its functions, turns statuses into exceptions.
# SPDX-License-Identifier: BSD-3-Clause
"""lib: the library, every function with its prototype; a negative result raises. Threads: as calanque.h says."""
from __future__ import annotations

import ctypes
import json
import numbers
import os
import pathlib
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from . import _capi
from .errors import InvalidError, of_status

NAME = "libcalanque.dylib" if sys.platform == "darwin" else "libcalanque.so"
SONAME = NAME if sys.platform == "darwin" else f"{NAME}.{_capi.VERSION.split('.')[0]}"
UNCHECKED = ("clq_error_text", "clq_error_code")  # these two speak of the last error


def find() -> str:
    """CALANQUE_LIB (a file), then beside this module, then where the system looks."""
    named = os.environ.get("CALANQUE_LIB")
    if named:
        return named
    folder = pathlib.Path(__file__).resolve().parent
    for place in ("lib", "lib64", "."):
        for name in (SONAME, NAME):
            if (folder / place / name).exists():
                return str(folder / place / name)
    return SONAME


def _refuse_negative(result: int, function: Any, arguments: Any) -> int:
    if result < 0:
        raise of_status(result, last_error())
    return result


def _declare(lib: ctypes.CDLL, path: str) -> None:
    for name, (result, arguments) in _capi.PROTOTYPES.items():
        try:
            function = getattr(lib, name)
        except AttributeError:
            raise ImportError(f"{path} has no function {name}: this package needs version {_capi.VERSION}") from None
        function.restype, function.argtypes = result, arguments
        if result in (ctypes.c_int32, ctypes.c_int64) and name not in UNCHECKED:
            function.errcheck = _refuse_negative


def _load() -> ctypes.CDLL:
    path = find()
    try:
        lib = ctypes.CDLL(path)
    except OSError as error:
        raise ImportError(f"libcalanque cannot be loaded: {error}; CALANQUE_LIB may name the file") from None
    _declare(lib, path)
    version = lib.clq_version().decode()
    if version.split(".")[:2] != _capi.VERSION.split(".")[:2]:
        raise ImportError(f"{path} is version {version}, this package needs {_capi.VERSION}")
    return lib


def last_error() -> str:
    needed = lib.clq_error_text(None, 0)
    text = ctypes.create_string_buffer(max(needed, 1))
    lib.clq_error_text(text, needed)
    return text.value.decode("utf-8", "replace")


def encode(text: str | os.PathLike[str], what: str = "text") -> bytes:
    """UTF-8 for the library; a NUL, which would end it early, is an error."""
    plain = os.fspath(text) if isinstance(text, os.PathLike) else text
    if not isinstance(plain, str):
        raise InvalidError(f"{what} must be a text, got {type(text).__name__}")
    if "\0" in plain:
        raise InvalidError(f"{what} holds a NUL: {plain!r}")
    return plain.encode("utf-8", "surrogateescape")


def integer(value: Any, what: str, least: int = -2**63, most: int = 2**63 - 1) -> int:
    """An argument that must be a whole number, Python's or NumPy's; ctypes would wrap one that is too large."""
    if not isinstance(value, numbers.Integral) or isinstance(value, bool):
        raise InvalidError(f"{what} must be an integer, got {shown(value)}")
    number = int(value)
    if not least <= number <= most:
        raise InvalidError(f"{what} must be from {least} to {most}, got {number}")
    return number


def names_of(value: Any, what: str) -> list[str]:
    """An argument that must be names; a text is one."""
    if isinstance(value, str):
        return [value]
    if not isinstance(value, Iterable):
        raise InvalidError(f"{what} must be names, got {shown(value)}")
    names = list(value)
    for name in names:
        if not isinstance(name, str):
            raise InvalidError(f"{what} must be names, one is {shown(name)}")
    return names


def mapping_of(value: Any, what: str) -> Mapping[str, Any]:
    """An argument that must be values by name."""
    if not isinstance(value, Mapping):
        raise InvalidError(f"{what} must be a mapping, got {type(value).__name__}")
    return value


def shown(value: Any) -> str:
    """What an error says of a value: one line, not too long."""
    return f"{type(value).__name__}: {' '.join(repr(value).split())[:80]}"


def text_of(call: Callable[..., int], *arguments: Any) -> str:
    """What a function writes into its caller's buffer, asked for its size first."""
    needed = call(*arguments, None, 0)
    while needed > 0:
        text = ctypes.create_string_buffer(needed)
        written = call(*arguments, text, needed)
        if written <= needed:
            return text.value.decode("utf-8", "replace")
        needed = written
    return ""


def options_json(options: dict[str, Any]) -> bytes | None:
    """Those that are not None, as the JSON object that the library reads."""
    given = {key: value for key, value in options.items() if value is not None}
    return json.dumps(given, default=_plain).encode() if given else None


def _plain(value: Any) -> Any:
    if hasattr(value, "tolist"):  # NumPy's
        return value.tolist()
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    raise InvalidError(f"an option cannot be a {shown(value)}")


lib = _load()
