# capi/report/calanque_report/paper.py -- figures as a journal takes them: two widths, numbers beside, the same bytes.
# SPDX-License-Identifier: BSD-3-Clause
import dataclasses
import logging
import pathlib

import matplotlib

matplotlib.use("Agg")
matplotlib.rcdefaults()  # a matplotlibrc of the user's must not change the bytes
logging.getLogger("matplotlib").setLevel(logging.ERROR)

import matplotlib.pyplot as plt  # noqa: E402  (after the choice of the backend)
from astropy.table import Table  # noqa: E402
from matplotlib.ticker import MaxNLocator  # noqa: E402

COLUMN, PAGE = 88, 180  # mm, one and two columns of a journal
MM = 1 / 25.4
BLUE, VERMILION, GREEN, SKY, GREY = "#0072B2", "#D55E00", "#009E73", "#56B4E9", "#777777"  # Okabe & Ito
PNG_DPI = 200

STYLE = {
    "font.family": "STIXGeneral", "mathtext.fontset": "stix", "font.size": 8, "axes.labelsize": 8,
    "xtick.labelsize": 7, "ytick.labelsize": 7, "legend.fontsize": 7, "axes.titlesize": 8,
    "axes.linewidth": 0.6, "lines.linewidth": 1.0, "patch.linewidth": 0.6,
    "xtick.direction": "in", "ytick.direction": "in", "xtick.top": True, "ytick.right": True,
    "xtick.major.width": 0.6, "ytick.major.width": 0.6, "xtick.minor.width": 0.4, "ytick.minor.width": 0.4,
    "xtick.major.size": 3, "ytick.major.size": 3, "xtick.minor.size": 1.5, "ytick.minor.size": 1.5,
    "xtick.minor.visible": True, "ytick.minor.visible": True,
    "legend.frameon": False, "legend.handlelength": 1.6, "image.cmap": "cividis", "image.interpolation": "nearest",
    "pdf.fonttype": 42, "svg.hashsalt": "calanque", "axes.unicode_minus": True, "figure.dpi": 100,
}


@dataclasses.dataclass
class Figure:
    """A figure that was drawn: its files lie in the report's folder."""

    name: str
    title: str
    caption: str
    tables: list  # names of the ECSV files


class Desk:
    """Draws into one folder, with what every figure must say: real or simulated."""

    def __init__(self, folder, simulated):
        self.folder = pathlib.Path(folder)
        self.mark = "SIMULATED" if simulated else "REAL"

    def draw(self, name, title, caption, draw, tables):
        """draw(width in mm) gives a figure of exactly that width; tables: {"" or "-suffix": columns}."""
        with plt.rc_context(STYLE):
            for width in (COLUMN, PAGE):
                figure = self._marked(draw(width))
                figure.savefig(self.folder / f"{name}-{width}mm.pdf", metadata={"CreationDate": None})
                if width == PAGE:
                    figure.savefig(self.folder / f"{name}.png", dpi=PNG_DPI)
                plt.close(figure)
        files = [self.write(name + suffix, columns, title) for suffix, columns in tables.items()]
        return Figure(name, title, caption, files)

    def write(self, name, columns, title):
        """The numbers of a figure as ECSV; columns: {name: values} or {name: (values, unit)}."""
        table = Table(meta={"title": title, "data": self.mark})
        for column, values in columns.items():
            values, unit = values if isinstance(values, tuple) else (values, "")
            table[column] = values
            if unit:
                table[column].unit = unit
        path = self.folder / f"{name}.ecsv"
        table.write(path, format="ascii.ecsv", overwrite=True)
        return path.name

    def _marked(self, figure):
        figure.get_layout_engine().set(rect=(0, 0, 1, 1 - 3.2 * MM / figure.get_figheight()))
        figure.get_layout_engine().execute(figure)
        figure.set_layout_engine("none")  # laid out once for all of its files
        simulated = self.mark == "SIMULATED"
        figure.text(1 - 1.2 * MM / figure.get_figwidth(), 1 - 0.6 * MM / figure.get_figheight(), self.mark, ha="right",
                    va="top", fontsize=6.5, weight="bold" if simulated else "normal",
                    color=VERMILION if simulated else GREY)
        return figure


def new_figure(width, height):
    """A figure of width x height mm that lays out its axes itself and keeps its size."""
    return plt.figure(figsize=(width * MM, height * MM), layout="constrained")


def plain(text):
    """Words of the user inside a figure: a $ of theirs begins no formula."""
    return str(text).replace("$", r"\$")


def few_ticks(axis, most=6):
    axis.set_major_locator(MaxNLocator(most))


def letter(axes, text):
    """The name of a panel, inside its upper left corner."""
    axes.text(0.03, 0.96, text, transform=axes.transAxes, ha="left", va="top")
