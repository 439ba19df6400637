# projects/deepdip/baselines.py -- nearest-neighbour and random-forest redshift PDFs, tuned by cross-validation.
# SPDX-License-Identifier: BSD-3-Clause
"""The two classical predictors a photometric-redshift network has to beat.

  kNN     colours g-r, r-i, i-z and a scaled i magnitude; PDF = weighted histogram of the neighbours
  forest  colours g-r, r-i, i-z and i (or g, r, i, z added); PDF = mean over trees of the leaf's histogram

Neither sees u, which is noise for most of these galaxies. Every hyper-parameter is chosen by 5-fold
cross-validation of the exact CRPS on the training table; the test table is predicted once.

  python3 baselines.py TRAIN.fits TEST.fits --seed 1 --out baselines.json --pdf baselines.npz
"""

import argparse
import itertools
import json
import sys
import time

import numpy as np
from astropy.io import fits
from sklearn.ensemble import RandomForestRegressor
from sklearn.neighbors import NearestNeighbors

import pdf_metrics

EDGES = np.linspace(0.0, 1.0, 201)
N_FOLDS = 5
N_TREES_CV, N_TREES = 50, 300

KNN_GRID = {
    "i_scale": [0.1, 0.15, 0.2, 0.3, 0.5],
    "n_neighbours": [20, 30, 40, 60, 80],
    "weights": ["uniform", "inverse_distance"],
}
FOREST_GRID = {
    "magnitudes": ["i", "griz"],
    "min_samples_leaf": [1, 2, 3, 5, 10],
    "max_features": [1, 2, 3],
}


def read_table(path, z_min):
    """The table's columns as native float64 arrays, rows with Z <= z_min (stars, failures) cut."""
    data = fits.getdata(path, 1)
    table = {name.upper(): np.asarray(data[name]) for name in data.names}
    keep = np.asarray(table["Z"], dtype=np.float64) > z_min
    print(f"{path}: {keep.sum()} rows, {np.sum(~keep)} cut at Z <= {z_min}")
    return {
        name: column[keep].astype(np.int64 if name == "OBJID" else np.float64)
        for name, column in table.items()
        if name == "OBJID" or column.dtype.kind in "fiu"
    }


def colours(table):
    """(n, 3) g-r, r-i, i-z."""
    g, r, i, z = (table["MAG_" + band] for band in "GRIZ")
    return np.column_stack([g - r, r - i, i - z])


def bin_index(z):
    """Bin of each redshift, the ends of the grid taking what lies outside."""
    return np.clip(np.searchsorted(EDGES, z, side="right") - 1, 0, len(EDGES) - 2)


def row_histograms(bins, weights):
    """(n, k) histogram of each row of bins (n, m) under weights (n, m), each row summing to 1."""
    n, n_bins = len(bins), len(EDGES) - 1
    flat = (np.arange(n)[:, None] * n_bins + bins).ravel()
    counts = np.bincount(flat, weights.ravel(), minlength=n * n_bins).reshape(n, n_bins)
    return counts / counts.sum(axis=1, keepdims=True)


def knn_features(table, i_scale):
    """(n, 4) the three colours and i times i_scale."""
    return np.column_stack([colours(table), i_scale * table["MAG_I"]])


def neighbours(train_x, test_x, count):
    """Distances and training indices of the nearest `count` rows, nearest first."""
    return NearestNeighbors(n_neighbors=count).fit(train_x).kneighbors(test_x)


def knn_pdf(distance, bins, n_neighbours, weights):
    """Histogram of the first n_neighbours columns; distances below 1 mmag count as 1 mmag."""
    near = distance[:, :n_neighbours]
    w = np.ones_like(near) if weights == "uniform" else 1.0 / np.maximum(near, 1e-3)
    return row_histograms(bins[:, :n_neighbours], w)


def forest_features(table, magnitudes):
    """(n, 3 + m) the three colours and the named magnitudes."""
    return np.column_stack([colours(table)] + [table["MAG_" + b.upper()] for b in magnitudes])


def forest_pdf(train_x, train_z, test_x, n_trees, params, seed):
    """Mean over the trees of the redshift histogram of all training rows in the object's leaf."""
    forest = RandomForestRegressor(
        n_estimators=n_trees,
        min_samples_leaf=params["min_samples_leaf"],
        max_features=params["max_features"],
        random_state=seed,
        n_jobs=-1,
    ).fit(train_x, train_z)
    train_leaf, test_leaf = forest.apply(train_x), forest.apply(test_x)
    bins, n_bins = bin_index(train_z), len(EDGES) - 1
    pdf = np.zeros((len(test_x), n_bins))
    for tree in range(n_trees):
        n_nodes = train_leaf[:, tree].max() + 1
        flat = train_leaf[:, tree] * n_bins + bins
        counts = np.bincount(flat, minlength=n_nodes * n_bins).reshape(n_nodes, n_bins)
        # A test row can reach only leaves grown on training rows; inner nodes stay at zero.
        pdf += (counts / np.maximum(counts.sum(axis=1, keepdims=True), 1))[test_leaf[:, tree]]
    return pdf_metrics.normalised(pdf)


