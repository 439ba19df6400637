# tests/evidence/spine/backends.py -- a backend that queues everything has the reference's bits; every wait is needed.
# SPDX-License-Identifier: BSD-3-Clause
"""A whole training of a small network on cpu_ref and on lazy_ref (device 0 with memory of its own, device 1 in
the host's), in orders drawn from the seed. Then each place of the core that waits for a device is left out in turn: the
bits must change, or the training end in an error or a crash. The controls: a wait left out, a lazy_ref that
queues nothing, a core with a wait that no mutant covers."""
import json
import pathlib
import random
import re
import shutil
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from evidence import ROOT, Check, run  # noqa: E402

ORDERS, LEAST_SHARE, LIMIT = 12, 90, 90
RUNS = {  # laid over the plain run of the test program: what else makes a device wait or read again
    "plain": {},
    "micro-batches": {"train": {"batch": 16, "micro_batch": 4}},
    "dropout, batch norm": {"model": {"layer": [{"use": "dense", "name": "one", "units": 6, "activation": "tanh"},
                                                {"use": "dropout", "rate": 0.2}, {"use": "batch_norm", "name": "norm"},
                                                {"use": "dense", "name": "last"}]},
                            "train": {"batch": 8}, "compute": {"readers": 3}},
}
LONGER = {"train": {"epochs": 4}}  # a race that is lost once is enough
RAW = re.compile(r"\b(stream_wait|event_sync|event_query)\s*\(")
CALL = re.compile(r"[.>](?:sync|wait|passed)\([^;()]*Sync::(\w+)\)")


def train(check, device, seed, overlay=None, off=None, closes=False, immediate=False):
    """The bits of a training's weights and metrics; "" where it ends in an error or a crash, "late" where never."""
    out = check.work / "answer"
    out.unlink(missing_ok=True)
    environment = {"CLQ_MUTANT_OUT": str(out), "CLQ_MUTANT_DEVICE": device, "CLQ_LAZY_SEED": str(seed),
                   "CLQ_LAZY_STRICT": "1", "MALLOC_PERTURB_": "165", "CLQ_MUTANT_RUN": json.dumps(overlay or {})}
    environment.update({"CLQ_SYNC_OFF": off} if off else {})
    environment.update({"CLQ_MUTANT_CLOSES": "1"} if closes else {})
    environment.update({"CLQ_LAZY_IMMEDIATE": "1"} if immediate else {})
    try:
        done = run([check.build / "bin/test_core_train_sync_mutants", "--gtest_filter=Worker.Trains"], env=environment,
                   timeout=LIMIT)
    except subprocess.TimeoutExpired:
        return "late"
    return out.read_text() if done.returncode == 0 and out.exists() else ""


def list_sites(check):
    """(name, device, closes) of every wait that the test program can leave out."""
    report = check.work / "sites.json"
    run([check.build / "bin/test_core_train_sync_mutants", "--gtest_filter=SyncSites.AreListed",
         f"--gtest_output=json:{report}"])
    words = json.loads(report.read_text())["testsuites"][0]["testsuite"][0]["sites"].split()
    return [(name, device, how == "closes") for name, device, how in zip(words[::3], words[1::3], words[2::3])]


def check_bits(check, draw, sites):
    same = trainings = 0
    for overlay in RUNS.values():
        wanted = train(check, "cpu_ref:0", 0, overlay)
        if wanted in ("", "late"):
            sys.exit("the training on cpu_ref fails")
        for device in ["lazy_ref:0", "lazy_ref:1"]:
            off, _, closes = (None, device, False)
            if check.controls:
                off, _, closes = draw.choice([site for site in sites if site[1] == device])
            for _ in range(ORDERS // 3):
                same += train(check, device, draw.randrange(10**6), overlay, off, closes) == wanted
                trainings += 1
    check.line(same == trainings, "trainings on lazy_ref with the bits of cpu_ref",
               f"{same} of {trainings} ({', '.join(RUNS)})", "all")


def check_mutants(check, draw, sites):
    wanted = train(check, "cpu_ref:0", 0, LONGER)
    for device in sorted({site[1] for site in sites}):  # or every mutant would look caught
        if wanted in ("", "late") or train(check, device, draw.randrange(10**6), LONGER) != wanted:
            sys.exit(f"the training without a mutant fails on {device}")
    caught = {}
    for name, device, closes in sites:
        seen = [train(check, device, draw.randrange(10**6), LONGER, name, closes, immediate=check.controls) != wanted
                for _ in range(ORDERS)]
        caught[f"{name} on {device}"] = 100 * sum(seen) / ORDERS
    share, worst = sum(caught.values()) / len(caught), min(caught, key=caught.get)
    check.line(min(caught.values()) >= LEAST_SHARE, "a wait of the core left out: orders in which that shows",
               f"{share:.1f} % of {len(caught)} mutants x {ORDERS} orders, least {caught[worst]:.0f} % ({worst})",
               f">= {LEAST_SHARE} % of each")


def check_coverage(check, draw, sites):
    """Every call that waits names a place of its own, each is a mutant, and one file alone calls the backend."""
    source = ROOT / "core/src"
    if check.controls:
        source = check.work / "src"
        shutil.copytree(ROOT / "core/src", source)
        victim = source / "train" / draw.choice(["late_scalars.cpp", "runner.cpp", "state_store.cpp"])
        used = draw.choice(CALL.findall((source / "train/input_lane.cpp").read_text()))
        victim.write_text(victim.read_text() + f"\nvoid wait(Event& e) {{ e.sync(Sync::{used}); }}\n")
    calls, strays = {}, []
    for path in sorted(source.rglob("*.[ch]pp")):
        text = path.read_text()
        for name in CALL.findall(text):
            calls.setdefault(name, []).append(path.name)
        if RAW.search(text) and path.name != "sync.cpp":
            strays.append(path.name)
        # A wait without a place of its own would be no call that CALL finds.
        waits = len(re.findall(r"\bSync::\w+", text))
        if waits != len(CALL.findall(text)):
            strays.append(f"{path.name}: Sync:: in another use")
    covered = {name for name, _, _ in sites}
    bare = sorted(set(calls) ^ covered) + sorted(f"{n} twice" for n, where in calls.items() if len(where) > 1) + strays
    check.line(not bare and bool(calls), "calls that wait for a device and that no mutant covers",
               f"{len(bare)} of {sum(map(len, calls.values()))} {'; '.join(bare)}".strip(), "0")


def main():
    check = Check(__doc__)
    draw = random.Random(check.seed)
    sites = list_sites(check)
    check_bits(check, draw, sites)
    check_mutants(check, draw, sites)
    check_coverage(check, draw, sites)
    check.exit()


main()
