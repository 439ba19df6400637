# capi/report/calanque_report/plain_figures.py -- a regression: prediction against target, and residuals.
# SPDX-License-Identifier: BSD-3-Clause
import numpy as np

from .density import Density, cells_for, count_bar, draw_running, running, span
from .paper import BLUE, COLUMN, GREY, few_ticks, new_figure, plain
from .statistics import bootstrap, mean, sigma_mad

MOST = 8  # targets that are drawn


def rms(x, w):
    return np.sqrt(mean(x * x, w))


def regression_errors(predictions, pair, rows, n_resamples, seed):
    """Bootstrap errors of the metrics of one number, named as clq evaluate names them; rows: a mask."""
    columns = {"residual": (predictions.column(pair.prediction) - predictions.column(pair.target))[rows]}
    kinds = {"bias": mean, "rmse": rms, "mae": lambda x, w: mean(np.abs(x), w), "sigma_mad": sigma_mad}
    functions = {pair.metric(kind): ("residual", function) for kind, function in kinds.items()}
    return bootstrap(functions, columns, predictions.weights[rows], n_resamples, [seed])


def prediction_figure(desk, predictions, pair, rows, words):
    """One number's figure."""
    x, y = predictions.column(pair.target)[rows], predictions.column(pair.prediction)[rows]
    w, label = predictions.weights[rows], pair.label
    residual = y - x
    limits = span(x, y)
    reach = max(7 * sigma_mad(residual, w), 1e-12)
    reach = min(reach, 1.05 * np.abs(residual).max() or 1.0)
    plane = Density(x, y, limits, limits, cells_for(len(x)))
    edges = np.linspace(-reach, reach, 41)
    counts = np.histogram(residual, edges)[0]
    curve = running(x, y, w)

    def draw(width):
        figure = new_figure(width, 140 if width == COLUMN else 82)
        left, right = (figure.subplots(2, 1, gridspec_kw={"height_ratios": [1.5, 1]}) if width == COLUMN
                       else figure.subplots(1, 2))
        image = plane.draw(left)
        left.plot(limits, limits, color="black", lw=0.7)
        draw_running(left, curve)
        left.set_aspect("equal")
        left.set_xlabel(f"target {plain(label)}")
        left.set_ylabel(f"prediction {plain(label)}")
        count_bar(figure, image, left, "top")
        right.stairs(counts, edges, color=BLUE, fill=True, alpha=0.25, lw=0)
        right.stairs(counts, edges, color=BLUE)
        right.axvline(0, color=GREY, lw=0.6)
        right.set_xlabel(f"prediction - target {plain(label)}")
        right.set_ylabel("number")
        few_ticks(right.xaxis, 5)
        return figure

    caption = (f"{label} of {words}: prediction against target, with equality (black), the running median (solid) and "
               f"16 and 84 % quantiles (dashed) in bins of equal number of the target; histogram of prediction - "
               f"target, of which {int(np.sum(np.abs(residual) > reach))} lie beyond the axis.")
    tables = {"": plane.columns("TARGET", "PREDICTION"), "-running": curve,
              "-residuals": {"LOW": edges[:-1], "HIGH": edges[1:], "N": counts}}
    of = f", of output {pair.output.name}" if pair.output.name else ""
    return desk.draw(pair.figure, f"Prediction against target: {label}{of}", caption, draw, tables)
