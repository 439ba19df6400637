# tests/capi/report/statistics_test.py -- the statistics of the report against closed forms and another module.
# SPDX-License-Identifier: BSD-3-Clause
import unittest

import helper

helper.require("numpy")

import numpy as np  # noqa: E402
import pdf_metrics  # noqa: E402  (of projects/deepdip: written apart from the report)
from calanque_report import magnitudes, pdfs, statistics  # noqa: E402


class InMemory:
    """Predictions as pdfs.py asks for them, in two chunks."""

    def __init__(self, pdf, grid, weights):
        self.pdf, self.grid, self.weights = pdf, grid, weights

    def __len__(self):
        return len(self.pdf)

    def pdf_chunks(self):
        half = len(self.pdf) // 2
        for part in (slice(0, half), slice(half, len(self.pdf))):
            yield part, pdf_metrics.normalised(self.pdf[part])


class Statistics(unittest.TestCase):
    def setUp(self):
        self.rng = np.random.default_rng(3)
        self.x = self.rng.normal(0.2, 1.5, 1001)
        self.ones = np.ones(1001)

    def test_equal_weights_are_numpys_quantiles(self):
        for q in (0.0, 0.16, 0.5, 0.9, 1.0):
            wanted = np.quantile(self.x, q)
            self.assertAlmostEqual(statistics.quantile(self.x, self.ones, q), wanted, delta=1e-12)
            nearly = np.nextafter(self.ones, 2) * (1 + 1e-13 * (np.arange(1001) % 2))  # the way of unequal weights
            self.assertAlmostEqual(statistics.quantile(self.x, nearly, q), wanted, delta=1e-9)

    def test_a_whole_weight_counts_as_so_many_rows_of_the_mean(self):
        w = self.rng.integers(1, 4, 1001).astype(float)
        self.assertAlmostEqual(statistics.mean(self.x, w), np.repeat(self.x, w.astype(int)).mean(), delta=1e-12)

    def test_a_heavy_row_is_the_median(self):
        w = self.ones.copy()
        w[17] = 1e9
        self.assertAlmostEqual(statistics.median(self.x, w), self.x[17], delta=1e-5)

    def test_sigma_mad_is_that_of_the_other_module(self):
        self.assertAlmostEqual(statistics.sigma_mad(self.x, self.ones), pdf_metrics.sigma_mad(self.x), delta=1e-12)

    def test_ks_is_that_of_the_other_module(self):
        u = self.rng.random(500) ** 1.1
        self.assertAlmostEqual(statistics.ks_uniform(u, np.ones(500)), pdf_metrics.ks_uniform(u), delta=1e-12)

    def test_shares_of_a_known_set(self):
        x = np.array([-0.2, -0.1, 0.0, 0.04, 0.06])
        self.assertEqual(statistics.beyond(0.05)(x, np.ones(5)), 3 / 5)
        self.assertEqual(statistics.within(-0.1, 0.04)(x, np.ones(5)), 3 / 5)

    def test_bootstrap_error_of_a_mean_is_sigma_over_root_n(self):
        error = statistics.bootstrap({"m": ("x", statistics.mean)}, {"x": self.x}, self.ones, 2000, 1)["m"]
        wanted = self.x.std() / np.sqrt(1001)
        self.assertAlmostEqual(error / wanted, 1, delta=0.06)  # 1 / sqrt(2 * 2000) = 0.016, four of them

    def test_bootstrap_follows_its_seed(self):
        def draw(seed):
            return statistics.bootstrap({"m": ("x", statistics.median)}, {"x": self.x}, self.ones, 20, seed)["m"]
        self.assertEqual(draw(5), draw(5))
        self.assertNotEqual(draw(5), draw(6))

    def test_bins_hold_every_row_once_in_order(self):
        bins = statistics.equal_bins(self.x)
        self.assertEqual(sorted(np.concatenate(bins)), list(range(1001)))
        for low, high in zip(bins, bins[1:]):
            self.assertLessEqual(self.x[low].max(), self.x[high].min())
        self.assertLessEqual(max(map(len, bins)) - min(map(len, bins)), 1)

    def test_a_bin_of_everything_is_the_whole(self):
        x = self.x[:25]  # too few for more than two bins
        table = statistics.binned(x, {"x": x}, np.ones(25), {"M": ("x", statistics.mean)}, 10, 1)
        self.assertAlmostEqual(np.sum(table["M"] * table["N"]) / 25, x.mean(), delta=1e-12)


class Magnitudes(unittest.TestCase):
    def test_an_error_or_an_extinction_is_none(self):
        wanted = {("MAG_I", "mag"): True, ("MAGERR_I", "mag"): False, ("MAG_ERR_I", "mag"): False,
                  ("EBV", "mag"): False, ("i", "mag"): True, ("FLUX_R", "nanomaggy"): True,
                  ("FLUXERR_R", "nanomaggy"): False, ("MAG_I", ""): False, ("APER_I", "nanomaggy"): False}
        self.assertEqual({key: magnitudes.is_magnitude(*key) for key in wanted}, wanted)

    def test_a_nanomaggy_is_of_magnitude_22_5(self):
        found = magnitudes.to_magnitudes([1.0, 100.0, 0.0, -3.0, 7.0], "nanomaggy", [7.0])
        self.assertTrue(np.allclose(found, [22.5, 17.5, np.nan, np.nan, np.nan], atol=1e-12, equal_nan=True))
        found = magnitudes.to_magnitudes([20.0, -99.0], "mag", [-99.0])
        self.assertTrue(np.allclose(found, [20, np.nan], equal_nan=True))


class Pdfs(unittest.TestCase):
    def setUp(self):
        rng = np.random.default_rng(4)
        self.grid = np.linspace(0, 1, 41)
        self.pdf = rng.gamma(0.3, size=(200, 40)).astype(np.float32)
        self.z = rng.uniform(-0.1, 1.1, 200)  # some outside the grid
        self.weights = rng.integers(1, 3, 200).astype(float)
        self.predictions = InMemory(self.pdf, self.grid, self.weights)

    def test_crps_is_that_of_the_other_module(self):
        crps, _ = pdfs.row_scores(self.predictions, self.z)
        self.assertLess(np.abs(crps - pdf_metrics.crps(self.pdf, self.grid, self.z)).max(), 1e-12)

    def test_cde_loss_of_a_flat_pdf(self):
        flat = InMemory(np.ones((3, 40)), self.grid, np.ones(3))  # p = 1 in [0, 1)
        _, cde = pdfs.row_scores(flat, np.array([0.0, 0.5, 1.5]))
        self.assertLess(np.abs(cde - [-1, -1, 1]).max(), 1e-12)

    def test_the_stack_is_the_weighted_mean(self):
        p = pdf_metrics.normalised(self.pdf)
        wanted = np.average(p, axis=0, weights=self.weights)
        self.assertLess(np.abs(pdfs.stacked(self.predictions) - wanted).max(), 1e-14)
        centres = (self.grid[1:] + self.grid[:-1]) / 2
        self.assertLess(np.abs(pdfs.pdf_means(self.predictions) - p @ centres).max(), 1e-14)


unittest.main()
