# capi/report/calanque_report/density.py -- counts of points in cells of a plane, drawn on a logarithmic scale.
# SPDX-License-Identifier: BSD-3-Clause
import numpy as np
from matplotlib.colors import LogNorm
from matplotlib.ticker import FuncFormatter, NullFormatter

from .paper import GREEN, VERMILION
from .statistics import equal_bins, quantile


class Density:
    """How many points each cell holds; cells without any stay white, and single points are seen."""

    def __init__(self, x, y, x_range, y_range, cells):
        self.inside = int(np.sum((x >= x_range[0]) & (x <= x_range[1]) & (y >= y_range[0]) & (y <= y_range[1])))
        self.outside = len(x) - self.inside
        self.counts, self.x_edges, self.y_edges = np.histogram2d(x, y, bins=cells, range=(x_range, y_range))

    def draw(self, axes, most=None):
        shown = np.ma.masked_equal(self.counts.T, 0)
        limits = (self.x_edges[0], self.x_edges[-1], self.y_edges[0], self.y_edges[-1])
        norm = LogNorm(1, max(2, most or self.counts.max()))
        image = axes.imshow(shown, origin="lower", extent=limits, aspect="auto", norm=norm)
        axes.set_xlim(limits[:2])
        axes.set_ylim(limits[2:])
        return image

    def columns(self, x, y):
        """The occupied cells as columns of a table, named after the two axes."""
        i, j = np.nonzero(self.counts)
        return {f"{x}_LOW": self.x_edges[i], f"{x}_HIGH": self.x_edges[i + 1], f"{y}_LOW": self.y_edges[j],
                f"{y}_HIGH": self.y_edges[j + 1], "N": self.counts[i, j].astype(np.int64)}


def running(x, y, w):
    """Median and 16 and 84 % quantiles of y in bins of equal number along x."""
    rows = [(np.median(x[m]), *(quantile(y[m], w[m], q) for q in (0.16, 0.5, 0.84)), len(m)) for m in equal_bins(x)]
    x_median, low, middle, high, n = np.array(rows).T
    return {"X_MEDIAN": x_median, "Y_Q16": low, "Y_MEDIAN": middle, "Y_Q84": high, "N": n.astype(np.int64)}


def draw_running(axes, curve):
    axes.plot(curve["X_MEDIAN"], curve["Y_MEDIAN"], color="white", lw=2.2)
    axes.plot(curve["X_MEDIAN"], curve["Y_MEDIAN"], color=VERMILION, lw=1.1)
    for name in ("Y_Q16", "Y_Q84"):
        axes.plot(curve["X_MEDIAN"], curve[name], color="white", lw=1.8)
        axes.plot(curve["X_MEDIAN"], curve[name], color=GREEN, lw=0.9, ls=(0, (3, 1.2)))


def span(*values, margin=0.03):
    """A range that holds all of the values, a little wider."""
    low, high = min(v.min() for v in values), max(v.max() for v in values)
    room = margin * (high - low) if high > low else 0.5
    return low - room, high + room


def cells_for(n):
    """Cells along an axis: as many as n points can fill."""
    return int(np.clip(2 * np.sqrt(n), 40, 140))


def count_bar(figure, image, axes, location):
    """The colours' scale, in whole numbers."""
    bar = figure.colorbar(image, ax=axes, location=location, aspect=40, shrink=0.9, pad=0.02)
    bar.set_label("objects a cell", labelpad=2)
    axis = bar.ax.xaxis if location == "top" else bar.ax.yaxis
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axis.set_minor_formatter(FuncFormatter(lambda value, _: f"{value:g}" if f"{value:g}"[0] in "25" else "")
                             if image.norm.vmax < 200 else NullFormatter())
    bar.ax.tick_params(which="both", direction="in")
