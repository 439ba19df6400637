# projects/deepdip/summary.py -- the demo's report: the network's scores beside those of the baselines.
# SPDX-License-Identifier: BSD-3-Clause
"""python3 summary.py METRICS.json [BASELINES.json]

METRICS.json is what `clq evaluate --json` printed, BASELINES.json what baselines.py or image_baselines.py wrote;
without it the table has the network alone.
"""
import json
import pathlib
import sys

METHODS = ("constant", "knn", "forest", "ceiling")
# Our metric, that of baselines.py, what it is, how many decimals.
ROWS = [
    ("crps", "crps", "CRPS of the PDF", 5),
    ("sigma_mad", "sigma_mad", "sigma_MAD of dz", 5),
    ("eta_005", "eta05", "share with |dz| > 0.05", 4),
    ("eta_015", "eta15", "share with |dz| > 0.15", 4),
    ("median_dz", "median_dz", "median dz", 5),
    ("bias", "bias", "mean dz", 5),
    ("pit_ks", "ks_pit", "KS distance of the PIT", 4),
    ("coverage_68", "cover68", "share in the 68 % interval", 4),
]


def table(network, baselines):
    """The lines of the report."""
    methods = [(name, baselines[name]["metrics"]) for name in METHODS if name in baselines]
    lines = [f"{'':28}" + "".join(f"{name:>10}" for name in ["network"] + [name for name, _ in methods])]
    for ours, theirs, words, digits in ROWS:
        values = [network["metrics"][ours]] + [metrics[theirs] for _, metrics in methods]
        lines.append(f"{words:28}" + "".join(f"{value:10.{digits}f}" for value in values))
    if methods:
        prior = methods[0][1]["crps_prior"]
        skill = [1 - value / prior for value in [network["metrics"]["crps"]] + [m["crps"] for _, m in methods]]
        lines.append(f"{'CRPS skill against n(z)':28}" + "".join(f"{value:10.4f}" for value in skill))
    return lines


def main():
    network = json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))
    baselines = json.loads(pathlib.Path(sys.argv[2]).read_text(encoding="utf-8")) if len(sys.argv) > 2 else {}
    if network.get("simulated"):
        print("SIMULATED galaxies")
    print(f"{network['rows']} galaxies, {network['bad']} without a prediction; dz = (z_phot - z_spec) / (1 + z_spec)")
    print("\n".join(table(network, baselines)))


main()
