# calanque/prediction.py -- what a model answers for arrays in memory.
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from . import _arrays
from ._dlpack import Tensor
from ._handle import Handle, handle_of
from ._library import encode, integer, lib, text_of

if TYPE_CHECKING:
    from .model import Model

Array = np.ndarray[Any, Any]


class Batch(Handle):
    """n samples of a model's inputs, and its outputs for them. [one thread per batch]"""

    _close = "clq_batch_close"
    _instead = "keep the arrays that batch[name] gives"

    def __init__(self, model: Model, n: int) -> None:
        from .model import Model

        self.model, self.n = model, integer(n, "n")
        super().__init__(lib.clq_batch_create, handle_of(model, Model, "model"), self.n)

    def __setitem__(self, name: str, value: Any) -> None:
        """An input ("scalars", [n, ...]) or one of its columns ("EBV", [n]); converted to F32."""
        known = encode(name, "an input's name")
        data = _arrays.native(value, name)
        lib.clq_batch_set(self._handle, known, data.ctypes.data, _arrays.code_of(data, name), data.ndim,
                          _arrays.dims_of(data.shape))

    def describe(self) -> str:
        """How each array was understood, a line each."""
        return text_of(lib.clq_batch_describe, self._handle)

    def predict(self) -> None:
        lib.clq_predict_batch(self.model.handle, self._handle)

    def status(self) -> Array:
        """int32 [n]: 0, or the bits of FLAG_BAD where a sample has no answer."""
        status = np.empty(self.n, np.int32)
        lib.clq_batch_status(self._handle, status.ctypes.data, self.n)
        return status

    def __getitem__(self, name: str) -> Array:
        """[n] or [n, ...]: "prediction", a column of the task, "FLAG_BAD", "FLAG_OOD"."""
        known = encode(name, "an output's name")
        dtype = np.dtype(np.uint8 if name.startswith("FLAG_") else np.float32)
        data = np.empty(self.shapes().get(name, 0), dtype)  # what has no shape there is refused with words
        lib.clq_batch_get(self._handle, known, data.ctypes.data, _arrays.code_of(data, name), data.nbytes)
        return data

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """By output its [n] or [n, ...]; nothing before predict()."""
        found = re.findall(r"^output '(.*)': \w+ \[(.*)\]$", self.describe(), re.MULTILINE)
        return {name: tuple(int(dim) for dim in dims.split(",")) for name, dims in found}

    def tensor(self, name: str) -> Tensor:
        """An output for torch.from_dlpack and its like."""
        return Tensor(self[name])


class Prediction:
    """The answer for n samples: values, status, and other outputs by name, prediction["ZPHOT"]. [one thread]"""

    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        self.values: Array = batch["prediction"]
        self.status: Array = batch.status()

    @property
    def ok(self) -> Array:
        """bool [n]: the sample has an answer; elsewhere the values are NaN."""
        return np.asarray(self.status == 0)

    def __getitem__(self, name: str) -> Array:
        return self._batch[name]

    def tensor(self, name: str = "prediction") -> Tensor:
        return Tensor(self.values) if name == "prediction" else self._batch.tensor(name)

    def __len__(self) -> int:
        return self._batch.n

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        array = self.values if dtype is None else self.values.astype(dtype, copy=False)
        return array.copy() if copy else array

    def __reduce__(self) -> Any:
        raise TypeError("a Prediction cannot be pickled or copied: keep its arrays, values and status, or prediction[name]")

    def __repr__(self) -> str:
        bad = int(np.count_nonzero(self.status))
        return f"Prediction({len(self)} samples, {bad} without an answer, values {list(self.values.shape)})"


def fill(batch: Batch, inputs: Mapping[str, Any]) -> None:
    for name, value in inputs.items():
        batch[name] = value
