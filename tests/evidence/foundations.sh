#!/usr/bin/env bash
# tests/evidence/foundations.sh -- measures again what docs/evidence.md says of the borders and of exactness.
# SPDX-License-Identifier: BSD-3-Clause
#
# foundations.sh [--controls] [--full] [--seed N] [--only NAME]... [--no-install]
#   A line a claim: ok or SHORT, the claim, the figure, the bound; exit 1 if any is short. What cannot be measured here
#   is a line skipped, with its reason; the checks that have one are named at the end.
#   --controls     the same checks on planted faults: every line must say SHORT, exit 1 if one does not
#   --full         what takes long, too: 10^7 inputs to the fuzz targets, all faults, the planted errors, coverage
#   --only NAME    one check of tests/evidence/foundations/NAME.py

topic=foundations
every=(abi plugins replicas kills faults guest bounded fuzz mutants sanitizers coverage)
long=(faults fuzz mutants sanitizers coverage)
packages=evidence
presets=(release)
source "$(dirname "$0")/checks.sh"
