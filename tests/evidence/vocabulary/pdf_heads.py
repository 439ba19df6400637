# tests/evidence/vocabulary/pdf_heads.py -- scores of predicted densities against integrals and closed forms.
# SPDX-License-Identifier: BSD-3-Clause
"""Networks that give their inputs back (a prelu of numbers that are positive) make densities that are known: bins,
Gaussians and mixtures drawn from the seed. `clq train` scores them by its losses, `clq evaluate` by its metrics.

An integral is NumPy's: of (F(x) - [x >= z])^2 over pieces that end at z and at the edges of bins, by Gauss's rule of 16
points. Outputs are F32, so that Gaussians are known to 1e-7 of their size; PDFs of bins are read from the table.
Controls: bins that are shifted by half a width, and sigmas that are 1.3 times too large.
"""
import csv
import json
import math
import pathlib
import sys

import numpy as np
from astropy.io import fits

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from evidence import Check, last_line, run  # noqa: E402

ROWS, SCORED, SIMULATIONS = 3000, 400, 10
LEAST_P, LEAST_UNIFORM = 0.01, 9
WIDER = 1.3
NODES, WEIGHTS = np.polynomial.legendre.leggauss(16)
erf = np.vectorize(math.erf)

RUN_FILE = """task = "{task}"
[data]
catalog = "{catalog}"
id = "ID"
scalars = ["OUTPUTS"]
target = "Z"
[split]
valid = 0.5
[model]
loss = {{ use = "{loss}" }}
{bins}
[[model.layer]]
use = "prelu"
[train]
epochs = 1
batch = 100
[compute]
threads = 1
[output]
tensorboard = false
"""


def f32(x):
    return x.astype(np.float32).astype(float)


def relative(a, b):
    return abs(a - b) / abs(b)


def normal_cdf(x):
    return 0.5 * (1 + erf(np.asarray(x) / math.sqrt(2)))


def crps_by_integration(cdf, z, edges):
    """Of one density: cdf of an array, and the edges between which it is smooth."""
    ends = np.unique(np.append(edges, z))
    half = np.diff(ends)[:, None] / 2
    x = ends[:-1, None] + half * (1 + NODES)
    return float(np.sum(half * WEIGHTS * (cdf(x) - (x >= z)) ** 2))


def gaussian_crps(mean, sigma, z):
    """Gneiting & Raftery 2007, equation 21."""
    y = (z - mean) / sigma
    density = np.exp(-y * y / 2) / math.sqrt(2 * math.pi)
    return sigma * (y * (2 * normal_cdf(y) - 1) + 2 * density - 1 / math.sqrt(math.pi))


def ks_of(pit):
    """The distance from the uniform distribution, and the probability of a larger one (Kolmogorov's series)."""
    pit = np.sort(pit)
    n = len(pit)
    distance = max(np.max(np.arange(1, n + 1) / n - pit), np.max(pit - np.arange(n) / n))
    x = (math.sqrt(n) + 0.12 + 0.11 / math.sqrt(n)) * distance  # Stephens 1970
    return distance, 2 * sum((-1) ** (k - 1) * math.exp(-2 * (k * x) ** 2) for k in range(1, 101))


