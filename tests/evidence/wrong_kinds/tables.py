# tests/evidence/wrong_kinds/tables.py -- catalogues that are missing, damaged or not what the run file says.
# SPDX-License-Identifier: BSD-3-Clause
import re

import numpy as np
from astropy.io import fits

from .bench import BANDS, card, data_start


def missing_catalogue(b):
    path = b.table(name=f"cat{b.draw.randrange(10**6)}.fits")
    if b.planted:
        path.unlink()
    return b.train(3, re.escape(path.name), path)


def cut_in_the_header(b):
    path = b.table()
    return b.train(3, r"cat\.fits\[1\]: the header has no END", b.cut(path, 2880 + 80, data_start(path)[0] - 1))


def cut_in_the_data(b):
    path = b.table()
    return b.train(3, r"cat\.fits\[1\]: the header declares \d+ bytes of data, the file has \d+ left",
                   b.cut(path, *data_start(path)))


def not_fits(b):
    noise = bytes(b.draw.randrange(256) for _ in range(b.draw.randrange(100, 9000)))
    return b.train(3, r"cat\.fits: is not a FITS file", b.spoil(b.table(), lambda data: bytearray(noise)))


def empty_file(b):
    return b.train(3, r"cat\.fits: is empty", b.spoil(b.table(), lambda data: bytearray()))


def damaged_card(b):
    keyword = b.draw.choice(["NAXIS1", "NAXIS2", "TFIELDS", "TFORM3", "PCOUNT", "BITPIX"])

    def change(data):
        at = card(data, keyword)
        wrong = b.draw.choice(["zz", "-7", "'Q!'"])
        data[at:at + 80] = f"{keyword:<8}= {wrong:>20}".ljust(80).encode()

    return b.train(3, rf"cat\.fits\[1\]: .*{keyword}", b.spoil(b.table(), change))


def more_rows_than_bytes(b):
    rows, row_bytes = b.draw.randrange(10**6, 10**9), b.rows.dtype.itemsize

    def change(data):
        at = card(data, "NAXIS2")
        data[at:at + 80] = f"NAXIS2  = {rows:>20}".ljust(80).encode()

    return b.train(3, rf"cat\.fits\[1\]: the header declares {rows * row_bytes} bytes", b.spoil(b.table(), change))


def wrong_column(b):
    name = b.typo(b.band())
    return b.train(2, rf"{name}.*(did you mean|MAG_)", changes=[f'data.scalars=["{name}"]'])


def no_column_matches(b):
    pattern = f"FLUX{b.draw.randrange(100)}_*"
    return b.train(2, re.escape(pattern), changes=[f'data.scalars=["{pattern}"]'])


def wrong_shape(b):
    name, width = b.band(), b.draw.randrange(2, 9)
    columns = b.columns()
    if b.planted:
        wide = fits.Column(name, f"{width}E", array=np.ones((len(b.rows), width), np.float32))
        columns = b.without(name) + [wide]
    return b.predict(3, rf"cat\.fits.*{name} has {width} values", catalog=b.table(columns))


def text_column(b):
    name = b.band()
    columns = b.columns()
    if b.planted:
        columns = b.without(name) + [fits.Column(name, "5A", array=[f"x{i % 97}" for i in range(len(b.rows))])]
    return b.train(2, rf"{name}.*text", b.table(columns))


def missing_target(b):
    return b.train(2, r"data\.target.*'?Z'?|Z.*data\.target", b.table(b.without("Z") if b.planted else None))


def missing_target_to_evaluate(b):
    attempt = b.predict(3, r"cat\.fits: data\.target: .*'Z'", catalog=b.table(b.without("Z") if b.planted else None))
    attempt.arguments[0] = "evaluate"
    return attempt


def no_target_to_predict(b):
    """Not a fault: exit 0 is the claim, and the twin lacks an input instead."""
    lacks = "Z" if b.planted else b.band()
    return b.predict(0, r"600 rows", catalog=b.table(b.without(lacks)), keeps=[])


