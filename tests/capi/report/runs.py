# tests/capi/report/runs.py -- clq as the tests of whole reports call it, and what every report must be.
# SPDX-License-Identifier: BSD-3-Clause
import os
import pathlib
import subprocess
import sys
import unittest

from astropy.table import Table
from pages import Page, printed_metrics, width_of_pdf, wrong_numbers

CLQ = pathlib.Path(sys.argv.pop(1)).resolve()
FEW = ["--resamples", "10"]


def clq(*arguments, env=None):
    environment = {k: v for k, v in os.environ.items() if not k.startswith("CLQ_")} | (env or {})
    command = [str(CLQ), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


def must(*arguments):
    done = clq(*arguments)
    if done.returncode != 0:
        raise AssertionError(f"clq {' '.join(map(str, arguments))}: exit {done.returncode}\n{done.stderr}")
    return done


class ReportCase(unittest.TestCase):
    def check_figures(self, folder, figures):
        """Every file of a report, the widths of its PDFs, and its page."""
        folder = pathlib.Path(folder)
        for name in figures:
            self.assertGreater((folder / f"{name}.png").stat().st_size, 5000, name)
            for width in (88, 180):
                self.assertAlmostEqual(width_of_pdf(folder / f"{name}-{width}mm.pdf"), width, delta=0.01)
            self.assertGreater(len(Table.read(folder / f"{name}.ecsv")), 0, name)
        page = Page(folder / "report.html")
        self.assertEqual(page.problems, [])
        self.assertEqual(page.pictures, len(figures))
        return page

    def check_folder(self, folder, figures, printed):
        """Its files and page, and its numbers to the last digit."""
        page = self.check_figures(folder, figures)
        self.assertEqual(wrong_numbers(page, printed_metrics(printed)), [])
        self.assertEqual((pathlib.Path(folder) / "metrics.json").read_text(), printed)
        return page

    def expect(self, code, words, *arguments, env=None):
        done = clq("report", *arguments, env=env)
        said = [line for line in done.stderr.splitlines() if line.startswith("clq: ")]
        self.assertEqual((done.returncode, len(said)), (code, 1), done.stderr)
        self.assertIn(words, said[0])
        self.assertEqual(done.stderr.strip(), said[0])