def grid_points(grid):
    """All combinations of a grid as dicts."""
    return [dict(zip(grid, values)) for values in itertools.product(*grid.values())]


def tune_knn(table, fold):
    """The kNN parameters of least cross-validated CRPS, and that CRPS."""
    z, bins = table["Z"], bin_index(table["Z"])
    points = grid_points(KNN_GRID)
    score = np.zeros(len(points))
    for i_scale in KNN_GRID["i_scale"]:
        x = knn_features(table, i_scale)
        for held in range(N_FOLDS):
            fit, test = fold != held, fold == held
            distance, index = neighbours(x[fit], x[test], max(KNN_GRID["n_neighbours"]))
            for j, point in enumerate(points):
                if point["i_scale"] == i_scale:
                    pdf = knn_pdf(distance, bins[fit][index], point["n_neighbours"], point["weights"])
                    score[j] += pdf_metrics.crps(pdf, EDGES, z[test]).sum() / len(z)
    best = int(np.argmin(score))
    return points[best], float(score[best])


def tune_forest(table, fold, seed):
    """The forest parameters of least cross-validated CRPS, and that CRPS."""
    z = table["Z"]
    points = grid_points(FOREST_GRID)
    score = np.zeros(len(points))
    for j, point in enumerate(points):
        x = forest_features(table, point["magnitudes"])
        for held in range(N_FOLDS):
            fit, test = fold != held, fold == held
            pdf = forest_pdf(x[fit], z[fit], x[test], N_TREES_CV, point, seed)
            score[j] += pdf_metrics.crps(pdf, EDGES, z[test]).sum() / len(z)
    best = int(np.argmin(score))
    return points[best], float(score[best])


def predict_knn(train, test, params):
    """kNN PDFs of the test table."""
    distance, index = neighbours(
        knn_features(train, params["i_scale"]),
        knn_features(test, params["i_scale"]),
        params["n_neighbours"],
    )
    return knn_pdf(distance, bin_index(train["Z"])[index], params["n_neighbours"], params["weights"])


def predict_forest(train, test, params, seed):
    """Forest PDFs of the test table."""
    return forest_pdf(
        forest_features(train, params["magnitudes"]),
        train["Z"],
        forest_features(test, params["magnitudes"]),
        N_TREES,
        params,
        seed,
    )


def parse_args(argv):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("train")
    parser.add_argument("test")
    parser.add_argument("--seed", type=int, default=1, help="of the folds and of the forest")
    parser.add_argument("--out", default="baselines.json", help="metrics and parameters")
    parser.add_argument("--pdf", help="per-object PDFs: objid, z, edges, knn, forest")
    parser.add_argument("--z-min", type=float, default=0.002, help="rows at or below are cut")
    return parser.parse_args(argv)


def main(argv=None):
    args = parse_args(argv)
    start = time.monotonic()
    train, test = read_table(args.train, args.z_min), read_table(args.test, args.z_min)
    fold = np.random.default_rng(args.seed).integers(0, N_FOLDS, len(train["Z"]))
    tuned = {"knn": tune_knn(train, fold), "forest": tune_forest(train, fold, args.seed)}
    for name, (params, score) in tuned.items():
        print(f"{name}: {params}, cross-validated CRPS {score:.5f}")
    pdfs = {
        "knn": predict_knn(train, test, tuned["knn"][0]),
        "forest": predict_forest(train, test, tuned["forest"][0], args.seed),
    }
    report = {"seed": args.seed, "n_train": len(train["Z"]), "n_test": len(test["Z"])}
    for name, pdf in pdfs.items():
        metrics = pdf_metrics.summary(pdf, EDGES, test["Z"], train["Z"])
        report[name] = {"params": tuned[name][0], "cv_crps": tuned[name][1], "metrics": metrics}
        print(f"{name}: " + ", ".join(f"{key} {value:.5g}" for key, value in metrics.items()))
    report["better"] = min(pdfs, key=lambda name: report[name]["metrics"]["crps"])
    with open(args.out, "w", encoding="utf-8") as out:
        json.dump(report, out, indent=2)
    if args.pdf:
        np.savez_compressed(args.pdf, objid=test["OBJID"], z=test["Z"], edges=EDGES, **pdfs)
    print(f"better: {report['better']}; {time.monotonic() - start:.0f} s")


if __name__ == "__main__":
    sys.exit(main())
