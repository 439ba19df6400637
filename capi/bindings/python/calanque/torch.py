# calanque/torch.py -- batches of a Calanque source for PyTorch: whole batches at once, in an order of its own.
# SPDX-License-Identifier: BSD-3-Clause
"""Reader is an IterableDataset of whole batches, Loader iterates it epoch after epoch, with workers or without.

    reader = Reader("train.fits", {"x": ["MAG_*"], "z": "Z"}, batch=256, seed=1)
    for epoch in range(10):
        for batch in Loader(reader, workers=2):    # {"x": [256, 5], "z": [256]}
            ...

Row k of epoch e is clq_order_at(seed, e, n, k), so an epoch's batches are the same whatever the number of workers, and
a run goes on at any of them. Numbers are the source's own: the transforms of a run file belong to its model.
"""
from __future__ import annotations

import fnmatch
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Union

import numpy as np
import torch
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

from ._arrays import rows_of
from ._library import integer, names_of
from .config import Config
from .errors import InvalidError
from .source import Source, order

Opened = Union[str, "os.PathLike[str]", Source, Callable[[], Source]]
Names = Union[str, Sequence[str]]
# PyTorch has no arithmetic on these; the wider type holds each of their values.
WIDER = {"u2": np.int32, "u4": np.int64}


class Reader(IterableDataset):  # type: ignore[type-arg, misc, unused-ignore]
    """Batches as {name: tensor}. [one thread; a copy in each worker opens the source anew]

    source: a file's name, a run file ("run.toml": its data.catalog), a function that opens a Source, or a Source (then
    without workers). fields: {name: column} gives [n, ...], {name: [columns or globs]} their columns side by side as
    float32 [n, columns]; a list of names as it is; None: of a run file "scalars", "target" and "images", else all
    columns of numbers. rows: those to take, None for all; seed None: in order. last: keep a smaller batch at the end.
    """

    def __init__(self, source: Opened, fields: Mapping[str, Names] | Sequence[str] | None = None, *, batch: int = 32,
                 seed: int | None = 1, epoch: int = 0, rows: Any = None, last: bool = True) -> None:
        super().__init__()
        self._given = source
        self._opened: tuple[int, Source] | None = None
        self.batch = integer(batch, "batch", 1)
        self.seed, self.epoch, self.first, self.last = seed, epoch, 0, last
        self._rows = None if rows is None else rows_of(rows)
        self.fields = _plan(self.source(), fields if fields is not None else _of_run_file(source))
        self._n = len(self.source()) if self._rows is None else self._rows.size

    def source(self) -> Source:
        """This process's own: handles do not survive a fork."""
        if self._opened is None or self._opened[0] != os.getpid():
            self._opened = (os.getpid(), _open(self._given))
        return self._opened[1]

    def __len__(self) -> int:
        """Batches of an epoch."""
        return -(-self._n // self.batch) if self.last else self._n // self.batch

    def read(self, number: int) -> dict[str, torch.Tensor]:
        """Batch `number` of this epoch."""
        first = number * self.batch
        count = min(self.batch, self._n - first)
        if self.seed is None:
            places = np.arange(first, first + count)
        else:
            places = order(self.seed, self.epoch, self._n, first, count)
        rows = places if self._rows is None else self._rows[places]
        inwards = np.argsort(rows)  # a file is read forwards, which takes half the time of to and fro
        back = np.empty_like(inwards)
        back[inwards] = np.arange(count)
        return {name: _tensor(self.source(), columns, rows[inwards], back) for name, columns in self.fields.items()}

    def __iter__(self) -> Iterator[dict[str, torch.Tensor]]:
        worker = get_worker_info()
        if worker is not None and isinstance(self._given, Source):
            raise InvalidError("a Source cannot go into a worker: give its file's name, or a function that opens it")
        mine, of = (0, 1) if worker is None else (worker.id, worker.num_workers)
        return (self.read(number) for number in range(self.first + mine, len(self), of))

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_opened": None}


class Loader:
    """Every `for` over it is the next epoch: there is no call to forget. [one thread]

    epoch and batch say where it is, to be kept and given again: Loader(reader, epoch=3, batch=120) goes on there.
    options: DataLoader's, such as pin_memory and prefetch_factor.
    """

    def __init__(self, reader: Reader, workers: int = 0, epoch: int = 0, batch: int = 0, **options: Any) -> None:
        self.reader, self.workers, self.epoch, self.batch, self._options = reader, workers, epoch, batch, options

    def __len__(self) -> int:
        return len(self.reader)

    def __iter__(self) -> Iterator[dict[str, torch.Tensor]]:
        self.reader.epoch, self.reader.first = self.epoch, self.batch
        batches = DataLoader(self.reader, batch_size=None, num_workers=self.workers, **self._options)
        for tensors in batches:
            self.batch += 1
            yield tensors
        self.epoch, self.batch = self.epoch + 1, 0


def _is_run_file(given: Opened) -> bool:
    return isinstance(given, (str, os.PathLike)) and os.fspath(given).endswith(".toml")


def _open(given: Opened) -> Source:
    if isinstance(given, Source):
        return given
    if _is_run_file(given):
        return Source.from_config(Config.load(given))  # type: ignore[arg-type]
    return Source.open(given) if isinstance(given, (str, os.PathLike)) else given()


def _of_run_file(given: Opened) -> dict[str, Names] | None:
    if not _is_run_file(given):
        return None
    config = Config.load(given)  # type: ignore[arg-type]
    from .errors import NotFoundError

    found: dict[str, Names] = {}
    for name, key in (("scalars", "data.scalars"), ("target", "data.target"), ("images", "data.images")):
        try:
            found[name] = "images" if name == "images" and config[key] else config[key]
        except NotFoundError:
            continue
    return found


def _plan(source: Source, fields: Mapping[str, Names] | Sequence[str] | None) -> dict[str, Names]:
    """Every glob as the columns that it stands for; a name that is not there is an error now."""
    numbers = [name for name, field in source.fields.items() if field.dtype.kind != "S"]
    if fields is None:
        return {name: name for name in numbers}
    if not isinstance(fields, Mapping):
        fields = {name: name for name in names_of(fields, "fields")}
    plan: dict[str, Names] = {}
    for name, columns in fields.items():
        wanted = [columns] if isinstance(columns, str) else list(columns)
        found = [match for column in wanted for match in fnmatch.filter(numbers, column)]
        missing = [column for column in wanted if not fnmatch.filter(numbers, column)]
        if missing:
            raise InvalidError(f"{name}: the source has no numbers '{missing[0]}', it has {', '.join(numbers)}")
        plan[name] = found[0] if isinstance(columns, str) and len(found) == 1 else found
    return plan


def _tensor(source: Source, columns: Names, rows: np.ndarray[Any, Any], back: np.ndarray[Any, Any]) -> torch.Tensor:
    """back: where row i of the answer is among the rows that are read."""
    if isinstance(columns, str):
        values = source.read(columns, rows)[back]
        if values.dtype.str[1:] == "u8":
            raise InvalidError(f"{columns}: PyTorch has no unsigned integers of 64 bits, ['{columns}'] gives float32")
        return torch.from_numpy(values.astype(WIDER.get(values.dtype.str[1:], values.dtype), copy=False))
    side_by_side = np.empty((rows.size, len(columns)), np.float32)
    for i, column in enumerate(columns):
        side_by_side[:, i] = source.read(column, rows)[back]
    return torch.from_numpy(side_by_side)
