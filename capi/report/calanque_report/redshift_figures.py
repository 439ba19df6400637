# capi/report/calanque_report/redshift_figures.py -- zphot against zspec with residuals, n(z).
# SPDX-License-Identifier: BSD-3-Clause
import numpy as np

from .density import Density, cells_for, count_bar, draw_running, running, span
from .paper import BLUE, COLUMN, GREY, VERMILION, few_ticks, new_figure
from .statistics import bootstrap, equal_bins, mean

ZPHOT, ZSPEC = r"$z_\mathrm{phot}$", r"$z_\mathrm{spec}$"
RESIDUAL = r"$\Delta z$"


def zz(desk, sample):
    """zphot against zspec, and dz against both."""
    view = _ZZ(sample)
    caption = (f"Photometric against spectroscopic redshift of {sample.words}: number of objects a cell. "
               f"Solid: equality; dashed and dotted: |dz| = 0.05 and 0.15. Residuals dz = (zphot - zspec) / "
               f"(1 + zspec) against both, with their running median (solid) and 16 and 84 % quantiles (dashed) in "
               f"bins of equal number; {view.hidden} of the {len(sample)} residuals lie beyond the axis. zphot is the "
               f"median of the PDF.")
    tables = {"": view.plane.columns("ZSPEC", "ZPHOT"), "-dz-zspec": view.against_zspec,
              "-dz-zphot": view.against_zphot}
    return desk.draw("zz", "Photometric against spectroscopic redshift", caption, view.draw, tables)


