# tests/docs/other_compilers.py -- the plugins of docs/writing-a-plugin.md, built as no preset builds them, in today's host.
# SPDX-License-Identifier: BSD-3-Clause
"""other_compilers.py CLQ TEST_PROGRAM

Each build goes through what the build's own plugins go through: clq validate, trainings with the source, the layer
and the op, and the tests of tests/docs/plugins. A compiler that is missing is a line `skipped`.
"""
import concurrent.futures
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from documents import ROOT
from use_plugins import ASINH, IMAGES, RUN, Desk, check_validate, fall

BUILDS = (("clang++", "-O0"), ("g++", "-O3", "-flto"))
EXAMPLES = {"spectra": "source", "excite": "layer", "pinball": "loss", "lion": "optimizer", "redshift": "metric", "asinh": "op", "mini": "backend"}
# All but the ops that mini has not, each of which would be a process that says so.
OF_MINI = [word for case in ("device.", "memory.", "run.", "segment.", "state.", "stream.", "op.add.", "op.mul.", "op.relu.", "op.identity.",
                             "op.matmul.") for word in ("--only", case)]
SHORT = ("train.epochs=4",)
SKIPPED = 77


def compiled(compiler, folder):
    """What the compiler said; "": all are there."""
    def one(pair):
        name, source = pair
        command = [*compiler, "-std=c++20", "-fPIC", "-shared", "-fvisibility=hidden", "-ffp-contract=off",
                   f"-I{ROOT / 'capi/include'}", f"{ROOT}/docs/examples/plugins/{source}.cpp", "-o", f"{folder}/clq_{name}.so"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return done.stderr if done.returncode != 0 else ""
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        return "".join(pool.map(one, EXAMPLES.items()))


def learns(desk, run, text, claim):
    losses = desk.train(run, text, *SHORT)["train_loss"]
    desk.check(losses[-1] < losses[0], claim, fall(losses))


def own_tests(desk, program, plugins):
    done = subprocess.run([program], env=dict(os.environ, CLQ_EXAMPLES=plugins), capture_output=True, text=True, check=False)
    last = (done.stdout.strip().splitlines() or [done.stderr.strip()])[-1]
    desk.check(done.returncode == 0, "its parts pass their tests", last)


def try_build(compiler, clq, program, folder):
    print(f"== {' '.join(compiler)}", flush=True)
    plugins = folder / "plugins"
    plugins.mkdir(parents=True)
    words = compiled(compiler, plugins)
    if words:
        print(f"WRONG  it does not compile: {words}")
        return 1
    desk = Desk(clq, str(plugins), folder)
    check_validate(desk, plugins, *OF_MINI)
    learns(desk, "asinh", RUN.format(layers=ASINH), "a network with the source and the op learns")
    learns(desk, "images", IMAGES, "a network with the layer learns")
    own_tests(desk, program, str(plugins))
    return desk.wrong


def main():
    clq, program = (str(pathlib.Path(name).resolve()) for name in sys.argv[1:])
    wrong = missing = 0
    with tempfile.TemporaryDirectory(prefix="calanque-compilers-") as folder:
        for number, compiler in enumerate(BUILDS):
            if shutil.which(compiler[0]) is None:
                print(f"skipped {' '.join(compiler)}: {compiler[0]} is not installed")
                missing += 1
            else:
                wrong += try_build(compiler, clq, program, pathlib.Path(folder) / str(number))
    sys.exit(1 if wrong else SKIPPED if missing else 0)


if __name__ == "__main__":
    main()
