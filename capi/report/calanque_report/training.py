# capi/report/calanque_report/training.py -- loss and learning rate by epoch.
# SPDX-License-Identifier: BSD-3-Clause
import numpy as np

from .paper import BLUE, COLUMN, GREY, VERMILION, new_figure


def _losses(epochs):
    """(column, words, colour) of those that have values."""
    known = (("train_loss", "training", BLUE), ("valid_loss", "validation", VERMILION))
    return [item for item in known if item[0] in epochs and np.isfinite(epochs[item[0]]).any()]


def _is_wide(values):
    """Whether only a logarithm shows them."""
    return all(np.nanmin(v) > 0 for v in values) and np.nanmax(values) > 20 * np.nanmin(values)


def _figure(run, epochs, width):
    x = epochs["epoch"]
    figure = new_figure(width, 84 if width == COLUMN else 80)
    top, bottom = figure.subplots(2, 1, sharex=True, gridspec_kw={"height_ratios": [2, 1]})
    style = {"marker": "o", "ms": 2} if len(x) <= 60 else {}
    losses = _losses(epochs)
    for name, words, colour in losses:
        top.plot(x, epochs[name], color=colour, label=words, **style)
    if "learning_rate" in epochs:
        bottom.plot(x, epochs["learning_rate"], color="black", **style)
    if run.best_epoch:
        top.axvline(run.best_epoch, color=GREY, lw=0.7, ls=(0, (1, 1.6)), label=f"epoch {run.best_epoch}, kept")
    if losses and _is_wide([epochs[name] for name, _, _ in losses]):
        top.set_yscale("log")
    top.set_ylabel("loss")
    top.legend(loc="upper right", frameon=True, framealpha=1, facecolor="white", edgecolor="none", borderpad=0.2)
    bottom.set_ylabel("learning rate")
    bottom.set_ylim(bottom=0)
    bottom.set_xlabel("epoch")
    bottom.xaxis.get_major_locator().set_params(integer=True)
    return figure


def training(desk, run):
    """From metrics.csv of the run."""
    epochs = {name: np.array(values) for name, values in run.epochs.items()}
    loss = run.model.get("loss", {}).get("use", "the loss")
    caption = (f"Loss ({loss}) of the training rows, with dropout and augmentation where the network has them, and of "
               f"the validation rows, after each epoch; learning rate at the end of the epoch.")
    if run.best_epoch:
        caption += f" The bundle is that of epoch {run.best_epoch}, the best by train.monitor."
    columns = {name.upper(): epochs[name] for name in ("epoch", "step", "learning_rate", "train_loss", "valid_loss")
               if name in epochs}
    for name in ("EPOCH", "STEP"):
        if name in columns and np.isfinite(columns[name]).all():
            columns[name] = columns[name].astype(np.int64)
    return desk.draw("training", "Training", caption, lambda width: _figure(run, epochs, width), {"": columns})
