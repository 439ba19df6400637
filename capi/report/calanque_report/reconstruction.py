# capi/report/calanque_report/reconstruction.py -- how well each row is made again: the distribution of its error.
# SPDX-License-Identifier: BSD-3-Clause
import numpy as np

from .paper import BLUE, COLUMN, GREY, VERMILION, new_figure
from .statistics import bootstrap, median, quantile

ERROR = "RECON_ERROR"
QUANTILES = (0.5, 0.95, 0.99)
WIDE = 20  # times from the lowest to the highest error: then the axis is logarithmic


def reconstruction_errors(predictions, n_resamples, seed):
    """Of the one metric that the table of predictions tells row by row."""
    columns = {"error": predictions.column(ERROR)}
    return bootstrap({"error": ("error", median)}, columns, predictions.weights, n_resamples, [seed])


def _edges(values):
    low, high = values.min(), values.max()
    if low > 0 and high > WIDE * low:
        return np.geomspace(low * (1 - 1e-9), high * (1 + 1e-9), 51), True
    room = 1e-9 * max(abs(high), 1e-300) if high > low else 0.5
    return np.linspace(low - room, high + room, 51), False


def error_figure(desk, predictions, words):
    """Histogram of RECON_ERROR, and the share of rows beyond it."""
    values, w = predictions.column(ERROR), predictions.weights
    edges, logarithmic = _edges(values)
    counts = np.histogram(values, edges)[0]
    beyond = 1 - np.concatenate([[0], np.cumsum(counts)]) / len(values)
    marks = [quantile(values, w, q) for q in QUANTILES]

    def draw(width):
        figure = new_figure(width, 122 if width == COLUMN else 72)
        left, right = figure.subplots(2, 1) if width == COLUMN else figure.subplots(1, 2)
        left.stairs(counts, edges, color=BLUE, fill=True, alpha=0.25, lw=0)
        left.stairs(counts, edges, color=BLUE)
        left.set_ylabel("number")
        right.stairs(np.maximum(beyond[:-1], 0), edges, color=BLUE, baseline=None)
        right.set_yscale("log")
        right.set_ylabel("share with a larger error")
        for axes in (left, right):
            for mark, colour, style in zip(marks, (VERMILION, GREY, GREY), ("-", "--", ":")):
                axes.axvline(mark, color=colour, lw=0.8, ls=style)
            if logarithmic:
                axes.set_xscale("log")
            axes.set_xlim(edges[0], edges[-1])
            axes.set_xlabel("reconstruction error")
        return figure

    lines = ", ".join(f"{name} {mark:.4g}" for name, mark in zip(("median (solid)", "95 % (dashed)", "99 % (dotted)"),
                                                                 marks))
    caption = (f"Reconstruction error of {words}: {ERROR}, the root of the mean of a row's (reconstruction - input)^2, "
               f"in the unit of the transformed input. Number in bins, and the share of the rows with a larger one. "
               f"Quantiles: {lines}.")
    table = {"LOW": edges[:-1], "HIGH": edges[1:], "N": counts, "SHARE_ABOVE_LOW": beyond[:-1]}
    return desk.draw("errors", "Reconstruction error", caption, draw, {"": table})
