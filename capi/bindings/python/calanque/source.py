# calanque/source.py -- where samples come from: a file, a simulation, arrays in memory.
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import ctypes
import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from . import _arrays
from ._handle import Handle, close_made, handle_of, number_of
from ._left_out import why_not
from ._library import encode, integer, lib, mapping_of, names_of, options_json, text_of
from ._units import unit_of
from .config import Config
from .errors import InvalidError, NotFoundError

if TYPE_CHECKING:
    from .model import Model

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Field:
    """A column or image of a source: of one sample the shape, of a text its longest bytes."""

    name: str
    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    unit: str


def _field(entry: Mapping[str, Any], units: Mapping[str, str]) -> Field:
    shape, unit = tuple(entry["shape"]), units.get(entry["name"], entry["unit"])
    if entry.get("text") and shape:
        return Field(entry["name"], np.dtype(f"S{shape[-1]}"), shape[:-1], unit)
    return Field(entry["name"], np.dtype(_arrays.NAMES[entry["dtype"]]), shape, unit)


class Source(Handle):
    """Samples by number, from 0. [any thread]

    Source.open(uri), Source.from_config(config), Source.for_model(model, uri), Source.from_arrays({name: array}) and
    Source.from_table(table) make one. Every one of them is read as needed, never as a whole.
    """

    _close = "clq_source_close"

    def __init__(self, call: Callable[..., int], *arguments: Any, units: Mapping[str, str] | None = None,
                 lent: Sequence[Any] = ()) -> None:
        super().__init__(call, *arguments)
        self._units = dict(units or {})
        self._lent = lent  # borrowed arrays live as long as this
        self._fields: dict[str, Field] | None = None
        self.left_out: dict[str, str] = {}  # columns of its table that are no numbers of the library's: why

    @classmethod
    def open(cls, uri: str | os.PathLike[str], **options: Any) -> Source:
        """A FITS, CSV or ECSV file, or what a plugin calls so ("deepdip://galaxies?n=100"). options: the source's."""
        return cls(lib.clq_source_open, encode(uri, "the uri"), options_json(options))

    @classmethod
    def from_config(cls, config: Config) -> Source:
        """What data.catalog names."""
        return cls(lib.clq_source_from_config, handle_of(config, Config, "config"))

    @classmethod
    def for_model(cls, model: Model, uri: str | os.PathLike[str], data: Mapping[str, Any] | None = None) -> Source:
        """Opened as the model's own data were; data: other values of keys of [data], {"id": "NAME"}."""
        options = options_json(dict(mapping_of(data or {}, "data")))
        return cls(lib.clq_source_for_model_with, _handle_of_model(model), encode(uri, "the uri"), options)

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, Any], borrow: bool = False) -> Source:
        """Arrays of [n] or [n, ...], one a field. Units of Quantities and Columns are kept.

        borrow: no copy, the arrays are read where they lie and may be filled anew between two uses; they must be of
        this machine's byte order and contiguous. Else they are copied, in whatever order and strides they come.
        """
        prepare = _arrays.borrowed if borrow else _arrays.native
        ready = {name: prepare(arrays[name], name) for name in _texts(mapping_of(arrays, "arrays"))}
        if not ready:
            raise InvalidError("no arrays: a source has one field or more")
        n = _common_length(ready)
        units = {name: unit_of(value) for name, value in arrays.items()}
        source = cls(lib.clq_source_create, n, units=units, lent=list(ready.values()) if borrow else ())
        for name, array in ready.items():
            shape = array.shape[1:]
            lib.clq_source_add(source._handle, encode(name, "a field's name"), array.ctypes.data,
                               _arrays.code_of(array, name), len(shape), _arrays.dims_of(shape), int(borrow))
        return source

    @classmethod
    def from_table(cls, table: Any, columns: Sequence[str] | None = None, borrow: bool = False) -> Source:
        """An astropy Table or QTable, a structured array, a pandas DataFrame, a mapping of arrays.

        columns: by name, each must be numbers. None: all that are; the others, texts and masked integers, are
        `left_out`, and who asks for one of them is told why.
        """
        names = column_names(table) if columns is None else _picked(table, names_of(columns, "columns"))
        why = {name: why_not(table[name], name) for name in (names if columns is None else ())}
        left_out = {name: words for name, words in why.items() if words}
        if left_out and len(left_out) == len(names):
            raise InvalidError(next(iter(left_out.values())))
        source = cls.from_arrays({name: table[name] for name in names if name not in left_out}, borrow)
        source.left_out = left_out
        return source

    def close(self) -> None:
        self._fields = None
        super().close()

    def __len__(self) -> int:
        return number_of(lib.clq_source_count, self._handle)

    def describe(self) -> dict[str, Any]:
        """Fields, shapes, units, roles, fingerprint, and what the source knows of its file (docs/data.md)."""
        return json.loads(text_of(lib.clq_source_describe, self._handle))  # type: ignore[no-any-return]

    @property
    def fields(self) -> dict[str, Field]:
        if self._fields is None:
            self._fields = {entry["name"]: _field(entry, self._units) for entry in self.describe()["fields"]}
        return self._fields

    @property
    def units(self) -> dict[str, str]:
        """The unit of each field, "" where none is known."""
        return {field.name: field.unit for field in self.fields.values()}

    def read(self, field: str, rows: Any = None, out: Array | None = None) -> Array:
        """[n, ...] of the rows given, default all, in the field's own type. out: an array to fill in its place."""
        name = encode(field, "the field")
        known = self.fields.get(field)
        if known is None:
            has = f"the source has no field '{field}', it has {', '.join(self.fields)}"
            raise NotFoundError(self.left_out.get(field, has))
        rows = np.arange(len(self)) if rows is None else _arrays.rows_of(rows)
        wanted = rows.shape + known.shape
        data = np.empty(wanted, known.dtype) if out is None else out
        _refuse_other_than(known.dtype, wanted, data, field)
        if rows.size:
            lib.clq_source_read(self._handle, rows.ctypes.data, rows.size, name, data.ctypes.data, data.nbytes)
        return data

    def __getitem__(self, field: str) -> Array:
        return self.read(field)

    def find(self, id: Any, column: str = "") -> int:
        """The row whose value in `column` is this; without a column the row of this number."""
        return number_of(lib.clq_source_find, self._handle, encode(column), encode(str(id), "the id"))

    def locate(self, row: int) -> str:
        """Where a row stands, in words: "cat.fits[1], row 6" for row 5."""
        return text_of(lib.clq_source_locate, self._handle, integer(row, "row"))

    def write(self, uri: str | os.PathLike[str], fields: Sequence[str] | None = None, first: int | None = None,
              n: int | None = None) -> None:
        """Rows into a new file, by its suffix, streaming. fields: names or globs."""
        options = {"fields": None if fields is None else names_of(fields, "fields"),
                   "first": None if first is None else integer(first, "first"), "n": None if n is None else integer(n, "n")}
        lib.clq_source_write(self._handle, encode(uri, "the uri"), options_json(options))

    def scan(self, **options: Any) -> dict[str, Any]:
        """Every row once: counts, gaps, ranges, bad rows; options and result as in docs/data.md."""
        return result_of(lib.clq_source_scan, self._handle, options_json(options))

    def look(self, row: int, model: Model | None = None,
             prefix: str | os.PathLike[str] | None = None) -> dict[str, Any]:
        """One row: its columns, its images and, with a model, what the network gets of them. prefix: of PNG and FITS
        files to write."""
        path = None if prefix is None else encode(prefix, "the prefix")
        shown = 0 if model is None else _handle_of_model(model)
        return result_of(lib.clq_source_look, self._handle, shown, integer(row, "row"), path)

    def __repr__(self) -> str:
        return f"Source({len(self)} samples: {', '.join(self.fields)})" if self._is_open else "Source(closed)"


