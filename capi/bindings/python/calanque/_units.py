# calanque/_units.py -- units of columns: kept from astropy, converted where both sides name one.
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from .errors import InvalidError, UnitWarning


def unit_of(value: Any) -> str:
    """The unit of a Quantity or a Column in FITS words, "" where there is none."""
    unit = getattr(value, "unit", None)
    if unit is None:
        return ""
    try:
        return str(unit.to_string(format="fits"))
    except (ValueError, AttributeError):
        return str(unit)


def converted(value: Any, wanted: str | None, name: str) -> Any:
    """The value in the unit `wanted`. Without a unit it is taken as it is.

    None: the model names no unit; then a Quantity is refused, and a Column that names one is taken as it is, with a
    UnitWarning.
    """
    unit = getattr(value, "unit", None)
    if unit is None or unit == "":
        return value
    if wanted is None:
        return _unknown(value, unit, name)
    from astropy import units

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
                  stacklevel=6)
    return value
