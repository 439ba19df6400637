# calanque/model.py -- networks: made, loaded, saved, asked.
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import json
import os
import pathlib
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from . import _arrays
from ._handle import Handle, handle_of
from ._left_out import refuse_for_run
from ._library import encode, lib, mapping_of, names_of, options_json, text_of
from ._states import States
from ._units import Units, converted
from .config import Config
from .errors import InvalidError
from .prediction import Batch, Prediction, fill
from .source import Source, column_names, result_of


class Model(Handle):
    """A network with its transforms: Model.create(config, source) or Model.load(path).

    [any thread: several may predict with one model at once]
    """

    _close = "clq_model_close"

    def __init__(self, call: Callable[..., int], *arguments: Any, units: Mapping[str, str] | None = None) -> None:
        super().__init__(call, *arguments)
        self._units: Units | None = None
        self.history: list[dict[str, Any]] = []  # a row of metrics an epoch, of calanque.train
        self._known: dict[str, tuple[np.dtype[Any], tuple[int, ...]]] | None = None
        self._inputs: dict[str, list[str]] | None = None
        self._output: tuple[int, ...] | None = None
        if units is not None:
            self.units = units

    @classmethod
    def create(cls, config: Config, source: Source) -> Model:
        """A network of first weights; its shapes come from the source, and the units of its inputs."""
        made_of = handle_of(config, Config, "config"), handle_of(source, Source, "source")
        refuse_for_run(source, config)
        model = cls(lib.clq_model_create, *made_of)
        known = source.units
        model._units = Units(model._names, {name: known[name] for name in model.columns if known.get(name)})
        return model

    @classmethod
    def load(cls, path: str | os.PathLike[str], *, device: str | None = None, threads: int | None = None,
             batch: int | None = None, average: str | None = None, layers: Sequence[str] | None = None,
             units: Mapping[str, str] | None = None) -> Model:
        """A bundle. average: "d4" or "none"; layers: names of layers whose values a prediction has as well.

        units: of the inputs, {"MAG_R": "mag"}; Quantities are converted to these. Other names are refused.
        """
        options = {"device": device, "threads": threads, "batch": batch, "average": average,
                   "layers": None if layers is None else names_of(layers, "layers")}
        return cls(lib.clq_model_load, encode(path, "the bundle's path"), options_json(options), units=units)

    def fit(self, source: Source, config: Config) -> None:
        """The statistics of its transforms, of the rows that this run would train on; training does so itself."""
        lent, run_file = handle_of(source, Source, "source"), handle_of(config, Config, "config")
        refuse_for_run(source, config)
        lib.clq_model_fit(self._handle, lent, run_file)

    def close(self) -> None:
        self._known = self._inputs = self._output = self._units = None
        super().close()

    def save(self, path: str | os.PathLike[str]) -> None:
        lib.clq_model_save(self._handle, encode(path, "the bundle's path"))

    def describe(self) -> dict[str, Any]:
        """Inputs, layers, states, transforms, counts, provenance, as `clq inspect` shows them."""
        return json.loads(text_of(lib.clq_model_describe, self._handle))  # type: ignore[no-any-return]

    def check(self) -> dict[str, Any]:
        """Answers the inputs that its training kept anew: {"rows", "largest"}, the largest relative difference."""
        return result_of(lib.clq_model_check, self._handle)

    @property
    def id(self) -> str:
        """12 hex digits of what the model computes."""
        return text_of(lib.clq_model_id, self._handle)

    @property
    def n_parameters(self) -> int:
        return int(lib.clq_model_n_parameters(self._handle))

    @property
    def cards(self) -> list[str]:
        """FITS cards of 80 characters that name the model: header.append(fits.Card.fromstring(card))."""
        text = text_of(lib.clq_model_cards, self._handle)
        return [text[i:i + 80] for i in range(0, len(text), 80)]

    @property
    def states(self) -> States:
        """Its numbers by name, to be read and, while no trainer holds it, set."""
        return States(self, self._known_states, lib.clq_model_get, lib.clq_model_set)

    @property
    def inputs(self) -> dict[str, list[str]]:
        """Tensor -> its columns: {"scalars": ["MAG_U", ...]}; of images ["images"]."""
        if self._inputs is None:
            found: dict[str, list[str]] = {}
            for entry in self.describe()["inputs"]:
                if entry["tensor"] not in ("target", "weight", "mask"):
                    found.setdefault(entry["tensor"], []).append(entry["name"])
            self._inputs = found
        return self._inputs

    @property
    def columns(self) -> list[str]:
        """The names of all inputs, in the order of an array's last axis."""
        return [name for names in self.inputs.values() for name in names]

    @property
    def _names(self) -> list[str]:
        """What a mapping of inputs may name: columns, or whole tensors."""
        return list(dict.fromkeys([*self.columns, *self.inputs]))

    @property
    def units(self) -> Units:
        """Of inputs by name, to be read and set; a bundle keeps none. InvalidError for other names and what is no text."""
        if self._units is None:
            self._units = Units(self._names, {})
        return self._units

    @units.setter
    def units(self, units: Mapping[str, str]) -> None:
        checked = Units(self._names, {})
        checked.update(mapping_of(units, "units"))
        self._units = checked

    @property
    def output_shape(self) -> tuple[int, ...]:
        """Of one sample, without its leading axis; () where the network has several outputs."""
        if self._output is None:
            described = self.describe()
            self._output = () if described["outputs"] else tuple(described["table"][-1]["output"])
        return self._output

    def predict(self, inputs: Any) -> Prediction:
        """The answer for n samples, in the unit of the target; NaN and a status where there is none.

        inputs: an array, Quantity or tensor [n, ...] where the model reads one tensor ([n, columns], [n, bands, height,
        width]; [n] of one column); else a mapping, Table or DataFrame with its columns or tensors by name. Quantities
        are converted to `units`. Raises InvalidError for a wrong shape, UnitWarning where a Column's unit is not known.
        """
        ready = self._ready(inputs)
        shapes = {name: array.shape for name, array in ready.items()}
        if any(not shape for shape in shapes.values()):
            raise InvalidError(f"inputs must have samples along their first axis, got {shapes}")
        n = next(iter(shapes.values()))[0]
        if n == 0:
            raise InvalidError("inputs hold no sample, wanted one or more")
        batch = Batch(self, n)
        fill(batch, ready)
        batch.predict()
        return Prediction(batch)

    def _ready(self, inputs: Any) -> dict[str, np.ndarray[Any, Any]]:
        if isinstance(inputs, Mapping) or _is_table(inputs):
            return self._ready_of_table(inputs)
        if len(self.inputs) != 1:
            raise InvalidError(f"the model reads {', '.join(self.inputs)}: give a mapping with an array each")
        name, columns = next(iter(self.inputs.items()))
        units = {self.units.get(column) for column in columns}
        if len(units) > 1 and getattr(inputs, "unit", None) is not None:
            raise InvalidError(f"input '{name}' has columns of several units: give a Table or a mapping of columns")
        return {name: _arrays.native(converted(inputs, units.pop(), name), name)}

    def _ready_of_table(self, inputs: Any) -> dict[str, np.ndarray[Any, Any]]:
        names = self._named(column_names(inputs))
        values = {name: converted(inputs[name], self.units.get(name), name) for name in names}
        ready = {name: _arrays.native(value, name) for name, value in values.items()}
        for tensor, columns in self.inputs.items():
            if tensor in columns and len(columns) > 1 and ready[tensor].ndim == 1:
                raise InvalidError(f"'{tensor}' is all of {', '.join(columns)}, and got [n]: give '{tensor}' alone, [n, columns]")
        return ready

    def _named(self, given: Sequence[str]) -> list[str]:
        """Of a table the columns that the model reads; a mapping may name whole tensors."""
        names: list[str] = []
        for tensor, columns in self.inputs.items():
            missing = [column for column in columns if column not in given]
            if tensor in given:
                _refuse_beside(tensor, columns, given)
                names.append(tensor)
            elif missing:
                raise InvalidError(f"the inputs lack {', '.join(missing)}; the model reads {', '.join(self.columns)}")
            else:
                names += columns
        return names

    def _known_states(self) -> dict[str, tuple[np.dtype[Any], tuple[int, ...]]]:
        if self._known is None:
            entries = self.describe()["states"]
            self._known = {e["name"]: (np.dtype(_arrays.NAMES[e["dtype"]]), tuple(e["dims"])) for e in entries}
        return self._known

    def to_bytes(self) -> bytes:
        """The bundle as it would be saved."""
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "model.safetensors"
            self.save(path)
            return path.read_bytes()

    @classmethod
    def from_bytes(cls, bundle: bytes, **options: Any) -> Model:
        """What to_bytes gave; options as of load."""
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "model.safetensors"
            path.write_bytes(bundle)
            return cls.load(path, **options)

    def __reduce__(self) -> Any:  # a model is its bundle, so it goes to other processes
        return _from_bundle, (self.to_bytes(), dict(self.units))

    def __repr__(self) -> str:
        return f"Model({self.id}, {self.n_parameters} parameters)" if self._is_open else "Model(closed)"


def _from_bundle(bundle: bytes, units: Mapping[str, str]) -> Model:
    model = Model.from_bytes(bundle)
    model._units = Units(model._names, units)
    return model


def _refuse_beside(tensor: str, columns: Sequence[str], given: Sequence[str]) -> None:
    """Raises InvalidError where columns of a tensor are given beside it."""
    both = [column for column in columns if column in given and column != tensor]
    if both:
        instead = "" if tensor in columns else ", or its columns"
        raise InvalidError(f"the inputs name both '{tensor}', which is all of {', '.join(columns)}, and {', '.join(both)}: give "
                           f"'{tensor}' alone, [n, columns]{instead}")


def _is_table(inputs: Any) -> bool:
    fields = getattr(getattr(inputs, "dtype", None), "names", None)
    return fields is not None or hasattr(inputs, "colnames") or hasattr(inputs, "iloc")


def several_of(models: Model | Sequence[Model]) -> list[Model]:
    return list(models) if isinstance(models, Iterable) else [models]


def handles_of(models: Sequence[Model]) -> tuple[Any, int]:
    """Models as the C API takes them."""
    if not models:
        raise InvalidError("no models: give one or more")
    return _arrays.dims_of(tuple(handle_of(model, Model, "models") for model in models)), len(models)
