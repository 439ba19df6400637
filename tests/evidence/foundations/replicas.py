# tests/evidence/foundations/replicas.py -- several replicas learn what one learns, and as fast on the same cores.
# SPDX-License-Identifier: BSD-3-Clause
"""Trains networks with dropout, weights of which some are 0, and a last batch that is not full, on one, two and four
replicas of a device: with compute.deterministic the weights have the same bits, otherwise they agree up to
rounding. Then the image network of the demo, one replica with two threads beside two with one each, in turns; that of Pasquet et
al. 2019 is printed, not held against a bound.

Controls: the bits of sums in another order; weights of another seed; one replica with one thread for two.
"""
import json
import pathlib
import statistics
import struct
import sys

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from evidence import ROOT, Check, last_line, run  # noqa: E402
from small_run import RUN_FILE, devices, train, write_table  # noqa: E402

DEVICES = ("cpu_ref:0", "cpu_onednn:0")
REPLICAS = (2, 4)
RELATIVE = 1e-6
LEAST_SPEED = 0.95
ROUNDS = 7
GALAXIES = {"small_images": 6400, "pasquet2019": 128}
NORMALISED = """
[[model.layer]]
use = "batch_norm"
"""


def weights(path):
    """The tensors of a bundle by name."""
    data = path.read_bytes()
    size = struct.unpack("<Q", data[:8])[0]
    tensors = {}
    for name, entry in json.loads(data[8:8 + size]).items():
        if name == "__metadata__" or name.startswith(("golden.", "input.")):
            continue
        begin, end = entry["data_offsets"]
        tensors[name] = data[8 + size + begin:8 + size + end], entry["dtype"]
    return tensors


def difference(a, b):
    """The largest of the tensors' relative differences, ||a - b|| / ||a||."""
    kinds = {"F32": "<f4", "F64": "<f8"}
    worst = 0.0
    for name, (data, dtype) in a.items():
        x, y = (np.frombuffer(d, kinds[dtype]).astype(float) for d in (data, b[name][0]))
        norm = np.linalg.norm(x)
        worst = max(worst, np.linalg.norm(x - y) / norm if norm > 0 else np.linalg.norm(y))
    return worst


def write_run_files(check):
    write_table(check.work, check.seed)
    plain, normalised = check.work / "plain.toml", check.work / "normalised.toml"
    plain.write_text(RUN_FILE, encoding="utf-8")
    normalised.write_text(RUN_FILE.replace('[[model.layer]]\nuse = "dropout"', NORMALISED.lstrip() +
                                            '[[model.layer]]\nuse = "dropout"'), encoding="utf-8")
    return {"dropout": plain, "dropout and batch norm": normalised}


def check_bits(check, run_files):
    same, n = 0, 0
    for what, run_file in run_files.items():
        for device in DEVICES:
            by_number = {}
            for number in (1, *REPLICAS):
                how = [] if check.controls else ["compute.deterministic=true"]
                folder = check.work / f"bits-{n}-{number}"
                train(check, run_file, folder, devices(device, number),
                      f"train.seed={check.seed}", *how)
                by_number[number] = weights(folder / "model-last.safetensors")
            same += sum(by_number[number] == by_number[1] for number in REPLICAS)
            n += len(REPLICAS)
    good = same == n > 0 if not check.controls else same > 0
    check.line(good, "compute.deterministic: trainings on 2 and 4 replicas with the bits of one",
               f"{same} of {n} ({', '.join(run_files)}; {', '.join(DEVICES)})", "all")


def check_rounding(check, run_file):
    worst = 0.0
    for device in DEVICES:
        by_number = {}
        for number in (1, *REPLICAS):
            seed = check.seed + (number if check.controls else 0)
            folder = train(check, run_file, check.work / f"close-{device}-{number}",
                           devices(device, number), f"train.seed={seed}")
            by_number[number] = weights(folder / "model-last.safetensors")
        worst = max(worst, *(difference(by_number[1], by_number[number]) for number in REPLICAS))
    check.at_most(worst, RELATIVE, "any mode: ||w - w1|| / ||w1||, the largest of the tensors, for 2 and 4 replicas",
                  digits=2)


def epoch_seconds(check, model, catalog, replicas, threads, tag):
    """Of the second epoch, which finds the files in the system's cache and the threads at work."""
    folder = train(check, check.work / "images.toml", check.work / tag, f"data.catalog={catalog}",
                   f"model.use={model}", devices("cpu_onednn:0", replicas),
                   f"compute.threads={threads}", f"train.seed={check.seed}")
    rows = (folder / "metrics.csv").read_text(encoding="utf-8").split()
    return float(rows[2].split(",")[rows[0].split(",").index("seconds")])


def speed(check, model, rounds):
    """Seconds of one replica with two threads over those of two with one each, the median of the rounds."""
    catalog = check.work / f"{model}.fits"
    size = ["--size", 64] if model == "pasquet2019" else []
    done = run([check.clq, "simulate", "deepdip", "--n", GALAXIES[model], "--seed", check.seed, *size, "-o", catalog])
    if done.returncode != 0:
        sys.exit(f"replicas: clq simulate ended with {done.returncode}: {last_line(done)}")
    ratios = []
    for i in range(rounds):
        order = [(1, 2), (1 if check.controls else 2, 1)]
        seconds = {}
        for which in ([0, 1] if i % 2 == 0 else [1, 0]):
            seconds[which] = epoch_seconds(check, model, catalog, *order[which], f"{model}-{i}-{which}")
        ratios.append(seconds[0] / seconds[1])
    return statistics.median(ratios), min(ratios), max(ratios)


def check_speed(check):
    text = (ROOT / "projects/deepdip/runs/sim_images.toml").read_text(encoding="utf-8")
    text = text.replace("valid = 0.1", "valid = 0.0").replace("epochs    = 16", "epochs    = 2")
    text = text.replace('monitor   = "valid_crps"\n', "")
    (check.work / "images.toml").write_text(text, encoding="utf-8")
    middle, least, most = speed(check, "small_images", ROUNDS)
    pasquet = "" if check.controls else "; Pasquet's network {:.3f}".format(
        speed(check, "pasquet2019", 1)[0])
    check.line(middle >= LEAST_SPEED, "speed of 2 replicas x 1 thread over 1 replica x 2 threads, cpu_onednn, batch 64",
               f"{middle:.3f} ({least:.3f} to {most:.3f} in {ROUNDS} turns){pasquet}", f">= {LEAST_SPEED}")


def main():
    check = Check(__doc__)
    run_files = write_run_files(check)
    check_bits(check, run_files)
    check_rounding(check, run_files["dropout"])
    check_speed(check)
    check.exit()


main()
