# capi/report/calanque_report/folder.py -- the report's folder: made beside its place and moved there whole.
# SPDX-License-Identifier: BSD-3-Clause
import os
import pathlib
import secrets
import shutil
import signal

from .problem import WRITE, Problem

PAGE, NAMES = "report.html", "files.txt"


class OutputFolder:
    """begin() makes `work`, which is filled; publish() replaces the files that an earlier report named and touches no
    other. The end of the with statement removes `work`, wherever a signal met it: begin() is called inside, and `work`
    has its name before it is there."""

    def __init__(self, path):
        self.path = pathlib.Path(path)
        self.work = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        # A second signal would leave half of it.
        numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        former = {number: signal.signal(number, signal.SIG_IGN) for number in numbers}
        if self.work is not None:
            shutil.rmtree(self.work, ignore_errors=True)
        for number, handler in former.items():
            signal.signal(number, handler)

    def begin(self):
        if self.path.exists() and not self.path.is_dir():
            raise Problem(WRITE, f"{self.path}: is no folder")
        if self.path.is_dir() and any(self.path.iterdir()) and PAGE not in self._former():
            raise Problem(WRITE, f"{self.path}: holds other files and no report whose {NAMES} says which are its own; "
                                 "name another folder with -o, or move them away")
        self.work = self.path.absolute().parent / f".report-{secrets.token_hex(8)}"
        try:
            self.work.mkdir(mode=0o700)
        except OSError as error:
            raise Problem(WRITE, f"{self.path}: {error.strerror}") from error

    def publish(self):
        """The names go first and the page last: wherever this ends, the next report knows the files of this one."""
        made = [NAMES, *sorted((file.name for file in self.work.iterdir()), key=lambda name: name == PAGE)]
        try:
            (self.work / NAMES).write_text("".join(f"{name}\n" for name in sorted(made)), encoding="utf-8")
            self.path.mkdir(exist_ok=True)
            for name in self._former() - {NAMES}:
                (self.path / name).unlink(missing_ok=True)
            for name in made:
                os.replace(self.work / name, self.path / name)
        except OSError as error:
            raise Problem(WRITE, f"{self.path}: {error.strerror}") from error

    def _former(self):
        """The files of the report that is there; none where there is no report."""
        try:
            names = (self.path / NAMES).read_text(encoding="utf-8", errors="replace").splitlines()
        except FileNotFoundError:
            return set()
        except OSError as error:
            raise Problem(WRITE, f"{self.path / NAMES}: {error.strerror}") from error
        return {name for name in names if pathlib.PurePath(name).name == name and name != ".."}
