# capi/report/calanque_report/provenance.py -- what the report was made from, as its last section.
# SPDX-License-Identifier: BSD-3-Clause
import platform

import astropy
import matplotlib
import numpy

from . import page


def provenance(context):
    """From run.json, the bundle, the data as clq inspect sees them, and the command."""
    run, made, model = context.run, context.run.provenance, context.run.model
    rows = made.get("rows", {})
    pairs = [
        ("command", context.options["command"]),
        ("run folder", run.path),
        ("bundle", f"{run.bundle}, hash {model['hash']}, {model['parameters']} parameters"),
        ("trained on", f"{made.get('source', '')}, fingerprint {made.get('fingerprint', '')}"),
        ("rows", ", ".join(f"{name} {n}" for name, n in rows.items())),
        ("epochs, steps", f"{made.get('epochs', '')}, {made.get('steps', '')}; ended: {made.get('end_reason', '')}"),
        ("seed, split seed", f"{made.get('seed', '')}, {model.get('provenance', {}).get('split', {}).get('seed', '')}"),
        ("device, host", f"{made.get('device', '')}, {made.get('host', '')}, {made.get('system', '')}"),
        ("start, end", f"{made.get('start', '')}, {made.get('end', '')}"),
        ("scored data", _scored(context)),
        ("real or simulated", "simulated: the data, or what the network learned from"
         if context.desk.mark == "SIMULATED" else "real: nothing here says that it was simulated"),
        ("Calanque", made.get("version", "")),
        *((plugin["id"], f"{plugin['version']}, XXH3 {plugin['xxh3']}") for plugin in made.get("plugins", [])),
        ("drawn by", f"Python {platform.python_version()}, NumPy {numpy.__version__}, matplotlib "
                     f"{matplotlib.__version__}, astropy {astropy.__version__}"),
    ]
    return page.section("Provenance", page.facts(pairs) + page.listing("run.toml", run.text()))


def _scored(context):
    if not context.scored:
        return "none"
    if "fingerprint" in context.described:
        return f"{context.data}, fingerprint {context.described['fingerprint']}"
    return f"{context.data}, of HDU {context.run.model['data'].get('hdu')}"
