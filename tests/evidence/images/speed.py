# tests/evidence/images/speed.py -- training steps beside PyTorch's, interleaved in one run, and what a step is made of.
# SPDX-License-Identifier: BSD-3-Clause
"""The network of Pasquet et al. 2019 and the table network of the demo, 2 threads, on the device that a run file gets
that names none. PyTorch eager comes from PyPI into an environment of its own, or is the one of the Python that
CLQ_TORCH_PYTHON names; where PyPI cannot be reached the comparison is skipped. The controls: each of our steps is taken
several times; a planted reorder; a planted allocation."""
import contextlib
import glob
import os
import pathlib
import statistics
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

import pinned_torch  # noqa: E402
from evidence import Check, run  # noqa: E402

THREADS = 2
ROUNDS = {"pasquet": 3, "table": 9}  # to choose by; three times as many to compare by
BATCH = {"pasquet": 32, "table": 256}
SLOWED = {"pasquet": 2, "table": 400}  # times that a control takes each of our steps
ROUND_SECONDS = 0.3
# glibc's malloc gives nothing back and maps nothing: a fresh tensor costs no page faults.
TUNED = {"MALLOC_MMAP_MAX_": "0", "MALLOC_TRIM_THRESHOLD_": str(1 << 40), "MALLOC_TOP_PAD_": str(64 << 20)}


def torch_python(check):
    """A Python with PyTorch, and PyTorch's version; the check ends here where there is none."""
    python, version, why = pinned_torch.torch_python()
    if python is None:
        check.skip("samples a second over PyTorch's", why)
        check.exit()
    return python, version


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


# Ends by itself, should the check be killed.
BUSY = "import os\nparent = os.getppid()\nwhile os.getppid() == parent:\n    sum(range(10**6))"


class Busy:
    """Two programs that take the cores, while this lives; without, there are none."""

    def __init__(self, wanted):
        self.programs = [subprocess.Popen([sys.executable, "-c", BUSY]) for _ in range(THREADS * wanted)]

    def close(self):
        for program in self.programs:
            program.kill()
            program.wait()


def check_steps(check, python, version, network, bound, claim, busy=False):
    with contextlib.ExitStack() as stack:
        mine, torch = ours(check, network), torch_sides(python, network)
        sides = [mine, *torch.values()]
        for side in sides:
            stack.callback(side.close)
        mine.repeats = SLOWED[network] if check.controls else 1
        for side in sides:
            side.warm_up()
        stack.callback(Busy(busy).close)
        in_turns(sides, ROUNDS[network])
        for name, side in torch.items():
            print(f"{network}{', busy cores' * busy}: PyTorch {version}, {name}: {side.text()} a step", file=sys.stderr)
        fastest = sorted(torch, key=lambda name: torch[name].seconds())[:2]
        in_turns([mine] + [torch[name] for name in fastest], 3 * ROUNDS[network])
    best = min(fastest, key=lambda name: torch[name].seconds())
    ratio = torch[best].seconds() / mine.seconds()
    check.line(ratio >= bound, claim, f"{ratio:.3g}: {mine.text()} a step, PyTorch {version} with {best} "
               f"{torch[best].text()}, the fastest of {len(torch)} variants", f">= {bound:g}")


def profiles(check, network, fault, times=1):
    side = ours(check, network, *([fault] if check.controls else []))
    with contextlib.closing(side):
        side.warm_up()
        return [side.ask("profile") for _ in range(times)]


def check_profile(check):
    """Without a primitive of oneDNN there would be nothing to see: another backend would pass."""
    found = profiles(check, "pasquet", "reorder", 3)
    share, least = statistics.median(answer[1] for answer in found), min(answer[2] for answer in found)
    check.line(share < 0.03 and least > 0, "share of oneDNN's reorders in a training step of pasquet2019",
               f"{100 * share:.3g} % ({least:.0f} primitives)", "< 3 %, of 1 primitive or more")
    for network in ("pasquet", "table"):
        _, _, primitives, inside, own = profiles(check, network, "allocation")[0]
        check.line(own == 0 and primitives > 0, f"allocations of our own in `run`, {network}",
                   f"{own:.0f} (oneDNN's own {inside:.0f} in {primitives:.0f} primitives and their parts)",
                   "0, with 1 primitive or more")


def main():
    check = Check(__doc__)
    check_profile(check)
    python, version = torch_python(check)
    table = (f"samples a second of the demo's table network over PyTorch eager's, batch {BATCH['table']}, {THREADS} "
             "threads")
    check_steps(check, python, version, "table", 2, table)
    check_steps(check, python, version, "table", 2, table + ", beside two programs that take the cores", busy=True)
    check_steps(check, python, version, "pasquet", 1, f"samples a second of pasquet2019 over PyTorch eager's, batch "
                f"{BATCH['pasquet']}, {THREADS} threads")
    check.exit()


main()
