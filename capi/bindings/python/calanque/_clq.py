# calanque/_clq.py -- the program clq of a wheel, which lies beside this package.
# SPDX-License-Identifier: BSD-3-Clause
"""What pip puts into its folder of programs as `clq`."""
from __future__ import annotations

import os
import pathlib
import sys


def main() -> None:
    program = pathlib.Path(__file__).resolve().parent / "bin/clq"
    if not program.exists():
        sys.exit(f"clq: {program} is not there: this package was not installed as a wheel")
    os.execv(program, [str(program), *sys.argv[1:]])