class Head:
    """A network that gives `width` inputs back, its loss, and the bundle that a training leaves."""

    def __init__(self, check, name, task, loss, bins=None):
        self.check, self.name, self.task, self.loss, self.bins = check, name, task, loss, bins

    def table(self, outputs, z, name):
        path = self.check.work / f"{self.name}-{name}.fits"
        columns = [fits.Column("ID", "K", array=np.arange(len(z))), fits.Column("Z", "D", array=z),
                   fits.Column("OUTPUTS", f"{outputs.shape[1]}E", array=outputs.astype(np.float32))]
        fits.BinTableHDU.from_columns(columns).writeto(path, overwrite=True)
        return path

    def train(self, outputs, z):
        """The rows that validated, and what the loss says of them."""
        bins = f"bins = {{ min = {self.bins[0]}, max = {self.bins[1]}, n = {self.bins[2]} }}" if self.bins else ""
        catalog, folder = self.table(outputs, z, "train"), self.check.work / f"{self.name}-run"
        run_file = self.check.work / f"{self.name}.toml"
        run_file.write_text(RUN_FILE.format(task=self.task, catalog=catalog, loss=self.loss, bins=bins))
        self.must(["train", run_file, "-o", folder])
        self.bundle = folder / "model.safetensors"
        part, _ = self.evaluate(catalog, "--part", "valid")
        with open(folder / "metrics.csv", encoding="utf-8") as file:
            loss = float(list(csv.DictReader(file))[-1]["valid_loss"])
        return part["ID"].astype(int), loss

    def evaluate(self, catalog, *more):
        """The table of predictions, and the metrics."""
        out = catalog.with_suffix(".out.fits")
        done = self.must(["evaluate", self.bundle, catalog, *more, "-o", out, "--json"])
        with fits.open(out) as hdus:
            return np.array(hdus["PREDICT"].data), json.loads(done.stdout)["metrics"]

    def score(self, outputs, z, name):
        return self.evaluate(self.table(outputs, z, name))

    def must(self, words):
        done = run([self.check.clq, *words])
        if done.returncode != 0:
            sys.exit(f"pdf_heads: {self.name}: {last_line(done)}")
        return done


def logits(p):
    """Positive, for the prelu, and of a softmax that is p; empty bins are as good as empty."""
    logs = np.log(np.maximum(p, 1e-30))
    return logs - logs.min(axis=1, keepdims=True) + 1


def binned(mean, sigma, bins):
    """Masses of Gaussians in bins."""
    edges = np.linspace(bins[0], bins[1], bins[2] + 1)
    return np.diff(normal_cdf((edges - mean[:, None]) / sigma[:, None]), axis=1), edges


def mixture_cdf(w, m, s, x):
    return sum(a * normal_cdf((x - b) / c) for a, b, c in zip(w, m, s))


def check_binned_crps(check, draw):
    """Rough PDFs with empty bins; targets anywhere, on edges and beyond the grid too."""
    bins = (0.0, float(draw.uniform(1, 3)), int(draw.integers(20, 60)))
    head = Head(check, "bins", "photoz", "crps", bins)
    p = draw.dirichlet(np.full(bins[2], 0.3), SCORED)
    edges = np.linspace(bins[0], bins[1], bins[2] + 1)
    z = draw.uniform(bins[0], bins[1], SCORED)
    z[::7] = draw.choice(edges, len(z[::7]))
    valid, loss = head.train(logits(p), z)
    shift = (edges[1] - edges[0]) / 2 if check.controls else 0
    z_far = np.where(np.arange(SCORED) % 5 == 0, z * 3 - bins[1], z)
    table, metrics = head.score(logits(p), z_far, "score")
    pdf = table["PDF"].astype(float)
    cdf = np.insert(np.cumsum(pdf / pdf.sum(1, keepdims=True), axis=1), 0, 0, axis=1)

    def expected(targets, rows):
        return np.mean([crps_by_integration(lambda x, i=i: np.interp(x, edges + shift, cdf[i]), targets[i],
                                            edges + shift) for i in rows])

    check.at_most(abs(metrics["crps"] - expected(z_far, range(SCORED))), 1e-10,
                  f"metric crps, {bins[2]} bins: distance from the integral, mean of {SCORED} objects")
    integral = expected(z, valid)
    check.at_most(abs(loss - integral) / integral, 1e-6,
                  f"loss crps in F32: distance from the integral, relative, mean of {len(valid)} objects")


