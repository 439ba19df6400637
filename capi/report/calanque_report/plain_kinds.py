# capi/report/calanque_report/plain_kinds.py -- what is drawn of numbers, classes and reconstructions.
# SPDX-License-Identifier: BSD-3-Clause
from . import page
from .classes import class_table, classification_errors, classified, confusion_figure
from .outputs import outputs_of, pairs_of
from .plain_figures import MOST, prediction_figure, regression_errors
from .reconstruction import ERROR, error_figure, reconstruction_errors
from .worst import worst_rows, worst_table


def plain_items(context):
    """(errors of the metrics, figures and pieces of HTML), output after output."""
    if context.run.task == "reconstruction":
        return _reconstruction(context)
    errors, items = {}, []
    for output in outputs_of(context.run.model, context.predictions.names, context.units()):
        make = {"regression": _regression, "classification": _classification}.get(output.task)
        if make is None:
            of = output.words if output.name else f"the task {output.task}"
            context.say(f"No figure is drawn of {of}.")
            continue
        make(context, output, errors, items)
    return errors, items


def _regression(context, output, errors, items):
    scores, predictions = context.result["metrics"], context.predictions
    pairs = [pair for pair in pairs_of(output) if pair.metric("rmse") in scores]
    if not pairs:
        context.say(f"The table holds no pairs of {output.words} and target: no figure is drawn of them.")
    for pair in pairs:
        known = predictions.finite(pair.target)
        rows = predictions.finite(pair.prediction, pair.target)
        # Where a loss leaves out targets that are missing, so do the metrics.
        if not context.leave_out(rows[known], pair.prediction):
            continue
        if rows[known].all():
            errors.update(regression_errors(predictions, pair, rows, *context.resampling()))
        if len(items) < MOST:
            items.append(prediction_figure(context.desk, predictions, pair, rows, context.words(int(rows.sum()))))
        else:
            context.say(f"Figures are drawn of the first {MOST} numbers that are predicted, and no more.")


def _classification(context, output, errors, items):
    predictions = context.predictions
    needed = [output.chosen, *output.predictions, *output.targets]
    scored = output.metric("accuracy") in context.result["metrics"]
    if not (scored and output.predictions and output.targets and output.chosen in predictions.names):
        context.say(f"The table does not hold classes of {output.words} and target: no figure is drawn of them.")
        return
    rows = predictions.finite(*needed[1:])
    known = predictions.finite(*output.targets)
    if not context.leave_out(rows[known], f"output {output.name}" if output.name else "a probability"):
        return
    sample = classified(predictions, output, rows)
    if rows[known].all():
        errors.update(classification_errors(sample, output, *context.resampling()))
    figure, counts = confusion_figure(context.desk, sample, output, context.words(int(rows.sum())))
    heads, cells = class_table(counts)
    note = "Completeness: share of the true class that is found. Purity: share of what is called so that is."
    items += [figure, page.table(heads, cells, range(1, 4)) + page.paragraph(note, "note")]


def _reconstruction(context):
    predictions = context.predictions
    if ERROR not in predictions.names:
        context.say(f"The table has no column {ERROR}: no figure is drawn of it.")
        return {}, []
    rows = predictions.finite(ERROR)
    if not context.leave_out(rows, ERROR):
        return {}, []
    predictions.keep(rows)
    values = predictions.column(ERROR)
    worst = worst_rows(values)
    columns = {"ID": "ID", ERROR: values, "OOD": "FLAG_OOD"}
    columns.update({name: name for name in context.inputs()})
    heads, cells = worst_table(predictions, worst, {name: column for name, column in columns.items()
                                                    if not isinstance(column, str) or column in predictions.names})
    note = f"The {len(worst)} objects that are reconstructed worst: those most unlike the training's."
    return (reconstruction_errors(predictions, *context.resampling()) if rows.all() else {},
            [error_figure(context.desk, predictions, context.words()),
             page.table(heads, cells, range(1, len(heads))) + page.paragraph(note, "note")])
