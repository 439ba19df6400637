# tests/evidence/vocabulary/loss_functions.py -- every loss by PyTorch, or by a formula that is not the code's own.
# SPDX-License-Identifier: BSD-3-Clause
"""LOSSES[use](options, output, target, weights) -> the loss of each sample and the prediction, in F64."""
import math

import numpy as np
import torch
from torch import distributions
from torch.nn import functional


def mean_of_counted(elements, target, o):
    """Over those of a sample's elements whose target is no NaN."""
    elements, counts = elements.reshape(len(elements), -1), ~target.reshape(len(target), -1).isnan()
    n = torch.full_like(counts.sum(1), counts.shape[1]) if o.get("all_count") else counts.sum(1).clamp(min=1)
    return torch.where(counts, elements, torch.zeros_like(elements)).sum(1) / n


def elementwise(function):
    """A loss of each element, by PyTorch."""
    def loss(o, output, target, _):
        target = target.reshape(output.shape)
        return mean_of_counted(function(o, output, target.nan_to_num(), reduction="none"), target, o), output
    return loss


mse = elementwise(lambda o, x, y, **how: functional.mse_loss(x, y, **how))
mae = elementwise(lambda o, x, y, **how: functional.l1_loss(x, y, **how))
huber = elementwise(lambda o, x, y, **how: functional.huber_loss(x, y, delta=o.get("delta", 1.0), **how))
with_logits = elementwise(lambda o, x, y, **how: functional.binary_cross_entropy_with_logits(
    x, y, pos_weight=torch.tensor(o.get("positive_weight", 1.0), dtype=torch.float64), **how))


def bce(o, output, target, weights):
    return with_logits(o, output, target, weights)[0], torch.sigmoid(output)


def dice(o, output, target, _):
    counts, p = ~target.isnan(), torch.sigmoid(output)
    y, x = target.nan_to_num(), torch.where(counts, p, torch.zeros_like(p))
    axes, smooth = (1,) if output.dim() == 2 else tuple(range(2, output.dim())), o.get("smooth", 1.0)
    score = 1 - (2 * (x * y).sum(axes) + smooth) / ((x * x).sum(axes) + (y * y).sum(axes) + smooth)
    return score.reshape(len(output), -1).mean(1), p


def edges(o):
    bins = o["bins"]
    return torch.linspace(bins["min"], bins["max"], bins["n"] + 1, dtype=torch.float64)


def softmax_cross_entropy(o, output, target, _):
    """Labels, soft labels, or the bin of a number, hard or as a Gaussian."""
    labels = target if target.dim() == 2 else target.long()
    if "bins" in o:
        labels = (torch.bucketize(target, edges(o), right=True) - 1).clamp(0, o["bins"]["n"] - 1)
    if o.get("label_sigma", 0) > 0:
        z = target.clamp(o["bins"]["min"], o["bins"]["max"])
        below = distributions.Normal(z[:, None], o["label_sigma"]).cdf(edges(o))
        labels = below.diff(dim=1) / (below[:, -1:] - below[:, :1])
    loss = functional.cross_entropy(output, labels, reduction="none", label_smoothing=o.get("label_smoothing", 0.0))
    return loss, torch.softmax(output, 1)


def crps(o, output, target, _):
    """Simpson's rule, which is exact: between the edges and the target the integrand is a parabola."""
    p, edge = torch.softmax(output, 1), edges(o)
    z = target.reshape(-1, 1).clamp(edge[0], edge[-1])
    knots = torch.cat([edge.expand(len(z), -1), z], 1).sort(1).values
    left, right = knots[:, :-1], knots[:, 1:]

    def squares(x):
        """At x, seen from inside of the piece that it belongs to."""
        part = ((x[:, :, None] - edge[:-1]) / (edge[1] - edge[0])).clamp(0, 1)
        return ((p[:, None] * part).sum(2) - (left >= z).double()) ** 2

    pieces = (right - left) / 6 * (squares(left) + 4 * squares((left + right) / 2) + squares(right))
    return pieces.sum(1), p


def integrated_crps(cdf, z, low, high):
    """The integral of (F(x) - [x >= z])^2 by Gauss's rule on both sides of z; F is smooth, and done outside."""
    x, w = (torch.tensor(v) for v in np.polynomial.legendre.leggauss(400))
    total = 0
    for begin, end, step in ((torch.full_like(z, low), z, 0), (z, torch.full_like(z, high), 1)):
        half, middle = (end - begin) / 2, (end + begin) / 2
        places = middle[..., None] + half[..., None] * x
        total = total + (half[..., None] * w * (cdf(places) - step) ** 2).sum(-1)
    return total