def check_fine_bins(check, draw):
    """A Gaussian whose sigma is many bins is as good as one without bins."""
    bins = (-8.0, 8.0, 4000)
    n = 50
    mean, sigma = draw.uniform(-1, 1, n), draw.uniform(0.5, 1, n)
    z = draw.normal(mean, sigma)
    head = Head(check, "fine", "photoz", "crps", bins)
    p, edges = binned(mean, sigma, bins)
    head.train(logits(p), z)
    shift = (edges[1] - edges[0]) / 2 if check.controls else 0
    _, metrics = head.score(logits(binned(mean + shift, sigma, bins)[0]), z, "score")
    check.at_most(abs(metrics["crps"] - np.mean(gaussian_crps(mean, sigma, z))), 1e-6,
                  f"metric crps of Gaussians in {bins[2]} bins: distance from the closed form, mean of {n}")


def check_gaussians(check, draw):
    """Means and logarithms of variances, all of them positive."""
    mean, log_variance = f32(draw.uniform(20, 60, ROWS)), f32(draw.uniform(0.1, 3, ROWS))
    sigma = np.exp(log_variance / 2)
    z = draw.normal(mean, sigma)
    given = log_variance + (2 * math.log(WIDER) if check.controls else 0)
    outputs = np.stack([mean, given], axis=1)
    crps = gaussian_crps(mean, sigma, z)
    nll = 0.5 * np.log(2 * math.pi * sigma**2) + (z - mean) ** 2 / (2 * sigma**2)
    for loss, values in [("gaussian_crps", crps), ("gaussian_nll", nll)]:
        head = Head(check, loss, "regression", loss)
        valid, got = head.train(outputs, z)
        check.at_most(relative(got, np.mean(values[valid])), 1e-6,
                      f"loss {loss} in F32: distance from the closed form, relative, mean of {len(valid)} objects")
    _, metrics = head.score(outputs, z, "score")
    check.at_most(relative(metrics["crps"], np.mean(crps)), 1e-6,
                  f"metric crps of Gaussians: distance from the closed form, relative, mean of {ROWS}")
    check.at_most(relative(metrics["nll"], np.mean(nll)), 1e-6,
                  f"metric nll of Gaussians: distance from NumPy, relative, mean of {ROWS}")
    check_calibration(check, metrics, normal_cdf((z - mean) / sigma), "Gaussians")


def check_calibration(check, metrics, pit, what):
    check.at_most(abs(metrics["pit_ks"] - ks_of(pit)[0]), 1e-6, f"metric pit_ks of {what}: distance from NumPy")
    for name, tail in [("coverage_68", 0.16), ("coverage_95", 0.025)]:
        inside = np.mean((pit >= tail) & (pit <= 1 - tail))
        check.at_most(abs(metrics[name] - inside) * len(pit), 1,
                      f"metric {name} of {what}: distance from NumPy", f" of {len(pit)} objects")


def check_mixtures(check, draw):
    """Three components each."""
    w = draw.dirichlet(np.full(3, 2.0), SCORED)
    mean, log_sigma = f32(draw.uniform(20, 60, (SCORED, 3))), f32(draw.uniform(0.1, 2, (SCORED, 3)))
    logit = f32(np.log(w) - np.log(w).min(axis=1, keepdims=True) + 1)
    w, sigma = np.exp(logit) / np.exp(logit).sum(1, keepdims=True), np.exp(log_sigma)
    which = (draw.uniform(size=(SCORED, 1)) > np.cumsum(w, axis=1)).sum(1).clip(0, 2)
    rows = np.arange(SCORED)
    z = draw.normal(mean[rows, which], sigma[rows, which])
    outputs = np.concatenate([logit, mean, log_sigma + (math.log(WIDER) if check.controls else 0)], axis=1)
    crps = np.array([crps_by_integration(lambda x, i=i: mixture_cdf(w[i], mean[i], sigma[i], x), z[i],
                                         np.linspace(-60, 140, 401)) for i in rows])
    y = (z[:, None] - mean) / sigma
    nll = -np.log(np.sum(w * np.exp(-y * y / 2) / (sigma * math.sqrt(2 * math.pi)), axis=1))
    for loss, values in [("mixture_crps", crps), ("mixture_nll", nll)]:
        head = Head(check, loss, "regression", loss)
        valid, got = head.train(outputs, z)
        check.at_most(relative(got, np.mean(values[valid])), 1e-6,
                      f"loss {loss} in F32: distance from NumPy, relative, mean of {len(valid)} objects")
    _, metrics = head.score(outputs, z, "score")
    check.at_most(relative(metrics["crps"], np.mean(crps)), 1e-6,
                  f"metric crps of mixtures: distance from the integral, relative, mean of {SCORED}")
    check.at_most(relative(metrics["nll"], np.mean(nll)), 1e-6,
                  f"metric nll of mixtures: distance from NumPy, relative, mean of {SCORED}")
    pit = np.array([mixture_cdf(w[i], mean[i], sigma[i], z[i]) for i in rows])
    check_calibration(check, metrics, pit, "mixtures")


