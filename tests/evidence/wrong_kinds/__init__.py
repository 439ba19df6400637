# tests/evidence/wrong_kinds/__init__.py -- every kind of wrong input, by name.
# SPDX-License-Identifier: BSD-3-Clause
from . import places, run_files, tables
from .bench import RUN_FILE, Attempt, Bench, state_of

KINDS = {**tables.KINDS, **run_files.KINDS, **places.KINDS}
