#!/usr/bin/env bash
# projects/deepdip/demo.sh -- from a fresh clone to redshifts, of magnitudes and of images, of galaxies never seen.
# SPDX-License-Identifier: BSD-3-Clause
#
# demo.sh [--no-install] [--prefix DIR] [--networks N] [--only tables|images]
#   --no-install   install no package; CMake names what it does not find
#   --prefix DIR   where Calanque is installed and what the demo makes is left (default: build/demo)
#   --networks N   networks of the ensemble (default 2)
#   --only PART    real galaxies by their magnitudes, or simulated ones by their images; default: both
set -euo pipefail
cd "$(dirname "$0")/../.."

install=yes
prefix=$PWD/build/demo
networks=2
parts="tables images"
while [ $# -gt 0 ]; do
  case $1 in
    --no-install) install=no ;;
    --prefix) prefix=$(realpath -m "${2:?demo.sh: --prefix needs a folder}"); shift ;;
    --networks) networks=${2:?demo.sh: --networks needs a number}; shift ;;
    --only) parts=${2:?demo.sh: --only needs tables or images}; shift ;;
    *) echo "demo.sh: unknown argument $1" >&2; exit 2 ;;
  esac
  shift
done
case $networks in ''|*[!0-9]*|0) echo "demo.sh: --networks must be a number of networks, got '$networks'" >&2; exit 2 ;; esac
case $parts in
  tables|images|"tables images") ;;
  *) echo "demo.sh: --only must be tables or images, got '$parts'" >&2; exit 2 ;;
esac

started=$SECONDS
step() { printf '\n== %s  (%d s)\n' "$1" $((SECONDS - started)); }

[ $install = no ] || bash tests/install_packages.sh demo

step "build and install into $prefix"
mkdir -p build "$prefix"
cmake --preset release -DCLQ_TESTS=OFF >build/demo-configure.log 2>&1 ||
  { cat build/demo-configure.log; exit 1; }
cmake --build --preset release -j "$(nproc)" -- --quiet
cmake --install build/release --prefix "$prefix" >/dev/null
clq=$prefix/bin/clq
options=()
[ $install = yes ] || options+=(--no-install)

tables() {
  local train=projects/deepdip/data/boss_dr10_train.fits test=projects/deepdip/data/boss_dr10_test.fits
  local bundles=() seed run
  for seed in $(seq 1 "$networks"); do
    run=$prefix/runs/photoz-$seed
    rm -rf "$run"
    step "train on 12,000 SDSS galaxies, seed $seed"
    "$clq" train projects/deepdip/runs/boss_dr10.toml train.seed="$seed" split.seed="$seed" -o "$run" \
      >"$prefix/train-$seed.txt"
    bundles+=("$run/model.safetensors")
  done

  step "predict and evaluate 6,000 galaxies they never saw"
  "$clq" predict "${bundles[@]}" $test -o "$prefix/predictions.fits"
  "$clq" evaluate "${bundles[@]}" $test --where "Z > 0.002" --json >"$prefix/metrics.json"

  step "baselines on the same split: nearest neighbours and random forest of scikit-learn"
  rm -f "$prefix/baselines.json"
  bash projects/deepdip/baselines.sh "${options[@]}" $train $test --out "$prefix/baselines.json" || without_baselines
  summarise metrics.json baselines.json report.txt
}

images() {
  local work=$prefix/images run=$prefix/runs/images
  rm -rf "$work" "$run"
  mkdir -p "$work"
  step "simulate 20,000 galaxies to learn from and 4,000 to be scored, as FITS files"
  "$clq" simulate deepdip --n 20000 --seed 1 -o "$work/train.fits"
  "$clq" simulate deepdip --n 4000 --seed 2 -o "$work/test.fits"

  step "train a small network on their images"
  "$clq" train projects/deepdip/runs/sim_images.toml data.catalog="$work/train.fits" train.epochs=8 \
    compute.threads="$(nproc)" -o "$run" >"$prefix/train-images.txt"

  step "predict and evaluate the 4,000 galaxies it never saw"
  "$clq" predict "$run/model.safetensors" "$work/test.fits" -o "$work/predictions.fits"
  "$clq" evaluate "$run/model.safetensors" "$work/test.fits" --json >"$prefix/image_metrics.json"

  step "n(z), nearest neighbours on 3\" apertures, and the ceiling that the five fluxes set"
  rm -f "$prefix/image_baselines.json"
  bash projects/deepdip/baselines.sh "${options[@]}" --images "$work/train.fits" "$work/test.fits" --clq "$clq" \
    --work "$work/ceiling" --out "$prefix/image_baselines.json" || without_baselines
  summarise image_metrics.json image_baselines.json image_report.txt

  step "figures"
  "$clq" report "$run" --data "$work/test.fits" --resamples 50
}

without_baselines() {
  local code=$?
  [ $code -eq 4 ] || exit $code   # 4: scikit-learn is missing and may not be installed
  echo "skipped"
}

summarise() {
  step "report"
  local reports=("$prefix/$1")
  [ ! -f "$prefix/$2" ] || reports+=("$prefix/$2")
  /usr/bin/python3 projects/deepdip/summary.py "${reports[@]}" | tee "$prefix/$3"
}

for part in $parts; do $part; done
step "done"
echo "left in $prefix: $(cd "$prefix" && echo ./*.fits ./*.txt ./*.json runs images | sed 's|\./||g')"
