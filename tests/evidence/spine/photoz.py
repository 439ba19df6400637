# tests/evidence/spine/photoz.py -- redshifts of galaxies never seen, against two tuned baselines of the same run.
# SPDX-License-Identifier: BSD-3-Clause
"""Trains 5 networks of projects/deepdip/runs/boss_dr10.toml, seeds drawn from --seed, and tunes the baselines.

The networks' PDFs are read from the prediction tables and scored by projects/deepdip/pdf_metrics.py, which shares
nothing with the C++ code. Controls: the redshifts of the training table are permuted, so that networks learn n(z)
alone; the ensemble's PDFs are made over-confident and shifted by 0.05; a training of 100,000 epochs; one on the test table.
"""
import json
import pathlib
import subprocess
import sys
import time

import numpy as np
from astropy.io import fits

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from evidence import ROOT, Check, run  # noqa: E402
from opens import Opens  # noqa: E402

DEEPDIP = ROOT / "projects/deepdip"
sys.path.insert(0, str(DEEPDIP))
import pdf_metrics  # noqa: E402

TRAIN, TEST = DEEPDIP / "data/boss_dr10_train.fits", DEEPDIP / "data/boss_dr10_test.fits"
RUN_FILE = DEEPDIP / "runs/boss_dr10.toml"
Z_MIN = 0.002
NETWORKS = 5
LIMIT_S = 180


def require(done, what):
    if done.returncode != 0:
        sys.exit(f"photoz: {what} ended with {done.returncode}: {done.stderr.strip()}")
    return done


def tune_baselines(check):
    """The baselines' report and PDFs."""
    out, pdf = check.work / "baselines.json", check.work / "baselines.npz"
    require(run(["bash", DEEPDIP / "baselines.sh", TRAIN, TEST, "--seed", check.seed, "--out", out, "--pdf", pdf]),
            "baselines.sh")
    return json.loads(out.read_text(encoding="utf-8")), np.load(pdf)


def training_table(check):
    """The training table; for the controls its redshifts are permuted."""
    if not check.controls:
        return TRAIN
    with fits.open(TRAIN) as hdus:
        z = hdus[1].data["Z"]
        z[:] = np.random.default_rng(check.seed).permutation(z)
        path = check.work / "shuffled.fits"
        hdus.writeto(path, overwrite=True)
    return path


def train(check, table, seed, *overrides):
    """One network; its bundle and the seconds its training took, cut a little above the limit."""
    folder = check.work / f"run-{seed}"
    start = time.monotonic()
    try:
        require(run([check.clq, "train", RUN_FILE, f"data.catalog={table}", f"train.seed={seed}", f"split.seed={seed}",
                     "compute.devices=cpu_ref:0", "compute.threads=2", *overrides, "-o", folder],
                    cwd=ROOT, timeout=LIMIT_S + 2),
                f"training with seed {seed}")
    except subprocess.TimeoutExpired:
        pass
    return folder / "model.safetensors", time.monotonic() - start


def predict(check, bundles, name):
    """(objid, PDFs, edges) of the test table's rows with Z > 0.002, in the table's order."""
    out = check.work / f"{name}.fits"
    require(run([check.clq, "evaluate", *bundles, TEST, "--where", f"Z > {Z_MIN}", "-o", out]), f"evaluating {name}")
    with fits.open(out) as hdus:
        grid = hdus["ZGRID"].data
        edges = np.append(grid["ZMIN"], grid["ZMAX"][-1]).astype(float)
        return np.array(hdus["PREDICT"].data["ID"]), hdus["PREDICT"].data["PDF"].astype(float), edges


