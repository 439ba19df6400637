# tests/projects/deepdip/oracle.py -- metrics of binned PDFs by the project's NumPy module: oracle.py MODULE_DIR FOLDER MIN MAX N
# SPDX-License-Identifier: BSD-3-Clause
"""Reads FOLDER/pdf.f32 and FOLDER/z.f64; writes a value a row to FOLDER/<name>.f64 and prints `name value` for each pooled one."""

import sys

import numpy as np

sys.path.insert(0, sys.argv[1])
import pdf_metrics as m  # noqa: E402

folder, low, high, n = sys.argv[2], float(sys.argv[3]), float(sys.argv[4]), int(sys.argv[5])
edges = np.linspace(low, high, n + 1)
z = np.fromfile(f"{folder}/z.f64", dtype=np.float64)
pdf = np.fromfile(f"{folder}/pdf.f32", dtype=np.float32).reshape(len(z), n)

rows = {
    "ZPHOT": m.quantile(pdf, edges, 0.5),
    "ZPHOT_L68": m.quantile(pdf, edges, 0.16),
    "ZPHOT_U68": m.quantile(pdf, edges, 0.84),
    "pit_ks": m.pit(pdf, edges, z),
    "crps": m.crps(pdf, edges, z),
}
for name, values in rows.items():
    values.astype(np.float64).tofile(f"{folder}/{name}.f64")

# What the module has no word for is written out here.
dz = m.delta_z(rows["ZPHOT"], z)
pit = rows["pit_ks"]
p, width = m.normalised(pdf), np.diff(edges)
inside = (z >= edges[0]) & (z < edges[-1])
k = np.clip(np.searchsorted(edges, z, side="right") - 1, 0, n - 1)
density = np.where(inside, p[np.arange(len(z)), k] / width[k], 0.0)
known = m.summary(pdf, edges, z)
pooled = {
    "zphot": np.median(rows["ZPHOT"]),
    "bias": known["bias"],
    "median_dz": known["median_dz"],
    "sigma_mad": known["sigma_mad"],
    "eta_005": known["eta05"],
    "eta_015": known["eta15"],
    "crps": known["crps"],
    "pit_ks": known["ks_pit"],
    "coverage_68": known["cover68"],
    "coverage_95": m.coverage(pdf, edges, z, 0.95),
    "outside_grid": known["outside_grid"] / len(z),
    "pit_outliers": np.mean((pit < 0.01) | (pit > 0.99)),
    "cde_loss": np.mean((p * p / width).sum(axis=1) - 2.0 * density),
}
by_redshift = np.argsort(rows["ZPHOT"], kind="stable")
for i in range(4):
    quarter = by_redshift[i * len(z) // 4 : (i + 1) * len(z) // 4]
    pooled[f"bias_q{i + 1}"] = dz[quarter].mean()
for name, value in pooled.items():
    print(name, repr(float(value)))