class _ZZ:
    def __init__(self, sample):
        self.sample = sample
        zspec, zphot, dz = sample.zspec, sample.zphot, sample.dz
        limits = span(zspec, zphot)
        reach = max(0.06, 7 * sample.metric("sigma_mad", 0.02))
        self.reach = min(reach, max(0.06, 1.05 * np.abs(dz).max()))
        self.hidden = int(np.sum(np.abs(dz) > self.reach))
        cells = cells_for(len(sample))
        self.plane = Density(zspec, zphot, limits, limits, cells)
        self.low = Density(zspec, dz, limits, (-self.reach, self.reach), (cells, cells // 2))
        self.high = Density(zphot, dz, limits, (-self.reach, self.reach), (cells, cells // 2))
        self.against_zspec = running(zspec, dz, sample.weights)
        self.against_zphot = running(zphot, dz, sample.weights)

    def draw(self, width):
        figure = new_figure(width, 165 if width == COLUMN else 92)
        if width == COLUMN:
            main, low, high = figure.subplots(3, 1, gridspec_kw={"height_ratios": [2.8, 1, 1]})
        else:
            axes = figure.subplot_mosaic([["zz", "low"], ["zz", "high"]], gridspec_kw={"width_ratios": [1.3, 1]})
            main, low, high = axes["zz"], axes["low"], axes["high"]
        most = max(d.counts.max() for d in (self.plane, self.low, self.high))
        image = self.plane.draw(main, most)
        self._decorate(main)
        self._residuals(low, self.low, self.against_zspec, ZSPEC, most)
        self._residuals(high, self.high, self.against_zphot, ZPHOT, most)
        if width == COLUMN:
            count_bar(figure, image, [main, low, high], "top")
        else:
            count_bar(figure, image, [low, high], "right")
        return figure

    def _decorate(self, axes):
        ends = np.array([self.plane.x_edges[0], self.plane.x_edges[-1]])
        axes.plot(ends, ends, color="black", lw=0.7)
        for limit, dashes in ((0.05, (0, (4, 2))), (0.15, (0, (1, 1.6)))):
            for sign in (-1, 1):
                axes.plot(ends, ends + sign * limit * (1 + ends), color="black", lw=0.6, ls=dashes)
        axes.set_xlabel(ZSPEC)
        axes.set_ylabel(ZPHOT)
        axes.set_aspect("equal")
        axes.text(0.04, 0.96, self.sample.headline(), transform=axes.transAxes, va="top", linespacing=1.35,
                  fontsize=7.5)

    def _residuals(self, axes, density, curve, label, most):
        density.draw(axes, most)
        axes.axhline(0, color="black", lw=0.6)
        for limit, dashes in ((0.05, (0, (4, 2))), (0.15, (0, (1, 1.6)))):
            if limit < self.reach:
                for sign in (-1, 1):
                    axes.axhline(sign * limit, color="black", lw=0.6, ls=dashes)
        draw_running(axes, curve)
        axes.set_xlabel(label)
        axes.set_ylabel(RESIDUAL)
        few_ticks(axes.yaxis, 5)


def n_of_z(desk, sample):
    """The stacked PDF beside the histograms of zphot and zspec."""
    edges = _coarse(sample)
    curves = {name: np.histogram(values, edges, weights=sample.weights)[0] / sample.weights.sum() / np.diff(edges)
              for name, values in (("ZSPEC", sample.zspec), ("ZPHOT", sample.zphot))}
    fine, stack = sample.grid, sample.stack / np.diff(sample.grid)

    def draw(width):
        figure = new_figure(width, 62 if width == COLUMN else 70)
        axes = figure.subplots()
        axes.stairs(curves["ZSPEC"], edges, fill=True, color="#dddddd")
        axes.stairs(curves["ZSPEC"], edges, color=GREY, lw=0.8, label=ZSPEC)
        axes.stairs(curves["ZPHOT"], edges, color=BLUE, lw=1.0, label=ZPHOT)
        axes.stairs(stack, fine, color=VERMILION, lw=1.0, label="stacked PDF")
        axes.set_xlim(_support(sample, edges))
        axes.set_ylim(0, 1.12 * max(*(c.max() for c in curves.values()), stack.max()))
        axes.set_xlabel(r"redshift $z$")
        axes.set_ylabel(r"$n(z)$, normalised to 1")
        axes.legend(loc="upper right")
        return figure

    caption = (f"Redshift distribution of {sample.words}: histograms of zspec (grey) and of zphot, the PDF's median "
               f"(blue), and the mean of the PDFs (orange), each with unit integral.")
    tables = {"": {"Z_LOW": edges[:-1], "Z_HIGH": edges[1:], "N_ZSPEC": curves["ZSPEC"], "N_ZPHOT": curves["ZPHOT"]},
              "-stacked": {"Z_LOW": fine[:-1], "Z_HIGH": fine[1:], "N_STACKED": stack}}
    return desk.draw("nz", "Redshift distribution n(z)", caption, draw, tables)


def _coarse(sample):
    """Edges of about 40 bins over the redshifts there are."""
    low, high = span(sample.zspec, sample.zphot, margin=0)
    return np.linspace(low, high, int(np.clip(len(sample) // 25, 8, 40)) + 1)


def _support(sample, edges):
    """Where the stacked PDF or a histogram is not empty."""
    held = np.flatnonzero(np.cumsum(sample.stack) > 0.001), np.flatnonzero(np.cumsum(sample.stack) > 0.999)
    low, high = sample.grid[held[0][0]], sample.grid[min(held[1][0] + 1, len(sample.grid) - 1)]
    return min(low, edges[0]), max(high, edges[-1])


def tomography(sample, n_resamples, seed):
    """In bins of zphot: what a cosmologist asks first, the mean redshift by the stacked PDF against the true one."""
    rows = []
    for k, members in enumerate(equal_bins(sample.zphot, per_bin=200, most=5)):
        zspec, z_pdf, w = sample.zspec[members], sample.pdf_mean[members], sample.weights[members]
        true = mean(zspec, w)
        difference = (mean(z_pdf, w) - true) / (1 + true)
        error = bootstrap({"d": ("d", mean)}, {"d": z_pdf - zspec}, w, n_resamples, [seed, k])["d"] / (1 + true)
        rows.append((sample.zphot[members].min(), sample.zphot[members].max(), len(members), true, mean(z_pdf, w),
                     difference, error))
    names = ("ZPHOT_LOW", "ZPHOT_HIGH", "N", "MEAN_ZSPEC", "MEAN_PDF", "SHIFT", "SHIFT_ERR")
    return dict(zip(names, (np.array(column) for column in zip(*rows))))
