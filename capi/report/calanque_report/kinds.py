# capi/report/calanque_report/kinds.py -- what the report of a task holds: figures, tables, errors of its metrics.
# SPDX-License-Identifier: BSD-3-Clause
import dataclasses

import numpy as np

from . import page
from .baselines import FUNCTIONS as BASELINE_METRICS
from .baselines import baseline_figure, baseline_table, read_baselines
from .bins import in_bins
from .calibration import calibration
from .cutouts import cutouts
from .definitions import definition
from .magnitudes import is_flux, to_magnitudes
from .paper import plain
from .plain_kinds import plain_items
from .problem import USAGE, Problem
from .redshift_figures import ZPHOT, n_of_z, tomography, zz
from .sample import RedshiftSample
from .worst import worst_pdfs, worst_rows, worst_table

KEY = {"photoz": [("sigma_mad", "sigma_MAD", 5), ("median_dz", "median dz", 5), ("eta_005", "eta(0.05)", 4),
                  ("eta_015", "eta(0.15)", 4), ("crps", "CRPS", 5), ("coverage_68", "in 68 %", 4)],
       "regression": [("rmse", "rms error", 5), ("bias", "bias", 5), ("sigma_mad", "sigma_MAD", 5)],
       "classification": [("accuracy", "accuracy", 4), ("log_loss", "log loss", 4)]}


@dataclasses.dataclass
class Parts:
    """What stands between the title and the provenance; items: figures and pieces of HTML, in order."""

    key: str
    metrics: list
    metrics_note: str
    items: list


def parts_of(context):
    if not context.scored:
        return Parts("", [], "", [])
    names, task = context.predictions.names, context.run.task
    if {"ZPHOT", "ZSPEC", "PIT", "PDF"} <= set(names) and context.predictions.grid is not None:
        return _redshifts(context)
    if context.options["baselines"]:
        raise Problem(USAGE, f"--baseline compares redshifts, the task is {task}")
    return _parts(context, *plain_items(context))


def _parts(context, errors, items):
    scores, task = context.result["metrics"], context.run.task
    rows = [(name, value, None if value is None else errors.get(name), definition(context.run.model, name))
            for name, value in scores.items()]
    key = [("rows", "rows", str(context.result["rows"]), "count")]
    key += [(words, name, f"{float(scores[name]):.{digits}f}", "rounded") for name, words, digits in KEY.get(task, [])
            if scores.get(name) is not None]
    n, seed = context.resampling()
    weight = context.run.model["data"].get("weight")
    note = (f"Values: as clq evaluate --json prints them, of {context.predictions.n_scored} rows"
            + (f", weighted by {weight}" if weight else "") 
            + f". Errors: standard deviation over {n} bootstrap resamples of the rows, seed {seed}.")
    return Parts(page.key_numbers(key), rows, note, items)


def _redshifts(context):
    finite = context.predictions.finite("ZPHOT", "PIT") & context.predictions.finite_pdfs()
    if not context.leave_out(finite, "The PDF"):
        return _parts(context, {}, [])
    context.predictions.keep(finite)
    sample = RedshiftSample(context.predictions, context.result["metrics"], context.words())
    desk, resampling = context.desk, context.resampling()
    items = [zz(desk, sample)]
    items.append(in_bins(desk, sample, "bins-zphot", sample.zphot, ZPHOT, "zphot", "", resampling))
    if context.magnitude:
        items.append(_magnitude_bins(context, sample))
    items += [calibration(desk, sample), n_of_z(desk, sample), _tomography(context, sample)]
    if context.options["baselines"]:
        items += _baselines(context, sample)
    rows = worst_rows(sample.dz)
    items.append(worst_pdfs(desk, sample, rows))
    if context.has_images():
        items.append(cutouts(desk, context, sample, rows))
    items.append(_worst(context, sample, rows))
    return _parts(context, sample.errors(*resampling) if finite.all() else {}, items)


def _magnitude_bins(context, sample):
    unit = context.predictions.units.get(context.magnitude, "")
    values = to_magnitudes(context.predictions.column(context.magnitude), unit, context.run.model.get("nulls", []))
    if not np.isfinite(values).any():
        raise Problem(USAGE, f"--magnitude {context.magnitude}: has no value in the scored rows")
    name, words = plain(context.magnitude), context.magnitude
    label = f"{name} ({plain(unit)})" if unit else name
    if is_flux(unit):
        label, unit = rf"$22.5 - 2.5\,\log_{{10}}$ {name} (mag)", "mag"
        words = f"22.5 - 2.5 log10({context.magnitude})"
    return in_bins(context.desk, sample, "bins-magnitude", values, label, words, unit, context.resampling())


def _tomography(context, sample):
    table = tomography(sample, *context.resampling())
    context.desk.write("tomography", table, "Mean redshift in bins of zphot")
    rows = [[f"{low:.4f} - {high:.4f}", str(n), f"{true:.5f}", f"{pdf:.5f}", f"{shift:+.5f} +- {error:.5f}"]
            for low, high, n, true, pdf, shift, error in zip(*table.values())]
    note = ("Mean redshift in bins of equal number of zphot: by the spectra, and of the stacked PDF; their difference "
            "over 1 + <zspec>, with its bootstrap error. Numbers: tomography.ecsv.")
    return page.table(["zphot", "N", "<zspec>", "<z> of the PDFs", "difference / (1 + <zspec>)"], rows,
                      range(1, 5)) + page.paragraph(note, "note")


def _baselines(context, sample):
    baselines = read_baselines(context.options["baselines"], context.baseline_columns, context.predictions)
    rows = [[name, str(n), *(f"{values[key]:.5f}" for key in BASELINE_METRICS)]
            for name, n, values in baseline_table(sample, baselines)]
    note = ("Point estimates alone, on the rows for which the baseline has one, by the report's own formulae: those of "
            "the table of metrics.")
    return [baseline_figure(context.desk, sample, baselines),
            page.table(["estimate", "N", *BASELINE_METRICS], rows, range(1, 7)) + page.paragraph(note, "note")]


def _worst(context, sample, rows):
    columns = {"ID": "ID", "dz": sample.dz, "zspec": "ZSPEC", "zphot": "ZPHOT", "16 %": "ZPHOT_L68",
               "84 %": "ZPHOT_U68", "ODDS": "ODDS", "PIT": "PIT", "OOD": "FLAG_OOD"}
    columns.update({name: name for name in context.inputs() if name in context.predictions.names})
    heads, cells = worst_table(context.predictions, rows, {k: v for k, v in columns.items()
                                                           if not isinstance(v, str) or v in context.predictions.names})
    return page.table(heads, cells, range(1, len(heads)))
