# capi/report/calanque_report/folder.py -- the report's folder: made beside its place and moved there whole.
# SPDX-License-Identifier: BSD-3-Clause
import os
import pathlib
import shutil
import tempfile

from .problem import WRITE, Problem

MARK = "report.html"
OURS = (".html", ".png", ".pdf", ".ecsv", ".fits", ".json", ".bib")


class OutputFolder:
    """`work` is filled; publish() replaces an earlier report and touches nothing of another kind."""

    def __init__(self, path):
        self.path = pathlib.Path(path)

    def __enter__(self):
        parent = self.path.absolute().parent
        if self.path.exists() and not self.path.is_dir():
            raise Problem(WRITE, f"{self.path}: is no folder")
        if self.path.is_dir() and any(self.path.iterdir()) and not (self.path / MARK).exists():
            raise Problem(WRITE, f"{self.path}: holds other files and no report, name another folder with -o")
        try:
            self.work = pathlib.Path(tempfile.mkdtemp(prefix=".report-", dir=parent))
        except OSError as error:
            raise Problem(WRITE, f"{self.path}: {error.strerror}") from error
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.work, ignore_errors=True)

    def publish(self):
        try:
            self.path.mkdir(exist_ok=True)
            for old in self.path.iterdir():
                if old.suffix in OURS and old.is_file():
                    old.unlink()
            for made in sorted(self.work.iterdir(), key=lambda file: file.name == MARK):  # the page last
                os.replace(made, self.path / made.name)
        except OSError as error:
            raise Problem(WRITE, f"{self.path}: {error.strerror}") from error
