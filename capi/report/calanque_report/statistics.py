# capi/report/calanque_report/statistics.py -- weighted statistics as clq evaluate defines them, bootstrap, bins.
# SPDX-License-Identifier: BSD-3-Clause
"""Everywhere `w` holds positive weights, one a value. Errors are the standard deviation over bootstrap resamples."""
import numpy as np


def mean(x, w):
    return np.sum(w * x) / np.sum(w)


def quantile(x, w, q):
    """Linear between rows; with equal weights row i of n sits at i / (n - 1), numpy's default and much faster there."""
    if np.all(w == w[0]):
        return float(np.quantile(x, q))
    order = np.argsort(x, kind="stable")
    x, w = x[order], w[order]
    position = np.cumsum(w) - w / 2 - w[0] / 2
    return float(np.interp(q * position[-1], position, x)) if position[-1] > 0 else float(x[0])


def median(x, w):
    return quantile(x, w, 0.5)


def sigma_mad(x, w):
    """1.4826 times the median distance from the median: sigma of a Gaussian, and deaf to outliers."""
    return 1.4826 * median(np.abs(x - median(x, w)), w)


def beyond(limit):
    """The share of |x| > limit, as a function of x and w."""
    return lambda x, w: mean((np.abs(x) > limit).astype(float), w)


def within(low, high):
    """The share of low <= x <= high, as a function of x and w."""
    return lambda x, w: mean(((x >= low) & (x <= high)).astype(float), w)


def ks_uniform(x, w):
    """Kolmogorov-Smirnov distance from the uniform law on [0, 1]."""
    order = np.argsort(x, kind="stable")
    uniform = np.clip(x[order], 0.0, 1.0)
    share = np.cumsum(w[order]) / np.sum(w)
    below = np.concatenate([[0.0], share[:-1]])
    return max(np.abs(share - uniform).max(), np.abs(below - uniform).max())


def bootstrap(functions, columns, weights, n_resamples, seed):
    """{name: error}; functions: {name: (column, f(x, w))}, each resample the same rows for all of them."""
    rng = np.random.default_rng(seed)
    n = len(weights)
    drawn = {name: np.empty(n_resamples) for name in functions}
    for k in range(n_resamples):
        rows = rng.integers(0, n, n)
        w = weights[rows]
        picked = {}
        for name, (column, function) in functions.items():
            if column not in picked:
                picked[column] = columns[column][rows]
            drawn[name][k] = function(picked[column], w)
    return {name: float(np.std(values, ddof=1)) for name, values in drawn.items()}


def equal_bins(x, per_bin=100, most=12):
    """Row indices of bins of equal number along x, from low to high; at least three bins where there are 30 rows."""
    n = len(x)
    bins = int(np.clip(n // per_bin, min(3, max(1, n // 10)), most))
    return np.array_split(np.argsort(x, kind="stable"), bins)


def binned(x, columns, weights, functions, n_resamples, seed):
    """A table, one row a bin of x: its range and median, number, and each function with its bootstrap error."""
    rows = []
    for k, members in enumerate(equal_bins(x)):
        picked = {name: values[members] for name, values in columns.items()}
        w = weights[members]
        row = {"LOW": x[members].min(), "HIGH": x[members].max(), "MEDIAN": float(np.median(x[members])),
               "N": len(members)}
        errors = bootstrap(functions, picked, w, n_resamples, [seed, k])
        for name, (column, function) in functions.items():
            row[name] = float(function(picked[column], w))
            row[f"{name}_ERR"] = errors[name]
        rows.append(row)
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}
