# capi/report/calanque_report/definitions.py -- what each metric of clq evaluate is, in a line.
# SPDX-License-Identifier: BSD-3-Clause
import re

DZ = "dz = (zphot - zspec) / (1 + zspec), zphot the median of the PDF"

PHOTOZ = {
    "zphot": "median of zphot",
    "bias": "mean of dz",
    "median_dz": "median of dz",
    "sigma_mad": "1.4826 median(|dz - median(dz)|), about the median; = sigma_NMAD",
    "eta_005": "share with |dz| > 0.05",
    "eta_015": "share with |dz| > 0.15",
    "bias_q1": "mean of dz in the lowest quarter of zphot",
    "bias_q2": "mean of dz in the second quarter of zphot",
    "bias_q3": "mean of dz in the third quarter of zphot",
    "bias_q4": "mean of dz in the highest quarter of zphot",
    "crps": "mean of the integral of (CDF - step at zspec)^2 dz, in z and not in z / (1 + z)",
    "pit_ks": "Kolmogorov-Smirnov distance of the PIT, the CDF at zspec, from the uniform law",
    "coverage_68": "share with PIT in [0.16, 0.84]; 0.68 for calibrated PDFs",
    "coverage_95": "share with PIT in [0.025, 0.975]; 0.95 for calibrated PDFs",
    "pit_outliers": "share with PIT < 0.01 or > 0.99; 0.02 for calibrated PDFs",
    "cde_loss": "mean of the integral of p^2 dz - 2 p(zspec)",
    "outside_grid": "share with zspec outside the bins of the PDF",
}

REGRESSION = {
    "bias": "mean of prediction - target",
    "rmse": "root of the mean of (prediction - target)^2",
    "mae": "mean of |prediction - target|",
    "sigma_mad": "1.4826 median(|r - median(r)|), r = prediction - target",
    "r2": "1 - mean of (prediction - target)^2 / variance of the target",
    "nll": "mean of -log of the predicted density at the target",
    "crps": "mean of the integral of (CDF - step at the target)^2, in the target's unit",
    "pit_ks": "Kolmogorov-Smirnov distance of the PIT, the CDF at the target, from the uniform law",
    "coverage_68": "share with PIT in [0.16, 0.84]; 0.68 for calibrated densities",
    "coverage_95": "share with PIT in [0.025, 0.975]; 0.95 for calibrated densities",
}

CLASSIFICATION = {
    "accuracy": "share of rows whose most probable class is the target",
    "log_loss": "mean of -log of the probability of the target's class, not below 1e-15",
    "f1": "2 TP / (2 TP + FP + FN) of yes, the second class",
    "auc": "chance that a yes has a larger probability than a no: the area under the ROC curve",
    "average_precision": "sum over the thresholds of the gain in recall times the precision",
}

SEGMENTATION = {
    "pixel_accuracy": "share of the pixels that are what they are said to be, of all rows together",
    "iou": "TP / (TP + FP + FN) of the pixels of all rows together",
    "dice": "2 TP / (2 TP + FP + FN) of the pixels of all rows together",
    "precision": "TP / (TP + FP) of the pixels of all rows together",
    "recall": "TP / (TP + FN) of the pixels of all rows together",
}

RECONSTRUCTION = {
    "mse": "mean of (reconstruction - input)^2 over the elements of all rows together, masked ones left out",
    "mae": "mean of |reconstruction - input| over the same elements",
    "error": "median over the rows of RECON_ERROR, the root of the mean of a row's (reconstruction - input)^2",
}

TASKS = {"photoz": PHOTOZ, "regression": REGRESSION, "classification": CLASSIFICATION, "segmentation": SEGMENTATION,
         "reconstruction": RECONSTRUCTION}


UNSCORED = ("contrastive",)  # tasks that learn without a target


def definition(model, name):
    """Empty for a metric that is not known here; one of several outputs begins with its name."""
    for output in model.get("outputs", []):
        words = _of_task(output["task"], name.removeprefix(f"{output['name']}_"))
        if words and name.startswith(f"{output['name']}_"):
            return f"{words}, of output {output['name']}"
    return _of_task(model["task"], name)


def _of_task(task, name):
    """One of several targets or channels, the k-th, ends in _k."""
    known = TASKS.get(task, {})
    if name == "loss":
        return "the training loss, on these rows"
    if name in known:
        return known[name]
    number = re.fullmatch(r"(\w+)_(\d+)", name)
    of = {"regression": "target", "segmentation": "channel"}.get(task)
    if of and number and number[1] in known:
        return f"{known[number[1]]}, of {of} {number[2]}"
    return ""
