# tests/capi/report/tasks_test.py -- reports of several outputs, of no target, and of no numbers: tasks_test.py CLQ
# SPDX-License-Identifier: BSD-3-Clause
import json
import math
import os
import pathlib
import tempfile
import unittest

import helper

helper.require("numpy", "matplotlib", "astropy")

import numpy as np  # noqa: E402
from astropy.table import Table  # noqa: E402
from runs import FEW, ReportCase, must  # noqa: E402

BOSS = helper.ROOT / "projects/deepdip/data/boss_dr10_train.fits"

FRONT = """
task = "{task}"
[data]
catalog = "cat.csv"
id = "id"
scalars = ["a", "b"]
{data}
[split]
valid = 0.2
[train]
epochs = 2
"""

LAST = """
[[model.layer]]
use = "dense"
{units}
"""

HEADS = """
[[model.layer]]
name = "trunk"
use = "dense"
units = 8
activation = "tanh"
[[model.layer]]
name = "one"
use = "dense"
[[model.layer]]
name = "two"
use = "dense"
units = 3
from = "trunk"
[[model.layer]]
name = "three"
use = "dense"
from = "trunk"
[[model.output]]
name = "height"
from = "one"
target = "y"
loss = "gaussian_nll"
[[model.output]]
name = "sort"
from = "two"
target = "kind"
task = "classification"
[[model.output]]
name = "pair"
from = "three"
target = ["y", "share"]
"""

VIEWS = """
task = "contrastive"
[data]
catalog = "deepdip://galaxies?n=100&seed=1&size=16"
images = "IMAGE"
[[transform]]
use = "dihedral"
[model.loss]
use = "nt_xent"
[[model.layer]]
use = "global_avg_pool"
[[model.layer]]
use = "dense"
units = 4
[train]
epochs = 2
"""

PHOTOZ = """
task = "photoz"
[data]
catalog = "{catalog}"
scalars = ["MAG_?"]
target = "Z"
[model]
bins = {{ min = 0.0, max = 1.0, n = 20 }}
[[model.layer]]
use = "dense"
units = 4
[[model.layer]]
use = "dense"
[train]
epochs = 1
"""


def rows(factor):
    """factor(i): of the input a of row i, which the targets are not of."""
    yield "id,a,b,y,e,kind,share,rest,gap"
    for i in range(1000):
        a, b = math.sin(i), math.cos(1.7 * i)
        gap = "" if i % 3 else f"{a + b:.6f}"
        yield (f"{i},{a * factor(i):.6g},{b:.6f},{a - 2 * b:.6f},{10 ** (a - 2 * b):.6f},"
               f"{int(a > b) + int(a > 0.5)},{(1 + a) / 2:.6f},{(1 - a) / 2:.6f},{gap}")


def train(name, task, data, model):
    pathlib.Path(f"{name}.toml").write_text(FRONT.format(task=task, data=data) + model)
    must("train", f"{name}.toml", "-o", name)


