# calanque/_states.py -- the numbers of a model by name, as a mapping.
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import math
from collections.abc import Callable, Iterator, MutableMapping
from typing import Any

import numpy as np

from . import _arrays
from ._dlpack import Tensor
from ._library import encode
from .errors import InvalidError

Array = np.ndarray[Any, Any]


class States(MutableMapping[str, Array]):
    """name -> array. Reading gives a copy in the state's own type and shape; assigning converts the numbers."""

    def __init__(self, owner: Any, known: Callable[[], dict[str, tuple[np.dtype[Any], tuple[int, ...]]]],
                 get: Callable[..., int], set: Callable[..., int]) -> None:
        self._owner, self._known, self._get, self._set = owner, known, get, set

    def __getitem__(self, name: str) -> Array:
        found = self._known().get(name)
        if found is None:
            raise KeyError(f"no state '{name}', there are {', '.join(self)}")
        data = np.empty(found[1], found[0])
        self._get(self._owner.handle, encode(name), data.ctypes.data, _arrays.code_of(data, name), data.nbytes)
        return data

    def tensor(self, name: str) -> Tensor:
        """The same copy for torch.from_dlpack and its like."""
        return Tensor(self[name])

    def __setitem__(self, name: str, value: Any) -> None:
        data, found = _arrays.native(value, name), self._known().get(name)
        if found is not None and data.shape != found[1] and math.prod(found[1]) == data.size:
            raise InvalidError(f"state '{name}' is {list(found[1])}, got {list(data.shape)}")
        self._set(self._owner.handle, encode(name), data.ctypes.data, _arrays.code_of(data, name), data.nbytes)

    def __delitem__(self, name: str) -> None:
        raise TypeError(f"state '{name}' cannot be deleted: a model keeps its states")

    def __iter__(self) -> Iterator[str]:
        return iter(self._known())

    def __len__(self) -> int:
        return len(self._known())
