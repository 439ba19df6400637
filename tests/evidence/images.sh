#!/usr/bin/env bash
# tests/evidence/images.sh -- measures again what docs/evidence.md says of images, their networks and their report.
# SPDX-License-Identifier: BSD-3-Clause
#
# images.sh [--controls] [--full] [--seed N] [--only NAME]... [--no-install]
#   A line a claim: ok or SHORT, the claim, the figure, the bound; exit 1 if any is short. What cannot be measured here
#   is a line skipped, with its reason; the checks that have one are named at the end.
#   --controls     the same checks on planted faults: every line must say SHORT, exit 1 if one does not
#   --full         image_photoz with twice the galaxies and four times the epochs, and the bounds that go with them
#   --only NAME    one check of tests/evidence/images/NAME.py

topic=images
every=(image_photoz pasquet onednn speed report fits_values events real_data memory)
long=(image_photoz)
packages=evidence
presets=(release)
source "$(dirname "$0")/checks.sh"
