# calanque/_asked.py -- what models are asked of: arrays in their units, sources that are in these already.
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import os
from collections.abc import Sequence
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
    wanted = {name: _units(models, name) for model in models for name in model.columns}
    if isinstance(given, (str, os.PathLike)):
        given = Source.for_model(models[0], given)
    if isinstance(given, Source) or given is None:
        return _in_units(source_of(given), wanted)
    return Source.from_table({name: _converted(given[name], wanted.get(name), name) for name in column_names(given)})


def _units(models: Sequence[Model], name: str) -> list[str]:
    """Of a column, one for each model that reads it; "" where it names none."""
    units = [model.units.get(name, "") for model in models if name in model.columns]
    known = [unit for unit in units if unit]
    for unit in known[1:]:
        if not are_one(unit, known[0]):
            raise InvalidError(f"{name}: one model has '{known[0]}', another '{unit}': models that are asked together must "
                               "have one unit")
    return units


def _in_units(source: Source, wanted: dict[str, list[str]]) -> Source:
    for name, units in wanted.items():
        unit = next(filter(None, units), "")
        has = source.units.get(name) if unit else ""
        if has and not are_one(has, unit):
            raise InvalidError(f"{name}: the source is in '{has}' and the model in '{unit}', and a source is not converted: give "
                               "a Table or a mapping of Quantities")
    return source


def _converted(value: Any, units: list[str] | None, name: str) -> Any:
    if units is None:  # no model reads it
        return value
    known = next(filter(None, units), None)
    if known is not None and "" in units and unit_of(value):
        raise InvalidError(f"{name} is in '{unit_of(value)}', and one model has '{known}', another names no unit: say it with "
                           f"model.units['{name}'] = '{known}'")
    return converted(value, known, name)
