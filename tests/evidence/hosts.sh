#!/usr/bin/env bash
# tests/evidence/hosts.sh -- measures again what docs/evidence.md says of the languages that call Calanque.
# SPDX-License-Identifier: BSD-3-Clause
#
# hosts.sh [--controls] [--full] [--seed N] [--only NAME]... [--no-install]
#   A line a claim: ok or SHORT, the claim, the figure, the bound; exit 1 if any is short. What cannot be measured here
#   is a line skipped, with its reason; the checks that have one are named at the end.
#   --controls     the same checks on planted faults: every line must say SHORT, exit 1 if one does not
#   --full         what takes long, too: a newcomer's path in each language, from the sources; leaks, with sanitizers
#   --only NAME    one check of tests/evidence/hosts/NAME.py

topic=hosts
every=(programs costs misuse misuse_gdl torch_bridge sklearn_checks newcomers guest zero_copy leaks)
long=(newcomers leaks)
packages=evidence
presets=(release)
source "$(dirname "$0")/checks.sh"
