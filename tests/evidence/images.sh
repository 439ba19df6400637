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
set -euo pipefail
cd "$(dirname "$0")/../.."

install=yes
checks=()
full=()
arguments=(--seed 1)
while [ $# -gt 0 ]; do
  case $1 in
    --controls) arguments+=(--controls) ;;
    --full) full=(--full) ;;
    --seed) arguments+=(--seed "$2"); shift ;;
    --only) checks+=("$2"); shift ;;
    --no-install) install=no ;;
    *) echo "images.sh: unknown argument $1" >&2; exit 2 ;;
  esac
  shift
done
every=(
  image_photoz
  pasquet
  onednn
  speed
  report
  fits_values
  events
  real_data
  memory
)
[ ${#checks[@]} -gt 0 ] || checks=("${every[@]}")
[ $install = no ] || bash tests/install_packages.sh evidence

cmake --preset release >/dev/null
cmake --build --preset release -j "$(nproc)" -- --quiet

short=0
skipped=()
for check in "${checks[@]}"; do
  more=()
  [ "$check" != image_photoz ] || more=("${full[@]}")
  code=0
  /usr/bin/python3 "tests/evidence/images/$check.py" --build build/release "${arguments[@]}" "${more[@]}" || code=$?
  case $code in
    0) ;;
    77) skipped+=("$check") ;;
    *) short=1 ;;
  esac
done
[ ${#skipped[@]} -eq 0 ] || echo "${#skipped[@]} of ${#checks[@]} checks skipped, in whole or in part: ${skipped[*]}"
exit $short