class Survey:
    """Objects whose redshifts are drawn from the PDFs they are given, or from narrower ones."""

    def __init__(self, check, draw):
        self.draw, self.bins = draw, (0.0, 2.0, 200)
        self.head = Head(check, "survey", "photoz", "softmax_cross_entropy", self.bins)
        outputs, z, edges = self.objects(1)
        valid, loss = self.head.train(outputs, z)
        p = np.exp(f32(outputs[valid]))
        k = np.searchsorted(edges + (WIDER * (edges[1] - edges[0]) if check.controls else 0), z[valid], "right") - 1
        nll = -np.mean(np.log(p[np.arange(len(valid)), k] / p.sum(axis=1)))
        check.at_most(relative(loss, nll), 1e-6,
                      f"loss softmax_cross_entropy of bins in F32: distance from NumPy, relative, mean of {len(valid)}")

    def objects(self, wider):
        mean, sigma = self.draw.uniform(0.5, 1.5, ROWS), self.draw.uniform(0.02, 0.08, ROWS)
        z = self.draw.normal(mean, sigma)
        p, edges = binned(mean, sigma * wider, self.bins)
        return logits(p), z, edges

    def scored(self, wider, name):
        """The column PIT, the metrics, the same of NumPy from the column PDF."""
        outputs, z, edges = self.objects(wider)
        table, metrics = self.head.score(outputs, z, name)
        pdf = table["PDF"].astype(float)
        cdf = np.insert(np.cumsum(pdf / pdf.sum(1, keepdims=True), axis=1), 0, 0, axis=1)
        pit = np.array([np.interp(z[i], edges, cdf[i]) for i in range(ROWS)])
        return table["PIT"].astype(float), metrics, pit


def check_survey(check, draw):
    survey = Survey(check, draw)
    good, bad = (WIDER, 1) if check.controls else (1, WIDER)
    uniform = sum(ks_of(survey.scored(good, "right")[0])[1] > LEAST_P for _ in range(SIMULATIONS))
    check.at_least(uniform, LEAST_UNIFORM,
                   f"calibrated simulations of {ROWS} objects whose column PIT is uniform (KS, p > {LEAST_P})",
                   f" of {SIMULATIONS}")
    told = sum(ks_of(survey.scored(bad, "wide")[0])[1] <= LEAST_P for _ in range(SIMULATIONS))
    check.at_least(told, SIMULATIONS, f"simulations with sigmas {WIDER} times too large whose column PIT is not",
                   f" of {SIMULATIONS}")
    pits, metrics, pit = survey.scored(1, "last")
    if check.controls:
        pit = survey.scored(WIDER, "other")[2]
    check.at_most(np.max(np.abs(pits - pit)), 1e-6, "column PIT: largest distance from NumPy's of the column PDF")
    check_calibration(check, metrics, pit, "bins")


def main():
    check = Check(__doc__)
    draw = np.random.default_rng(check.seed)
    for measure in [check_binned_crps, check_fine_bins, check_gaussians, check_mixtures, check_survey]:
        measure(check, draw)
    check.exit()


main()
