#!/usr/bin/env bash
# projects/deepdip/demo.sh -- from a fresh clone to photometric redshifts of galaxies that the network never saw.
# SPDX-License-Identifier: BSD-3-Clause
#
# demo.sh [--no-install] [--prefix DIR] [--seeds N]
#   --no-install   fail, naming them, instead of installing missing packages
#   --prefix DIR   where Calanque is installed and the runs are left (default: build/demo)
#   --seeds N      networks in the ensemble (default 1)
set -euo pipefail
cd "$(dirname "$0")/../.."

install=yes
prefix=$PWD/build/demo
seeds=1
while [ $# -gt 0 ]; do
  case $1 in
    --no-install) install=no ;;
    --prefix) prefix=$(realpath -m "$2"); shift ;;
    --seeds) seeds=$2; shift ;;
    *) echo "demo.sh: unknown argument $1" >&2; exit 2 ;;
  esac
  shift
done
[ $install = no ] || bash tests/install_packages.sh test

started=$SECONDS
step() { printf '\n== %s  (%d s)\n' "$1" $((SECONDS - started)); }

step "build and install into $prefix"
mkdir -p build
cmake --preset release -DCLQ_TESTS=OFF -DCMAKE_INSTALL_PREFIX="$prefix" -B build/demo-build >build/demo-configure.log 2>&1 ||
  { cat build/demo-configure.log; exit 1; }
cmake --build build/demo-build -j "$(nproc)" -- --quiet
cmake --install build/demo-build >/dev/null
export PATH=$prefix/bin:$PATH
data=$PWD/projects/deepdip/data

bundles=()
for seed in $(seq 1 "$seeds"); do
  run=$prefix/runs/photoz-$seed
  rm -rf "$run"
  step "train on 12,000 SDSS galaxies, seed $seed"
  clq train projects/deepdip/runs/boss_dr10.toml "data.catalog=$data/boss_dr10_train.fits" "train.seed=$seed" -o "$run"
  bundles+=("$run/model.safetensors")
done

step "evaluate on 6,000 galaxies it never saw"
clq evaluate "${bundles[@]}" "$data/boss_dr10_test.fits" -o "$prefix/predictions.fits" --json >"$prefix/metrics.json"

step "baselines on the same split (kNN and random forest of scikit-learn)"
if /usr/bin/python3 -c 'import sklearn, astropy' 2>/dev/null; then
  /usr/bin/python3 projects/deepdip/baselines.py "$data/boss_dr10_train.fits" "$data/boss_dr10_test.fits" --seed 1 \
    --out "$prefix/baselines.json"
else
  echo "skipped: scikit-learn or astropy is missing for /usr/bin/python3"
fi

step "report"
/usr/bin/python3 projects/deepdip/summary.py "$prefix/metrics.json" "$prefix/baselines.json" | tee "$prefix/report.txt"
echo
echo "left in $prefix: predictions.fits metrics.json baselines.json report.txt runs/"