class Tasks(ReportCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="calanque-report-")
        os.chdir(cls.folder.name)
        pathlib.Path("cat.csv").write_text("\n".join(rows(lambda i: 1)) + "\n")
        pathlib.Path("wild.csv").write_text("\n".join(rows(lambda i: 1e6 if i % 10 == 0 else 1)) + "\n")
        train("power", "regression", 'target = "e"\n[[target_transform]]\nuse = "log10"', LAST.format(units=""))

    @classmethod
    def tearDownClass(cls):
        os.chdir("/")
        cls.folder.cleanup()

    def report(self, name, *arguments, figures):
        """A report of the run's validation rows or of --data, its page, and the metrics of clq evaluate."""
        done = json.loads(must("report", name, "--json", *FEW, *arguments).stdout)
        self.assertEqual(done["figures"], figures)
        data = arguments[1:] if arguments else ("cat.csv", "--part", "valid")
        printed = must("evaluate", f"{name}/model.safetensors", *data, "--json").stdout
        return self.check_folder(f"{name}/report", figures, printed), json.loads(printed)["metrics"]

    def errors(self, page):
        return {row[0]: row[2] for row in page.rows if len(row) == 4}

    def test_a_loss_that_uses_more_outputs_than_targets(self):
        train("scale", "regression", 'target = "y"',
              '[model]\nloss = "abs(y_1 - z) * exp(-y_2) + y_2"\n' + LAST.format(units=""))
        page, metrics = self.report("scale", figures=["prediction", "training"])
        self.assertGreater(float(self.errors(page)["rmse"]), 0)
        counts = Table.read("scale/report/prediction-residuals.ecsv")
        table = Table.read("scale/report/predictions.fits")
        bias = np.mean(np.asarray(table["PRED_1"], dtype=float) - table["TARGET"])
        self.assertAlmostEqual(bias, metrics["bias"], delta=1e-12)
        self.assertLessEqual(sum(counts["N"]), len(table))

    def test_several_outputs_have_figures_each(self):
        train("heads", "regression", 'target = ["y", "kind", "share"]', HEADS)
        figures = ["prediction-height", "confusion-sort", "prediction-pair-1", "prediction-pair-2", "training"]
        page, metrics = self.report("heads", figures=figures)
        for name in ("height_rmse", "sort_accuracy", "pair_rmse_2"):
            self.assertGreater(float(self.errors(page)[name]), 0, name)
        self.assertIn("of output sort", page.text)
        counts = Table.read("heads/report/confusion-sort.ecsv")
        right = sum(row["N"] for row in counts if row["TRUE"] == row["PREDICTED"])
        self.assertAlmostEqual(right / sum(counts["N"]), metrics["sort_accuracy"], delta=1e-12)

    def test_a_target_that_is_missing_costs_the_others_no_row(self):
        train("masked", "regression", 'target = ["y", "gap"]\n[model]\nloss = { use = "mse", mask_nan = true }',
              LAST.format(units=""))
        page, _ = self.report("masked", figures=["prediction-1", "prediction-2", "training"])
        known = np.isfinite(Table.read("masked/report/predictions.fits")["TARGET_2"]).sum()
        for k, n in ((1, len(Table.read("masked/report/predictions.fits"))), (2, known)):
            self.assertEqual(sum(Table.read(f"masked/report/prediction-{k}.ecsv")["N"]), n)
        self.assertIn(f"gap of {known} objects", page.text)

    def test_classes_of_which_the_probabilities_are_learned(self):
        train("soft", "classification", 'target = ["share", "rest"]', LAST.format(units="units = 2"))
        page, metrics = self.report("soft", figures=["confusion", "training"])
        self.assertGreater(float(self.errors(page)["log_loss"]), 0)
        counts = Table.read("soft/report/confusion.ecsv")
        right = sum(row["N"] for row in counts if row["TRUE"] == row["PREDICTED"])
        self.assertAlmostEqual(right / sum(counts["N"]), metrics["accuracy"], delta=1e-12)

    def test_a_reconstruction_shows_its_errors(self):
        train("again", "reconstruction", "", '[model]\nuse = "autoencoder"\nparameters = { code = 1 }')
        page, metrics = self.report("again", figures=["errors", "training"])
        self.assertGreater(float(self.errors(page)["error"]), 0)
        errors = np.asarray(Table.read("again/report/predictions.fits")["RECON_ERROR"])
        self.assertAlmostEqual(np.median(errors), metrics["error"], delta=1e-12)
        self.assertEqual(sum(Table.read("again/report/errors.ecsv")["N"]), len(errors))
        self.assertTrue(any(f"{errors.max():.5g}" in row for row in page.rows))

    def test_a_run_without_a_target_has_its_training(self):
        pathlib.Path("views.toml").write_text(VIEWS)
        must("train", "views.toml", "-o", "views")
        done = json.loads(must("report", "views", "--json").stdout)
        self.assertEqual((done["figures"], done["metrics"]), (["training"], {}))
        page = self.check_figures("views/report", ["training"])
        self.assertIn("there is nothing to score", page.text)
        self.assertIn("SIMULATED DATA", page.text)
        self.expect(2, "--data: the task contrastive learns without a target", "views", "--data", "cat.csv")
        self.expect(2, "--part: the task contrastive learns without a target", "views", "--part", "valid")

    def test_predictions_that_are_infinite_are_left_out_and_counted(self):
        page, _ = self.report("power", "--data", "wild.csv", figures=["prediction", "training"])
        table = Table.read("power/report/predictions.fits")
        lost = int((~np.isfinite(np.asarray(table["PRED"]))).sum())
        self.assertGreater(lost, 20)
        self.check_said(page, lost, int((table["FLAG_BAD"] != 0).sum()), "PRED")
        self.assertEqual(sum(Table.read("power/report/prediction.ecsv")["N"]), 1000 - lost)

    def check_said(self, page, lost, bad, what):
        """Rows without a finite prediction are bad ones; those that are not flagged so, the page counts by itself."""
        self.assertIn(f"{bad} flagged bad", page.text)
        if bad < lost:
            self.assertIn(f"{what} is not finite in {lost - bad} of", page.text)

    def test_where_no_prediction_is_finite_it_is_said_in_a_line(self):
        head, *lines = rows(lambda i: 1e12)
        pathlib.Path("far.csv").write_text("\n".join([head, *lines]) + "\n")
        must("predict", "power/model.safetensors", "far.csv", "-o", "far.fits")
        up = np.flatnonzero(~np.isfinite(np.asarray(Table.read("far.fits", hdu=1)["PRED"])))
        self.assertGreater(len(up), 100)
        pathlib.Path("up.csv").write_text("\n".join([head, *(lines[i] for i in up)]) + "\n")
        self.expect(3, f"0 of {len(up)} rows can be scored, a report needs 2", "power", "--data", "up.csv", *FEW)

    def test_pdfs_that_are_none_are_left_out(self):
        pathlib.Path("z.toml").write_text(PHOTOZ.format(catalog=BOSS))
        must("train", "z.toml", "-o", "z")
        data = Table.read(BOSS)[:400]
        data["MAG_R"][:50], data["MAG_I"][:50] = 3e38, -3e38
        data.write("bright.fits")
        done = json.loads(must("report", "z", "--data", "bright.fits", *FEW, "--json").stdout)
        table = Table.read("z/report/predictions.fits", hdu=1)
        lost = int((~np.isfinite(np.asarray(table["PDF"]))).any(axis=1).sum())
        self.assertGreater(lost, 0)
        page = self.check_figures("z/report", done["figures"])
        self.check_said(page, lost, int((table["FLAG_BAD"] != 0).sum()), "PDF")


unittest.main()
