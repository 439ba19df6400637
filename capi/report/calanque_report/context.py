# capi/report/calanque_report/context.py -- what is scored: the run, the data, the one call of clq evaluate.
# SPDX-License-Identifier: BSD-3-Clause
import pathlib

from .baselines import columns_of
from .definitions import UNSCORED
from .magnitudes import is_magnitude
from .outputs import numbered
from .paper import Desk
from .predictions import Predictions
from .problem import INPUT, USAGE, Problem
from .program import read_scores

MOST_INPUTS = 24  # columns that are kept for the table of the worst rows


class Context:
    """Everything the report is made from. `result` is what clq evaluate printed, `predictions` the table it wrote; of
    a run without a target there is neither."""

    def __init__(self, program, run, options, folder):
        self.program, self.run, self.options = program, run, options
        self.said, self.part, self.data, self.described, self.fields = [], "", "", {}, {}
        self.scored = run.task not in UNSCORED
        if self.scored:
            self._score(folder)
        else:
            self._refuse_rows()
        simulated = self.predictions.header.get("SIMULATD", False) if self.scored else run.simulated()
        self.desk = Desk(folder, simulated)

    def _score(self, folder):
        program, run, options = self.program, self.run, self.options
        self.data = options["data"] or run.model["data"].get("catalog")
        if not self.data:
            raise Problem(INPUT, f"{run.path}: the run learned from arrays in memory, name data with --data")
        self.part = options["part"] or ("" if options["data"] else run.own_part())
        # Inspecting sees a file's first table, so where the run file names another its columns are not known before.
        self.described = {} if "hdu" in run.model["data"] else program.inspect(self.data)
        self.fields = {field["name"]: field for field in self.described.get("fields", [])}
        self.magnitude = self._named_magnitude() or self._usual_magnitude()
        self.baseline_columns = columns_of(options["baselines"], set(self.fields))
        table = folder / "predictions.fits"
        rows = {"part": self.part, "where": options["where"]}
        text = program.evaluate(run.bundle, self.data, table, self._keep(), rows, options["threads"])
        (folder / "metrics.json").write_text(text, encoding="utf-8")
        self.result = read_scores(text)
        self.predictions = Predictions(table, self._targets, run.model["data"].get("weight"))

    def _refuse_rows(self):
        for name in ("data", "part", "where", "baselines", "magnitude"):
            if self.options[name]:
                option = name.removesuffix("s")
                raise Problem(USAGE, f"--{option}: the task {self.run.task} learns without a target, its report scores "
                                     "no rows")
        self.result, self.predictions = {"rows": 0, "bad": 0, "ood": 0, "metrics": {}}, None

    def say(self, text):
        """A sentence for the top of the page: what is not in it, and why."""
        if text not in self.said:
            self.said.append(text)

    def leave_out(self, finite, what):
        """Says of how many scored rows `what` is no number. Whether enough are left for a figure."""
        lost = int((~finite).sum())
        if lost:
            self.say(f"{what} is not finite in {lost} of {len(finite)} rows: they are in no figure or table of it; its "
                     "metrics are of all rows, and have no error.")
        if len(finite) - lost < 2:
            self.say(f"{what} is finite in {len(finite) - lost} rows, a figure needs 2: none is drawn of it.")
            return False
        return True

    def units(self):
        return {name: field["unit"] for name, field in self.fields.items()}

    def inputs(self):
        """Input columns that the table of predictions holds."""
        return self.run.inputs()[:MOST_INPUTS]

    def has_images(self):
        """Whether the rows have images that clq look can draw."""
        return self.run.has_images() or any(field["axes"] == "cyx" for field in self.fields.values())

    def resampling(self):
        return self.options["resamples"], self.options["seed"]

    def _keep(self):
        data = self.run.model["data"]
        wanted = [data.get("weight"), self.magnitude, *self.inputs(), *self.baseline_columns]
        return [name for name in dict.fromkeys(wanted) if name and name not in self._id_and_targets()]

    def _id_and_targets(self):
        data = self.run.model["data"]
        target = data.get("target", [])
        return {data.get("id"), *([target] if isinstance(target, str) else target)}

    def _named_magnitude(self):
        name = self.options["magnitude"]
        if name and (name in self._id_and_targets() or self.fields.get(name, {}).get("text")):
            raise Problem(USAGE, f"--magnitude {name}: is no magnitude but an id, a target or a text; name a column of "
                                 "magnitudes or fluxes")
        return name

    def _usual_magnitude(self):
        """A magnitude or flux in nanomaggies among the inputs, else in the data: of band i or r where there is one."""
        given = [name for name in self.run.inputs() if name in self.fields]
        for names in (given, self.fields):
            found = [name for name in names if is_magnitude(name, self.fields[name]["unit"])]
            ranked = [name for band in "IR" for name in found if name.upper().split("_")[-1] == band]
            if found:
                return (ranked + found)[0]
        return ""

    @staticmethod
    def _targets(names):
        """The columns without which a row is not scored."""
        return ["ZSPEC"] if "ZSPEC" in names else numbered("TARGET", names)

    def words(self, n=None):
        """What figures are of; n: how many objects where not all that are left."""
        if not self.scored:
            return "the training"
        words = f"{len(self.predictions) if n is None else n} objects of "
        if self.part:
            return words + f"the run's own {self.part} part"
        words += pathlib.Path(str(self.data)).name
        return words + (f" with {self.options['where']}" if self.options["where"] else "")

    def about(self):
        """One sentence under the title."""
        if not self.scored:
            return f"The training alone: the task {self.run.task} learns without a target, there is nothing to score."
        result, own = self.result, self.run.model["data"].get("where", "")
        text = f"{result['rows']} rows of {self.data}"
        if self.part:
            text += f": the run's own {self.part} part" + (f" of the rows with {own}" if own else "")
        elif self.options["where"]:
            text += f" with {self.options['where']}"
        return text + (f"; {self.predictions.n_scored} of them scored, {result['bad']} flagged bad, {result['ood']} "
                       f"with an input outside the range of the training rows.")

    def warnings(self):
        yield from self.said
        seen, now = self.run.provenance.get("fingerprint"), self.described.get("fingerprint")
        if self.part and seen and now and self.data == self.run.provenance.get("source") and seen != now:
            yield (f"{self.data} is not what the run learned from: its fingerprint is {now[:12]}, the run's "
                   f"{seen[:12]}. The part may hold rows of the training.")
        if self.part == "train":
            yield "These are rows that the network learned from: the scores say nothing about others."
        if self.part == "valid":
            yield "These rows chose the epoch that was kept: the scores lean to the network."
