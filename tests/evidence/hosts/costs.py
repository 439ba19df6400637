# tests/evidence/hosts/costs.py -- what a call costs a host: getters, one image, several threads on one model.
# SPDX-License-Identifier: BSD-3-Clause
"""Runs the programs of tests/hosts/c/bench against an installation of the build, and asks a trainer from Python. Each is
run several times and the least disturbed figure counts: the least of times and of ratios to a compute alone.

Controls: a hundred getters where one is said; two images where one is said; predictions of one thread while seven wait.
"""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from installed import PYTHON, ROOT, Installed, last_line, run  # noqa: E402
from evidence import Check  # noqa: E402

BENCH = ROOT / "tests/hosts/c/bench"
GETTERS = ("clq_error_code", "clq_source_count", "clq_trainer_get", "clq_model_n_parameters")
MOST_NS, MOST_PYTHON_NS, MOST_OVER_COMPUTE, LEAST_OF_CORES, TURNS = 100, 1500, 1.05, 0.95, 5
FROM_PYTHON = """
import sys, timeit
import numpy as np, calanque
x = np.linspace(-1, 1, 600, dtype="f4")
config = calanque.Config({"task": "regression", "data": {"scalars": ["x"], "target": "y"},
                          "model": {"layer": [{"use": "dense"}]}})
source = calanque.Source.from_arrays({"x": x, "y": 2 * x})
model = calanque.Model.create(config, source)
with calanque.Trainer(model, source, config) as trainer:
    trainer.steps(1)
    calls = int(sys.argv[1])
    def ask():
        for _ in range(calls):
            trainer.loss
    empty = min(timeit.repeat("for _ in range(calls): pass", globals={"calls": calls}, number=2000, repeat=20))
    print(1e9 * (min(timeit.repeat(ask, number=2000, repeat=20)) - (empty if calls > 1 else 0)) / 2000)
"""


class Bench:
    def __init__(self, check, installed):
        self.check, self.installed = check, installed

    def program(self, name):
        program = self.check.work / f"bench-{name}"
        defines = ["-DCONTROL=1"] if self.check.controls else []
        done = run(["cc", "-std=c99", "-O2", *defines, BENCH / f"{name}.c", "-o", program, *self.installed.flags("calanque"),
                    "-lpthread"])
        self.installed.must(done, f"building {name}.c")
        return program

    def figures(self, name):
        """By the name of the figure what each run said."""
        program, found = self.program(name), {}
        for _ in range(TURNS):
            done = run([program, self.check.work], env=self.installed.environment())
            if done.returncode != 0 and not self.check.controls:
                sys.exit(f"{name}: {last_line(done)}")
            for line in done.stdout.splitlines():
                word, figure, value, _ = line.split("\t")
                if word == "figure":
                    found.setdefault(figure, []).append(float(value))
        return found

    def from_python(self):
        done = run([PYTHON, "-c", FROM_PYTHON, 100 if self.check.controls else 1], env=self.installed.environment())
        return float(self.installed.must(done, "a getter from Python").stdout)


def main():
    check = Check(__doc__)
    bench = Bench(check, Installed(check))
    getters = bench.figures("getters")
    for name in GETTERS:
        check.at_most(min(getters[name]), MOST_NS, f"{name} from C, the least of {TURNS} runs", " ns")
    check.at_most(bench.from_python(), MOST_PYTHON_NS, "trainer.loss from Python", " ns")
    single = bench.figures("single_image")
    check.at_most(min(single["single image, a call over the compute alone"]), MOST_OVER_COMPUTE,
                  "clq_predict of one image over its compute alone")
    threads = bench.figures("threads")
    check.line(sum(threads["threads, predictions that differ"]) == 0, "predictions of eight threads on one model with other bits",
               f"{sum(threads['threads, predictions that differ']):g} of {3200 * TURNS}", "0")
    check.at_least(max(threads["threads, eight over one over cores"]), LEAST_OF_CORES,
                   "images a second of eight threads over those of one and the cores")
    check.exit()


main()
