# capi/report/calanque_report/pdfs.py -- PDFs that are constant within bins: CRPS, CDE loss, n(z).
# SPDX-License-Identifier: BSD-3-Clause
"""For errors and curves alone: the scores that the report prints are those of clq evaluate."""
import numpy as np


def row_scores(predictions, z):
    """(CRPS, CDE loss) of each scored row, by the exact integrals."""
    crps, cde = np.empty(len(z)), np.empty(len(z))
    for part, pdf in predictions.pdf_chunks():
        crps[part], cde[part] = _scores(pdf, predictions.grid, z[part])
    return crps, cde


def _scores(pdf, edges, z):
    width = np.diff(edges)
    cdf = np.concatenate([np.zeros((len(pdf), 1)), np.cumsum(pdf, axis=1)], axis=1)
    cdf[:, -1] = 1.0
    t = np.clip((z[:, None] - edges[:-1]) / width, 0.0, 1.0)
    a, b = cdf[:, :-1], cdf[:, 1:]
    c = a + t * (b - a)
    below = t * (a * a + a * c + c * c)
    above = (1 - t) * ((1 - c) ** 2 + (1 - c) * (1 - b) + (1 - b) ** 2)
    outside = np.maximum(edges[0] - z, 0.0) + np.maximum(z - edges[-1], 0.0)
    k = np.clip(np.searchsorted(edges, z, side="right") - 1, 0, len(width) - 1)
    inside = (z >= edges[0]) & (z < edges[-1])
    density = np.where(inside, pdf[np.arange(len(z)), k] / width[k], 0.0)
    return (below + above) @ width / 3 + outside, (pdf * pdf) @ (1 / width) - 2 * density


def stacked(predictions, members=None):
    """The weighted mean of the PDFs, a probability a bin; members: a mask over the scored rows."""
    total, weight = np.zeros(len(predictions.grid) - 1), 0.0
    for part, pdf in predictions.pdf_chunks():
        w = predictions.weights[part] if members is None else predictions.weights[part] * members[part]
        total += w @ pdf
        weight += w.sum()
    return total / weight


def pdf_means(predictions):
    """The mean redshift of each scored row's PDF."""
    centres = (predictions.grid[:-1] + predictions.grid[1:]) / 2
    means = np.empty(len(predictions))
    for part, pdf in predictions.pdf_chunks():
        means[part] = pdf @ centres
    return means
