# calanque/errors.py -- the library's errors as exceptions.
# SPDX-License-Identifier: BSD-3-Clause
"""Every error of the library is a CalanqueError: its text is one line, `status` the code of types.h.

Where Python has a kind of its own the exception is of that kind as well, so that `except ValueError` works.
"""
from __future__ import annotations

from . import _capi


class CalanqueError(Exception):
    """What the library refused, in its words. status: CLQ_E_INVALID (-1) ... CLQ_E_NOT_FOUND (-15)."""

    status: int = _capi.CLQ_E_INTERNAL

    def __init__(self, text: str, status: int | None = None) -> None:
        super().__init__(text)
        if status is not None:
            self.status = status


class InvalidError(CalanqueError, ValueError):
    """An argument, a handle, a key or a value is wrong."""

    status = _capi.CLQ_E_INVALID


class UnsupportedError(CalanqueError):
    """Understood, but not offered here."""

    status = _capi.CLQ_E_UNSUPPORTED


class NoMemoryError(CalanqueError, MemoryError):
    """Out of memory, or of threads."""

    status = _capi.CLQ_E_NOMEM


class FileError(CalanqueError):
    """Reading or writing a file; the text names it."""

    status = _capi.CLQ_E_IO


class DeviceError(CalanqueError):
    """A device refused, broke or is lost."""

    status = _capi.CLQ_E_DEVICE


class CancelledError(CalanqueError):
    """Stopped on request."""

    status = _capi.CLQ_E_CANCELLED


class DataError(CalanqueError, ValueError):
    """The data are wrong; file, HDU and row are named."""

    status = _capi.CLQ_E_DATA


class NoSpaceError(CalanqueError):
    """No room on the disk; the old file is untouched."""

    status = _capi.CLQ_E_NOSPACE


class ForkedError(CalanqueError):
    """The object was made before fork(): make a new one in the child."""

    status = _capi.CLQ_E_FORKED


class DivergedError(CalanqueError):
    """Loss or gradient not finite; the text names the layer."""

    status = _capi.CLQ_E_DIVERGED


class NotFoundError(CalanqueError, LookupError):
    """No such file, state, output or key."""

    status = _capi.CLQ_E_NOT_FOUND


class UnitWarning(UserWarning):
    """A column has a unit and the model names none, or a unit is none that astropy knows."""


KINDS = {kind.status: kind for kind in CalanqueError.__subclasses__()}
KINDS[_capi.CLQ_E_LOST] = DeviceError


def of_status(status: int, text: str) -> CalanqueError:
    return KINDS.get(status, CalanqueError)(text, status)
