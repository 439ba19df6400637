# calanque/_units.py -- units of columns: kept from astropy, converted where both sides name one.
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import re
import sys
import warnings
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from typing import Any

import numpy as np

from .errors import InvalidError, UnitWarning


class Units(MutableMapping[str, str]):
    """Input -> its unit. What is no input of the model is refused; a UnitWarning tells of a text that astropy, where it is
    there, does not know: it stands for itself alone.

    given: those of a source or of another model, kept as they stand.
    """

    def __init__(self, names: Sequence[str], given: Mapping[str, str]) -> None:
        self._names, self._given = list(names), dict(given)

    def __getitem__(self, name: str) -> str:
        return self._given[name]

    def __setitem__(self, name: str, unit: Any) -> None:
        if name not in self._names:
            raise InvalidError(f"units: the model has no input '{name}', it reads {', '.join(self._names)}")
        self._given[name] = _known(unit, name)

    def __delitem__(self, name: str) -> None:
        del self._given[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._given)

    def __len__(self) -> int:
        return len(self._given)

    def __repr__(self) -> str:
        return repr(self._given)


def _known(unit: Any, name: str) -> str:
    if not isinstance(unit, str) and not hasattr(unit, "to_string"):
        raise InvalidError(f"{name}: a unit must be a text, got {type(unit).__name__}")
    text = unit if isinstance(unit, str) else _text(unit)
    try:
        from astropy import units
    except ImportError:
        return text
    try:
        units.Unit(text)
    except (ValueError, TypeError) as error:
        nearest = re.search(r"Did you mean ([^?]+)", str(error))
        advice = f", did you mean {nearest[1]}?" if nearest else ""
        warnings.warn(f"{name}: '{text}' is no unit that astropy knows, nothing is converted to it{advice}", UnitWarning,
                      stacklevel=_outside())
    return text


def unit_of(value: Any) -> str:
    """The unit of a Quantity or a Column in FITS words, "" where there is none."""
    unit = getattr(value, "unit", None)
    return "" if unit is None else _text(unit)


def _text(unit: Any) -> str:
    try:
        return str(unit.to_string(format="fits"))
    except (ValueError, AttributeError):
        return str(unit)


def are_one(unit: str, other: str) -> bool:
    """True of two texts of one unit; without astropy, of equal texts."""
    if unit == other:
        return True
    try:
        from astropy import units
    except ImportError:
        return False
    try:
        return bool(units.Unit(unit, parse_strict="silent") == units.Unit(other, parse_strict="silent"))
    except (ValueError, TypeError):
        return False


def converted(value: Any, wanted: str | None, name: str) -> Any:
    """The value in the unit `wanted`. Without a unit, or in this one by its text, it is taken as it is.

    None: the model names no unit; then a Quantity is refused, and a Column that names one is taken as it is, with a
    UnitWarning.
    """
    unit = getattr(value, "unit", None)
    if unit is None or unit == "":
        return value
    if wanted is None:
        return _unknown(value, unit, name)
    if wanted in (str(unit), _text(unit)):
        return value
    try:
        from astropy import units
    except ImportError:
        raise InvalidError(f"{name}: '{unit}' is not '{wanted}', and without astropy nothing is converted") from None

    if isinstance(value, np.ma.MaskedArray) and np.ma.is_masked(value):
        if value.dtype.kind != "f":
            return value  # refused where it is read
        value = value.filled(np.nan)  # a Quantity has no mask

    try:
        if hasattr(value, "to"):
            return value.to(units.Unit(wanted))
        return value if unit == units.Unit(wanted) else value.quantity.to(units.Unit(wanted))
    except (units.UnitsError, ValueError) as error:
        raise InvalidError(f"{name}: cannot convert from '{unit}' to '{wanted}': {error}") from None


def _unknown(value: Any, unit: Any, name: str) -> Any:
    if hasattr(value, "to_value"):
        raise InvalidError(f"{name} is in '{unit}' and the model names no unit: give plain numbers, or say which with "
                           f"model.units['{name}'] = '{unit}'")
    warnings.warn(f"{name}: the model names no unit, the numbers in '{unit}' are taken as they are", UnitWarning,
                  stacklevel=_outside())
    return value


def _outside() -> int:
    """The stacklevel of the code that called this package."""
    level, frame = 1, sys._getframe(1)
    while frame.f_back is not None and frame.f_globals.get("__name__", "").split(".")[0] in (__package__, "_collections_abc"):
        level, frame = level + 1, frame.f_back
    return level
