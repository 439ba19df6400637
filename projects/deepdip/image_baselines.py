# projects/deepdip/image_baselines.py -- what a network of images is held against: n(z), neighbours, the ceiling.
# SPDX-License-Identifier: BSD-3-Clause
"""Three predictors of redshifts of SIMULATED galaxies, files of `clq simulate deepdip`.

  constant  the n(z) of the training galaxies
  knn       fluxes within 3", without the dust, as asinh colours and i; PDF = weighted histogram of the neighbours,
            tuned by 5-fold cross-validation of the exact CRPS on the training galaxies
  ceiling   what five total fluxes can tell: each true flux with the error of an optimal fit, which knows profile and
            neighbours, added once; clq trains networks of runs/sim_ceiling.toml on them and E(B-V). The errors are no
            inputs: they know the galaxy's size

The test galaxies are predicted once.

  python3 image_baselines.py TRAIN.fits TEST.fits --clq CLQ --work DIR --out baselines.json --pdf baselines.npz
"""

import argparse
import json
import pathlib
import subprocess
import sys
import time

import numpy as np
from astropy.io import fits
from astropy.table import Table

import baselines
import pdf_metrics

HERE = pathlib.Path(__file__).resolve().parent
BANDS = "UGRIZ"
EXTINCTION = np.array([4.239, 3.303, 2.285, 1.698, 1.263])
# Of the sky within 3", in nanomaggies: the softening of the asinh magnitudes.
APERTURE_NOISE = np.array([0.056, 0.023, 0.034, 0.053, 0.21]) * np.sqrt(np.pi * (1.5 / 0.396) ** 2)

KNN_GRID = {
    "u_scale": [0.0, 0.1],
    "i_scale": [0.1, 0.2, 0.3, 0.5],
    "n_neighbours": [15, 25, 40, 60],
    "weights": ["uniform", "inverse_distance"],
}


def read_table(path):
    """The columns without the images; a file that is no simulation is refused."""
    with fits.open(path) as hdus:
        if hdus[1].header.get("SIMULATD") is not True:
            raise SystemExit(f"{path}: no SIMULATD = T in its header; true fluxes are needed")
        data = hdus[1].data
        return {name: np.array(data[name]) for name in data.names if data[name].ndim == 1}


def per_band(table, name):
    return np.column_stack([table[f"{name}_{band}"].astype(float) for band in BANDS])


def knn_features(table, u_scale, i_scale):
    """(n, 5) asinh g-r, r-i, i-z, scaled i and u-g."""
    flux = per_band(table, "APER") * 10 ** (0.4 * EXTINCTION * table["EBV"].astype(float)[:, None])
    u, g, r, i, z = (-1.0857 * np.arcsinh(flux / (2 * APERTURE_NOISE)) - 2.5 * np.log10(APERTURE_NOISE)).T
    return np.column_stack([g - r, r - i, i - z, i_scale * i, u_scale * (u - g)])


def knn(train, test, seed):
    """PDFs of the test galaxies, the parameters and their cross-validated CRPS."""
    z, bins = train["Z"], baselines.bin_index(train["Z"])
    fold = np.random.default_rng(seed).integers(0, baselines.N_FOLDS, len(z))
    points = baselines.grid_points(KNN_GRID)
    score = np.zeros(len(points))
    for scales in {(p["u_scale"], p["i_scale"]) for p in points}:
        x = knn_features(train, *scales)
        for held in range(baselines.N_FOLDS):
            fit, left = fold != held, fold == held
            distance, index = baselines.neighbours(x[fit], x[left], max(KNN_GRID["n_neighbours"]))
            for j, p in enumerate(points):
                if (p["u_scale"], p["i_scale"]) == scales:
                    pdf = baselines.knn_pdf(distance, bins[fit][index], p["n_neighbours"], p["weights"])
                    score[j] += pdf_metrics.crps(pdf, baselines.EDGES, z[left]).sum() / len(z)
    best = points[int(np.argmin(score))]
    scales = best["u_scale"], best["i_scale"]
    x, x_test = knn_features(train, *scales), knn_features(test, *scales)
    distance, index = baselines.neighbours(x, x_test, best["n_neighbours"])
    pdf = baselines.knn_pdf(distance, bins[index], best["n_neighbours"], best["weights"])
    return pdf, {"params": best, "cv_crps": float(score.min())}


