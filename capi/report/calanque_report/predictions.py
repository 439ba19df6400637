# capi/report/calanque_report/predictions.py -- the table that clq evaluate wrote: which rows count, and their columns.
# SPDX-License-Identifier: BSD-3-Clause
import numpy as np
from astropy.io import fits

from .problem import INPUT, Problem

CHUNK = 65536  # rows of PDFs in memory at once


class Predictions:
    """Columns over the rows that were scored: no bad input, a target, a weight above 0. NumPy arrays, native order."""

    def __init__(self, path, targets, weight=None):
        """targets: from the names of the columns those of which one must hold a number."""
        with fits.open(path, memmap=True) as file:
            hdu = file["PREDICT"]
            self.header = hdu.header.copy()
            self.names = list(hdu.columns.names)
            self.units = {column.name: column.unit or "" for column in hdu.columns}
            self._data = hdu.data
            self.grid = _edges(file["ZGRID"].data) if "ZGRID" in file else None
        self.n_rows = len(self._data)
        flags = np.asarray(self._data["FLAG_BAD"])
        count = flags == 0
        wanted = targets(self.names)
        if wanted:  # of several, a loss may leave out those that are missing
            count &= np.any([np.isfinite(np.asarray(self._data[name])) for name in wanted], axis=0)
        w = np.ones(self.n_rows) if weight is None else np.asarray(self._data[weight], dtype=float)
        self.rows = np.flatnonzero(count & (w > 0) & np.isfinite(w))
        self.n_scored = len(self.rows)
        self.weights = w[self.rows]
        self.n_bad = int(np.sum(flags != 0))
        if len(self.rows) < 2:
            raise Problem(INPUT, f"{path}: {len(self.rows)} of {self.n_rows} rows can be scored, a report needs 2")

    def __len__(self):
        return len(self.rows)

    def column(self, name):
        """The values of the scored rows: numbers as float64, anything else as it is."""
        values = np.asarray(self._data[name])[self.rows]
        if values.dtype.kind == "f":
            return values.astype(np.float64)
        return values.astype(values.dtype.newbyteorder("="))

    def finite(self, *names):
        """Of the scored rows those where all of these columns hold a number."""
        return np.all([np.isfinite(self.column(name)) for name in names], axis=0)

    def finite_pdfs(self):
        """Of the scored rows those whose PDF is one."""
        return np.concatenate([np.isfinite(pdf).all(axis=1) for _, pdf in self.pdf_chunks()])

    def keep(self, rows):
        """Goes on with these of the scored rows alone; n_scored stays."""
        self.rows, self.weights = self.rows[rows], self.weights[rows]

    def pdf_chunks(self):
        """(slice of the scored rows, their PDFs as float64 with sum 1), chunk after chunk."""
        for first in range(0, len(self.rows), CHUNK):
            part = slice(first, min(first + CHUNK, len(self.rows)))
            pdf = np.asarray(self._data["PDF"][self.rows[part]], dtype=np.float64)
            with np.errstate(invalid="ignore", divide="ignore"):  # finite_pdfs() looks at what comes of it
                yield part, pdf / pdf.sum(axis=1, keepdims=True)

    def pdf_of(self, row):
        pdf = np.asarray(self._data["PDF"][self.rows[row]], dtype=np.float64)
        return pdf / pdf.sum()


def _edges(grid):
    return np.append(np.asarray(grid["ZMIN"], dtype=float), float(grid["ZMAX"][-1]))
