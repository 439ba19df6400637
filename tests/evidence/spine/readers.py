# tests/evidence/spine/readers.py -- more readers share the work and change no bit.
# SPDX-License-Identifier: BSD-3-Clause
"""Trains with 1, 2 and 4 readers and with 1 and 2 threads, compares the bits, and counts each reader's batches."""
import re

from boss import TABLE, paced, tensor_bits, timeless_metrics, train, write_run_file
from evidence import Check

READERS = (1, 2, 4)
BATCH = 64
ROW_US = 100       # a batch of 64 rows in 6.4 ms: longer than a step, so that the trainer waits for its readers
SHARE = 0.10


class Bench:
    """Trainings in folders of their own, and what they left."""

    def __init__(self, check):
        self.check, self.run_file, self.n = check, write_run_file(check), 0

    def train(self, plugins=None, **overrides):
        self.n += 1
        folder = self.check.work / f"run-{self.n}"
        given = {"train.batch": BATCH, "split.valid": 0.2} | {k.replace("_", ".", 1): v for k, v in overrides.items()}
        done = train(self.check, self.run_file, folder, given, plugins)
        bits = tuple(tensor_bits(folder / name) for name in ("model.safetensors", "model-last.safetensors"))
        return (*bits, timeless_metrics(folder)), done.stderr


def shares(log, readers):
    """Each reader's part of the training's batches: of the feeder that reads most, as the source logs it."""
    reads = {}
    for number, of, n in re.findall(r"paced: reader (\d+) of (\d+): (\d+) reads", log):
        if int(n) > reads.get(int(number), 0):
            reads[int(number)] = int(n)
    total = sum(reads.values())
    return [reads.get(r, 0) / total for r in range(readers)]


def compare(check, results, what):
    figure = f"{len(set(results))} among {len(results)} trainings"
    check.line(len(set(results)) == 1, f"different bits of models and metrics: {what}", figure, "1")


def main():
    check = Check(__doc__)
    bench = Bench(check)
    wrong = {"shift": 1} if check.controls else {}
    table, plugins = (paced(**wrong), "paced") if check.controls else (TABLE, None)
    fast = [bench.train(plugins, data_catalog=table, compute_readers=r)[0] for r in READERS]
    compare(check, fast, "1, 2 and 4 readers")

    slow = [bench.train("paced", data_catalog=paced(row_us=ROW_US, most=BATCH, **wrong), compute_readers=r)[0]
            for r in READERS]
    compare(check, slow + fast[:1], "1, 2 and 4 readers of a slow table, and the fast one")

    few = {"readers": 1} if check.controls else {}
    catalog = paced(row_us=ROW_US, most=BATCH, **few)
    _, log = bench.train("paced", data_catalog=catalog, compute_readers=4, split_valid=0.0)
    parts = shares(log, 4)
    text = " ".join(f"{100 * part:.1f}" for part in parts)
    check.line(min(parts) > SHARE, "least share of the batches among 4 readers of a slow table",
               f"{100 * min(parts):.1f} % ({text})", f"> {100 * SHARE:.0f} %")

    device, plugins = ("careless_ref:0", "careless_ref") if check.controls else ("cpu_ref:0", None)
    threads = [bench.train(plugins, compute_devices=device, compute_threads=n)[0] for n in (1, 2)]
    compare(check, threads, "1 and 2 threads")
    check.exit()


if __name__ == "__main__":
    main()
