# capi/report/calanque_report/report.py -- from a run folder to a folder of figures, numbers and one page.
# SPDX-License-Identifier: BSD-3-Clause
import json
import sys

from . import page
from .citation import citation
from .context import Context
from .folder import OutputFolder
from .kinds import parts_of
from .program import Program
from .provenance import provenance
from .run_folder import RunFolder
from .training import training


def make_report(options):
    """options: as capi/cli/report.cpp writes them."""
    program = Program(options["clq"], options["plugins"])
    run = RunFolder(program, options["run"])
    with OutputFolder(options["output"] or run.path / "report") as folder:
        folder.begin()
        context = Context(program, run, options, folder.work)
        figures, page_text = _compose(context)
        (folder.work / "report.html").write_text(page_text, encoding="utf-8")
        (folder.work / "CITATION.bib").write_text(citation(run), encoding="utf-8")
        folder.publish()
    done = {"report": str(folder.path / "report.html"), "figures": figures, "rows": context.result["rows"],
            "bad": context.result["bad"], "ood": context.result["ood"], "metrics": context.result["metrics"]}
    if options["json"]:
        print(json.dumps(done))
    else:
        print(f"{done['report']}: {len(figures)} figures of {context.words()}", file=sys.stderr)


def _compose(context):
    """(names of the figures, the page)."""
    parts = parts_of(context)
    loss = training(context.desk, context.run)
    body = "".join(page.paragraph(text, "warning") for text in context.warnings())
    if parts.metrics:
        metrics = page.metrics_table(parts.metrics) + page.paragraph(parts.metrics_note, "note")
        body += parts.key + page.section("Metrics", metrics)
    for item in [*parts.items, loss]:
        body += item if isinstance(item, str) else page.figure(item, context.desk.folder)
    body += provenance(context)
    figures = [item.name for item in [*parts.items, loss] if not isinstance(item, str)]
    title = f"{context.run.path.resolve().name}: {context.run.task}"
    text = page.page(title, context.desk.mark, context.about(), body, context.run.provenance.get("version", ""))
    return figures, text
