#!/usr/bin/env bash
# tests/run.sh -- install what is missing, build release and asan, run every test; what continuous integration calls.
# SPDX-License-Identifier: BSD-3-Clause
#
# run.sh [--no-install] [--preset NAME]...     default presets: release asan minimal
set -euo pipefail
cd "$(dirname "$0")/.."

install=yes
presets=()
while [ $# -gt 0 ]; do
  case $1 in
    --no-install) install=no ;;
    --preset) presets+=("$2"); shift ;;
    *) echo "run.sh: unknown argument $1" >&2; exit 2 ;;
  esac
  shift
done
[ ${#presets[@]} -gt 0 ] || presets=(release asan minimal)
[ $install = no ] || bash tests/install_packages.sh test

for preset in "${presets[@]}"; do
  echo "== $preset"
  cmake --preset "$preset" >"/tmp/calanque-configure-$preset.log" 2>&1 || { cat "/tmp/calanque-configure-$preset.log"; exit 1; }
  cmake --build --preset "$preset" -j "$(nproc)" -- --quiet
  ctest --preset "$preset" -j "$(nproc)" --no-tests=error
done