def write_measured(table, path, unit, seed):
    """The best that anybody can measure of the fluxes, as a table to train on."""
    error = per_band(table, "FLUXERR")
    flux = per_band(table, "FLUX") + error * np.random.default_rng(seed).normal(size=error.shape)
    columns = {"OBJID": table["OBJID"], "Z": table["Z"], "EBV": table["EBV"]}
    for b, band in enumerate(BANDS):
        columns[f"F_{band}"] = np.arcsinh(flux[:, b] / unit[b]).astype(np.float32)
    measured = Table(columns)
    measured.meta["SIMULATD"] = True
    measured.write(path, overwrite=True)


def ceiling(train, test, args):
    """PDFs and grid of the mean of the networks on fluxes."""
    unit = np.median(per_band(train, "FLUXERR"), axis=0)
    work, bundles = pathlib.Path(args.work), []
    work.mkdir(parents=True, exist_ok=True)
    # Another seed for either table: the same noise twice would be known by heart.
    write_measured(train, work / "ceiling_train.fits", unit, 2 * args.seed)
    write_measured(test, work / "ceiling_test.fits", unit, 2 * args.seed + 1)
    for k in range(args.networks):
        folder = work / f"ceiling-{k}"
        run([args.clq, "train", HERE / "runs/sim_ceiling.toml", f"data.catalog={work / 'ceiling_train.fits'}",
             f"train.seed={args.seed + k}", f"split.seed={args.seed + k}", "-o", folder])
        bundles.append(folder / "model.safetensors")
    run([args.clq, "predict", *bundles, work / "ceiling_test.fits", "-o", work / "ceiling_predictions.fits"])
    with fits.open(work / "ceiling_predictions.fits") as hdus:
        assert np.array_equal(hdus["PREDICT"].data["ID"], test["OBJID"]), "the predictions are of other galaxies"
        grid = hdus["ZGRID"].data
        return hdus["PREDICT"].data["PDF"].astype(float), np.append(grid["ZMIN"], grid["ZMAX"][-1]).astype(float)


def run(command):
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"image_baselines.py: {command[1]} ended with {done.returncode}: {done.stderr.strip()}")


def parse_args(argv):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("train")
    parser.add_argument("test")
    parser.add_argument("--clq", default="clq", help="the program")
    parser.add_argument("--work", default="image_baselines", help="new folder for the ceiling's tables and runs")
    parser.add_argument("--networks", type=int, default=2, help="of the ceiling")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", default="image_baselines.json", help="metrics and parameters")
    parser.add_argument("--pdf", help="per-object PDFs and grids: objid, z, knn, knn_edges, ceiling, ceiling_edges")
    return parser.parse_args(argv)


def main(argv=None):
    args = parse_args(argv)
    start = time.monotonic()
    train, test = read_table(args.train), read_table(args.test)
    z = test["Z"]
    knn_pdf, tuned = knn(train, test, args.seed)
    ceiling_pdf, ceiling_edges = ceiling(train, test, args)
    constant = pdf_metrics.histogram_prior(train["Z"], baselines.EDGES, len(z))
    report = {"simulated": True, "seed": args.seed, "n_train": len(train["Z"]), "n_test": len(z)}
    for name, pdf, edges in (("constant", constant, baselines.EDGES), ("knn", knn_pdf, baselines.EDGES),
                             ("ceiling", ceiling_pdf, ceiling_edges)):
        report[name] = {"metrics": pdf_metrics.summary(pdf, edges, z, train["Z"])}
        print(f"SIMULATED {name}: " + ", ".join(f"{k} {v:.5g}" for k, v in report[name]["metrics"].items()))
    report["knn"].update(tuned)
    pathlib.Path(args.out).write_text(json.dumps(report, indent=2), encoding="utf-8")
    if args.pdf:
        np.savez_compressed(args.pdf, objid=test["OBJID"], z=z, knn=knn_pdf, knn_edges=baselines.EDGES,
                            ceiling=ceiling_pdf, ceiling_edges=ceiling_edges)
    print(f"{time.monotonic() - start:.0f} s")


if __name__ == "__main__":
    sys.exit(main())