def missing_id(b):
    name = b.typo("OBJID")
    return b.train(3, rf"cat\.fits.*{name}.*OBJID", changes=[f"data.id={name}"])


def all_nan(b):
    name = b.band()
    if b.planted:
        b.rows[name] = np.nan
    return b.train(3, rf"{name} is missing or not finite in (\d+) of \1 rows", b.table())


def one_nan(b):
    row, name = b.row(), b.band()
    b.rows["Z"] = 0.3  # every row is used
    if b.planted:
        b.rows[name][row] = np.nan
    return b.train(3, rf"cat\.fits\[1\], row {row + 1}: {name} is", b.table())


def infinite_value(b):
    row, name = b.row(), b.band()
    b.rows["Z"] = 0.3
    if b.planted:
        b.rows[name][row] = np.inf
    return b.train(3, rf"cat\.fits\[1\], row {row + 1}: {name} is", b.table())


def no_rows(b):
    if b.planted:
        b.rows = b.rows[:0]
    return b.train(3, r"cat\.fits: has no rows", b.table())


def one_row(b):
    if b.planted:
        b.rows = b.rows[:1]
        b.rows["Z"] = 0.3
    return b.train(3, r"split: [01] rows to train", b.table())


def nothing_selected(b):
    least = b.draw.randrange(20, 90)
    return b.train(3, rf"cat\.fits: where 'Z > {least}' selects none of 600 rows", changes=[f"data.where=Z > {least}"])


def ragged_csv(b):
    path, row = b.csv(), b.row()

    def change(data):
        lines = data.decode().splitlines()
        lines[row + 1] += ",1,2"
        return "\n".join(lines).encode()

    return b.train(3, rf"cat\.csv, line {row + 2}\b", b.spoil(path, change))


def word_in_csv(b):
    path, row, column = b.csv(), b.row(), b.draw.choice(BANDS)
    at = b.rows.dtype.names.index(column)

    def change(data):
        lines = data.decode().splitlines()
        cells = lines[row + 1].split(",")
        cells[at] = "abc"
        lines[row + 1] = ",".join(cells)
        return "\n".join(lines).encode()

    return b.train(2, rf"{column}.*text", b.spoil(path, change))


def unknown_hdu(b):
    name = f"GALAXY{b.draw.randrange(100)}"
    return b.train(3, rf"cat\.fits.*{name}", changes=[f"data.hdu={name}"])


def unknown_format(b):
    path = b.table()
    if b.planted:
        path = b.write(f"cat.{b.draw.choice(['vot', 'parquet', 'dat2'])}", "no table of a kind that is read\n")
    return b.train(3, re.escape(path.name), path)


def unreadable(b):
    path = b.table()
    b.hand_over(b.folder)
    if b.planted:
        path.chmod(0)
    return b.train(3, r"cat\.fits.*([Pp]ermission|readable|opened)", path, before=b.check.as_nobody,
                   cannot=b.check.no_other_user)


KINDS = {
    "missing catalogue": missing_catalogue, "FITS cut in its header": cut_in_the_header,
    "FITS cut in its data": cut_in_the_data, "not FITS": not_fits, "zero-size file": empty_file,
    "damaged header card": damaged_card, "header with more rows than bytes": more_rows_than_bytes,
    "wrong column": wrong_column, "pattern without a column": no_column_matches, "column of another shape": wrong_shape,
    "text column as input": text_column, "no target column at training": missing_target,
    "no target column at evaluation": missing_target_to_evaluate, "predict needs no target": no_target_to_predict,
    "missing id column": missing_id, "NaN everywhere": all_nan, "NaN in one row": one_nan,
    "infinity in one row": infinite_value, "empty table": no_rows, "one row": one_row,
    "where selects nothing": nothing_selected, "CSV row with too many cells": ragged_csv,
    "word in a CSV column": word_in_csv,
    "unknown HDU": unknown_hdu, "catalogue of no known format": unknown_format, "unreadable catalogue": unreadable,
}
