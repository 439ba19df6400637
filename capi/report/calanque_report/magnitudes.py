# capi/report/calanque_report/magnitudes.py -- columns that say how bright an object is.
# SPDX-License-Identifier: BSD-3-Clause
import numpy as np

NANOMAGGIES = ("nanomaggy", "nanomaggies", "nmgy")
ZERO_POINT = 22.5  # AB magnitude of one nanomaggy


def is_magnitude(name, unit):
    """Whether it is the brightness in a band: no error, no extinction."""
    words = name.upper().split("_")
    if any(word.startswith(("ERR", "MAGERR", "FLUXERR")) or word.endswith("ERR") for word in words):
        return False
    return (unit == "mag" and ("MAG" in name.upper() or len(name) == 1)) or (is_flux(unit) and "FLUX" in words)


def is_flux(unit):
    return unit.lower() in NANOMAGGIES


def to_magnitudes(values, unit, nulls):
    """Magnitudes, NaN where there is none; of a flux in nanomaggies that is not above 0 there is none."""
    values = np.asarray(values, dtype=float)
    values = np.where(np.isin(values, np.array(nulls, dtype=float)), np.nan, values)
    if not is_flux(unit):
        return values
    return ZERO_POINT - 2.5 * np.log10(np.where(values > 0, values, np.nan))
