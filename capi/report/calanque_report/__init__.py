# capi/report/calanque_report/__init__.py -- the report of a run: figures, numbers, one HTML page.
# SPDX-License-Identifier: BSD-3-Clause
