# capi/report/calanque_report/cutouts.py -- the images of the worst rows, as clq look draws them.
# SPDX-License-Identifier: BSD-3-Clause
import pathlib
import tempfile

import numpy as np
from matplotlib.image import imread

from .paper import COLUMN, new_figure, plain


def cutouts(desk, context, sample, rows):
    """One picture a row, before the transforms: in colours where there are three bands, else the bands side by side."""
    ids = [str(value).strip() for value in sample.predictions.column("ID")[rows]]
    with tempfile.TemporaryDirectory(prefix="calanque-look-") as folder:
        looked = [_look(context, name, pathlib.Path(folder) / f"row-{k}") for k, name in enumerate(ids)]
    pictures, first = [picture for picture, _ in looked], looked[0][1]

    def draw(width):
        across = 4 if width == COLUMN or pictures[0].shape[1] < 1.5 * pictures[0].shape[0] else 2
        lines = -(-len(rows) // across)
        side = (width - 4) / across
        height = side * pictures[0].shape[0] / pictures[0].shape[1] + (5 if width == COLUMN else 6.5)
        figure = new_figure(width, height * lines + 4)
        panels = figure.subplots(lines, across, squeeze=False).ravel()
        for axes, row, picture, name in zip(panels, rows, pictures, ids):
            axes.imshow(picture)
            words = f"{plain(name)}\n{sample.zspec[row]:.3f}, {sample.zphot[row]:.3f}"
            axes.set_title(words, fontsize=5 if width == COLUMN else 6.5, pad=2, linespacing=1.1)
        for axes in panels:
            axes.set_axis_off()
        return figure

    size = " x ".join(str(n) for n in first["shape"][1:])
    bands = ", ".join(str(band["name"]) for band in first["bands"])
    colours = first.get("colours")
    how = f"red {colours[0]}, green {colours[1]}, blue {colours[2]}" if colours else f"the bands {bands} side by side"
    caption = (f"Images of the same {len(rows)} objects, {size} pixels, with their identifier, zspec and zphot: {how}, "
               f"each image with asinh stretches of its own, as clq look draws them; a pixel that is not finite is "
               f"red.")
    table = {"ID": np.array(ids), "ZSPEC": sample.zspec[rows], "ZPHOT": sample.zphot[rows], "DZ": sample.dz[rows]}
    return desk.draw("cutouts", f"Images of the {len(rows)} worst", caption, draw, {"": table})


def _look(context, name, prefix):
    """(pixels, what clq look says of the image as the data have it)."""
    image = context.program.look(context.data, name, context.run.bundle, prefix)["images"][0]
    return imread(image["files"][-1]), image
