#!/usr/bin/env bash
# projects/deepdip/demo.sh -- from a fresh clone to photometric redshifts of galaxies that the network never saw.
# SPDX-License-Identifier: BSD-3-Clause
#
# demo.sh [--no-install] [--prefix DIR] [--networks N]
#   --no-install   install no package; CMake names what it does not find
#   --prefix DIR   where Calanque is installed and what the demo makes is left (default: build/demo)
#   --networks N   networks of the ensemble (default 2)
set -euo pipefail
cd "$(dirname "$0")/../.."

install=yes
prefix=$PWD/build/demo
networks=2
while [ $# -gt 0 ]; do
  case $1 in
    --no-install) install=no ;;
    --prefix) prefix=$(realpath -m "${2:?demo.sh: --prefix needs a folder}"); shift ;;
    --networks) networks=${2:?demo.sh: --networks needs a number}; shift ;;
    *) echo "demo.sh: unknown argument $1" >&2; exit 2 ;;
  esac
  shift
done
case $networks in ''|*[!0-9]*|0) echo "demo.sh: --networks must be a number of networks, got '$networks'" >&2; exit 2 ;; esac

started=$SECONDS
step() { printf '\n== %s  (%d s)\n' "$1" $((SECONDS - started)); }

[ $install = no ] || bash tests/install_packages.sh demo

step "build and install into $prefix"
mkdir -p build "$prefix"
cmake --preset release -DCLQ_TESTS=OFF -DCMAKE_INSTALL_PREFIX="$prefix" -B build/demo-build >build/demo-configure.log 2>&1 ||
  { cat build/demo-configure.log; exit 1; }
cmake --build build/demo-build -j "$(nproc)" -- --quiet
cmake --install build/demo-build >/dev/null
clq=$prefix/bin/clq
train=projects/deepdip/data/boss_dr10_train.fits
test=projects/deepdip/data/boss_dr10_test.fits

bundles=()
for seed in $(seq 1 "$networks"); do
  run=$prefix/runs/photoz-$seed
  rm -rf "$run"
  step "train on 12,000 SDSS galaxies, seed $seed"
  "$clq" train projects/deepdip/runs/boss_dr10.toml train.seed="$seed" split.seed="$seed" -o "$run" >"$prefix/train-$seed.txt"
  bundles+=("$run/model.safetensors")
done

step "predict and evaluate 6,000 galaxies they never saw"
"$clq" predict "${bundles[@]}" $test -o "$prefix/predictions.fits"
"$clq" evaluate "${bundles[@]}" $test --where "Z > 0.002" --json >"$prefix/metrics.json"

step "baselines on the same split: nearest neighbours and random forest of scikit-learn"
rm -f "$prefix/baselines.json"
options=()
[ $install = yes ] || options+=(--no-install)
bash projects/deepdip/baselines.sh "${options[@]}" $train $test --out "$prefix/baselines.json" ||
  { code=$?; [ $code -eq 4 ] || exit $code; echo "skipped"; }   # 4: scikit-learn is missing and may not be installed

step "report"
reports=("$prefix/metrics.json")
[ ! -f "$prefix/baselines.json" ] || reports+=("$prefix/baselines.json")
/usr/bin/python3 projects/deepdip/summary.py "${reports[@]}" | tee "$prefix/report.txt"
step "done"
echo "left in $prefix: predictions.fits report.txt metrics.json baselines.json runs/"
