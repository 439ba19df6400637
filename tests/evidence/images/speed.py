# tests/evidence/images/speed.py -- training steps beside PyTorch's, interleaved in one run, and what a step is made of.
# SPDX-License-Identifier: BSD-3-Clause
"""The network of Pasquet et al. 2019 and the table network of the demo, 2 threads, on the device that a run file gets that
names none. PyTorch eager comes from PyPI into an environment of its own, or is the one of the Python that CLQ_TORCH_PYTHON
names; skipped where neither can be had. The controls: the slowest PyTorch in our place, which takes each step
twice; a planted reorder; a planted allocation."""
import glob
import os
import pathlib
import statistics
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from evidence import Check, run  # noqa: E402

TORCH = "2.15.0"
THREADS = 2
ROUNDS = {"pasquet": 3, "table": 9}  # to choose by; three times as many to compare by
BATCH = {"pasquet": 32, "table": 256}
ROUND_SECONDS = 0.3
# glibc's malloc gives nothing back and maps nothing: a fresh tensor costs no page faults.
TUNED = {"MALLOC_MMAP_MAX_": "0", "MALLOC_TRIM_THRESHOLD_": str(1 << 40), "MALLOC_TOP_PAD_": str(64 << 20)}


def torch_python(check):
    """A Python with PyTorch, and PyTorch's version."""
    python = pathlib.Path(os.environ.get("CLQ_TORCH_PYTHON", check.work / "torch/bin/python"))
    if not python.exists():
        run([sys.executable, "-m", "venv", python.parents[1]], check=True)
        done = run([python, "-m", "pip", "install", "-q", f"torch=={TORCH}", "numpy"])
        if done.returncode != 0:
            print(f"skipped: PyTorch {TORCH} cannot be installed: {done.stderr.strip().splitlines()[-1:]}", file=sys.stderr)
            sys.exit(0)
    return python, run([python, "-c", "import torch; print(torch.__version__)"], check=True).stdout.strip()


def allocators():
    """malloc as it is, glibc's tuned, and those of other libraries that are installed."""
    found = {"default malloc": {}, "tuned malloc": TUNED}
    for name in ("jemalloc", "tcmalloc_minimal"):
        libraries = glob.glob(f"/usr/lib/*/lib{name}.so.*")
        if libraries:
            found[name] = {"LD_PRELOAD": sorted(libraries)[0]}
    return found


class Side:
    """A program that answers "run N" with seconds and seconds of CPU."""

    def __init__(self, command, env=None):
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("CLQ_", "OMP_", "MALLOC_"))}
        self.process = subprocess.Popen([str(c) for c in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL, text=True, env=environment | (env or {}))
        self.rounds = []
        self.repeats = 1  # of each step

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline().split()
        if not answer:
            sys.exit(f"{self.process.args}: ended with {self.process.wait()}")
        return [float(word) for word in answer]

    def warm_up(self):
        self.steps = 1
        self.round()
        self.round()
        self.rounds = []

    def round(self):
        """As many steps as the last round says for a third of a second."""
        self.rounds.append([seconds / self.steps for seconds in self.ask(f"run {self.steps * self.repeats}")])
        self.steps = int(min(200, max(1, ROUND_SECONDS / self.rounds[-1][0])))

    def seconds(self, which=0):
        return statistics.median(r[which] for r in self.rounds)

    def text(self):
        return f"{self.seconds() * 1e3:.4g} ms ({self.seconds(1) * 1e3:.4g} of CPU)"

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def ours(check, network, *fault):
    return Side([check.build / "bin/bench_step", network, "cpu", THREADS, BATCH[network], *fault])


def theirs(python, network, layout, env):
    script = pathlib.Path(__file__).with_name("torch_steps.py")
    return Side([python, script, network, THREADS, BATCH[network], layout], env)


def torch_sides(python, network):
    """Every layout by every malloc; a table has no layout."""
    layouts = ("nchw", "channels_last") if network == "pasquet" else ("rows",)
    return {f"{layout}, {malloc}": theirs(python, network, layout, env)
            for layout in layouts for malloc, env in allocators().items()}


def in_turns(sides, rounds):
    for side in sides:
        side.rounds = []
    for _ in range(rounds):
        for side in sides:
            side.round()


class Busy:
    """Two programs that take the cores, while this lives; without, there are none."""

    def __init__(self, wanted):
        self.programs = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(THREADS * wanted)]

    def close(self):
        for program in self.programs:
            program.kill()
            program.wait()


def check_steps(check, python, version, network, bound, claim, busy=False):
    sides = torch_sides(python, network)
    if not check.controls:
        sides = {"ours": ours(check, network)} | sides
    for side in sides.values():
        side.warm_up()
    others = Busy(busy)
    in_turns(sides.values(), ROUNDS[network])
    torch = {name: side for name, side in sides.items() if name != "ours"}
    for name, side in torch.items():
        print(f"{network}{', busy cores' * busy}: PyTorch {version}, {name}: {side.text()} a step", file=sys.stderr)
    by_speed = sorted(torch, key=lambda name: torch[name].seconds())
    mine, fastest = sides.get("ours") or torch[by_speed[-1]], by_speed[:2]
    mine.repeats = 2 if check.controls else 1
    in_turns([mine] + [torch[name] for name in fastest], 3 * ROUNDS[network])
    others.close()
    for side in sides.values():
        side.close()
    best = min(fastest, key=lambda name: torch[name].seconds())
    ratio = torch[best].seconds() / mine.seconds()
    check.line(ratio >= bound, claim, f"{ratio:.3g}: {mine.text()} a step, PyTorch {version} with {best} "
               f"{torch[best].text()}, the fastest of {len(torch)} variants", f">= {bound:g}")


def check_profile(check):
    side = ours(check, "pasquet", *(["reorder"] if check.controls else []))
    side.warm_up()
    shares = [side.ask("profile")[1] for _ in range(3)]
    side.close()
    share = statistics.median(shares)
    check.line(share < 0.03, "share of oneDNN's reorders in a training step of pasquet2019", f"{100 * share:.3g} %", "< 3 %")
    for network in ("pasquet", "table"):
        side = ours(check, network, *(["allocation"] if check.controls else []))
        side.warm_up()
        _, _, primitives, inside, own = side.ask("profile")
        side.close()
        check.line(own == 0, f"allocations of our own in `run`, {network}", f"{own:.0f} (oneDNN's own {inside:.0f} in "
                   f"{primitives:.0f} primitives and their parts)", "0")


def main():
    check = Check(__doc__)
    python, version = torch_python(check)
    check_profile(check)
    table = f"samples a second of the demo's table network over PyTorch eager's, batch {BATCH['table']}, {THREADS} threads"
    check_steps(check, python, version, "table", 2, table)
    check_steps(check, python, version, "table", 2, table + ", beside two programs that take the cores", busy=True)
    check_steps(check, python, version, "pasquet", 1, f"samples a second of pasquet2019 over PyTorch eager's, batch "
                f"{BATCH['pasquet']}, {THREADS} threads")
    check.exit()


main()
