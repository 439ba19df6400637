# tests/evidence/images/image_photoz.py -- redshifts of SIMULATED galaxies from images, beside baselines and ceiling.
# SPDX-License-Identifier: BSD-3-Clause
"""Simulates galaxies into FITS files, trains projects/deepdip/runs/sim_images.toml on them, scores galaxies never seen.

  --full   twice the galaxies and four times the epochs, and the bounds that go with them, of `plain` alone

The PDFs are read from the prediction tables and scored by projects/deepdip/pdf_metrics.py. The ceiling is what a
network learns from the five true fluxes with the errors of an optimal fit (projects/deepdip/image_baselines.py).
Controls: the redshifts of the training galaxies are permuted; the images of the galaxies that are scored are zero; the
files of the simulation do not say that they are one.
"""
import json
import pathlib
import sys

import numpy as np
from astropy.io import fits

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from evidence import ROOT, Check, run  # noqa: E402

DEEPDIP = ROOT / "projects/deepdip"
sys.path.insert(0, str(DEEPDIP))
import pdf_metrics  # noqa: E402

RUN_FILE = DEEPDIP / "runs/sim_images.toml"
N_TEST = 4000


def require(done, what):
    if done.returncode != 0:
        sys.exit(f"image_photoz: {what} ended with {done.returncode}: {done.stderr.strip()}")
    return done


class Galaxies:
    """The two files of one variant, and the baselines' PDFs."""

    def __init__(self, check, variant, n_train):
        self.check, self.variant = check, variant
        self.train, self.test = (check.work / f"{variant}-{part}.fits" for part in ("train", "test"))
        for path, n, seed in ((self.train, n_train, 2 * check.seed), (self.test, N_TEST, 2 * check.seed + 1)):
            arguments = ["--n", n, "--seed", seed, "--variant", variant, "-o", path]
            require(run([check.clq, "simulate", "deepdip", *arguments]), f"simulating {path.name}")
        out, pdf = check.work / f"{variant}.json", check.work / f"{variant}.npz"
        work = check.work / f"{variant}-ceiling"
        require(run(["bash", DEEPDIP / "baselines.sh", "--images", self.train, self.test, "--clq", check.clq, "--seed",
                     check.seed, "--work", work, "--out", out, "--pdf", pdf]), "baselines.sh")
        self.report, self.pdfs = json.loads(out.read_text(encoding="utf-8")), np.load(pdf)

    def plant(self, change):
        """The fault of a control: `change(header, rows)` of both files."""
        for path in (self.train, self.test):
            with fits.open(path, mode="update") as hdus:
                change(path == self.train, hdus["DATA"])

    def crps(self, name):
        return pdf_metrics.crps(self.pdfs[name], self.pdfs[f"{name}_edges"], self.pdfs["z"])

    def network(self, *overrides):
        """The image network's metrics, its CRPS galaxy by galaxy, and the header of its predictions."""
        folder, out = self.check.work / f"{self.variant}-run", self.check.work / f"{self.variant}-predictions.fits"
        require(run([self.check.clq, "train", RUN_FILE, f"data.catalog={self.train}", f"train.seed={self.check.seed}",
                     "compute.threads=2", *overrides, "-o", folder], cwd=ROOT), f"training on {self.variant}")
        bundle = folder / "model.safetensors"
        require(run([self.check.clq, "predict", bundle, self.test, "-o", out], cwd=ROOT), "predicting")
        with fits.open(out) as hdus:
            grid, table = hdus["ZGRID"].data, hdus["PREDICT"]
            edges = np.append(grid["ZMIN"], grid["ZMAX"][-1]).astype(float)
            assert np.array_equal(table.data["ID"], self.pdfs["objid"]), "the predictions are of other galaxies"
            pdf, z = table.data["PDF"].astype(float), self.pdfs["z"]
            return pdf_metrics.summary(pdf, edges, z), pdf_metrics.crps(pdf, edges, z), table.header


def permute(seed):
    def change(is_train, table):
        if is_train:
            table.data["Z"][:] = np.random.default_rng(seed).permutation(table.data["Z"])
        del table.header["SIMULATD"]
    return change


def blank(is_train, table):
    if not is_train:
        table.data["IMAGE"][:] = 0


def words(check, galaxies, metrics):
    """The scores side by side, as the figure of a line."""
    parts = [f"{name} {galaxies.report[name]['metrics']['crps']:.5f}" for name in ("constant", "knn", "ceiling")]
    return f"CRPS {metrics['crps']:.5f}, sigma_MAD {metrics['sigma_mad']:.5f}; " + ", ".join(parts)


def plain(check, n_train, overrides):
    galaxies = Galaxies(check, "plain", n_train)
    if check.controls:
        galaxies.plant(permute(check.seed))
    metrics, ours, header = galaxies.network(*overrides)
    ratio, low, high = pdf_metrics.paired_bootstrap(ours, galaxies.crps("ceiling"), seed=check.seed)
    bound = 1.1 if check.full else 1.3
    check.line(ratio <= bound, "SIMULATED: CRPS of the image network over the ceiling's",
               f"{ratio:.4f} x ({low:.4f}..{high:.4f}; {words(check, galaxies, metrics)})", f"<= {bound} x")
    if check.full:
        ratio, low, high = pdf_metrics.paired_bootstrap(ours, galaxies.crps("knn"), seed=check.seed)
        check.line(high < 1, 'SIMULATED: CRPS of the image network over that of kNN on 3" apertures',
                   f"{ratio:.4f} x ({low:.4f}..{high:.4f})", "below 1, with its interval")
    said = header.get("SIMULATD")
    check.line(said is True, "predictions of a simulation say so: SIMULATD", said, "True")


def morphology(check, n_train, overrides):
    galaxies = Galaxies(check, "morphology", n_train)
    if check.controls:
        galaxies.plant(blank)
    metrics, ours, _ = galaxies.network(*overrides)
    ratio, low, high = pdf_metrics.paired_bootstrap(ours, galaxies.crps("ceiling"), seed=check.seed)
    check.line(ratio <= 0.95, "SIMULATED, redshift in colour gradient and size: CRPS over the ceiling of the fluxes",
               f"{ratio:.4f} x ({low:.4f}..{high:.4f}; {words(check, galaxies, metrics)})", "<= 0.95 x")


def main():
    check = Check(__doc__, knows_full=True)
    n_train = 40000 if check.full else 20000
    overrides = ["train.epochs=60"] if check.full else []
    plain(check, n_train, overrides)
    if not check.full:
        morphology(check, n_train, overrides)
    check.exit()


if __name__ == "__main__":
    main()
