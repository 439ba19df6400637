# capi/report/calanque_report/outputs.py -- what a network gives, one thing or several, and the columns of each.
# SPDX-License-Identifier: BSD-3-Clause
import dataclasses
import re


@dataclasses.dataclass
class Output:
    """name is empty where there is one output; predictions, targets, labels: columns of the table, words of targets."""

    name: str
    task: str
    predictions: list
    targets: list
    labels: list
    chosen: str  # the column of the most probable class
    number: int

    def metric(self, kind):
        """As clq evaluate names it."""
        return f"{self.name}_{kind}" if self.name else kind

    def figure(self, kind):
        """A file's name: a name of the user's that may be none gives way to the output's number."""
        if not self.name:
            return kind
        return f"{kind}-{self.name if re.fullmatch(r'[A-Za-z0-9_-]+', self.name) else self.number}"

    @property
    def words(self):
        return f"output {self.name}" if self.name else "the prediction"


@dataclasses.dataclass
class Pair:
    """A number that is predicted and its target, both columns; ending: of its metrics, empty or _1, _2 ..."""

    output: Output
    prediction: str
    target: str
    label: str
    ending: str

    def metric(self, kind):
        return self.output.metric(kind) + self.ending

    @property
    def figure(self):
        return self.output.figure("prediction") + self.ending.replace("_", "-")


def outputs_of(model, names, units):
    """units: {column of the data: its unit}."""
    targets = numbered("TARGET", names)
    labels = _labels(model["data"].get("target", "target"), len(targets), units)
    if not model.get("outputs"):
        return [Output("", model["task"], numbered("PRED", names), targets, labels, "CLASS", 1)]
    found = []
    for k, made in enumerate(model["outputs"], 1):
        places = [place for place in made["places"] if place < len(targets)]
        found.append(Output(made["name"], made["task"], numbered(made["name"], names), [targets[p] for p in places],
                            [labels[p] for p in places], f"{made['name']}_class", k))
    return found


def pairs_of(output):
    """The first numbers of an output are what its metrics look at; a loss may use more than there are targets."""
    several = len(output.targets) > 1
    return [Pair(output, prediction, target, label, f"_{k}" if several else "") for k, (prediction, target, label)
            in enumerate(zip(output.predictions, output.targets, output.labels), 1)]


def numbered(name, names):
    """The column of this name, or name_0, name_1 ... in their order."""
    return [name] if name in names else [other for other in names if re.fullmatch(re.escape(name) + r"_\d+", other)]


def _labels(target, n, units):
    """Name and unit of each number of the target."""
    given = [target] if isinstance(target, str) else list(target)
    labels = [f"{name} ({units[name]})" if units.get(name) else name for name in given]
    if len(labels) == n:
        return labels
    return [f"{labels[0] if len(labels) == 1 else 'target'} [{k}]" for k in range(1, n + 1)]