def single_networks(check, baselines, table):
    """Trains and scores the networks; their bundles."""
    best = baselines[baselines["better"]]["metrics"]["crps"]
    bundles, seconds, scores = [], [], []
    for k in range(NETWORKS):
        bundle, took = train(check, table, check.seed * 100 + k)
        bundles.append(bundle)
        seconds.append(took)
        _, pdf, edges = predict(check, [bundle], f"network-{k}")
        scores.append(pdf_metrics.crps(pdf, edges, truth()).mean())
    figure = f"{np.mean(scores) / best:.4f} x (CRPS {min(scores):.5f}..{max(scores):.5f}, {baselines['better']} {best:.5f})"
    check.line(np.mean(scores) <= 0.99 * best, f"mean CRPS of {NETWORKS} single networks over the better baseline's", figure,
               "<= 0.99 x")
    if check.controls:
        seconds.append(train(check, table, check.seed * 100 + NETWORKS, "train.epochs=100000")[1])
    check.at_most(max(seconds), LIMIT_S, "slowest training of a network, 2 threads, cpu_ref", " s")
    return bundles


def truth():
    z = fits.getdata(TEST, 1)["Z"].astype(float)
    return z[z > Z_MIN]


def ensemble(check, baselines, pdfs, bundles):
    """The mean of the networks' PDFs against the better baseline."""
    better = baselines["better"]
    metrics = baselines[better]["metrics"]
    z = truth()
    objid, pdf, edges = predict(check, bundles, "ensemble")
    assert np.array_equal(objid, pdfs["objid"]), "the predictions and the baselines differ in their objects"
    assert np.array_equal(z, pdfs["z"]), "the predictions and the baselines differ in their redshifts"
    if check.controls:
        pdf = np.roll(pdf_metrics.normalised(pdf ** 4), 5, axis=1)
    ours = pdf_metrics.summary(pdf, edges, z, fits.getdata(TRAIN, 1)["Z"].astype(float))
    theirs = pdf_metrics.crps(pdfs[better], pdfs["edges"], z)
    ratio, low, high = pdf_metrics.paired_bootstrap(pdf_metrics.crps(pdf, edges, z), theirs, seed=check.seed)
    check.line(ratio <= 0.975, f"CRPS of the ensemble of {NETWORKS} over the better baseline's",
               f"{ratio:.4f} x ({ours['crps']:.5f} against {better} {metrics['crps']:.5f}; the goal 0.965 is "
               f"{'reached' if ratio <= 0.965 else 'not reached'})", "<= 0.975 x")
    check.line(high < 1, "95 % paired bootstrap of that ratio excludes equality", f"{low:.4f}..{high:.4f}", "< 1")
    for name, words in (("sigma_mad", "sigma_MAD"), ("eta05", "eta(0.05)")):
        bound = min(baselines[b]["metrics"][name] for b in ("knn", "forest"))
        check.line(ours[name] <= bound, f"{words} of the ensemble", f"{ours[name]:.5f}", f"<= {bound:.5f}, the better baseline's")
    check.line(abs(ours["median_dz"]) <= 0.0025, "median dz of the ensemble", f"{ours['median_dz']:.5f}", "|.| <= 0.0025")
    check.at_most(ours["ks_pit"], 0.05, "KS distance of the PIT to uniform")
    check.line(0.64 <= ours["cover68"] <= 0.72, "share of redshifts in the 68 % interval", f"{ours['cover68']:.4f}", "0.64..0.72")
    skill = 1 - ours["crps"] / ours["crps_prior"]
    check.line(skill > 0, "CRPS skill against n(z)", f"{skill:.4f} (n(z): {ours['crps_prior']:.5f})", "> 0")


def test_table(check, bundle):
    """Whether the test table is opened by evaluate and by nothing before it."""
    with Opens(TEST) as opens:
        train(check, TEST if check.controls else TRAIN, check.seed * 100 + NETWORKS + 1, "train.epochs=1")
        trained = opens.count()
        predict(check, [bundle], "watched")
        evaluated = opens.count()
    check.line(trained == 0 and evaluated > 0, "times the test table is opened by train, by evaluate",
               f"{trained}, {evaluated}", "0, >= 1")


def main():
    check = Check(__doc__)
    table = training_table(check)
    baselines, pdfs = tune_baselines(check)
    bundles = single_networks(check, baselines, table)
    ensemble(check, baselines, pdfs, bundles)
    test_table(check, bundles[0])
    check.exit()


if __name__ == "__main__":
    main()
