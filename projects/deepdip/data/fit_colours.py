#!/usr/bin/env python3
# projects/deepdip/data/fit_colours.py -- magnitudes as a smooth function of (z, i), for the simulator of images.
# SPDX-License-Identifier: BSD-3-Clause
"""usage: fit_colours.py [boss_dr10_train.fits] [../plugin/simulator/colours.inc]

At each node of a grid in (z, i) it takes the 60 galaxies of the table that are nearest, in units of 0.02 in z and 0.2
mag in i. Their mean g - i, r - i and z - i is the relation there. u, a non-detection more often than not, is averaged
as a flux ratio to i, in which a non-detection is a number near 0. The galaxies of each cell between nodes are counted, for
z and i are drawn from these counts. Equal input gives equal bytes.
"""
import pathlib
import sys

import numpy as np
from astropy.io import fits

HERE = pathlib.Path(__file__).parent
Z_NODES = np.linspace(0.0, 0.8, 41)
I_NODES = np.linspace(16.5, 22.0, 23)
NEIGHBOURS = 60
SCALE = np.array([0.02, 0.2])


def read_table(path):
    """Redshifts and magnitudes of the galaxies inside the grid; MAG_U of 27 +- 10 is a non-detection and stays."""
    rows = fits.getdata(path, 1)
    z, mags = rows["Z"], {band: rows[f"MAG_{band}"].astype(float) for band in "UGRIZ"}
    inside = (z > 0.002) & (z < Z_NODES[-1]) & (mags["I"] > I_NODES[0]) & (mags["I"] < I_NODES[-1])
    return z[inside], {band: values[inside] for band, values in mags.items()}


def colour_at(node, places, colours, u_ratio):
    """u - i, g - i, r - i, z - i at one node."""
    nearest = np.argsort(((places - node / SCALE) ** 2).sum(axis=1), kind="stable")[:NEIGHBOURS]
    g, r, z = (colours[band][nearest].mean() for band in "GRZ")
    return [-2.5 * np.log10(u_ratio[nearest].mean()), g, r, z]


def rows_of(values, per_row):
    text = [f"{value}," for value in values]
    return "\n".join(" ".join(text[k:k + per_row]) for k in range(0, len(text), per_row))


def main():
    table = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "boss_dr10_train.fits"
    output = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else HERE / "../plugin/simulator/colours.inc"
    z, mags = read_table(table)
    places = np.column_stack([z, mags["I"]]) / SCALE
    colours = {band: mags[band] - mags["I"] for band in "GRZ"}
    u_ratio = 10 ** (-0.4 * (mags["U"] - mags["I"]))
    nodes = [colour_at(np.array([a, b]), places, colours, u_ratio) for a in Z_NODES for b in I_NODES]
    milli_mag = np.rint(1000 * np.array(nodes)).astype(int)
    counts, _, _ = np.histogram2d(z, mags["I"], bins=[Z_NODES, I_NODES])
    output.write_text(
        "// projects/deepdip/plugin/simulator/colours.inc -- written by projects/deepdip/data/fit_colours.py.\n"
        "// SPDX-License-Identifier: BSD-3-Clause\n"
        f"inline constexpr int kZNodes = {len(Z_NODES)}, kINodes = {len(I_NODES)};\n"
        f"inline constexpr double kZLast = {Z_NODES[-1]}, kIFirst = {I_NODES[0]}, kILast = {I_NODES[-1]};\n"
        "// u - i, g - i, r - i, z - i in 0.001 mag: [z node][i node][colour]\n"
        f"inline constexpr int16_t kColours[] = {{\n{rows_of(milli_mag.ravel(), 20)}\n}};\n"
        "// galaxies of each cell: [z cell][i cell]\n"
        f"inline constexpr int16_t kCounts[] = {{\n{rows_of(counts.astype(int).ravel(), 22)}\n}};\n")
    print(f"{output}: {len(z)} galaxies, {len(nodes)} nodes")


if __name__ == "__main__":
    main()
