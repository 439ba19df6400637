# capi/report/calanque_report/program.py -- the program clq, which alone reads bundles and data and computes scores.
# SPDX-License-Identifier: BSD-3-Clause
import json
import subprocess
import sys

from .problem import INTERNAL, Problem


class Number(float):
    """A number of JSON that remembers its digits, so that the report prints those and no others."""

    def __new__(cls, text):
        number = super().__new__(cls, text)
        number.text = text
        return number

    def __str__(self):
        return self.text


def read_scores(text):
    """What clq evaluate printed, each number with its digits."""
    return json.loads(text, parse_float=Number)


class Program:
    """clq, called as its users call it."""

    def __init__(self, path, plugins):
        self._front = [path, "--json"] + (["--plugins", plugins] if plugins else [])

    def __call__(self, *arguments):
        """What it printed; its own line and exit code where it ends with an error, its warnings passed on."""
        done = subprocess.run([*self._front, *arguments], capture_output=True, encoding="utf-8", errors="replace",
                              check=False)
        lines = done.stderr.splitlines()
        if done.returncode != 0:
            said = [line for line in lines if line.startswith("clq: ")]
            text = said[-1][5:] if said else f"{' '.join(arguments)}: exit {done.returncode}"
            raise Problem(done.returncode if done.returncode > 0 else INTERNAL, text)
        for line in lines:
            if line.startswith("warning"):
                print(line, file=sys.stderr)
        return done.stdout

    def inspect(self, path):
        return json.loads(self("inspect", str(path)))

    def look(self, data, row_id, bundle, prefix):
        """What it says of one row, whose pictures it leaves in files that begin with `prefix`."""
        return json.loads(self("look", str(data), "--model", str(bundle), "-o", str(prefix), "--", str(row_id)))

    def evaluate(self, bundle, data, table, keep, rows, threads):
        """The JSON text of the metrics; the predictions go to `table`. rows: {"part": ...}, {"where": ...} or {}."""
        options = [word for column in keep for word in ("--keep", column)]
        options += [word for key, value in rows.items() if value for word in (f"--{key}", value)]
        return self("evaluate", str(bundle), str(data), "-o", str(table), "--threads", str(threads), *options)
