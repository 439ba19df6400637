# calanque/_handle.py -- what stands behind every object of the library: a number that is closed once.
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import ctypes
import weakref
from collections.abc import Callable
from types import TracebackType
from typing import Any, ClassVar, TypeVar

from ._library import lib
from .errors import InvalidError

Self = TypeVar("Self", bound="Handle")


def number_of(call: Callable[..., int], *arguments: Any) -> int:
    """What a function gives by its last argument."""
    out = ctypes.c_int64(0)
    call(*arguments, ctypes.byref(out))
    return out.value


def handle_of(value: Any, kind: type[Handle], what: str) -> int:
    """The handle of an argument that must be of this kind."""
    if not isinstance(value, kind):
        raise InvalidError(f"{what} must be a {kind.__name__}, got {type(value).__name__}")
    return value.handle


def close_made(close: Callable[[int], None], made: ctypes.c_int64) -> None:
    if made.value:
        close(made.value)


class _Closed:
    """What the class says for the handle of an object that has none any more: an open one's own is found first."""

    def __get__(self, owner: Any, kind: type[Any]) -> Any:
        if owner is None:
            return self
        raise InvalidError(f"the {kind.__name__} is closed")


class Handle:
    """An object of the library. It is closed by close(), by `with`, or when Python lets go of it.

    It owns what call(*arguments) gives by its last argument, and from before the call on: Python raises
    KeyboardInterrupt when a call has returned, and so when the handle is made; it is closed then.
    """

    _close: ClassVar[str]
    _instead: ClassVar[str] = "make it anew where it is needed"  # of a copy
    _handle: Any = _Closed()
    _finalizer: Any = None  # none where the object could not be made

    def __init__(self, call: Callable[..., int], *arguments: Any) -> None:
        made = ctypes.c_int64(0)
        self._finalizer = weakref.finalize(self, close_made, getattr(lib, self._close), made)
        try:
            call(*arguments, ctypes.byref(made))
            self._handle = made.value
        except BaseException:
            self._finalizer()
            raise

    @property
    def handle(self) -> int:
        """The clq_handle, for other code that speaks to the C API; InvalidError when closed."""
        return self._handle  # type: ignore[no-any-return]

    def close(self) -> None:
        """Closes it now; doing so twice is fine. Later calls raise InvalidError."""
        vars(self).pop("_handle", None)
        if self._finalizer is not None:
            self._finalizer()

    @property
    def _is_open(self) -> bool:
        return self._finalizer is not None and self._finalizer.alive

    def __enter__(self: Self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.close()

    def __reduce__(self) -> Any:
        raise TypeError(f"a {type(self).__name__} cannot be pickled or copied: {self._instead}")
