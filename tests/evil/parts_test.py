# tests/evil/parts_test.py -- clq validate finds each way in which a layer, a loss and others can be wrong, and none where they are right.
# SPDX-License-Identifier: BSD-3-Clause
"""parts_test.py CLQ PLUGIN"""
import json
import os
import re
import subprocess
import sys

PARTS = {  # what is wrong: the case that must find it, and what it must say
    "layer_gives_f64": ("layer.shapes", "it gives f64.*f32.*is right"),
    "layer_has_a_mode_of_its_own": ("layer.shapes", "in prediction it gives"),
    "layer_renames_its_parameter": ("layer.states", "training has the parameter 'shift', prediction has not"),
    "layer_follows_the_batch": ("layer.states", "depend on the number of rows"),
    "layer_assigns_in_prediction": ("layer.prediction", "is assigned in prediction"),
    "layer_mixes_rows": ("layer.prediction", "off what it is alone"),
    "layer_divides_by_nothing": ("layer.prediction", "is not finite"),
    "layer_stops_gradients": ("layer.gradients", "by x0 is 1.0e.00 off"),
    "loss_is_no_vector": ("loss.values", r"it gives f64 \[6, 1\]"),
    "loss_takes_logarithms": ("loss.values", "is not finite"),
    "loss_stops_gradients": ("loss.gradients", "by x0 is 1.0e.00 off"),
    "optimizer_climbs": ("optimizer.descent", "half or less is right"),
    "optimizer_stands": ("optimizer.bad_steps", "a good step changes nothing"),
    "optimizer_forgets": ("optimizer.descent", "was not assigned"),
    "metric_is_none": ("metric.finishes", "defines no metric"),
    "metric_takes_logarithms": ("metric.finishes", "value of 'log' is not finite"),
    "metric_ends_unheard_of": ("metric.finishes", "unknown finish 'meen'"),
    "op_has_another_gradient": ("ops.gradients", "by x0 is 5.0e-01 off"),
    "op_is_wrong_in_f32": ("ops.types", "in f32 it is 5.0e-04 off"),
}


def report_of(clq, plugin, how, *only):
    done = subprocess.run([clq, "validate", plugin, "--json", "--jobs", "2", *only], env=dict(os.environ, CLQ_EVIL=how),
                          capture_output=True, text=True, timeout=300, check=False)
    if done.returncode not in (0, 1):
        sys.exit(f"{how}: exit {done.returncode}: {done.stderr.strip()[:300]}")
    return json.loads(done.stdout)


def main():
    clq, plugin = (os.path.abspath(path) for path in sys.argv[1:])
    wrong = []
    for how, (case, words) in PARTS.items():
        one = report_of(clq, plugin, how, "--only", case)["cases"][0]
        said = "; ".join(one["problems"])
        seen = one["result"] == "failed" and re.search(words, said) is not None
        print(f"{'ok' if seen else 'WRONG':6} {how}: {case} {one['result']}: {said[:160]}")
        wrong += [] if seen else [how]
    right = report_of(clq, plugin, "nothing")
    print(f"right: {right['passed']} of {len(right['cases'])} cases pass")
    wrong += [case["name"] for case in right["cases"] if case["result"] != "passed"]
    print(f"{len(PARTS)} switches, {len(wrong)} wrong {wrong}")
    sys.exit(1 if wrong else 0)


main()
