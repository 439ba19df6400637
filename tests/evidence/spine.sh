#!/usr/bin/env bash
# tests/evidence/spine.sh -- measures again what docs/evidence.md says of the engine and of redshifts from a table.
# SPDX-License-Identifier: BSD-3-Clause
#
# spine.sh [--controls] [--seed N] [--only NAME]... [--no-install]
#   A line a claim: ok or SHORT, the claim, the figure, the bound; exit 1 if any is short.
#   --controls     the same checks on planted faults: every line must say SHORT, exit 1 if one does not
#   --only NAME    one check of tests/evidence/spine/NAME.py
set -euo pipefail
cd "$(dirname "$0")/../.."

install=yes
checks=()
arguments=(--seed 1)
while [ $# -gt 0 ]; do
  case $1 in
    --controls) arguments+=(--controls) ;;
    --seed) arguments+=(--seed "$2"); shift ;;
    --only) checks+=("$2"); shift ;;
    --no-install) install=no ;;
    *) echo "spine.sh: unknown argument $1" >&2; exit 2 ;;
  esac
  shift
done
[ ${#checks[@]} -gt 0 ] || checks=(gradients backends readers resume hot_path hosts wrong_input photoz readme)
[ $install = no ] || bash tests/install_packages.sh test

for preset in release minimal; do
  cmake --preset $preset >/dev/null
  cmake --build --preset $preset -j "$(nproc)" -- --quiet
done

short=0
for check in "${checks[@]}"; do
  /usr/bin/python3 "tests/evidence/spine/$check.py" --build build/release "${arguments[@]}" || short=1
done
exit $short
