# capi/report/calanque_report/worst.py -- the rows with the largest residuals, one by one.
# SPDX-License-Identifier: BSD-3-Clause
import numpy as np

from .paper import BLUE, COLUMN, GREY, VERMILION, new_figure, plain

NUMBER = 16


def worst_rows(residual):
    """Positions of the largest |residual|, the worst first; equal ones in the order of the catalogue."""
    return np.argsort(-np.abs(residual), kind="stable")[:NUMBER]


def worst_table(predictions, rows, columns):
    """(names, cells) of these rows. columns: {heading: values over the scored rows, or the name of a column}."""
    taken = {name: predictions.column(c)[rows] if isinstance(c, str) else c[rows] for name, c in columns.items()}
    return list(taken), [[_cell(values[k]) for values in taken.values()] for k in range(len(rows))]


def _cell(value):
    if isinstance(value, (float, np.floating)):
        return f"{value:.5g}"
    return str(value).strip()


def worst_pdfs(desk, sample, rows):
    """The PDF of each of them, with zspec and zphot."""
    ids = [_cell(value) for value in sample.predictions.column("ID")[rows]]
    pdfs = np.array([sample.predictions.pdf_of(row) for row in rows])
    density = pdfs / np.diff(sample.grid)

    def draw(width):
        columns = 2 if width == COLUMN else 4
        lines = -(-len(rows) // columns)
        figure = new_figure(width, 14 + 21 * lines)
        panels = figure.subplots(lines, columns, sharex=True, squeeze=False).ravel()
        for axes, row, values, name in zip(panels, rows, density, ids):
            axes.stairs(values, sample.grid, color=BLUE, fill=True, alpha=0.25, lw=0)
            axes.stairs(values, sample.grid, color=BLUE, lw=0.7)
            axes.axvline(sample.zspec[row], color=VERMILION, lw=1.0)
            axes.axvline(sample.zphot[row], color=GREY, lw=0.9, ls=(0, (3, 1.5)))
            axes.set_ylim(0, 1.45 * values.max())
            axes.set_yticks([])
            axes.minorticks_off()
            axes.set_xlim(sample.grid[0], sample.grid[-1])
            words = f"{plain(name)}\n$\\Delta z = {sample.dz[row]:+.3f}$"
            axes.text(0.97, 0.93, words, transform=axes.transAxes, ha="right", va="top", fontsize=5.5,
                      bbox={"color": "white", "alpha": 0.75, "pad": 0.8, "lw": 0})
        for axes in panels[len(rows):]:
            axes.set_visible(False)
        figure.supxlabel(r"redshift $z$", fontsize=8)
        figure.supylabel(r"PDF $p(z)$", fontsize=8)
        return figure

    caption = (f"PDFs of the {len(rows)} objects with the largest |dz|, the worst first, with their identifier and dz. "
               f"Solid orange line: zspec; dashed grey line: zphot, the PDF's median.")
    table = {"ID": np.repeat(ids, len(sample.grid) - 1), "Z_LOW": np.tile(sample.grid[:-1], len(rows)),
             "Z_HIGH": np.tile(sample.grid[1:], len(rows)), "DENSITY": density.ravel()}
    return desk.draw("worst", f"The {len(rows)} worst", caption, draw, {"": table})
