# capi/report/calanque_report/classes.py -- a classification: which class is taken for which.
# SPDX-License-Identifier: BSD-3-Clause
import dataclasses

import numpy as np

from .paper import COLUMN, new_figure
from .statistics import bootstrap, mean

LOWEST = 1e-15  # of a probability in log_loss
YES = 0.5  # a probability from here on says yes


@dataclasses.dataclass
class Classified:
    """Rows of one output: the class that is true and the one that is chosen, and -log of the probability."""

    n_classes: int
    true: np.ndarray
    chosen: np.ndarray
    log_loss: np.ndarray
    weights: np.ndarray


def classified(predictions, output, rows):
    """rows: a mask. A target is a class, or a probability of each; of one output the probability of yes."""
    p = np.stack([predictions.column(name)[rows] for name in output.predictions], axis=1)
    target = np.stack([predictions.column(name)[rows] for name in output.targets], axis=1)
    if p.shape[1] == 1:
        p, target = np.hstack([1 - p, p]), np.hstack([1 - target, target])
        true = (target[:, 1] >= YES).astype(np.int64)
    elif target.shape[1] == 1:
        true = target[:, 0].astype(np.int64)
        target = np.eye(p.shape[1])[true]
    else:
        true = target.argmax(axis=1)
    log_loss = -np.sum(target * np.log(np.clip(p, LOWEST, 1.0)), axis=1)
    chosen = predictions.column(output.chosen)[rows].astype(np.int64)
    return Classified(p.shape[1], true, chosen, log_loss, predictions.weights[rows])


def classification_errors(sample, output, n_resamples, seed):
    """Bootstrap errors of the metrics, named as clq evaluate names them."""
    columns = {"hit": (sample.chosen == sample.true).astype(float), "log": sample.log_loss}
    functions = {output.metric("accuracy"): ("hit", mean), output.metric("log_loss"): ("log", mean)}
    return bootstrap(functions, columns, sample.weights, n_resamples, [seed])


def confusion_figure(desk, sample, output, words):
    """Counts and shares of each pair of classes."""
    n, target, guess = sample.n_classes, sample.true, sample.chosen
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
    title = f"Confusion matrix of output {output.name}" if output.name else "Confusion matrix"
    return desk.draw(output.figure("confusion"), title, caption, draw, {"": table}), counts


def class_table(counts):
    """(names, cells): of each class its number, completeness and purity."""
    cells = []
    for k in range(len(counts)):
        true, chosen = counts[k].sum(), counts[:, k].sum()
        cells.append([str(k), str(true), _share(counts[k, k], true), _share(counts[k, k], chosen)])
    return ["class", "N", "completeness", "purity"], cells


def _share(part, whole):
    return f"{part / whole:.4f}" if whole else "-"
