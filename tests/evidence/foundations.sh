#!/usr/bin/env bash
# tests/evidence/foundations.sh -- measures again what docs/evidence.md says of the borders and of exactness.
# SPDX-License-Identifier: BSD-3-Clause
#
# foundations.sh [--controls] [--full] [--seed N] [--only NAME]... [--no-install]
#   A line a claim: ok or SHORT, the claim, the figure, the bound; exit 1 if any is short.
#   --controls     the same checks on planted faults: every line must say SHORT, exit 1 if one does not
#   --full         what takes long, too: 10^7 inputs to the fuzz targets, all faults, the planted errors, coverage
#   --only NAME    one check of tests/evidence/foundations/NAME.py
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
    *) echo "foundations.sh: unknown argument $1" >&2; exit 2 ;;
  esac
  shift
done
[ ${#checks[@]} -gt 0 ] || checks=(abi plugins replicas kills faults guest bounded fuzz mutants coverage)
[ $install = no ] || bash tests/install_packages.sh evidence

cmake --preset release >/dev/null
cmake --build --preset release -j "$(nproc)" -- --quiet

short=0
for check in "${checks[@]}"; do
  more=()
  case $check in faults | fuzz | mutants | coverage) more=("${full[@]}") ;; esac
  code=0
  /usr/bin/python3 "tests/evidence/foundations/$check.py" --build build/release "${arguments[@]}" "${more[@]}" || code=$?
  [ $code = 0 ] || [ $code = 77 ] || short=1  # 77: nothing is wrong, and a part was not measured
done
exit $short
