# tests/capi/report/report_test.py -- reports of small runs: files, sizes, numbers, wrong input: report_test.py CLQ
# SPDX-License-Identifier: BSD-3-Clause
import json
import math
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from unittest import mock

import helper

helper.require("numpy", "matplotlib", "astropy")

from astropy.table import Table  # noqa: E402
from calanque_report.folder import OutputFolder  # noqa: E402
from calanque_report.predictions import Predictions  # noqa: E402
from calanque_report.sample import RedshiftSample  # noqa: E402
from pages import Page  # noqa: E402
from runs import CLQ, FEW, ReportCase, clq, must  # noqa: E402

BOSS = helper.ROOT / "projects/deepdip/data"

PLAIN = """
task = "{task}"
[data]
catalog = "cat.csv"
id = "id"
scalars = ["a", "b"]
target = "{target}"
{weight}
[split]
valid = 0.2
[[model.layer]]
use = "dense"
units = 8
activation = "tanh"
[[model.layer]]
use = "dense"
{units}
[train]
epochs = 3
"""

BCE = """
[model]
loss = { use = "bce" }
"""

SIMULATED = """
task = "photoz"
[data]
catalog = "deepdip://galaxies?n=400&seed=1&size=16"
id = "OBJID"
target = "Z"
scalars = ["APER_*", "EBV"]
[split]
test = 0.5
[[transform]]
use = "standardise"
[[model.layer]]
use = "dense"
[model]
bins = { min = 0.0, max = 1.0, n = 40 }
[train]
epochs = 2
"""


