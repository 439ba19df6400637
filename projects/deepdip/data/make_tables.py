#!/usr/bin/env python3
# projects/deepdip/data/make_tables.py -- the BOSS DR10 text tables as the FITS tables the examples train on.
# SPDX-License-Identifier: BSD-3-Clause
"""usage: make_tables.py FOLDER_OF_CSV [OUTPUT_FOLDER]

Writes boss_dr10_train.fits (files 0 and 1) and boss_dr10_test.fits (file 3). Equal input gives equal bytes.
"""
import pathlib
import sys

import numpy as np
from astropy.io import fits

TABLES = {"boss_dr10_train.fits": (0, 1), "boss_dr10_test.fits": (3,)}


def read_columns(path):
    """Names and values of one file; its first line is '#F:NAME;...;D:NAME'."""
    with open(path, encoding="ascii") as file:
        heading = file.readline().strip().lstrip("#")
    names = [item.split(":")[1] for item in heading.split(";")]
    values = np.loadtxt(path, delimiter=",", comments="#", dtype=np.float64, ndmin=2)
    if values.shape[1] != len(names):
        raise SystemExit(f"{path}: {values.shape[1]} columns, its heading names {len(names)}")
    return names, values


def make_table(folder, numbers):
    """One HDU. OBJID = file number x 10^6 + row; Z keeps the text's 6 decimals as a double, as its heading asks (D)."""
    ids, parts, names = [], [], None
    for number in numbers:
        names, values = read_columns(folder / f"boss_dr10_{number}.csv")
        ids.append(number * 1_000_000 + np.arange(len(values), dtype=np.int64))
        parts.append(values)
    values = np.concatenate(parts)
    columns = [fits.Column("OBJID", "K", array=np.concatenate(ids))]
    for i, name in enumerate(names):
        form, unit = ("D", None) if name == "Z" else ("E", "mag")
        columns.append(fits.Column(name, form, unit=unit, array=values[:, i]))
    return fits.BinTableHDU.from_columns(columns, name="BOSS_DR10")


def main():
    if len(sys.argv) not in (2, 3):
        raise SystemExit(__doc__)
    source = pathlib.Path(sys.argv[1])
    target = pathlib.Path(sys.argv[2] if len(sys.argv) == 3 else ".")
    for name, numbers in TABLES.items():
        table = make_table(source, numbers)
        fits.HDUList([fits.PrimaryHDU(), table]).writeto(target / name, overwrite=True)
        print(f"{target / name}: {len(table.data)} rows")


if __name__ == "__main__":
    main()
