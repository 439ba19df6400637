#!/usr/bin/env bash
# tests/evidence/spine.sh -- measures again what docs/evidence.md says of the engine and of redshifts from a table.
# SPDX-License-Identifier: BSD-3-Clause
#
# spine.sh [--controls] [--seed N] [--only NAME]... [--no-install]
#   A line a claim: ok or SHORT, the claim, the figure, the bound; exit 1 if any is short. What cannot be measured here
#   is a line skipped, with its reason; the checks that have one are named at the end.
#   --controls     the same checks on planted faults: every line must say SHORT, exit 1 if one does not
#   --only NAME    one check of tests/evidence/spine/NAME.py

topic=spine
every=(gradients backends readers resume hot_path hosts wrong_input photoz readme)
long=()
packages=test
presets=(release minimal)
source "$(dirname "$0")/checks.sh"