def _handle_of_model(model: Any) -> int:
    from .model import Model

    return handle_of(model, Model, "model")


def _refuse_other_than(dtype: np.dtype[Any], shape: tuple[int, ...], out: Any, field: str) -> None:
    wanted = f"{field}: out must be a contiguous, writable {dtype} array of {shape}, got"
    if not isinstance(out, np.ndarray):
        raise InvalidError(f"{wanted} {type(out).__name__}")
    if out.shape != shape or out.dtype != dtype or not out.flags.c_contiguous or not out.flags.writeable:
        raise InvalidError(f"{wanted} {out.dtype} of {out.shape}")


def _common_length(arrays: Mapping[str, Array]) -> int:
    lengths = {name: array.shape[0] if array.ndim else None for name, array in arrays.items()}
    first, n = next(iter(lengths.items()))
    for name, length in lengths.items():
        if length is None:
            raise InvalidError(f"{name} is one number, wanted an array of samples")
        if length != n:
            raise InvalidError(f"{name} has {length} samples, {first} has {n}")
    return int(n or 0)


def column_names(table: Any) -> list[str]:
    """Of a Table, a structured array, a DataFrame, a mapping; InvalidError where two are the same, or one is no text."""
    return _texts(_columns(table))


def _picked(table: Any, names: list[str]) -> list[str]:
    """These names, of which the table has each once."""
    known = list(_columns(table))
    for name in _texts(names):
        if name not in known:
            raise NotFoundError(f"the table has no column '{name}', it has {', '.join(map(str, known))}")
        if known.count(name) > 1:
            raise InvalidError(f"two columns are named '{name}'")
    return names


