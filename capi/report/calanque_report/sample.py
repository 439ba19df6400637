# capi/report/calanque_report/sample.py -- the scored rows of a redshift run, as every figure of it needs them.
# SPDX-License-Identifier: BSD-3-Clause
import functools

import numpy as np

from . import pdfs
from .statistics import beyond, bootstrap, ks_uniform, mean, median, sigma_mad, within

# What the bootstrap repeats for the errors beside the metrics of clq evaluate: column, function of it and the weights.
FUNCTIONS = {
    "zphot": ("zphot", median), "bias": ("dz", mean), "median_dz": ("dz", median), "sigma_mad": ("dz", sigma_mad),
    "eta_005": ("dz", beyond(0.05)), "eta_015": ("dz", beyond(0.15)), "crps": ("crps", mean),
    "pit_ks": ("pit", ks_uniform), "coverage_68": ("pit", within(0.16, 0.84)),
    "coverage_95": ("pit", within(0.025, 0.975)),
    "pit_outliers": ("pit", lambda x, w: mean(((x < 0.01) | (x > 0.99)).astype(float), w)), "cde_loss": ("cde", mean),
    "outside_grid": ("outside", mean),
}
QUARTERS = ("bias_q1", "bias_q2", "bias_q3", "bias_q4")


class RedshiftSample:
    """Columns of the scored rows. scores: the metrics of clq evaluate; words: what the rows are, for captions."""

    def __init__(self, predictions, scores, words):
        self.predictions, self.scores, self.words = predictions, scores, words
        self.weights, self.grid = predictions.weights, predictions.grid
        self.zspec, self.zphot = predictions.column("ZSPEC"), predictions.column("ZPHOT")
        self.pit = predictions.column("PIT")
        self.dz = (self.zphot - self.zspec) / (1 + self.zspec)

    def __len__(self):
        return len(self.zspec)

    def metric(self, name, default):
        value = self.scores.get(name)
        return default if value is None else float(value)

    def headline(self):
        """The lines inside the first figure, by the numbers of clq evaluate."""
        lines = [f"$N = {len(self)}$"]
        for name, symbol, digits in (("sigma_mad", r"\sigma_\mathrm{MAD}", 4),
                                     ("median_dz", r"\mathrm{median}\ \Delta z", 4),
                                     ("eta_005", r"\eta_{0.05}", 3), ("eta_015", r"\eta_{0.15}", 3)):
            if self.scores.get(name) is not None:
                lines.append(f"${symbol} = {float(self.scores[name]):.{digits}f}$")
        return "\n".join(lines)

    @functools.cached_property
    def stack(self):
        return pdfs.stacked(self.predictions)

    @functools.cached_property
    def pdf_mean(self):
        return pdfs.pdf_means(self.predictions)

    @functools.cached_property
    def columns(self):
        """What FUNCTIONS are of."""
        crps, cde = pdfs.row_scores(self.predictions, self.zspec)
        outside = ((self.zspec < self.grid[0]) | (self.zspec >= self.grid[-1])).astype(float)
        return {"zphot": self.zphot, "dz": self.dz, "pit": self.pit, "crps": crps, "cde": cde, "outside": outside}

    def quarters(self):
        """The rows of each quarter of zphot."""
        order, n = np.argsort(self.zphot, kind="stable"), len(self)
        return {name: order[k * n // 4:(k + 1) * n // 4] for k, name in enumerate(QUARTERS)}

    def own_values(self):
        """The metrics once more, by this helper: a test holds them against those of clq evaluate."""
        values = {name: float(f(self.columns[column], self.weights)) for name, (column, f) in FUNCTIONS.items()}
        return values | {name: float(mean(self.dz[rows], self.weights[rows])) for name, rows in self.quarters().items()}

    def errors(self, n_resamples, seed):
        """{metric: standard deviation over bootstrap resamples of the rows}."""
        errors = bootstrap(FUNCTIONS, self.columns, self.weights, n_resamples, [seed])
        for k, (name, rows) in enumerate(self.quarters().items()):
            if len(rows) > 1:
                one = bootstrap({name: ("dz", mean)}, {"dz": self.dz[rows]}, self.weights[rows], n_resamples, [seed, k])
                errors.update(one)
        return errors
