# capi/report/calanque_report/bins.py -- median, width and outliers of dz in bins of zphot or of a magnitude.
# SPDX-License-Identifier: BSD-3-Clause
import numpy as np

from .paper import BLUE, COLUMN, GREY, VERMILION, few_ticks, new_figure
from .statistics import beyond, binned, median, sigma_mad

FUNCTIONS = {"MEDIAN_DZ": ("dz", median), "SIGMA_MAD": ("dz", sigma_mad), "ETA_005": ("dz", beyond(0.05)),
             "ETA_015": ("dz", beyond(0.15))}


def in_bins(desk, sample, name, x, label, words, unit, resampling):
    """One figure; x: what the bins are of, label: how its axis says it, words: how the caption does."""
    finite = np.isfinite(x)
    table = binned(x[finite], {"dz": sample.dz[finite]}, sample.weights[finite], FUNCTIONS, *resampling)
    whole = {key: float(function(sample.dz, sample.weights)) for key, (_, function) in FUNCTIONS.items()}

    def draw(width):
        figure = new_figure(width, 130 if width == COLUMN else 58)
        panels = figure.subplots(3, 1, sharex=True) if width == COLUMN else figure.subplots(1, 3)
        _panel(panels[0], table, ["MEDIAN_DZ"], whole, r"median $\Delta z$")
        _panel(panels[1], table, ["SIGMA_MAD"], whole, r"$\sigma_\mathrm{MAD}$")
        _panel(panels[2], table, ["ETA_005", "ETA_015"], whole, r"outlier fraction $\eta$")
        panels[2].legend(loc="upper right")
        for panel in panels if width != COLUMN else panels[-1:]:
            panel.set_xlabel(label)
        return figure

    caption = (f"Median of dz, sigma_MAD = 1.4826 median|dz - median(dz)| and the share of |dz| > 0.05 and > 0.15, of "
               f"{sample.words} in bins of equal number along {words} ({table['N'][0]} objects a bin). Bars along x "
               f"are the bins, those along y the standard deviation of {resampling[0]} bootstrap resamples (seed "
               f"{resampling[1]}); dashed: the value of the whole sample.")
    if not finite.all():
        caption += f" {int(np.sum(~finite))} objects without a value are left out."
    columns = {key: (values, unit if key in ("LOW", "HIGH", "MEDIAN") else "") for key, values in table.items()}
    return desk.draw(name, f"Metrics in bins of {words}", caption, draw, {"": columns})


def _panel(axes, table, names, whole, label):
    x, top = table["MEDIAN"], 0.0
    for name, colour, marker in zip(names, (BLUE, VERMILION), "os"):
        text = {"ETA_005": r"$|\Delta z| > 0.05$", "ETA_015": r"$|\Delta z| > 0.15$"}.get(name)
        axes.axhline(whole[name], color=colour, lw=0.7, ls=(0, (4, 2)), alpha=0.8)
        axes.errorbar(x, table[name], yerr=table[f"{name}_ERR"], xerr=[x - table["LOW"], table["HIGH"] - x], fmt=marker,
                      color=colour, ms=2.8, lw=0.7, mew=0, label=text)
        top = max(top, (table[name] + table[f"{name}_ERR"]).max())
    if names == ["MEDIAN_DZ"]:
        axes.axhline(0, color=GREY, lw=0.6)
    else:
        axes.set_ylim(-0.04 * top, (1.45 if len(names) > 1 else 1.15) * top or 1)
    few_ticks(axes.yaxis, 6)
    axes.set_ylabel(label)
