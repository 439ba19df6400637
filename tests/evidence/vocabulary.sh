#!/usr/bin/env bash
# tests/evidence/vocabulary.sh -- measures again what docs/evidence.md says of ops, layers, losses, optimizers, models.
# SPDX-License-Identifier: BSD-3-Clause
#
# vocabulary.sh [--controls] [--full] [--seed N] [--only NAME]... [--no-install]
#   A line a claim: ok or SHORT, the claim, the figure, the bound; exit 1 if any is short. What cannot be measured here
#   is a line skipped, with its reason; the checks that have one are named at the end.
#   --controls     the same checks on planted faults: every line must say SHORT, exit 1 if one does not
#   --full         the large networks in F64, too
#   --only NAME    one check of tests/evidence/vocabulary/NAME.py

topic=vocabulary
every=(ops layers losses optimizers schedules networks pdf_heads model_files plugin)
long=(networks)
packages=evidence
presets=(release)
source "$(dirname "$0")/checks.sh"
