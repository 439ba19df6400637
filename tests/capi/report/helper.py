# tests/capi/report/helper.py -- the report's helper as a module, and the end of a test where its libraries are missing.
# SPDX-License-Identifier: BSD-3-Clause
import importlib.util
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
SKIPPED = 77
sys.path.insert(0, str(ROOT / "capi/report"))
sys.path.insert(0, str(ROOT / "projects/deepdip"))


def require(*libraries):
    """Ends the test where one of them is not installed, with the reason."""
    missing = [name for name in libraries if importlib.util.find_spec(name) is None]
    if missing:
        print(f"skipped: {sys.executable} has no {', '.join(missing)}")
        sys.exit(SKIPPED)