FAR = 50.0  # sigmas are e at most


def gaussian(o, output):
    mean, log_variance = output.chunk(2, 1)
    return mean, (log_variance * (1.0 if o.get("log_sigma") else 0.5)).exp()


def gaussian_nll(o, output, target, _):
    mean, sigma = gaussian(o, output)
    y = target.reshape(mean.shape)
    loss = functional.gaussian_nll_loss(mean, y.nan_to_num(), sigma ** 2, full=True, eps=1e-30, reduction="none")
    return mean_of_counted(loss, y, o), torch.cat([mean, sigma], 1)


def gaussian_crps(o, output, target, _):
    mean, sigma = gaussian(o, output)
    y = target.reshape(mean.shape)
    head = distributions.Normal(mean[..., None], sigma[..., None])
    return mean_of_counted(integrated_crps(head.cdf, y.nan_to_num(), -FAR, FAR), y, o), torch.cat([mean, sigma], 1)


def mixture(output):
    logits, mean, log_sigma = output.chunk(3, 1)
    prediction = torch.cat([torch.softmax(logits, 1), mean, log_sigma.exp()], 1)
    return (distributions.MixtureSameFamily(distributions.Categorical(logits=logits),
                                            distributions.Normal(mean, log_sigma.exp())), prediction)


def mixture_nll(o, output, target, _):
    y = target.reshape(-1)
    head, prediction = mixture(output)
    return mean_of_counted(-head.log_prob(y.nan_to_num())[:, None], y[:, None], o), prediction


def mixture_crps(o, output, target, _):
    y = target.reshape(-1)
    head, prediction = mixture(output)
    loss = integrated_crps(lambda x: head.cdf(x.T).T, y.nan_to_num(), -FAR, FAR)
    return mean_of_counted(loss[:, None], y[:, None], o), prediction


def nt_xent(o, output, _, weights):
    """A row without weight is nobody's other row; where it is the other view the loss is 0."""
    n, counted = len(output), weights != 0
    view = torch.arange(n) ^ 1
    similar = functional.cosine_similarity(output[:, None], output[None], dim=2) / o.get("temperature", 0.5)
    asked = (counted[None] & ~torch.eye(n, dtype=torch.bool)) | (torch.arange(n)[None] == view[:, None])
    loss = functional.cross_entropy(similar.masked_fill(~asked, -math.inf), view, reduction="none")
    return torch.where(counted[view], loss, torch.zeros_like(loss)), output


WRITTEN = {  # formulas in PyTorch's words
    "huber((y - z) / (4 + z), 0.05)": lambda y, z: functional.huber_loss(y / (4 + z), z / (4 + z), delta=0.05,
                                                                         reduction="none"),
    "where(y > z && !(z < -1), 3 * abs(y - z), softplus(y - z) + exp(-z) * sigmoid(y))": lambda y, z: torch.where(
        (y > z) & (z >= -1), 3 * functional.l1_loss(y, z, reduction="none"),
        functional.softplus(y - z, threshold=1e9) + torch.exp(-z) * torch.sigmoid(y)),
    "min(square(y - z), 2) + max(tanh(y), erf(z)) - log10(5 + y) * sqrt(4 + y ** 2) / log(9)": lambda y, z: (
        functional.mse_loss(y, z, reduction="none").clamp(max=2) + torch.maximum(torch.tanh(y), torch.erf(z))
        - torch.log10(5 + y) * torch.hypot(y, torch.tensor(2.0).double()) / math.log(9)),
    "square(y_1 - z_1) * exp(-y_3) + y_3 + abs(y_2 - z_2)": lambda y, z: (
        (y[:, 0] - z[:, 0]) ** 2 * torch.exp(-y[:, 2]) + y[:, 2] + (y[:, 1] - z[:, 1]).abs()),
}


def expression(o, output, target, _):
    """Of elements, or of samples where names have numbers; with mask_nan 0 where a number of the target misses."""
    target = target.reshape(len(target), -1)
    values = WRITTEN[o["formula"]](output, target.nan_to_num())
    if values.dim() > 1:
        return mean_of_counted(values, target, o), output
    return torch.where(target.isnan().any(1), torch.zeros_like(values), values), output


TORCH = {"mse": mse, "mae": mae, "huber": huber, "bce": bce, "softmax_cross_entropy": softmax_cross_entropy,
         "gaussian_nll": gaussian_nll}
FORMULAS = {"dice": dice, "crps": crps, "gaussian_crps": gaussian_crps, "mixture_nll": mixture_nll,
            "mixture_crps": mixture_crps, "nt_xent": nt_xent, "expression": expression}
LOSSES = {**TORCH, **FORMULAS}
