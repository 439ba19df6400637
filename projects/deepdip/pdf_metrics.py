# projects/deepdip/pdf_metrics.py -- photometric-redshift metrics of binned PDFs, in plain NumPy.
# SPDX-License-Identifier: BSD-3-Clause
"""Metrics of redshift PDFs that are constant inside each bin.

Everywhere: `pdf` (n, k) holds the probability of each bin (rows sum to 1), `edges` (k + 1,) the bin
edges, of any width, `z` (n,) the spectroscopic redshifts. Nothing here is shared with the C++ code,
so these functions serve as its oracle.
"""

import numpy as np


def normalised(pdf):
    """Rows divided by their sums, in double precision."""
    pdf = np.asarray(pdf, dtype=np.float64)
    return pdf / pdf.sum(axis=1, keepdims=True)


def cdf_at_edges(pdf):
    """(n, k + 1) cumulative probability at the bin edges; first column 0, last 1."""
    pdf = normalised(pdf)
    cdf = np.zeros((pdf.shape[0], pdf.shape[1] + 1))
    np.cumsum(pdf, axis=1, out=cdf[:, 1:])
    cdf[:, -1] = 1.0
    return cdf


def quantile(pdf, edges, q):
    """(n,) redshift below which a fraction q of each PDF lies, interpolated inside its bin."""
    cdf = cdf_at_edges(pdf)
    edges = np.asarray(edges, dtype=np.float64)
    rows = np.arange(len(cdf))
    k = np.minimum((cdf[:, 1:] < q).sum(axis=1), len(edges) - 2)
    low, mass = cdf[rows, k], cdf[rows, k + 1] - cdf[rows, k]
    t = np.where(mass > 0, (q - low) / np.where(mass > 0, mass, 1.0), 0.5)
    return edges[k] + np.clip(t, 0.0, 1.0) * (edges[k + 1] - edges[k])


def pit(pdf, edges, z):
    """(n,) exact CDF at the true redshift: uniform on [0, 1] for a calibrated PDF.

    A redshift outside the grid gives 0 or 1 and stays in the sample.
    """
    cdf = cdf_at_edges(pdf)
    edges, z = np.asarray(edges, dtype=np.float64), np.asarray(z, dtype=np.float64)
    rows = np.arange(len(z))
    k = np.clip(np.searchsorted(edges, z, side="right") - 1, 0, len(edges) - 2)
    t = np.clip((z - edges[k]) / (edges[k + 1] - edges[k]), 0.0, 1.0)
    return cdf[rows, k] + t * (cdf[rows, k + 1] - cdf[rows, k])


def crps(pdf, edges, z):
    """(n,) exact integral of (CDF - step at z)^2, in units of z (not of z / (1 + z)).

    The CDF is linear inside a bin, so a stretch of width h from value a to value b contributes
    h (a^2 + ab + b^2) / 3; the bin that holds z is split there. Outside the grid the integrand is 1.
    """
    cdf = cdf_at_edges(pdf)
    edges, z = np.asarray(edges, dtype=np.float64), np.asarray(z, dtype=np.float64)
    width = np.diff(edges)
    t = np.clip((z[:, None] - edges[:-1]) / width, 0.0, 1.0)
    a, b = cdf[:, :-1], cdf[:, 1:]
    c = a + t * (b - a)
    below = t * (a * a + a * c + c * c)
    a, b, c = 1.0 - a, 1.0 - b, 1.0 - c
    above = (1.0 - t) * (c * c + c * b + b * b)
    outside = np.maximum(edges[0] - z, 0.0) + np.maximum(z - edges[-1], 0.0)
    return (below + above) @ width / 3.0 + outside


def delta_z(z_phot, z_spec):
    """(z_phot - z_spec) / (1 + z_spec)."""
    return (z_phot - z_spec) / (1.0 + z_spec)


def sigma_mad(dz):
    """1.4826 times the median distance of dz to its median (= sigma_NMAD)."""
    return 1.4826 * np.median(np.abs(dz - np.median(dz)))


def outlier_fraction(dz, limit):
    """Fraction of objects with |dz| > limit."""
    return np.mean(np.abs(dz) > limit)


def ks_uniform(values):
    """Kolmogorov-Smirnov distance between the sample and the uniform law on [0, 1]."""
    x = np.sort(values)
    n = len(x)
    above = np.arange(1, n + 1) / n - x
    below = x - np.arange(n) / n
    return max(above.max(), below.max())


def coverage(pdf, edges, z, level=0.68):
    """Fraction of objects whose z lies in the equal-tailed interval of that level (0.68: 16-84 %)."""
    tail = 0.5 * (1.0 - level)
    low, high = quantile(pdf, edges, tail), quantile(pdf, edges, 1.0 - tail)
    return np.mean((z >= low) & (z <= high))


def histogram_prior(z_train, edges, n):
    """The n(z) of the training set as the PDF of n objects: the skill reference."""
    counts, _ = np.histogram(np.clip(z_train, edges[0], edges[-1]), bins=edges)
    return np.broadcast_to(counts / counts.sum(), (n, len(counts)))


def summary(pdf, edges, z, z_train=None):
    """All the metrics as a dict of floats; the point estimate is the interpolated median."""
    dz = delta_z(quantile(pdf, edges, 0.5), z)
    metrics = {
        "n": len(z),
        "crps": crps(pdf, edges, z).mean(),
        "sigma_mad": sigma_mad(dz),
        "eta05": outlier_fraction(dz, 0.05),
        "eta15": outlier_fraction(dz, 0.15),
        "bias": dz.mean(),
        "median_dz": np.median(dz),
        "ks_pit": ks_uniform(pit(pdf, edges, z)),
        "cover68": coverage(pdf, edges, z),
        "outside_grid": int(np.sum((z < edges[0]) | (z > edges[-1]))),
    }
    if z_train is not None:
        metrics["crps_prior"] = crps(histogram_prior(z_train, edges, len(z)), edges, z).mean()
    return {name: v if isinstance(v, int) else float(v) for name, v in metrics.items()}


def paired_bootstrap(score_a, score_b, n_resamples=2000, seed=0):
    """mean(a) / mean(b) and its 2.5 and 97.5 percentiles, resampling the same objects in both."""
    rng = np.random.default_rng(seed)
    n = len(score_a)
    ratios = np.empty(n_resamples)
    for i in range(n_resamples):
        pick = rng.integers(0, n, n)
        ratios[i] = score_a[pick].mean() / score_b[pick].mean()
    low, high = np.percentile(ratios, [2.5, 97.5])
    return float(score_a.mean() / score_b.mean()), float(low), float(high)
