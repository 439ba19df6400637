# capi/report/calanque_report/classes.py -- a classification: which class is taken for which.
# SPDX-License-Identifier: BSD-3-Clause
import numpy as np

from .paper import COLUMN, new_figure
from .statistics import bootstrap, mean

LOWEST = 1e-15  # of a probability in log_loss


def classification_errors(predictions, n_resamples, seed):
    """Own values and bootstrap errors of the metrics, named as clq evaluate names them."""
    target = predictions.column("TARGET").astype(np.int64)
    hit = (predictions.column("CLASS") == target).astype(float)
    p = _probabilities(predictions)[np.arange(len(target)), target]
    columns = {"hit": hit, "log": -np.log(np.clip(p, LOWEST, 1.0))}
    functions = {"accuracy": ("hit", mean), "log_loss": ("log", mean)}
    values = {name: float(f(columns[column], predictions.weights)) for name, (column, f) in functions.items()}
    return values, bootstrap(functions, columns, predictions.weights, n_resamples, [seed])


def _probabilities(predictions):
    if "PRED" in predictions.names:  # one output, the probability of yes
        yes = predictions.column("PRED")
        return np.stack([1 - yes, yes], axis=1)
    return np.stack([predictions.column(f"PRED_{k}") for k in range(_n_classes(predictions))], axis=1)


def _n_classes(predictions):
    return 2 if "PRED" in predictions.names else sum(name.startswith("PRED_") for name in predictions.names)


def confusion_figure(desk, predictions, words):
    """Counts and shares of each pair of classes."""
    n = _n_classes(predictions)
    target, guess = (predictions.column(name).astype(np.int64) for name in ("TARGET", "CLASS"))
    counts = np.zeros((n, n), dtype=np.int64)
    np.add.at(counts, (target, guess), 1)
    share = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)

    def draw(width):
        figure = new_figure(width, 78 if width == COLUMN else 90)
        axes = figure.subplots()
        image = axes.imshow(share, vmin=0, vmax=1, cmap="Blues", aspect="equal" if width == COLUMN else "auto")
        if n <= 12:
            for i, j in np.ndindex(n, n):
                colour = "white" if share[i, j] > 0.55 else "black"
                axes.text(j, i, f"{counts[i, j]}\n{100 * share[i, j]:.1f} %", ha="center", va="center", color=colour,
                          fontsize=min(7, 60 / n))
        axes.minorticks_off()
        axes.tick_params(length=0)
        axes.set_xticks(range(n) if n <= 24 else range(0, n, n // 12))
        axes.set_yticks(range(n) if n <= 24 else range(0, n, n // 12))
        axes.set_xlabel("predicted class")
        axes.set_ylabel("true class")
        figure.colorbar(image, ax=axes, label="share of the true class", aspect=30)
        return figure

    caption = (f"Confusion matrix of {words}: rows are the true class, columns the most probable one; number of "
               f"objects, and their share of the true class.")
    i, j = np.indices((n, n)).reshape(2, -1)
    table = {"TRUE": i, "PREDICTED": j, "N": counts.ravel(), "SHARE": share.ravel()}
    return desk.draw("confusion", "Confusion matrix", caption, draw, {"": table}), counts


def class_table(counts):
    """(names, cells): of each class its number, completeness and purity."""
    cells = []
    for k in range(len(counts)):
        true, chosen = counts[k].sum(), counts[:, k].sum()
        cells.append([str(k), str(true), _share(counts[k, k], true), _share(counts[k, k], chosen)])
    return ["class", "N", "completeness", "purity"], cells


def _share(part, whole):
    return f"{part / whole:.4f}" if whole else "-"
