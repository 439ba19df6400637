# capi/report/calanque_report/run_folder.py -- a finished run: what made it, and how it went from epoch to epoch.
# SPDX-License-Identifier: BSD-3-Clause
import csv
import pathlib

from .problem import INPUT, Problem

ENDED = ("epochs done", "early stopping")


class RunFolder:
    """The folder that `clq train -o` leaves behind."""

    def __init__(self, program, path):
        self.path = pathlib.Path(path)
        if not self.path.is_dir():
            raise Problem(INPUT, f"{path}: there is no such run folder")
        found = program.inspect(self.path)
        self.provenance = found["run"]
        self._require_end()
        self.bundle = self.path / "model.safetensors"
        if "model" not in found or not self.bundle.exists():
            raise Problem(INPUT, f"{self.bundle}: there is no such file, the run has left no model")
        self.model = found["model"]
        self.epochs = self._read_metrics()

    def _require_end(self):
        reason = self.provenance.get("end_reason", "running")
        if reason in ENDED:
            return
        go_on = "" if reason == "diverged" or reason.startswith("error") else f": go on with clq resume {self.path}"
        raise Problem(INPUT, f"{self.path}: the training has not reached its end but is '{reason}'{go_on}")

    def _read_metrics(self):
        """Column by column, NaN where a cell is empty or no number."""
        path = self.path / "metrics.csv"
        try:
            with path.open(encoding="utf-8", newline="") as file:
                rows = list(csv.DictReader(file))
        except FileNotFoundError:
            raise Problem(INPUT, f"{path}: there is no such file") from None
        if not rows or None in rows[0]:
            raise Problem(INPUT, f"{path}: holds no epochs")
        return {name: [_number(row[name]) for row in rows] for name in rows[0]}

    @property
    def task(self):
        return self.model["task"]

    @property
    def best_epoch(self):
        """None where none was chosen."""
        return self.model.get("provenance", {}).get("best", {}).get("epoch")

    @property
    def rows(self):
        """How many rows each part of the split has."""
        return self.provenance.get("rows", {})

    def own_part(self):
        """The part that the report scores where nothing else is asked for."""
        for part in ("test", "valid"):
            if self.rows.get(part, 0) > 0:
                return part
        raise Problem(INPUT, f"{self.path}: the run has neither test nor validation rows, name others with --data")

    def simulated(self):
        """Whether the network learned from a simulation."""
        return bool(self.model.get("provenance", {}).get("simulated"))

    def inputs(self):
        """Names of the scalar columns that the network is given."""
        return [field["name"] for field in self.model["inputs"] if field["tensor"] == "scalars"]

    def has_images(self):
        """Whether the network is given images."""
        named = bool(self.model["data"].get("images"))
        return named or any(field["tensor"] == "images" for field in self.model["inputs"])

    def text(self):
        path = self.path / "run.toml"
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""


def _number(text):
    try:
        return float(text)
    except (TypeError, ValueError):
        return float("nan")
