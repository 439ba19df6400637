# calanque/_asked.py -- what models are asked of: arrays in their units, sources that are in these already.
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ._units import are_one, converted, unit_of
from .errors import InvalidError
from .source import Source, column_names, source_of

if TYPE_CHECKING:
    from .model import Model


def source_for(models: Sequence[Model], given: Any) -> Source:
    """A name opened as the first model's data were; arrays by name are copied, in the units of the models.

    InvalidError where these differ from one model to another, or where a source has others: it is not converted.
    """
    wanted = _units_of(models)
    if isinstance(given, (str, os.PathLike)):
        given = Source.for_model(models[0], given)
    if isinstance(given, Source) or given is None:
        return _in_units(source_of(given), wanted)
    return Source.from_table({name: _converted(given[name], wanted.get(name), name) for name in column_names(given)})


def _units_of(models: Sequence[Model]) -> dict[str, list[str | None]]:
    """Column -> its unit, or None, by each of the models that read it."""
    wanted: dict[str, list[str | None]] = {}
    for model in models:
        units = model.units
        for name in model.columns:
            wanted.setdefault(name, []).append(units.get(name))
    for name, of_models in wanted.items():
        known = _known(of_models)
        for unit in known[1:]:
            if not are_one(unit, known[0]):
                raise InvalidError(f"{name}: one model has '{known[0]}', another '{unit}': models that are asked together "
                                   "must have one unit")
    return wanted


def _known(units: Sequence[str | None]) -> list[str]:
    return [unit for unit in units if unit is not None]


def _in_units(source: Source, wanted: Mapping[str, Sequence[str | None]]) -> Source:
    known = {name: _known(units)[0] for name, units in wanted.items() if _known(units)}
    has = source.units if known else {}
    for name, unit in known.items():
        if has.get(name) and not are_one(has[name], unit):
            raise InvalidError(f"{name}: the source is in '{has[name]}' and the model in '{unit}', and a source is not "
                               "converted: give a Table or a mapping of Quantities")
    return source


def _converted(value: Any, units: Sequence[str | None] | None, name: str) -> Any:
    if units is None:  # no model reads it
        return value
    known = _known(units)
    if known and None in units and unit_of(value):
        raise InvalidError(f"{name} is in '{unit_of(value)}', and one model has '{known[0]}', another names no unit: say it with "
                           f"model.units['{name}'] = '{known[0]}'")
    return converted(value, known[0] if known else None, name)
