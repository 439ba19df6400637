# capi/report/calanque_report/calibration.py -- whether PDFs mean what they say: PIT histogram and coverage curve.
# SPDX-License-Identifier: BSD-3-Clause
import numpy as np

from .paper import BLUE, COLUMN, GREY, SKY, letter, new_figure
from .statistics import mean

LEVELS = np.linspace(0.02, 0.98, 49)


def calibration(desk, sample):
    """PIT histogram and coverage of the equal-tailed intervals, with what chance alone would do."""
    pit, w = sample.pit, sample.weights
    n_bins = int(np.clip(len(pit) // 50, 5, 20))
    edges = np.linspace(0, 1, n_bins + 1)
    density = np.histogram(np.clip(pit, 0, 1), edges, weights=w)[0] / w.sum() * n_bins
    n_eff = w.sum() ** 2 / np.sum(w ** 2)
    scatter = np.sqrt((1 - 1 / n_bins) * n_bins / n_eff)
    observed = np.array([mean((np.abs(pit - 0.5) <= level / 2).astype(float), w) for level in LEVELS])
    error = np.sqrt(LEVELS * (1 - LEVELS) / n_eff)

    def draw(width):
        figure = new_figure(width, 122 if width == COLUMN else 72)
        left, right = figure.subplots(2, 1) if width == COLUMN else figure.subplots(1, 2)
        _draw_pit(left, density, edges, scatter)
        _draw_coverage(right, observed, error)
        return figure

    caption = (f"Calibration of the PDFs of {sample.words}. (a) Histogram of the PIT, the CDF at zspec; the band is "
               f"1 +- 2 standard deviations of a calibrated sample of this size. (b) Observed minus nominal coverage "
               f"of the equal-tailed intervals, against the nominal one; the band is again +- 2 standard deviations. "
               f"Above zero: PDFs too wide; below: too narrow. zspec outside the bins counts as PIT 0 or 1.")
    tables = {"": {"PIT_LOW": edges[:-1], "PIT_HIGH": edges[1:], "DENSITY": density,
                   "SCATTER": np.full(n_bins, scatter)},
              "-coverage": {"NOMINAL": LEVELS, "OBSERVED": observed, "SCATTER": error}}
    return desk.draw("pit", "Calibration: PIT and coverage", caption, draw, tables)


def _draw_pit(axes, density, edges, scatter):
    axes.axhspan(max(0, 1 - 2 * scatter), 1 + 2 * scatter, color=SKY, alpha=0.35, lw=0)
    axes.axhline(1, color=GREY, lw=0.6)
    axes.stairs(density, edges, color=BLUE, lw=1.1, baseline=None)
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1.25 * max(density.max(), 1 + 2 * scatter))
    axes.set_xlabel("PIT")
    axes.set_ylabel("density")
    letter(axes, "(a)")


def _draw_coverage(axes, observed, error):
    axes.fill_between(LEVELS, -2 * error, 2 * error, color=SKY, alpha=0.35, lw=0)
    axes.axhline(0, color=GREY, lw=0.6)
    axes.plot(LEVELS, observed - LEVELS, color=BLUE)
    reach = 1.3 * max(np.abs(observed - LEVELS).max(), 2 * error.max())
    axes.set_xlim(0, 1)
    axes.set_ylim(-reach, reach)
    axes.set_xlabel("nominal coverage")
    axes.set_ylabel(r"observed $-$ nominal coverage")
    letter(axes, "(b)")