def _columns(table: Any) -> Iterable[Any]:
    for names in (getattr(table, "colnames", None), getattr(getattr(table, "dtype", None), "names", None),
                  getattr(table, "columns", None)):
        if names is not None:
            return names  # type: ignore[no-any-return]
    if isinstance(table, Mapping):
        return table
    raise InvalidError(f"a {type(table).__name__} has no named columns: give a Table, a DataFrame or a mapping")


def _texts(names: Iterable[Any]) -> list[str]:
    seen: dict[str, None] = {}
    for name in names:
        if not isinstance(name, str):
            raise InvalidError(f"names of columns must be texts, one is {name!r}")
        if name in seen:
            raise InvalidError(f"two columns are named '{name}'")
        seen[name] = None
    return list(seen)


def result_of(call: Callable[..., int], *arguments: Any) -> dict[str, Any]:
    """The JSON of the result that a function gives by its last argument; it is closed."""
    made = ctypes.c_int64(0)
    try:
        call(*arguments, ctypes.byref(made))
        return json.loads(text_of(lib.clq_result_text, made.value))  # type: ignore[no-any-return]
    finally:
        close_made(lib.clq_result_close, made)


def source_of(given: Any) -> Source:
    """A Source as it is; a name opened; else arrays in memory, copied."""
    if isinstance(given, Source):
        return given
    if isinstance(given, (str, os.PathLike)):
        return Source.open(given)
    if given is None:
        raise InvalidError("no source: give a Source, a file's name, a Table or a mapping of arrays")
    return Source.from_table(given)


def order(seed: int, epoch: int, n: int, first: int = 0, count: int | None = None) -> Array:
    """The library's shuffle: the samples at positions first, first + 1 ... of an epoch over n samples."""
    seed, epoch, n = integer(seed, "seed", 0, 2**64 - 1), integer(epoch, "epoch", 0), integer(n, "n", 0)
    first = integer(first, "first", 0, n)
    count = n - first if count is None else integer(count, "count", 0, n - first)
    out, call = ctypes.c_int64(0), lib.clq_order_at
    at = ctypes.byref(out)
    rows = np.empty(count, np.int64)
    for i in range(rows.size):
        call(seed, epoch, n, first + i, at)
        rows[i] = out.value
    return rows
