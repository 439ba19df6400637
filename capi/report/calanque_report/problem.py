# capi/report/calanque_report/problem.py -- what ends the report: one line, and an exit code of clq.
# SPDX-License-Identifier: BSD-3-Clause

USAGE, INPUT, MISSING, INTERNAL, WRITE, HUNG_UP, INTERRUPTED, TERMINATED = 2, 3, 4, 5, 6, 129, 130, 143


class Problem(Exception):
    """One line without `clq: ` before it, and the exit code."""

    def __init__(self, code, text):
        super().__init__(text)
        self.code = code
