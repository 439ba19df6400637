# capi/report/calanque_report/baselines.py -- other estimates of the same redshifts beside the network's.
# SPDX-License-Identifier: BSD-3-Clause
import pathlib

import numpy as np
from astropy.table import Table

from .density import Density, cells_for, span
from .paper import COLUMN, new_figure, plain
from .problem import INPUT, USAGE, Problem
from .redshift_figures import ZPHOT, ZSPEC
from .statistics import beyond, mean, median, sigma_mad

KNOWN = ("ZPHOT", "Z_BEST", "Z_PHOT", "PHOTO_Z", "PHOTOZ", "Z_B")  # Calanque, LePHARE, others, BPZ
FUNCTIONS = {"bias": mean, "median_dz": median, "sigma_mad": sigma_mad, "eta_005": beyond(0.05),
             "eta_015": beyond(0.15)}
MOST = 5


def columns_of(names, data_columns):
    """Those of the names that are columns of the data; the others must be files."""
    if len(names) > MOST:
        raise Problem(USAGE, f"--baseline: at most {MOST} of them, got {len(names)}")
    columns = [name for name in names if name in data_columns]
    for name in names:
        if name not in columns and not _path_of(name).exists():
            raise Problem(INPUT, f"--baseline {name}: is no file, and no column of the data")
    return columns


def _path_of(name):
    """The file of FILE or FILE:COLUMN."""
    path = pathlib.Path(name)
    return path if path.exists() or ":" not in name else pathlib.Path(name.rpartition(":")[0])


def read_baselines(names, columns, predictions):
    """{name: zphot of the scored rows, NaN where it has none}."""
    return {_short(name): _finite(predictions.column(name)) if name in columns else _from_file(name, predictions)
            for name in names}


def _short(name):
    return pathlib.Path(name).name


def _finite(values):
    values = np.asarray(values, dtype=float)
    return np.where(np.isfinite(values) & (values > -1), values, np.nan)  # -99 and the like: no estimate


def _from_file(name, predictions):
    path = _path_of(name)
    column = name.removeprefix(str(path)).removeprefix(":")
    table = _read(path)
    held = ", ".join(table.colnames[:20])
    upper = {key.upper(): key for key in table.colnames}
    column = column or next((upper[key] for key in KNOWN if key in upper), "")
    if column not in table.colnames:
        raise Problem(INPUT, f"--baseline {name}: has no column '{column or 'ZPHOT'}', but {held}; "
                             "FILE:COLUMN names one")
    if "ID" not in upper:
        raise Problem(INPUT, f"--baseline {name}: has no column ID to match rows by, but {held}")
    values = dict(zip(map(_key, table[upper["ID"]]), np.ma.filled(np.ma.asarray(table[column], dtype=float), np.nan)))
    found = _finite([values.get(_key(row), np.nan) for row in predictions.column("ID")])
    if not np.isfinite(found).any():
        raise Problem(INPUT, f"--baseline {name}: none of its ID is one of the {len(found)} scored rows")
    return found


def _read(path):
    try:
        if pathlib.Path(path).suffix.lower() in (".fits", ".fit", ".fz", ".gz"):
            return Table.read(path, hdu=1)
        return Table.read(path, format="ascii")
    except OSError as error:
        raise Problem(INPUT, f"--baseline {path}: {error.strerror or error}") from error
    except Exception as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise Problem(INPUT, f"--baseline {path}: is no table that can be read: {reason}") from error


def _key(value):
    return value.decode().strip() if isinstance(value, bytes) else str(value).strip()


def baseline_table(sample, baselines):
    """Rows of (name, number, {metric: value}): the network on the rows each baseline has, and the baseline."""
    rows = []
    for name, zphot in baselines.items():
        held = np.isfinite(zphot)
        dz, w = (zphot[held] - sample.zspec[held]) / (1 + sample.zspec[held]), sample.weights[held]
        for title, values in ((name, dz), (f"network, on the rows of {name}", sample.dz[held])):
            rows.append((title, int(held.sum()), {key: float(f(values, w)) for key, f in FUNCTIONS.items()}))
    return rows


def baseline_figure(desk, sample, baselines):
    """zphot against zspec, the network's and each baseline's, side by side."""
    sets = {"network": sample.zphot, **baselines}
    limits = span(sample.zspec, sample.zphot)
    cells, held = cells_for(len(sample)), {name: np.isfinite(z) for name, z in sets.items()}
    planes = {name: Density(sample.zspec[held[name]], z[held[name]], limits, limits, cells) for name, z in sets.items()}
    most = max(plane.counts.max() for plane in planes.values())

    def draw(width):
        across = min(len(sets), 1 if width == COLUMN else 3)
        lines = -(-len(sets) // across)
        figure = new_figure(width, (78 if width == COLUMN else 180 / across) * lines)
        panels = figure.subplots(lines, across, sharex=True, sharey=True, squeeze=False)
        for axes, (name, plane) in zip(panels.ravel(), planes.items()):
            plane.draw(axes, most)
            axes.plot(limits, limits, color="black", lw=0.7)
            axes.set_aspect("equal")
            axes.text(0.04, 0.96, plain(name), transform=axes.transAxes, va="top")
        for axes in panels.ravel()[len(sets):]:
            axes.set_visible(False)
        figure.supxlabel(ZSPEC, fontsize=8)
        figure.supylabel(ZPHOT, fontsize=8)
        return figure

    outside = "; ".join(f"{name}: {plane.outside} outside the axes" for name, plane in planes.items() if plane.outside)
    caption = (f"Redshift estimates of {sample.words}: the network and what --baseline names, on one colour scale."
               + (f" {outside}." if outside else ""))
    columns = {"ID": sample.predictions.column("ID"), "ZSPEC": sample.zspec, "ZPHOT": sample.zphot}
    columns.update({f"BASELINE_{k}": z for k, z in enumerate(baselines.values(), 1)})
    return desk.draw("baselines", "Network and baselines", caption, draw, {"": columns})