class Reports(ReportCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="calanque-report-")
        os.chdir(cls.folder.name)
        rows = [(i, math.sin(i), math.cos(1.7 * i)) for i in range(1500)]
        lines = [f"{i},{a:.6f},{b:.6f},{a - 2 * b:.6f},{1 + i % 3},{int(a > b) + int(a > 0.5)},{int(a > b)}"
                 for i, a, b in rows]
        pathlib.Path("cat.csv").write_text("id,a,b,y,w,kind,yes\n" + "\n".join(lines) + "\n")
        must("train", helper.ROOT / "projects/deepdip/runs/boss_dr10.toml", f"data.catalog={BOSS}/boss_dr10_train.fits",
             "train.epochs=2", "split.test=0.1", "-o", "photoz")
        runs = {"regression": PLAIN.format(task="regression", target="y", weight='weight = "w"', units=""),
                "classes": PLAIN.format(task="classification", target="kind", weight="", units="units = 3"),
                "yes": PLAIN.format(task="classification", target="yes", weight="", units="units = 1") + BCE}
        for name, text in runs.items():
            pathlib.Path(f"{name}.toml").write_text(text)
            must("train", f"{name}.toml", "-o", name)

    @classmethod
    def tearDownClass(cls):
        os.chdir("/")
        cls.folder.cleanup()

    def test_redshifts_of_the_test_part(self):
        data = f"{BOSS}/boss_dr10_train.fits"
        must("predict", "photoz/model.safetensors", data, "-o", "other.fits")
        baselines = ["--baseline", "other.fits", "--baseline", "MAG_I"]
        done = json.loads(must("report", "photoz", "--json", *FEW, *baselines).stdout)
        self.assertEqual(done["report"], "photoz/report/report.html")
        printed = must("evaluate", "photoz/model.safetensors", data, "--part", "test", "--json").stdout
        page = self.check_folder("photoz/report", done["figures"], printed)
        for name in ("zz", "bins-zphot", "bins-magnitude", "pit", "nz", "baselines", "worst", "training"):
            self.assertIn(name, done["figures"])
        self.assertIn("REAL DATA", page.text)
        self.assertIn(json.loads(must("inspect", "photoz", "--json").stdout)["model"]["hash"], page.text)
        self.check_own_values(json.loads(printed)["metrics"])
        # The baseline is the network itself, by another table: the same numbers.
        rows = {row[0]: row[1:] for row in page.rows if row and "other.fits" in row[0]}
        self.assertEqual(rows["other.fits"], rows["network, on the rows of other.fits"])
        self.assertEqual(rows["other.fits"][0], str(json.loads(printed)["rows"]))
        self.assertIn(f"{json.loads(printed)['metrics']['sigma_mad']:.5f}", rows["other.fits"])

    def check_own_values(self, scores):
        """The bin of everything, by the report's formulae, is what clq evaluate says: errors are errors of these."""
        predictions = Predictions("photoz/report/predictions.fits", lambda names: ["ZSPEC"])
        own = RedshiftSample(predictions, scores, "").own_values()
        self.assertEqual(set(own), set(scores) - {"loss"})
        for name, value in own.items():  # the same F64 columns, and sums in another order
            self.assertAlmostEqual(value, scores[name], delta=1e-12 * max(1, abs(scores[name])), msg=name)
        whole = Table.read("photoz/report/bins-zphot.ecsv")
        self.assertEqual(sum(whole["N"]), len(predictions))

    def test_simulated_galaxies_with_images(self):
        pathlib.Path("sky.toml").write_text(SIMULATED)
        must("train", "sky.toml", "-o", "sky")
        done = json.loads(must("report", "sky", "--json", *FEW).stdout)
        printed = must("evaluate", "sky/model.safetensors", "deepdip://galaxies?n=400&seed=1&size=16", "--part", "test",
                       "--json").stdout
        page = self.check_folder("sky/report", done["figures"], printed)
        self.assertIn("SIMULATED DATA", page.text)
        self.assertIn("cutouts", done["figures"])
        self.assertEqual(len(Table.read("sky/report/cutouts.ecsv")), 16)
        for path in pathlib.Path("sky/report").glob("*.ecsv"):
            self.assertEqual(Table.read(path).meta["data"], "SIMULATED", path.name)
        magnitudes = Table.read("sky/report/bins-magnitude.ecsv")  # of FLUX_I, which is no input
        self.assertTrue(12 < min(magnitudes["LOW"]) and max(magnitudes["HIGH"]) < 26)
        self.assertEqual(str(magnitudes["LOW"].unit), "mag")

    def test_rows_of_other_data(self):
        must("report", "classes", "--data", "cat.csv", "--where", "a > 0", *FEW, "-o", "half")
        printed = must("evaluate", "classes/model.safetensors", "cat.csv", "--where", "a > 0", "--json").stdout
        page = self.check_folder("half", ["confusion", "training"], printed)
        self.assertIn("of cat.csv with a > 0;", page.text)

    def test_the_locale_and_a_talkative_python_change_nothing(self):
        shutil.copy("cat.csv", "größe.csv")
        python = pathlib.Path("talkative")
        python.write_text('#!/bin/sh\n[ "$1" != -c ] || echo a word of its own\nexec /usr/bin/python3 "$@"\n')
        python.chmod(0o755)
        env = {"CLQ_PYTHON": str(python.resolve()), "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
        done = clq("report", "classes", "--data", "größe.csv", *FEW, "-o", "latin", "--json", env=env)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(json.loads(done.stdout)["report"], "latin/report.html")
        self.assertIn("of größe.csv;", Page(pathlib.Path("latin/report.html")).text)

    def test_a_regression_with_weights_twice_to_the_same_bytes(self):
        must("report", "regression", *FEW)
        printed = must("evaluate", "regression/model.safetensors", "cat.csv", "--part", "valid", "--json").stdout
        self.check_folder("regression/report", ["prediction", "training"], printed)
        first = {p.name: p.read_bytes() for p in pathlib.Path("regression/report").iterdir()}
        must("report", "regression", *FEW)
        again = {p.name: p.read_bytes() for p in pathlib.Path("regression/report").iterdir()}
        self.assertEqual([name for name in first | again if first.get(name) != again.get(name)], [])

    def test_a_second_report_deletes_no_file_of_the_user(self):
        """Only what the first report named goes, even where others have its endings."""
        folder = pathlib.Path("kept")
        must("report", "regression", *FEW, "-o", folder)
        made = {path.name for path in folder.iterdir()}
        self.assertEqual(set((folder / "files.txt").read_text().splitlines()), made)
        users = [f"mine{ending}" for ending in (".html", ".png", ".pdf", ".ecsv", ".fits", ".json", ".bib", ".txt")]
        for name in users:
            (folder / name).write_text(name)
        pathlib.Path("outside.png").write_text("not of the folder")
        with (folder / "files.txt").open("a") as names:
            names.write("old-figure.png\n../outside.png\n")
        (folder / "old-figure.png").write_text("of an earlier report")
        must("report", "regression", *FEW, "-o", folder)
        self.assertEqual({path.name for path in folder.iterdir()}, made | set(users))
        self.assertEqual([(folder / name).read_text() for name in users], users)
        self.assertTrue(pathlib.Path("outside.png").exists())
        self.assertEqual(set((folder / "files.txt").read_text().splitlines()), made)

    def test_a_classification(self):
        must("report", "classes", *FEW)
        printed = must("evaluate", "classes/model.safetensors", "cat.csv", "--part", "valid", "--json").stdout
        self.check_folder("classes/report", ["confusion", "training"], printed)
        table = Table.read("classes/report/confusion.ecsv")
        right = sum(row["N"] for row in table if row["TRUE"] == row["PREDICTED"])
        self.assertAlmostEqual(right / sum(table["N"]), json.loads(printed)["metrics"]["accuracy"], delta=1e-12)

    def test_yes_or_no_of_one_output(self):
        must("report", "yes", *FEW)
        printed = must("evaluate", "yes/model.safetensors", "cat.csv", "--part", "valid", "--json").stdout
        page = self.check_folder("yes/report", ["confusion", "training"], printed)
        for name in ("f1", "auc", "average_precision"):
            self.assertIn(name, page.text)
        table = Table.read("yes/report/confusion.ecsv")
        self.assertEqual(len(table), 4)
        right = sum(row["N"] for row in table if row["TRUE"] == row["PREDICTED"])
        self.assertAlmostEqual(right / sum(table["N"]), json.loads(printed)["metrics"]["accuracy"], delta=1e-12)

    def test_wrong_input_is_one_line(self):
        pathlib.Path("empty").mkdir()
        shutil.copytree("regression", "stopped", ignore=shutil.ignore_patterns("report"))
        made = json.loads(pathlib.Path("stopped/run.json").read_text())
        pathlib.Path("stopped/run.json").write_text(json.dumps(made | {"end_reason": "stopped"}))
        pathlib.Path("blind.csv").write_text("id,a,b\n1,0.5,0.5\n2,0.1,0.2\n")
        pathlib.Path("full").mkdir()
        pathlib.Path("full/paper.tex").write_text("\\section{}")
        pathlib.Path("full/report.html").write_text("of another program")
        self.expect(2, "DIR is required")
        self.expect(3, "nowhere: there is no such run folder", "nowhere")
        self.expect(3, "empty holds no run", "empty")
        self.expect(3, "is 'stopped': go on with clq resume stopped", "stopped")
        self.expect(3, "blind.csv: data.target: there is no column 'y'", "regression", "--data", "blind.csv")
        self.expect(3, "none.csv", "regression", "--data", "none.csv")
        self.expect(2, "--where selects rows of --data", "regression", "--where", "a > 0")
        self.expect(2, "part must be train, valid or test, got 'all'", "regression", "--part", "all")
        named = Table.read(f"{BOSS}/boss_dr10_test.fits")[:50]
        named["NAME"] = [f"galaxy {k}" for k in range(50)]
        named.write("named.fits")
        self.expect(2, "--magnitude NAME: is no magnitude", "photoz", "--data", "named.fits", "--magnitude", "NAME")
        self.expect(2, "--magnitude OBJID: is no magnitude but an id", "photoz", "--magnitude", "OBJID")
        self.expect(2, "--baseline compares redshifts", "regression", "--baseline", "a")
        self.expect(3, "none.fits: is no file, and no column of the data", "photoz", "--baseline", "none.fits")
        self.expect(6, "full: holds other files and no report whose files.txt", "regression", "-o", "full")
        self.expect(6, "nowhere/report: No such file", "regression", "-o", "nowhere/report")
        self.assertFalse(any(path.name.startswith(".report-") for path in pathlib.Path(".").iterdir()))
        self.assertEqual(sorted(path.name for path in pathlib.Path("full").iterdir()), ["paper.tex", "report.html"])

    def test_sigterm_leaves_nothing_behind(self):
        left = lambda: [path.name for path in pathlib.Path(".").iterdir() if path.name.startswith(".report-")]  # noqa: E731
        with subprocess.Popen([CLQ, "report", "photoz", "-o", "ended", "--resamples", "100000"]) as process:
            end = time.monotonic() + 60
            while not left() and process.poll() is None and time.monotonic() < end:
                time.sleep(0.01)
            self.assertTrue(left(), "no report was begun")
            process.terminate()
            self.assertEqual(process.wait(60), 143)
        self.assertEqual(left(), [])
        self.assertFalse(pathlib.Path("ended").exists())

    def test_a_signal_while_the_folder_is_made_leaves_nothing_behind(self):
        def make_and_end(*arguments, **options):
            mkdir(*arguments, **options)
            sys.exit(143)

        mkdir = os.mkdir
        with tempfile.TemporaryDirectory() as parent:
            with mock.patch("os.mkdir", make_and_end), self.assertRaises(SystemExit):
                with OutputFolder(pathlib.Path(parent) / "report") as folder:
                    folder.begin()
            self.assertEqual(os.listdir(parent), [])

    def test_a_second_signal_does_not_stop_the_removal(self):
        def remove_late(*arguments, **options):
            os.kill(os.getpid(), signal.SIGTERM)
            rmtree(*arguments, **options)

        rmtree = shutil.rmtree
        with tempfile.TemporaryDirectory() as parent:
            with mock.patch("shutil.rmtree", remove_late), OutputFolder(pathlib.Path(parent) / "report") as folder:
                folder.begin()
            self.assertEqual(os.listdir(parent), [])

    def test_a_python_without_its_libraries(self):
        self.expect(4, "install python3-matplotlib and python3-astropy", "regression", env={"CLQ_PYTHON": "/bin/false"})
        self.expect(4, "CLQ_PYTHON=/nowhere/python has not", "regression", env={"CLQ_PYTHON": "/nowhere/python"})


unittest.main()
