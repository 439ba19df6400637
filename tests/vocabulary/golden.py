"""tests/vocabulary/golden.py -- layers and losses by PyTorch and NumPy in F64, for tests without them: golden.json.

golden.py PROBE > golden.json, with a vocabulary_probe, which tells the names and shapes of the layers' states. Of each
tensor its norm, its sum and 64 of its numbers, or all.
"""
# SPDX-License-Identifier: BSD-3-Clause
import json
import pathlib
import sys
import tempfile
import warnings

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[1] / folder) for folder in
                ("evidence", "evidence/vocabulary")]

import numpy as np  # noqa: E402
import torch  # noqa: E402

from layer_cases import layer_cases  # noqa: E402
from loss_cases import loss_cases  # noqa: E402
from probe import states_of  # noqa: E402

ENTRIES = 64


def telling(cases):
    """Few that try all that all of them do, and the next one always what is missing most."""
    tries = {case: {(case.use, *trait) for trait in case.traits()} for case in cases}
    missing, chosen = set().union(*tries.values()), set()
    while missing:
        best = max(cases, key=lambda case: len(tries[case] & missing))
        chosen.add(best)
        missing -= tries[best]
    return [case for case in cases if case in chosen]


def number(value):
    return float(f"{value:.12g}")


def summary(tensor):
    """`entries` are numbers 0, step, 2 step ... of the flat tensor."""
    flat = tensor.ravel()
    step = -(-flat.size // ENTRIES)
    return {"dims": list(tensor.shape), "norm": number(np.linalg.norm(flat)), "sum": number(flat.sum()), "step": step,
            "entries": [number(value) for value in flat[::step]]}


def write(entry):
    tensors = [f"  {json.dumps(name)}: {json.dumps(value)}" for name, value in entry["tensors"].items()]
    head = ", ".join(f"{json.dumps(key)}: {json.dumps(entry[key])}" for key in ("task", "states"))
    return f"{{{head}, \"tensors\": {{\n" + ",\n".join(tensors) + "}}"


def main():
    warnings.filterwarnings("ignore", "Using padding='same'")
    cases = telling(layer_cases(7)) + telling(loss_cases(7))
    with tempfile.TemporaryDirectory() as folder:
        states = states_of(sys.argv[1], pathlib.Path(folder), [case.task() for case in cases])
    entries = [{"task": case.task(), "states": known,
                "tensors": {name: summary(value) for name, value in case.reference(known, "f64").items()}}
               for case, known in zip(cases, states)]
    made_by = f"golden.py, PyTorch {torch.__version__}, NumPy {np.__version__}"
    print(f"{{\"made by\": {json.dumps(made_by)}, \"cases\": [\n" + ",\n".join(map(write, entries)) + "\n]}")


main()
